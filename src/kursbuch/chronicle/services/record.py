"""Appends an entry, in the transaction of the change it tells of."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from kursbuch.chronicle import things, verbs
from kursbuch.chronicle.hashing import SALT_BYTES, entry_digest, personal_digest, plain
from kursbuch.chronicle.models import Entry, Mention
from kursbuch.chronicle.surroundings import Person
from kursbuch.kit import clock

SUMMARY_LENGTH = 500


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
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an entry is written in the same transaction as the change itself")
    mentions = {thing, *about} | ({because} if because else set())
    for mentioned in mentions:
        things.split(mentioned)
    kept = plain({**(data or {}), **({"on_behalf_of": on_behalf_of} if on_behalf_of else {})})
    entry = Entry(
        city_id=city_id,
        at=clock.now(),
        verb=verbs.require(verb),
        thing=thing,
        because=because,
        summary=_fit(summary),
        data=kept,
        public=public,
        actor_id=actor.pk if actor is not None else None,
        personal=plain(personal) if personal is not None else None,
    )
    if actor is not None or personal is not None:
        entry.salt = secrets.token_bytes(SALT_BYTES)
        uid = str(actor.uid) if actor is not None else None
        entry.personal_digest = personal_digest(entry.salt, uid, entry.personal)
    entry.digest = entry_digest(
        city=city_id,
        at=entry.at,
        verb=verb,
        thing=thing,
        because=because,
        summary=entry.summary,
        data=kept,
        public=public,
        mentions=sorted(mentions),
        personal=entry.personal_digest,
    )
    entry.save(force_insert=True)
    Mention.objects.bulk_create(
        Mention(entry=entry, city_id=city_id, thing=mentioned) for mentioned in sorted(mentions)
    )
    return entry


def _fit(summary: str) -> str:
    line = " ".join(summary.replace("\0", "").split())
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1] + "…"
