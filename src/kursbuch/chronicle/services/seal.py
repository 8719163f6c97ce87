"""Seals entries in batches, so that appending one never waits for another."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction

from kursbuch.chronicle.hashing import merkle_root, seal_digest
from kursbuch.chronicle.models import Entry, Seal
from kursbuch.kit import clock

BATCH = 500
ATTEMPTS = 20

# ORM updates cannot number rows. The statement is the same on both databases.
_ASSIGN = """
UPDATE chronicle_entry SET seal_id = %s, position = batch.position
FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS position
      FROM chronicle_entry WHERE id IN ({places})) AS batch
WHERE chronicle_entry.id = batch.id AND chronicle_entry.seal_id IS NULL
"""


def seal_entries(city_id: int) -> Seal | None:
    """Seal every visible entry of the city that is not sealed yet; the newest seal made, if any.

    Nobody else is locked out: entries that are being written meanwhile go into the next seal. Of two
    sealers at once the second fails on the number of its seal, and begins again after the first.
    """
    newest = None
    attempts = 0
    while True:
        try:
            with transaction.atomic():
                made = _seal_batch(city_id)
        except IntegrityError:
            attempts += 1
            if attempts == ATTEMPTS:
                raise
            continue
        if made is None:
            return newest
        newest = made
        if made.count < BATCH:
            return newest


def _seal_batch(city_id: int) -> Seal | None:
    # The last seal is read before the entries: if another sealer commits in between, our number is taken.
    last = Seal.objects.filter(city_id=city_id).order_by("-number").first()
    waiting = Entry.objects.of(city_id).filter(seal=None).order_by("id").select_for_update(no_key=True)
    leaves = [(entry.pk, entry.digest) for entry in waiting.only("pk", "digest")[:BATCH]]
    if not leaves:
        return None
    seal = Seal(
        city_id=city_id,
        number=last.number + 1 if last else 1,
        count=len(leaves),
        total=(last.total if last else 0) + len(leaves),
        root=merkle_root(leaves),
        previous=last.digest if last else "",
        at=clock.now(),
    )
    seal.digest = seal_digest(seal)
    seal.save(force_insert=True)
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(leaves))
        cursor.execute(_ASSIGN.format(places=places), [seal.pk, *(pk for pk, _ in leaves)])
        if cursor.rowcount != len(leaves):
            raise IntegrityError("another sealer was quicker")
    return seal
