"""Two people record an edition at the same moment: exactly one of them succeeds, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from tests.database_on_disk import in_thread, on_disk
from tests.personas import make_city, make_person
from tests.strategy.amending import Cast, again, make_strategy, more_trees, submitted

from kursbuch.identity.models import Membership, Role
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.models import Amendment, Decision, Recommendation, State
from kursbuch.strategy.queries import latest_edition
from kursbuch.strategy.queries.verify import verify_strategy
from kursbuch.strategy.services.adopt_edition import Overtaken, adopt_edition, correct_edition
from kursbuch.strategy.services.discuss_amendment import recommend_amendment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _database_on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with on_disk(tmp_path):
        yield


@pytest.fixture
def people() -> Cast:
    city = make_city("gelsenkirchen", "Gelsenkirchen", "testserver")
    return Cast(
        make_person(city, "Anna Arndt"),
        make_person(city, "Edda Ebel", Role.EDITOR),
        make_person(city, "Klara Kunz", Role.CLERK),
    )


@pytest.mark.parametrize("rivals", ["the same amendment", "two amendments", "adoption and correction"])
def test_exactly_one_of_two_adoptions_wins(people: Cast, rivals: str) -> None:
    strategy = make_strategy(people.author.city)
    trees = submitted(strategy, people.author)
    beds = submitted(strategy, people.author, [more_trees(strategy, "dreißig", "M002")], "Mehr Beete")
    for amendment in (trees, beds):
        recommend_amendment(amendment=amendment, by=people.editor, kind=Recommendation.ACCEPT, reason="Gut.")
    expected = latest_edition(strategy)
    start = threading.Barrier(2, timeout=20)

    def adopt(by: Membership, amendment: Amendment) -> str:
        start.wait()
        try:
            return adopt_edition(
                strategy=strategy,
                by=by,
                amendments=[amendment],
                decision=DecisionData(body=f"Rat {by.role}", day=date(2021, 3, 1)),
                in_force_from=date(2021, 4, 1),
                expected=expected,
            ).number
        except Overtaken as error:
            return f"overtaken by {error.edition.number}"

    def correct(by: Membership) -> str:
        start.wait()
        try:
            return correct_edition(
                strategy=strategy,
                by=by,
                changes=[more_trees(strategy, "zwanzig schöne", "M002")],
                reason="Schöner",
                expected=expected,
            ).number
        except Overtaken as error:
            return f"overtaken by {error.edition.number}"

    second = {
        "the same amendment": lambda: adopt(people.editor, trees),
        "two amendments": lambda: adopt(people.editor, beds),
        "adoption and correction": lambda: correct(people.editor),
    }[rivals]
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(in_thread(lambda: adopt(people.clerk, trees))), pool.submit(in_thread(second))]
        results = sorted(one.result(timeout=30) for one in running)
    newest = latest_edition(strategy)
    assert results == [newest.number, f"overtaken by {newest.number}"]
    assert strategy.editions.count() == 2
    assert Decision.objects.filter(strategy=strategy, day=date(2021, 3, 1)).count() == (not newest.editorial)
    in_force = [again(one).state for one in (trees, beds)].count(State.IN_FORCE)
    assert in_force == (not newest.editorial)
    assert verify_strategy(strategy) == []
