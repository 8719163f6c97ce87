"""What the chronicle expects of the apps above it, which it may not import: a person, a member, a city."""

from __future__ import annotations

import uuid
from typing import Protocol

from django.http import HttpRequest


class Person(Protocol):
    """A row of ``AUTH_USER_MODEL``."""

    @property
    def pk(self) -> int: ...
    @property
    def uid(self) -> uuid.UUID: ...


class Member(Protocol):
    """What somebody is in a city."""

    @property
    def role(self) -> str: ...
    @property
    def is_signed_in(self) -> bool: ...
    @property
    def has_second_factor(self) -> bool: ...
    @property
    def person(self) -> Person: ...


class Place(Protocol):
    """The city a request is for."""

    @property
    def pk(self) -> int: ...
    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def content_language(self) -> str: ...
    @property
    def revision(self) -> int: ...


class CityRequest(HttpRequest):
    """A request after the middleware of city and identity."""

    city: Place
    member: Member
