"""Everything an app holds about a person: each app registers what it gives out under a name of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kursbuch.city.models import City
from kursbuch.identity.models import User

# Returns what JSON can hold: the person's data in this city only.
Provider = Callable[[User, City], Any]

_providers: dict[str, Provider] = {}


def register(section: str, provider: Provider) -> None:
    """Gives out a section of a person's data; called in an app's ``ready``."""
    _providers[section] = provider


def sections() -> list[str]:
    return sorted(_providers)


def collect(user: User, city: City) -> dict[str, Any]:
    return {section: _providers[section](user, city) for section in sections()}
