"""Finds the city a request is for by its host name."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kursbuch.city.models import City


class CityMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().rsplit(":", 1)[0].lower()
        request.city = City.objects.filter(hosts__name=host).first()  # type: ignore[attr-defined]
        return self.get_response(request)
