"""The pages of page_urls.py stand beside those of the site, with their counters at zero."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from pytest_django import Settings
from tests.web.page_urls import rendered

from kursbuch.chronicle import verbs
from kursbuch.chronicle.services import record
from kursbuch.city.models import City


@pytest.fixture
def counted_pages(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.web.page_urls"
    rendered.clear()


@pytest.fixture
def something_happens(monkeypatch: pytest.MonkeyPatch) -> Callable[[City], None]:
    """``something_happens(city)``: there is one more entry in its chronicle."""
    monkeypatch.setattr(verbs, "_phrases", {**verbs._phrases, "word_changed": "changed a word"})

    def happen(city: City) -> None:
        with transaction.atomic():
            record(city_id=city.pk, verb="word_changed", thing="strategy", summary="A word was changed.")

    return happen
