"""What the city's elements and amendments are called, for whoever follows them."""

from __future__ import annotations

from collections.abc import Collection

from kursbuch.strategy.models import Amendment, Version


def element_titles(city_id: int, keys: Collection[str]) -> dict[str, str]:
    """By key, as the newest edition has it or the last one did; one query."""
    rows = Version.objects.filter(strategy__city=city_id, key__in=keys).order_by("first")
    titles = {key: fields.get("title", "") for key, fields in rows.values_list("key", "fields")}
    return {key: str(title) for key, title in titles.items() if title}


def amendment_titles(city_id: int, keys: Collection[str]) -> dict[str, str]:
    """By number; drafts have none for others."""
    numbers = [int(key) for key in keys if key.isdecimal() and len(key) < 16]
    rows = Amendment.objects.public().filter(strategy__city=city_id, pk__in=numbers)
    return {str(number): title for number, title in rows.values_list("pk", "title")}
