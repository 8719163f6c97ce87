"""Finds whatever was altered in the chronicle behind the application's back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kursbuch.chronicle.hashing import digest_of, merkle_root, personal_digest, seal_digest
from kursbuch.chronicle.models import Entry, Seal

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not fit, and where: an entry, a seal, or an entry within a seal."""

    message: str
    entry: int | None = None  # primary key
    seal: int | None = None  # number

    def __str__(self) -> str:
        places = []
        if self.seal is not None:
            places.append(_("seal %(number)s") % {"number": self.seal})
        if self.entry is not None:
            places.append(_("entry %(number)s") % {"number": self.entry})
        return f"{', '.join(places)}: {self.message}"


def verify_chronicle(city_id: int) -> list[Problem]:
    """Recompute every entry, root and seal of the city; an empty list if all is as it was written.

    What was cut off at the end as a whole (the last seals with all their entries) leaves no trace inside;
    compare the last seal with a copy of its digest kept elsewhere for that.
    """
    problems: list[Problem] = []
    before: Seal | None = None
    for seal in Seal.objects.filter(city_id=city_id).order_by("number").iterator():
        problems += _check_seal(seal, before)
        problems += _check_batch(city_id, seal)
        before = seal
    problems += _check_entries(city_id, Entry.objects.of(city_id).filter(seal=None).order_by("pk"))
    strays = Entry.objects.of(city_id).filter(seal__isnull=False).exclude(seal__city_id=city_id)
    problems += [
        Problem(_("it is under a seal of another city"), entry=pk) for pk in strays.values_list("pk", flat=True)
    ]
    return problems


def _check_seal(seal: Seal, before: Seal | None) -> Iterator[Problem]:
    number = before.number + 1 if before else 1
    if seal.number != number:
        yield Problem(
            _("the seals before it, from number %(number)s on, are missing") % {"number": number}, seal=seal.number
        )
    if seal.previous != (before.digest if before else ""):
        yield Problem(_("it is not chained to the seal before it"), seal=seal.number)
    if seal.total != (before.total if before else 0) + seal.count:
        yield Problem(_("its total does not continue the seal before it"), seal=seal.number)
    if seal.digest != seal_digest(seal):
        yield Problem(_("its content does not match its digest"), seal=seal.number)


def _check_batch(city_id: int, seal: Seal) -> Iterator[Problem]:
    rows = Entry.objects.filter(seal=seal).order_by("position").select_related("actor")
    entries = list(rows.prefetch_related("mentions"))
    yield from _check_each(city_id, entries, seal.number)
    positions = {entry.position for entry in entries}
    missing = [str(place + 1) for place in range(seal.count) if place not in positions]
    if missing:
        shown = ", ".join(missing[:10]) + (" …" if len(missing) > 10 else "")
        message = _("entry no. %(places)s of its %(count)s is missing")
        yield Problem(message % {"places": shown, "count": seal.count}, seal=seal.number)
    for entry in entries:
        if entry.position is None or not 0 <= entry.position < seal.count:
            yield Problem(_("it has no place in the seal"), entry=entry.pk, seal=seal.number)
    try:
        root = merkle_root([(entry.pk, entry.digest) for entry in entries])
    except ValueError:  # no entries left, or a digest that is no hexadecimal number
        root = ""
    if root != seal.root:
        yield Problem(_("the entries under it are not those that were sealed"), seal=seal.number)


def _check_entries(city_id: int, rows: Iterable[Entry]) -> Iterator[Problem]:
    chunked = rows.select_related("actor").prefetch_related("mentions")  # type: ignore[attr-defined]
    yield from _check_each(city_id, chunked.iterator(chunk_size=CHUNK), None)


def _check_each(city_id: int, entries: Iterable[Entry], seal: int | None) -> Iterator[Problem]:
    for entry in entries:
        yield from (Problem(message, entry=entry.pk, seal=seal) for message in _faults(city_id, entry))


def _faults(city_id: int, entry: Entry) -> Iterator[str]:
    mentions = list(entry.mentions.all())
    if entry.digest != digest_of(entry, [mention.thing for mention in mentions]):
        yield _("its content does not match its digest")
    if entry.city_id != city_id or any(mention.city_id != city_id for mention in mentions):
        yield _("it, or a thing it is about, was moved to another city")
    if entry.salt is None:
        if entry.actor_id is not None or entry.personal is not None:
            yield _("a person was put to it who is not in its digest")
        return
    uid = str(entry.actor.uid) if entry.actor is not None else None
    if personal_digest(bytes(entry.salt), uid, entry.personal) != entry.personal_digest:
        yield _("its personal part does not match its digest")
