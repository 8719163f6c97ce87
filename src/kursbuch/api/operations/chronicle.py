"""What happened: public entries of the chronicle, and the seals with which nobody can alter it unseen."""

from __future__ import annotations

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_noop as _
from ninja import P, QueryEx, Router

from kursbuch.api import cursors
from kursbuch.api.delivery import next_address
from kursbuch.api.operations import addresses
from kursbuch.api.parameters import CURSOR_TEXT, LIMIT_TEXT, Cursor, Limit, Thing
from kursbuch.api.problems import not_found
from kursbuch.api.schemas import participation as out
from kursbuch.chronicle import queries, things
from kursbuch.chronicle.models import Entry, Seal
from kursbuch.city.request import CityRequest

router = Router(tags=["chronicle"])


@router.get(
    "/chronicle",
    response=out.Chronicle,
    operation_id="chronicle",
    url_name="chronicle",
    summary=_("Chronicle"),
    description=_("Everything public that happened, the newest first; with thing, what happened to one thing."),
    openapi_extra={"x-example": "/chronicle?thing=element:M001&limit=5"},
)
def list_entries(
    request: CityRequest,
    thing: QueryEx[
        Thing, P(default="city", description=_("Such as element:M042, amendment:12, edition:2, strategy or city."))
    ] = "city",
    cursor: QueryEx[Cursor | None, P(description=CURSOR_TEXT)] = None,
    limit: QueryEx[Limit, P(default=50, description=LIMIT_TEXT)] = 50,
) -> out.Chronicle:
    before = cursors.read_number(cursor, "chronicle")
    try:
        kind, _key = things.split(thing)
    except things.UnknownThingError:
        raise not_found(f"The chronicle knows no such kind of thing: {thing}.") from None
    if kind.name == "person":
        raise not_found("What a person did is not shown as a list.")
    page = queries.timeline(request.city.pk, thing, before=before, size=limit)
    prefetch_related_objects(page.entries, "mentions", "seal")
    following = next_address(request, cursors.write("chronicle", page.next)) if page.next is not None else None
    return out.Chronicle(items=[_entry(request, entry) for entry in page.entries], next=following)


def _entry(request: CityRequest, entry: Entry) -> out.ChronicleEntry:
    return out.ChronicleEntry(
        id=entry.pk,
        at=entry.at,
        verb=entry.verb,
        actor=_actor(entry),
        thing=entry.thing,
        because=entry.because or None,
        about=sorted(mention.thing for mention in entry.mentions.all() if not mention.thing.startswith("person:")),
        summary=entry.summary,
        data=entry.data,
        digest=entry.digest,
        personal_digest=entry.personal_digest or None,
        seal=entry.seal.number if entry.seal else None,
        url=addresses.of_thing(request, entry.thing),
    )


def _actor(entry: Entry) -> out.Actor:
    """An office rather than its employee, as on the pages."""
    if entry.on_behalf_of:
        return out.Actor(kind="body", name=entry.on_behalf_of)
    if entry.actor is not None:
        return out.Actor(kind="person", name=entry.person_name)
    return out.Actor(kind="deleted" if entry.is_erased else "system", name=None)


@router.get(
    "/chronicle/seals",
    response=out.Seals,
    operation_id="seals",
    url_name="seals",
    summary=_("Seals of the chronicle"),
    description=_("Merkle roots over batches of entries, each chained to the one before. Keep a copy elsewhere."),
    openapi_extra={"x-example": "/chronicle/seals?limit=3"},
)
def list_seals(
    request: CityRequest,
    cursor: QueryEx[Cursor | None, P(description=CURSOR_TEXT)] = None,
    limit: QueryEx[Limit, P(default=50, description=LIMIT_TEXT)] = 50,
) -> out.Seals:
    before = cursors.read_number(cursor, "seals")
    rows = Seal.objects.filter(city=request.city.pk).order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=min(before, 2**31 - 1))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    following = next_address(request, cursors.write("seals", shown[-1].number)) if len(found) > limit else None
    seals = [
        out.Seal(
            number=row.number,
            count=row.count,
            total=row.total,
            root=row.root,
            previous=row.previous or None,
            digest=row.digest,
            at=row.at,
        )
        for row in shown
    ]
    return out.Seals(city=request.city.pk, items=seals, next=following)
