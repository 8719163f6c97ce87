"""The request as views see it, once the middleware has found its city."""

from __future__ import annotations

from django.http import HttpRequest

from kursbuch.city.models import City


class CityRequest(HttpRequest):
    city: City
