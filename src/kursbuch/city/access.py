"""Opens the administration of a city to those who may manage it.

Who that is, identity knows, which lies above: its app hands the check in when it starts. Without a check
nobody gets in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import ImproperlyConfigured
from django.http.response import HttpResponseBase

from kursbuch.city.request import CityRequest

P = ParamSpec("P")
View = Callable[Concatenate[CityRequest, P], HttpResponseBase]

_checks: list[Callable[[Any], Any]] = []


def check_managers_with(decorator: Callable[[Any], Any]) -> None:
    """Hand in the decorator that lets managers of the city pass; the last one handed in counts."""
    _checks[:] = [decorator]


def managers_only(view: View[P]) -> View[P]:
    @wraps(view)
    def guarded(request: CityRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not _checks:
            raise ImproperlyConfigured("nobody has said who may manage a city")
        response: HttpResponseBase = _checks[0](view)(request, *args, **kwargs)
        return response

    return guarded
