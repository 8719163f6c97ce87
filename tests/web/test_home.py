"""The start page: the strategy today, for everybody, from a fixed number of queries."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from tests.strategy.amending import Cast, again, in_state, make_strategy, more_trees, submitted

from kursbuch.city.models import City
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.models import Recommendation, State, Strategy
from kursbuch.strategy.queries import latest_edition
from kursbuch.strategy.services.adopt_edition import adopt_edition
from kursbuch.strategy.services.discuss_amendment import comment_on_amendment, recommend_amendment


@pytest.fixture
def strategy(city: City) -> Strategy:
    return make_strategy(city)


@pytest.fixture
def cast(anna: Membership, edda: Membership, klara: Membership) -> Cast:
    return Cast(anna, edda, klara)


def read(client: Client) -> str:
    response = client.get(reverse("home"))
    assert response.status_code == 200
    return response.content.decode()


def test_strategy_today(strategy: Strategy, visitor: Client) -> None:
    text = read(visitor)
    for words in ("Kleine Strategie", "2030", "Fassung 1", "25. Juni 2020", "Stadtgrün", "Verkehr", "2 Maßnahmen"):
        assert words in text
    assert "Die Stadt wird grüner." in text


def test_what_is_open_newest_first(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    first = submitted(strategy, cast.author, title="Der ältere Antrag")
    second = submitted(strategy, cast.author, title="Der jüngere Antrag")
    for text in ("Ja.", "Nein."):
        comment_on_amendment(amendment=again(first), by=cast.editor, text=text)
    text = read(visitor)
    assert text.index(second.title) < text.index(first.title)
    assert "2 Kommentare" in text


def test_drafts_are_nobodys_news(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    unseen = in_state(State.DRAFT, strategy, cast)
    assert unseen.title not in read(visitor)


def test_next_decisions_and_coming_editions(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    chosen = submitted(strategy, cast.author, [more_trees(strategy, "dreißig", "M002")], "Mehr Beete")
    waiting = submitted(strategy, cast.author, title="Der Rat entscheidet")
    for amendment in (chosen, waiting):
        recommend_amendment(amendment=amendment, by=cast.editor, kind=Recommendation.ACCEPT, reason="Gut.")
    day = clock.today() + timedelta(days=40)
    adopt_edition(
        strategy=strategy,
        by=cast.clerk,
        amendments=[chosen],
        decision=DecisionData(body="Rat", day=date(2021, 3, 1)),
        in_force_from=day,
        expected=latest_edition(strategy),
    )
    response = visitor.get(reverse("home"))
    assert [edition.number for edition in response.context["coming"]] == ["2"]
    assert [amendment.pk for amendment in response.context["decisions"]] == [waiting.pk]
    assert response.context["edition"].number == "1"


def test_what_the_machine_does_is_no_news(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    submitted(strategy, cast.author, [more_trees(strategy, "dreißig", "M002")], "Mehr Beete")
    in_state(State.IN_FORCE, strategy, cast)
    verbs = [entry.verb for entry in visitor.get(reverse("home")).context["entries"]]
    assert "edition_adopted" in verbs
    assert "amendment_rebased" not in verbs


def test_english_page_speaks_english(strategy: Strategy, visitor: Client) -> None:
    with translation.override("de"):  # what the request switches to ends with the block
        text = visitor.get("/en/").content.decode()
    assert "Read the strategy" in text
    assert "2 Measures" in text


def test_without_a_strategy_editors_are_led_to_the_import(city: City, visitor: Client, as_edda: Client) -> None:
    assert reverse("import") not in read(visitor)
    assert reverse("import") in read(as_edda)


def test_queries_do_not_grow(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    def count() -> int:
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            read(visitor)
        return len(queries)

    submitted(strategy, cast.author)
    few = count()
    for number in range(8):
        amendment = submitted(strategy, cast.author, title=f"Antrag {number}")
        comment_on_amendment(amendment=amendment, by=cast.editor, text="Ja.")
    in_state(State.RECOMMENDED, strategy, cast)
    assert count() == few
    assert few <= 10


def test_visitors_page_is_kept(strategy: Strategy, visitor: Client) -> None:
    read(visitor)
    with CaptureQueriesContext(connection) as queries:
        read(visitor)
    assert len(queries) == 1  # the city with its revision


def test_english_days_and_times_are_european(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    with clock.at(datetime(2026, 11, 23, 14, 5, tzinfo=ZoneInfo("Europe/Berlin"))):
        submitted(strategy, cast.author)
        with translation.override("en"):
            text = read(visitor)
    assert "25 June 2020" in text
    assert "23 November 2026, 14:05" in text
    assert "June 25" not in text
    assert "p.m." not in text
