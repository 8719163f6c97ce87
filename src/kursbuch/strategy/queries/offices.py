"""What the offices are called to which a strategy's elements refer."""

from __future__ import annotations

from kursbuch.city.models import Office


def office_names(city_id: int, language: str) -> dict[str, str]:
    """By short name, in the language of the interface."""
    rows = Office.objects.filter(city=city_id).values_list("slug", "name", "name_en")
    return {slug: (name_en if language == "en" else "") or name for slug, name, name_en in rows}
