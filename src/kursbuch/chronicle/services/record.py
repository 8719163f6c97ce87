"""Appends entries, in the transaction of the change they tell of."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from kursbuch.chronicle import things, verbs
from kursbuch.chronicle.hashing import SALT_BYTES, digest_of, personal_digest, plain
from kursbuch.chronicle.models import Entry, Mention
from kursbuch.chronicle.surroundings import Person
from kursbuch.kit import clock

SUMMARY_LENGTH = 500
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one entry tells, see :func:`record`."""

    city_id: int
    verb: str
    thing: str
    summary: str
    actor: Person | None = None
    because: str = ""
    about: Iterable[str] = ()
    data: Mapping[str, Any] | None = None
    personal: Mapping[str, Any] | None = None
    on_behalf_of: str = ""
    public: bool = True


def record(
    *,
    city_id: int,
    verb: str,
    thing: str,
    summary: str,
    actor: Person | None = None,
    because: str = "",
    about: Iterable[str] = (),
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    on_behalf_of: str = "",
    public: bool = True,
) -> Entry:
    """Append an entry to the city's chronicle: two inserts, and no lock another writer waits for.

    ``summary`` and ``data`` are kept for ever and must not hold personal data; that belongs into
    ``personal``, which goes when the person's data is erased. ``on_behalf_of`` names the office or council
    group that readers see in place of the person. The entry shows in the timelines of ``thing``, of
    ``because`` and of everything in ``about``.

    Raises RuntimeError outside a transaction, UnknownThingError and UnknownVerbError for what no app has
    registered, and ValueError for what cannot be kept as JSON.
    """
    told = Told(
        city_id=city_id,
        verb=verb,
        thing=thing,
        summary=summary,
        actor=actor,
        because=because,
        about=about,
        data=data,
        personal=personal,
        on_behalf_of=on_behalf_of,
        public=public,
    )
    return record_many([told])[0]


def record_many(told: Iterable[Told]) -> list[Entry]:
    """Append entries in this order; two inserts for hundreds of them."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an entry is written in the same transaction as the change itself")
    made = [_entry(one) for one in told]
    entries = Entry.objects.bulk_create([entry for entry, _ in made], batch_size=BATCH)
    Mention.objects.bulk_create(
        [
            Mention(entry=entry, city_id=entry.city_id, thing=mentioned)
            for entry, (_, mentions) in zip(entries, made, strict=True)
            for mentioned in mentions
        ],
        batch_size=BATCH,
    )
    return entries


def _entry(told: Told) -> tuple[Entry, list[str]]:
    """The entry with its digest, and what it mentions."""
    mentions = sorted({told.thing, *told.about} | ({told.because} if told.because else set()))
    for mentioned in mentions:
        things.split(mentioned)
    named = {"on_behalf_of": told.on_behalf_of} if told.on_behalf_of else {}
    entry = Entry(
        city_id=told.city_id,
        at=clock.now(),
        verb=verbs.require(told.verb),
        thing=told.thing,
        because=told.because,
        summary=_fit(told.summary),
        data=plain({**(told.data or {}), **named}),
        public=told.public,
        actor_id=told.actor.pk if told.actor is not None else None,
        personal=plain(told.personal) if told.personal is not None else None,
    )
    if told.actor is not None or told.personal is not None:
        entry.salt = secrets.token_bytes(SALT_BYTES)
        uid = str(told.actor.uid) if told.actor is not None else None
        entry.personal_digest = personal_digest(entry.salt, uid, entry.personal)
    entry.digest = digest_of(entry, mentions)
    return entry, mentions


def _fit(summary: str) -> str:
    line = " ".join(summary.replace("\0", "").split())
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1] + "…"
