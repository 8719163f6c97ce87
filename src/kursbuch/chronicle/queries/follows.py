"""What a person follows in a city, and how often they want to hear of it."""

from __future__ import annotations

from kursbuch.chronicle.models import Follow, Mode, NotificationSetting


def is_following(user_id: int, city_id: int, thing: str) -> bool:
    return Follow.objects.filter(user_id=user_id, city_id=city_id, thing=thing).exists()


def followed_things(user_id: int, city_id: int) -> list[Follow]:
    """The newest first."""
    return list(Follow.objects.filter(user_id=user_id, city_id=city_id).order_by("-since", "-pk"))


def mode_of(user_id: int, city_id: int) -> Mode:
    found = NotificationSetting.objects.filter(user_id=user_id, city_id=city_id).values_list("mode", flat=True)
    return Mode(found.first() or Mode.AT_ONCE)
