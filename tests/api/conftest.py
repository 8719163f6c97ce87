"""The small strategy with a past, amendments in every state, comments, renditions and seals: a city with something
to read under every address of the interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.strategy.amending import Cast, make_strategy, submitted
from tests.strategy.reading_story import tell

from kursbuch.api import delivery
from kursbuch.chronicle.services import seal_entries
from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Revise
from kursbuch.identity.models import Membership
from kursbuch.strategy.models import Amendment, Recommendation, Strategy
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.services.discuss_amendment import comment_on_amendment, recommend_amendment, remove_comment
from kursbuch.strategy.services.render_element import render_element


@pytest.fixture(autouse=True)
def _asked_nothing_before() -> None:
    """What other tests asked does not count for this one."""
    delivery.ANSWERS.clear()


@pytest.fixture
def cast(anna: Membership, edda: Membership, klara: Membership) -> Cast:
    return Cast(anna, edda, klara)


@pytest.fixture
def strategy(city: City) -> Strategy:
    return make_strategy(city)


@dataclass(frozen=True)
class Story:
    strategy: Strategy
    cast: Cast
    waiting: Amendment  # submitted, with comments
    draft: Amendment


@pytest.fixture
def story(strategy: Strategy, cast: Cast, olaf: Membership) -> Story:
    waiting = tell(strategy, cast)
    first = comment_on_amendment(amendment=waiting, by=cast.author, text="Wer gießt sie?")
    comment_on_amendment(amendment=waiting, by=olaf, text="Das Umweltamt.", reply_to=first)
    rude = comment_on_amendment(amendment=waiting, by=cast.author, text="Unsinn!")
    remove_comment(comment=rude, by=cast.editor, reason="Beleidigung")
    version = load_edition(latest_edition(strategy)).version("M001")
    for language, text in (("en", "Trees"), ("de-simple", "Mehr Bäume.")):
        render_element(
            strategy=strategy,
            by=cast.editor,
            version=version,
            language=language,
            fields={"title": text},
            translator="Übersetzungsbüro",
        )
    rejected = submitted(strategy, olaf, [Revise("L2", "title", "Verkehr", "Radverkehr")], "Radverkehr")
    recommend_amendment(amendment=rejected, by=cast.editor, kind=Recommendation.REJECT, reason="Zu eng gefasst.")
    modified = submitted(strategy, cast.author, [Revise("L1", "title", "Stadtgrün", "Grün")], "Kürzer")
    recommend_amendment(
        amendment=modified,
        by=cast.editor,
        kind=Recommendation.ACCEPT_MODIFIED,
        reason="Kürzer, aber verständlich.",
        changes=[Revise("L1", "title", "Stadtgrün", "Grüne Stadt")],
    )
    draft = Amendment.objects.get(title="Geheimer Entwurf")
    seal_entries(strategy.city_id)
    return Story(strategy, cast, waiting, draft)


def get(client: Client, path: str, **headers: str) -> HttpResponse:
    """What the interface answers, with nothing kept from before."""
    caches["pages"].clear()
    return client.get(f"/api/v1{path}", headers=headers)  # type: ignore[return-value]


def read(client: Client, path: str) -> Any:
    response = get(client, path)
    assert response.status_code == 200, response.content.decode()
    return response.json()  # type: ignore[attr-defined]


def count_queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        read(client, path)
    return len(captured)
