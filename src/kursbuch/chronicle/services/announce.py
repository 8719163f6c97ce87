"""Gives the followers of a thing their notices, seal by seal.

A seal's entries are fixed, and each seal is announced in one transaction that first takes it: so no entry is
passed over because it became visible late, and none is announced twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.db import transaction

from kursbuch.chronicle import verbs
from kursbuch.chronicle.models import Entry, Follow, Mention, Mode, Notice, NotificationSetting, Seal
from kursbuch.kit import clock


def announce_seals(city_id: int) -> int:
    """Make the notices for every seal of the city that has not been announced; their number."""
    waiting = Seal.objects.filter(city_id=city_id, announced_at=None).order_by("number")
    return sum(_announce(pk, city_id) for pk in waiting.values_list("pk", flat=True))


def keep_quiet(city_id: int) -> int:
    """Nobody is told of what is sealed so far: it was taken in from elsewhere, and is no news. The seals concerned."""
    return Seal.objects.filter(city_id=city_id, announced_at=None).update(announced_at=clock.now())


@transaction.atomic
def _announce(seal_id: int, city_id: int) -> int:
    now = clock.now()
    if not Seal.objects.filter(pk=seal_id, announced_at=None).update(announced_at=now):
        return 0  # another worker was quicker
    pairs = sorted({*_whom_to_tell(seal_id, city_id), *_whom_it_concerns(seal_id, city_id)})
    Notice.objects.bulk_create(
        [Notice(entry_id=entry, user_id=user, city_id=city_id, created_at=now) for entry, user in pairs],
        ignore_conflicts=True,
        batch_size=500,
    )
    return len(pairs)


def _silent(city_id: int) -> set[int]:
    """Who wants no mail."""
    return set(NotificationSetting.objects.filter(city_id=city_id, mode=Mode.NONE).values_list("user_id", flat=True))


def _whom_it_concerns(seal_id: int, city_id: int) -> Iterator[tuple[int, int]]:
    """(entry, user) for the people named by entries that are not public: what is theirs alone was changed for them."""
    named = Mention.objects.filter(
        entry__seal_id=seal_id, entry__public=False, entry__verb__in=verbs.personal(), thing__startswith="person:"
    )
    entries: dict[str, list[int]] = defaultdict(list)
    for entry_id, thing in named.values_list("entry_id", "thing"):
        entries[thing.removeprefix("person:")].append(entry_id)
    if not entries:
        return
    silent = _silent(city_id)
    people = get_user_model().objects.filter(uid__in=list(entries), is_active=True)
    for user_id, uid in people.values_list("pk", "uid"):
        if user_id not in silent:
            for entry_id in entries[str(uid)]:
                yield entry_id, user_id


def _whom_to_tell(seal_id: int, city_id: int) -> Iterator[tuple[int, int]]:
    """(entry, user) for everyone who followed when it happened, but for the actor and who wants no mail."""
    entries = {entry.pk: entry for entry in Entry.objects.public().filter(seal_id=seal_id)}
    about: dict[str, set[int]] = defaultdict(set)
    about["city"] = set(entries)  # who follows the whole city is told everything
    mentions = Mention.objects.filter(entry__seal_id=seal_id, entry__public=True)
    for entry_id, thing in mentions.values_list("entry_id", "thing"):
        about[thing].add(entry_id)
    silent = _silent(city_id)
    things = sorted(about)
    for start in range(0, len(things), 500):
        follows = Follow.objects.filter(city_id=city_id, thing__in=things[start : start + 500])
        for follow in follows.exclude(user__is_active=False).iterator(chunk_size=2000):
            if follow.user_id in silent:
                continue
            for entry_id in about[follow.thing]:
                entry = entries[entry_id]
                if entry.actor_id != follow.user_id and follow.since <= entry.at:
                    yield entry_id, follow.user_id
