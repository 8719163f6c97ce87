"""The newest entries about a thing, page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from kursbuch.chronicle.models import Entry, Mention, Seal

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class Page:
    """Entries from the newest to the oldest; ``next`` is the cursor of the page after, None on the last."""

    entries: list[Entry]
    next: int | None


def timeline(
    city_id: int,
    thing: str = "city",
    *,
    before: int | None = None,
    size: int = PAGE_SIZE,
    public_only: bool = True,
    but: Collection[str] = (),
) -> Page:
    """Entries about a thing (or, for "city", all of the city's), one query whatever their number.

    ``but`` leaves out the city's entries with these verbs.
    """
    if thing == "city":
        rows = Entry.objects.of(city_id).exclude(verb__in=but).select_related("actor").order_by("-pk")
        if before is not None:
            rows = rows.filter(pk__lt=before)
        return cut(rows.public() if public_only else rows, size)
    # from the mentions, whose index is in the order asked for
    mentions = Mention.objects.filter(city_id=city_id, thing=thing).order_by("-entry_id")
    if before is not None:
        mentions = mentions.filter(entry_id__lt=before)
    if public_only:
        mentions = mentions.filter(entry__public=True)
    found = [mention.entry for mention in mentions.select_related("entry__actor")[: size + 1]]
    return _page(found, size)


def cut(rows: QuerySet[Entry], size: int) -> Page:
    """The first page of ordered rows."""
    return _page(list(rows[: size + 1]), size)


def _page(found: list[Entry], size: int) -> Page:
    shown = found[:size]
    return Page(shown, shown[-1].pk if len(found) > size else None)


def latest_seal(city_id: int) -> Seal | None:
    """The head of the city's chain of seals."""
    return Seal.objects.filter(city_id=city_id).order_by("-number").first()
