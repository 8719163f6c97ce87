"""Kinds of thing and verbs of no real app, and benches to record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from kursbuch.chronicle import things, verbs
from kursbuch.chronicle.models import Entry
from kursbuch.chronicle.services import record
from kursbuch.city.models import City


@pytest.fixture(autouse=True)
def vocabulary(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(things, "_kinds", dict(things._kinds))
    monkeypatch.setattr(verbs, "_phrases", dict(verbs._phrases))
    things.register("bench", url=lambda key: f"/bench/{key}/", noun="Bench")
    things.register("path", url=lambda key: "", noun="Path")
    monkeypatch.setattr(verbs, "_routine", dict(verbs._routine))
    verbs.register_routine({"bench_painted": lambda number: f"painted {number} benches"})
    verbs.register_verbs({"bench_placed": "placed a bench", "bench_painted": "painted a bench"})
    yield


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
        with transaction.atomic():
            return record(**{**said, **changes})

    return place
