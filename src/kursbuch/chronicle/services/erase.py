"""Forgets a person without breaking a seal."""

from __future__ import annotations

from django.db import transaction

from kursbuch.chronicle.models import Entry
from kursbuch.chronicle.services.record import record
from kursbuch.chronicle.surroundings import Person


@transaction.atomic
def erase_person(user: Person) -> int:
    """Drop actor, personal part and salt of every entry of the person's acts and of acts on
    ``person:<uid>``; the number of entries changed. A second call changes nothing.

    Each city that had such entries gets an entry about the erasure, so that its revision moves on and no
    page with the person's name is served from a cache.
    """
    # locked in the order the sealer locks, so that the two cannot wait for each other
    found = Entry.objects.personal_to(user).order_by("id").select_for_update(no_key=True)
    rows = list(found.values_list("pk", "city_id"))
    for start in range(0, len(rows), 500):
        keys = [pk for pk, _ in rows[start : start + 500]]
        Entry.objects.filter(pk__in=keys).forget_personal_part()
    for city_id in sorted({city_id for _, city_id in rows}):
        record(
            city_id=city_id,
            verb="person_erased",
            thing="city",
            summary="A person's data was erased from the chronicle.",
            data={"entries": sum(1 for _, city in rows if city == city_id)},
            public=False,
        )
    return len(rows)
