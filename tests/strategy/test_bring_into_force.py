"""A future edition comes into force on its day, once."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kursbuch.chronicle.models import Entry
from kursbuch.chronicle.services import follow, seal_entries, send_notifications
from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Revise
from kursbuch.identity.models import Membership
from kursbuch.kit import clock, search
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.documents.yaml_format import read_yaml
from kursbuch.strategy.models import Amendment, Recommendation, State, Strategy
from kursbuch.strategy.presentation.states import what_it_means
from kursbuch.strategy.queries import edition_on, latest_edition, load_edition
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


# ---- until its day, an amendment in it is adopted and not in force ---------------------------------------


def _amendment(strategy: Strategy) -> Amendment:
    return strategy.amendments.select_related("edition").get()


def test_amendment_is_accepted_until_its_day_and_in_force_from_it(strategy: Strategy) -> None:
    amendment = _amendment(strategy)
    with clock.at(_at("2026-12-31")):
        assert amendment.takes_effect == date(2027, 1, 1)
        assert amendment.state_in_words == "angenommen, gilt ab 1. Januar 2027"
        with translation.override("en"):
            assert amendment.state_in_words == "accepted, in force from 1 January 2027"
    with clock.at(_at("2027-01-01")):
        assert amendment.takes_effect is None
        assert amendment.state_in_words == "in Kraft"


def test_pages_say_so_too(strategy: Strategy, visitor: Client) -> None:
    number = _amendment(strategy).pk
    with clock.at(_at("2026-12-31")):
        page = visitor.get(reverse("amendment", args=[number])).content.decode()
        rows = visitor.get(reverse("amendment-list")).content.decode()
        home = visitor.get(reverse("home")).content.decode()
    for text in (page, rows):
        assert "Angenommen, gilt ab 1. Januar 2027" in text
        assert "In Kraft" not in text
    assert "steht in Fassung 2. Sie gilt noch nicht." in page
    assert "Am 1. Januar 2027 wird er von selbst Teil der Strategie." in page
    assert "in eine künftige Fassung aufgenommen" in home
    assert "gilt ab 1. Januar 2027" in home
    assert "Änderungsantrag in Kraft" not in home
    with clock.at(_at("2027-01-01")):
        bring_due_editions_into_force()
        page = visitor.get(reverse("amendment", args=[number])).content.decode()
    assert "In Kraft" in page
    assert "Angenommen, gilt ab" not in page


def test_mail_tells_of_the_day_and_on_the_day(strategy: Strategy, edda: Membership, anna: Membership) -> None:
    thing = f"amendment:{_amendment(strategy).pk}"
    with clock.at(_at("2026-09-30")):
        follow(user=anna.person, city_id=strategy.city_id, thing=thing)
    with clock.at(_at("2026-10-01")):
        seal_entries(strategy.city_id)
        send_notifications()
    text = str(mail.outbox[-1].body)
    assert "in eine künftige Fassung aufgenommen" in text
    assert "gilt ab 1. Januar 2027" in text
    mail.outbox.clear()
    for _ in range(2):
        with clock.at(_at("2027-01-01")):
            bring_due_editions_into_force()
            seal_entries(strategy.city_id)
            send_notifications()
    (told,) = [message for message in mail.outbox if message.to == [anna.person.email]]
    assert "hat einen Änderungsantrag in Kraft" in str(told.body)
    assert "gilt ab" not in str(told.body)


def test_what_a_future_edition_does_anyway_waits_for_its_day_as_well(
    strategy: Strategy, anna: Membership, klara: Membership, edda: Membership
) -> None:
    with clock.at(_at("2026-10-02")):
        tree = load_edition(latest_edition(strategy)).tree
        text = str(tree["M001"].fields["text"])
        same = [Revise("M001", "text", text, text.replace("Linden", "Eichen"))]
        first, second = (
            submit_amendment(
                amendment=draft_amendment(strategy=strategy, by=by, title="Eichen", rationale="Schön.", changes=same),
                by=by,
            )
            for by in (anna, edda)
        )
        recommend_amendment(amendment=first, by=edda, kind=Recommendation.ACCEPT, reason="Gut.")
        adopt_edition(
            strategy=strategy,
            by=klara,
            amendments=[first],
            decision=DecisionData(body="Rat", day=date(2026, 10, 2)),
            in_force_from=date(2027, 1, 1),
            expected=latest_edition(strategy),
        )
        second.refresh_from_db()
        assert second.state == State.ALREADY_IN_FORCE
        assert second.state_in_words == "bereits beschlossen, gilt ab 1. Januar 2027"
        assert "Fassung 3" in what_it_means(second)


def test_programs_are_told_the_day(strategy: Strategy, visitor: Client) -> None:
    for day in ("2026-11-15", "2027-01-02"):
        with clock.at(_at(day)):
            (found,) = visitor.get("/api/v1/amendments").json()["items"]  # type: ignore[attr-defined]
            assert (found["state"], found["takes_effect"]) == ("in_force", "2027-01-01")
