"""What the offices are called to which a strategy's elements refer."""

from __future__ import annotations

from kursbuch.city.models import Office


class GermanName(str):
    """A name that nobody has put into the reader's language; pages say so to whoever has them read aloud."""

    __slots__ = ()


def office_names(city_id: int, language: str) -> dict[str, str]:
    """By short name, in the language of the interface."""
    rows = Office.objects.filter(city=city_id).values_list("slug", "name", "name_en")
    if language == "de":
        return {slug: name for slug, name, _english in rows}
    return {slug: (english if language == "en" else "") or GermanName(name) for slug, name, english in rows}
