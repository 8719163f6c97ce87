"""Finds a city, its offices and what its pages show of it."""

from __future__ import annotations

from kursbuch.chronicle.revision import with_revision
from kursbuch.city.hosts import host_name
from kursbuch.city.models import City


def city_of_host(raw_host: str) -> City | None:
    """The city that answers under a host name, with its revision: one query."""
    try:
        name = host_name(raw_host)
    except ValueError:
        return None
    return with_revision(City.objects.filter(hosts__name=name)).first()
