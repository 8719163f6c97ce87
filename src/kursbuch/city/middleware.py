"""Finds the city a request is for by its host name."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from kursbuch.city.queries import city_row


class CityMiddleware:
    """Sets ``request.city``; a host name that belongs to no city gets a page that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        row = city_row(request)
        if row is None:
            return no_city(request)
        request.city = row.city()  # type: ignore[attr-defined]
        return self.get_response(request)


def no_city(request: HttpRequest) -> HttpResponse:
    """Stands alone: without a city there is no shell, no session and no person."""
    language = translation.get_language_from_request(request)
    with translation.override(language):
        page = render_to_string("city/no_city.html", {"language": language})
    return HttpResponse(page, status=404, headers={"Content-Language": language, "Vary": "Accept-Language"})
