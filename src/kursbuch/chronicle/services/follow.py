"""Who is told of what, and how often."""

from __future__ import annotations

from django.db import transaction

from kursbuch.chronicle import things
from kursbuch.chronicle.models import Follow, Mode, Notice, NotificationSetting
from kursbuch.chronicle.surroundings import Person
from kursbuch.kit import clock


def follow(*, user: Person, city_id: int, thing: str) -> bool:
    """Tell the person of new entries about the thing from now on; whether they did not follow it before.

    Raises UnknownThingError for what no app has registered.
    """
    things.split(thing)
    _row, is_new = Follow.objects.get_or_create(
        user_id=user.pk, city_id=city_id, thing=thing, defaults={"since": clock.now()}
    )
    return is_new


def unfollow(*, user: Person, city_id: int, thing: str) -> bool:
    """Whether the person did follow it."""
    deleted, _kinds = Follow.objects.filter(user_id=user.pk, city_id=city_id, thing=thing).delete()
    return bool(deleted)


@transaction.atomic
def set_mode(*, user: Person, city_id: int, mode: Mode) -> None:
    """How often the person wants e-mail from the city. With NONE, what is waiting is dropped."""
    NotificationSetting.objects.update_or_create(user_id=user.pk, city_id=city_id, defaults={"mode": mode})
    if mode == Mode.NONE:
        Notice.objects.filter(user_id=user.pk, city_id=city_id, mailing=None).delete()
