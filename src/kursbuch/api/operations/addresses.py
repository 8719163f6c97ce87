"""Addresses in answers: absolute, and for pages the permanent one, which carries no language."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import override

from kursbuch.chronicle import things


def page(request: HttpRequest, name: str, *arguments: object) -> str:
    """A page for people."""
    return in_default_language(request, lambda: reverse(name, args=arguments))


def of_thing(request: HttpRequest, thing: str) -> str:
    """The page of a thing of the chronicle, empty where it has none."""
    return in_default_language(request, lambda: things.address(thing))


def in_default_language(request: HttpRequest, path: Callable[[], str]) -> str:
    with override(settings.LANGUAGE_CODE):
        found = path()
    return request.build_absolute_uri(found) if found else ""


def operation(request: HttpRequest, name: str) -> str:
    return request.build_absolute_uri(reverse(f"api:{name}"))
