"""Atom feeds of any thing and of the city (RFC 4287)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from django.views.decorators.http import condition, require_safe

from kursbuch.chronicle import queries, things, verbs
from kursbuch.chronicle.models import Entry
from kursbuch.chronicle.surroundings import CityRequest

SIZE = 50
# before anything has happened
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _version(request: CityRequest, thing: str) -> str:
    return f'W/"{request.city.revision}-{get_language()}"'


class _Feed(Atom1Feed):
    """Django takes the present moment as the date of an empty feed; a feed nothing happened in is old."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_EPOCH)


@require_safe
@condition(etag_func=_version)
def feed(request: CityRequest, thing: str) -> HttpResponse:
    try:
        things.split(thing)
    except things.UnknownThingError:
        raise Http404 from None
    page = queries.timeline(request.city.pk, thing, size=SIZE)
    whole = thing == "city"
    title = gettext("Chronicle") if whole else things.label(thing)
    here = reverse("chronicle") if whole else reverse("timeline", args=[thing])
    out = _Feed(
        title=f"{title} – {request.city.name}",
        link=request.build_absolute_uri(here),
        description=None,
        language=get_language() or "de",
        author_name=request.city.name,
        feed_url=request.build_absolute_uri(request.path),
        feed_guid=_name(request, f"feed:{thing}"),
    )
    for entry in page.entries:
        _add(request, out, entry)
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    out.write(response, "utf-8")
    return response


def _add(request: CityRequest, out: Atom1Feed, entry: Entry) -> None:
    path = things.address(entry.thing) or reverse("timeline", args=[entry.thing])
    out.add_item(
        title=f"{entry.actor_name} {verbs.phrase(entry.verb)}: {things.label(entry.thing)}",
        link=request.build_absolute_uri(path),
        description=entry.summary,
        author_name=entry.actor_name,
        unique_id=_name(request, f"entry:{entry.pk}"),
        pubdate=entry.at,
        updateddate=entry.at,
    )


def _name(request: CityRequest, what: str) -> str:
    """An id that stays when host name or address change."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"kursbuch:{request.city.slug}:{what}").urn
