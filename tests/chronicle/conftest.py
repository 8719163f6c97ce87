"""A city, people and registered kinds of thing for the tests of the chronicle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from kursbuch.chronicle import things, verbs
from kursbuch.chronicle.models import Entry
from kursbuch.chronicle.services import record
from kursbuch.city.models import City, Host


@pytest.fixture(autouse=True)
def vocabulary(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kind and a verb of no real app."""
    monkeypatch.setattr(things, "_kinds", dict(things._kinds))
    monkeypatch.setattr(verbs, "_phrases", dict(verbs._phrases))
    things.register("bench", url=lambda key: f"/bench/{key}/", noun="Bench")
    things.register("path", url=lambda key: "", noun="Path")
    verbs.register_verbs({"bench_placed": "placed a bench", "bench_painted": "painted a bench"})
    yield


@pytest.fixture
def city(db: None) -> City:
    city = City.objects.create(slug="musterstadt", name="Musterstadt")
    Host.objects.create(city=city, name="testserver")
    return city


@pytest.fixture
def other_city(db: None) -> City:
    city = City.objects.create(slug="anderswo", name="Anderswo")
    Host.objects.create(city=city, name="anderswo.example")
    return city


@pytest.fixture
def alice(db: None) -> Any:
    return get_user_model().objects.create_user("alice@example.org", name="Alice Arndt")


@pytest.fixture
def bob(db: None) -> Any:
    return get_user_model().objects.create_user("bob@example.org", name="Bob Brandt")


@pytest.fixture
def place_bench(city: City) -> Callable[..., Entry]:
    """Record that a bench was placed; anything about it can be said differently."""

    def place(key: str = "1", **changes: Any) -> Entry:
        said: dict[str, Any] = {
            "city_id": city.pk,
            "verb": "bench_placed",
            "thing": f"bench:{key}",
            "summary": "A bench in the park.",
        }
        return record(**{**said, **changes})

    return place
