"""The office desk: what waits for whom, oldest first, from a fixed number of queries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.strategy.amending import Cast, adopt, in_state, make_strategy, more_trees, submitted

from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Revise
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.strategy.models import Recommendation, State, Strategy
from kursbuch.strategy.queries import latest_edition
from kursbuch.strategy.queries.desk import SHOWN
from kursbuch.strategy.services.discuss_amendment import open_discussion, recommend_amendment
from kursbuch.strategy.services.render_element import render_element


@pytest.fixture
def strategy(city: City) -> Strategy:
    return make_strategy(city)


@pytest.fixture
def cast(anna: Membership, edda: Membership, klara: Membership) -> Cast:
    return Cast(anna, edda, klara)


def piles(client: Client) -> Mapping[str, Any]:
    response = client.get(reverse("desk"))
    assert response.status_code == 200
    return {pile.slug: pile for pile in (*response.context["piles"], *response.context["done"])}


def test_each_state_waits_for_its_step(strategy: Strategy, cast: Cast, as_edda: Client, as_klara: Client) -> None:
    conflict = in_state(State.IN_CONFLICT, strategy, cast)
    decided = in_state(State.DECIDED, strategy, cast)
    waiting = in_state(State.RECOMMENDED, strategy, cast)
    discussed = in_state(State.IN_DISCUSSION, strategy, cast)
    new = in_state(State.SUBMITTED, strategy, cast)
    expected = {
        "submitted": (new, "amendment"),
        "in_conflict": (conflict, "amendment-resolve"),
        "in_discussion": (discussed, "amendment-recommend"),
        "recommended": (waiting, "amendment-decide"),
        "decided": (decided, "amendment"),
    }
    for client, mine in ((as_edda, set(expected)), (as_klara, {"recommended", "decided"})):
        found = piles(client)
        assert set(found) - {"renditions"} == mine
        for slug in mine:
            amendment, step = expected[slug]
            (job,) = found[slug].jobs
            assert (found[slug].total, job.amendment.pk) == (1, amendment.pk)
            assert job.url == reverse(step, args=[amendment.pk])


def test_oldest_comes_first_with_its_age(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    now = clock.now()
    with clock.at(now - timedelta(days=9)):
        slow = submitted(strategy, cast.author, title="Schon lange da")
    with clock.at(now - timedelta(days=1)):
        quick = submitted(strategy, cast.author, title="Eben gekommen")
        open_discussion(amendment=quick, by=cast.editor)
    open_discussion(amendment=slow, by=cast.editor)
    jobs = piles(as_edda)["in_discussion"].jobs
    assert [job.amendment.title for job in jobs] == ["Eben gekommen", "Schon lange da"]  # since it is discussed
    assert [job.age for job in jobs] == ["seit 1 Tag", "seit heute"]


def test_long_piles_say_how_many_there_are(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    for number in range(15):
        submitted(strategy, cast.author, title=f"Antrag {number}")
    pile = piles(as_edda)["submitted"]
    assert (pile.total, len(pile.jobs)) == (15, 12)
    assert pile.all_url.endswith("state=submitted")


def test_office_sees_what_it_is_responsible_for(
    strategy: Strategy, cast: Cast, olaf: Membership, as_olaf: Client
) -> None:
    assert olaf.office is not None
    mine = submitted(
        strategy, cast.author, [Revise("M002", "office", None, {"office": olaf.office.slug})], "Das Amt soll das tun"
    )
    assert [job.amendment.pk for job in piles(as_olaf)["office"].jobs] == [mine.pk]
    recommend_amendment(amendment=mine, by=cast.editor, kind=Recommendation.ACCEPT, reason="Gut.")
    adopt(strategy, cast.clerk, mine)
    assert piles(as_olaf)["office"].total == 0
    beds = submitted(strategy, cast.author, [more_trees(strategy, "dreißig", "M002")], "Mehr Beete")
    submitted(strategy, cast.author, title="Geht ein anderes Amt an")
    assert [job.amendment.pk for job in piles(as_olaf)["office"].jobs] == [beds.pk]


def test_stale_renditions_wait(strategy: Strategy, cast: Cast, as_edda: Client, as_olaf: Client) -> None:
    version = strategy.versions.get(key="M001")
    render_element(
        strategy=strategy, by=cast.editor, version=version, language="en", fields={"title": "Trees"}, translator=""
    )
    assert piles(as_edda)["renditions"].total == 0
    in_state(State.IN_FORCE, strategy, cast)
    pile = piles(as_edda)["renditions"]
    assert (pile.total, "sprache=en&zustand=stale" in pile.act[1]) == (1, True)
    assert piles(as_olaf)["renditions"].total == 0  # not an element of this office


def test_nothing_to_do(strategy: Strategy, as_klara: Client, as_adam: Client) -> None:
    for client in (as_klara, as_adam):
        assert "Nichts zu tun" in client.get(reverse("desk")).content.decode()
    assert reverse("people") in as_adam.get(reverse("desk")).content.decode()
    assert latest_edition(strategy).number == "1"


def test_without_a_strategy(city: City, as_edda: Client, as_klara: Client) -> None:
    assert reverse("import") in as_edda.get(reverse("desk")).content.decode()
    assert reverse("import") not in as_klara.get(reverse("desk")).content.decode()


@pytest.mark.parametrize(("who", "status"), [("visitor", 302), ("as_anna", 403), ("as_frida", 403)])
def test_desk_is_for_staff(strategy: Strategy, who: str, status: int, request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue(who).get(reverse("desk")).status_code == status


def test_other_city_waits_for_others(strategy: Strategy, other_city: City, cast: Cast, as_edda: Client) -> None:
    other = make_strategy(other_city)
    assert latest_edition(other).number == "1"
    in_state(State.SUBMITTED, strategy, cast)
    assert piles(as_edda)["submitted"].total == 1


def test_queries_do_not_grow(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            piles(as_edda)
        return len(queries)

    for state in (State.IN_CONFLICT, State.DECIDED, State.RECOMMENDED, State.IN_DISCUSSION, State.SUBMITTED):
        in_state(state, strategy, cast)
    few = count()
    for number in range(6):
        amendment = submitted(strategy, cast.author, title=f"Antrag {number}")
        if number % 2:
            open_discussion(amendment=amendment, by=cast.editor)
    assert count() == few
    assert few <= 26


@pytest.mark.parametrize("name", ["desk", "correct", "rendition-list", "adopt", "import"])
def test_navigation_marks_the_desk_on_its_pages(strategy: Strategy, as_edda: Client, name: str) -> None:
    page = as_edda.get(reverse(name)).content.decode()
    desk = re.search(rf'<a class="nav__link" href="{reverse("desk")}" aria-current="(page|true)"', page)
    assert desk is not None
    assert page.count("aria-current", 0, page.index("</header>")) == 3  # the language, and the desk wide and narrow


def test_whole_pile_is_the_list_of_that_state(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    for number in range(SHOWN + 1):
        submitted(strategy, cast.author, title=f"Antrag {number}")
    url = piles(as_edda)["submitted"].all_url
    page = as_edda.get(url)
    assert page.context["filters"].state == State.SUBMITTED
    assert page.context["page"].total == SHOWN + 1
