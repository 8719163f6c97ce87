"""The chronicle of a city and the timeline of one thing."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from kursbuch.chronicle import queries, things
from kursbuch.chronicle.surroundings import CityRequest

_CURSOR = re.compile(r"[0-9]{1,18}")


def cursor(request: CityRequest) -> int | None:
    """The entry before which the page begins, as the link to the next page names it."""
    given = request.GET.get("before", "")
    if not given:
        return None
    if not _CURSOR.fullmatch(given):
        raise Http404
    return int(given)


@require_safe
def chronicle(request: CityRequest) -> HttpResponse:
    """Everything public that happened in the city, and the last seal."""
    before = cursor(request)
    context = {
        "thing": "city",
        "page": queries.timeline(request.city.pk, before=before),
        "is_first": before is None,
        "seal": queries.latest_seal(request.city.pk),
    }
    return render(request, "chronicle/chronicle.html", context)


@require_safe
def timeline(request: CityRequest, thing: str) -> HttpResponse:
    """Everything public that happened to a thing."""
    if thing == "city":
        return redirect("chronicle", permanent=True)
    try:
        things.split(thing)
    except things.UnknownThingError:
        raise Http404 from None
    before = cursor(request)
    page = queries.timeline(request.city.pk, thing, before=before)
    return render(request, "chronicle/timeline.html", {"thing": thing, "page": page, "is_first": before is None})
