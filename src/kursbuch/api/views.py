"""The page that explains the interface, written from its own description."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kursbuch.api import problems
from kursbuch.api.reference import describe
from kursbuch.city.request import CityRequest


@require_safe
def documentation(request: CityRequest) -> HttpResponse:
    return render(request, "api/documentation.html", describe(request))


def nothing(request: CityRequest) -> HttpResponse:
    """Whatever else is asked for below /api/v1/."""
    return problems.answer(404, f"There is nothing under {request.path}.")
