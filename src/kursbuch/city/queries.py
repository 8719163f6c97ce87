"""Finds a city, its offices and what its pages show of it."""

from __future__ import annotations

from functools import cache

from kursbuch.chronicle.revision import with_revision
from kursbuch.city.hosts import host_name
from kursbuch.city.models import City

ANY_HOST = "any.host.invalid"


def city_of_host(raw_host: str) -> City | None:
    """The city that answers under a host name, with its revision: one query."""
    try:
        name = host_name(raw_host)
    except ValueError:
        return None
    sql, params = _statement()
    found = City.objects.raw(sql, [name if value == ANY_HOST else value for value in params])
    return next(iter(found), None)


@cache
def _statement() -> tuple[str, tuple[object, ...]]:
    """The query as SQL. Every request asks it, and putting it together would cost far more than asking."""
    cities = with_revision(City.objects.filter(hosts__name=ANY_HOST))
    return cities.query.sql_with_params()
