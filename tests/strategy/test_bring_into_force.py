"""A future edition comes into force on its day, once."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from kursbuch.chronicle.models import Entry
from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Revise
from kursbuch.identity.models import Membership
from kursbuch.kit import clock, search
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.documents.yaml_format import read_yaml
from kursbuch.strategy.models import Recommendation, Strategy
from kursbuch.strategy.queries import edition_on, latest_edition
from kursbuch.strategy.services.adopt_edition import adopt_edition
from kursbuch.strategy.services.discuss_amendment import recommend_amendment
from kursbuch.strategy.services.draft_amendment import draft_amendment, submit_amendment
from kursbuch.strategy.services.import_strategy import import_strategy
from kursbuch.strategy.tasks import bring_due_editions_into_force

SMALL = """
kursbuch: 1
strategy: {slug: klein, title: Kleine Strategie, horizon: 2030}
kinds:
  - {slug: measure, prefix: M, names: {de: [Maßnahme, Maßnahmen]}, parents: [""], fields: [title, text]}
edition: {in_force_from: 2020-06-25}
elements:
  - {key: M001, kind: measure, title: Bäume, text: Die Stadt pflanzt hundert Bäume.}
"""


def _at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T00:05").replace(tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def strategy(city: City, edda: Membership, klara: Membership) -> Strategy:
    """Edition 2 was adopted in autumn and holds from New Year's Day 2027."""
    with clock.at(_at("2026-10-01")):
        import_strategy(city=city, document=read_yaml(SMALL))
        strategy = Strategy.objects.get(city=city)
        text = strategy.versions.get(key="M001").fields["text"]
        amendment = draft_amendment(
            strategy=strategy,
            by=edda,
            title="Linden",
            rationale="Sie geben Schatten.",
            changes=[Revise("M001", "text", text, "Die Stadt pflanzt hundert Linden.")],
        )
        submit_amendment(amendment=amendment, by=edda)
        recommend_amendment(amendment=amendment, by=edda, kind=Recommendation.ACCEPT, reason="Einfach gut.")
        adopt_edition(
            strategy=strategy,
            by=klara,
            amendments=[amendment],
            decision=DecisionData(body="Rat", day=date(2026, 10, 1)),
            in_force_from=date(2027, 1, 1),
            expected=latest_edition(strategy),
        )
    return strategy


def _found(strategy: Strategy, words: str) -> int:
    return search.find(strategy.city_id, words, kinds=["element"]).total


def test_before_its_day_the_old_edition_holds(strategy: Strategy) -> None:
    with clock.at(_at("2026-12-31")):
        bring_due_editions_into_force()
    before = edition_on(strategy, date(2026, 12, 31))
    assert before is not None and before.number == "1"
    assert (_found(strategy, "Linden"), _found(strategy, "Bäume")) == (0, 1)


def test_on_its_day_it_holds_and_the_chronicle_says_so_once(strategy: Strategy) -> None:
    with clock.at(_at("2027-01-01")):
        bring_due_editions_into_force()
        bring_due_editions_into_force()
    on_the_day = edition_on(strategy, date(2027, 1, 1))
    assert on_the_day is not None and on_the_day.number == "2"
    assert _found(strategy, "Linden") == 1
    assert Entry.objects.filter(verb="edition_in_force", thing="edition:2").count() == 1
