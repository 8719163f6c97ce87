"""Settling a conflict with a newer edition: by whom, with which words, and on the page side by side."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.strategy.amending import Cast, adopt, again, in_state, more_trees, submitted, text_of

from kursbuch.domain.framework.changes import Add, Change, Move, Retire, Revise
from kursbuch.identity.models import Membership, Role
from kursbuch.strategy.models import Amendment, Recommendation, State, Strategy
from kursbuch.strategy.queries import latest_edition
from kursbuch.strategy.rules import ImpossibleStep, NotAllowed
from kursbuch.strategy.services.discuss_amendment import recommend_amendment
from kursbuch.strategy.services.draft_amendment import NothingProposed
from kursbuch.strategy.services.rebase_pending import resolve_conflicts


def adopted(strategy: Strategy, cast: Cast, *changes: Change) -> None:
    """A new edition with these changes."""
    other = submitted(strategy, cast.editor, changes, "Die neue Fassung")
    recommend_amendment(amendment=other, by=cast.editor, kind=Recommendation.ACCEPT, reason="Gut.")
    adopt(strategy, cast.clerk, other)


def page(amendment: Amendment) -> str:
    return reverse("amendment-resolve", args=[amendment.pk])


def sent(strategy: Strategy, **fields: str) -> dict[str, str]:
    return {"expected": str(latest_edition(strategy).pk), **fields}


# ---- the service -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"), [(State.SUBMITTED, State.SUBMITTED), (State.RECOMMENDED, State.IN_DISCUSSION)]
)
def test_settled_amendment_goes_on(strategy: Strategy, cast: Cast, before: State, after: State) -> None:
    """What had been recommended was recommended in other words: back into discussion."""
    amendment = in_state(before, strategy, cast)
    adopted(strategy, cast, more_trees(strategy, "tausend"))
    assert again(amendment).state == State.IN_CONFLICT
    text = text_of(strategy)
    resolve_conflicts(
        amendment=amendment,
        by=cast.author,
        changes=[Revise("M001", "text", text, text.replace("tausend", "zweitausend"))],
    )
    held = again(amendment)
    assert (held.state, held.before_conflict, held.conflicts) == (after, "", [])
    assert held.base.number == "2"


@pytest.mark.parametrize("who", ["anna", "edda"])
def test_authors_and_strategy_office_settle(
    strategy: Strategy, cast: Cast, who: str, request: pytest.FixtureRequest
) -> None:
    amendment = in_state(State.IN_CONFLICT, strategy, cast)
    resolve_conflicts(
        amendment=amendment, by=request.getfixturevalue(who), changes=[more_trees(strategy, "vier", "M002")]
    )
    assert again(amendment).state == State.SUBMITTED


@pytest.mark.parametrize("who", ["frida", "olaf", "klara", "adam", "nora"])
def test_others_do_not(strategy: Strategy, cast: Cast, who: str, request: pytest.FixtureRequest) -> None:
    amendment = in_state(State.IN_CONFLICT, strategy, cast)
    with pytest.raises(NotAllowed):
        resolve_conflicts(
            amendment=amendment, by=request.getfixturevalue(who), changes=[more_trees(strategy, "vier", "M002")]
        )


def test_nobody_settles_in_another_city(strategy: Strategy, cast: Cast, nora: Membership) -> None:
    amendment = in_state(State.IN_CONFLICT, strategy, cast)
    nora.role = Role.EDITOR
    with pytest.raises(NotAllowed):
        resolve_conflicts(amendment=amendment, by=nora, changes=[more_trees(strategy, "vier", "M002")])


@pytest.mark.parametrize("state", sorted(set(State) - {State.IN_CONFLICT}))
def test_only_conflicts_are_settled(strategy: Strategy, cast: Cast, state: State) -> None:
    amendment = in_state(state, strategy, cast)
    with pytest.raises(ImpossibleStep):
        resolve_conflicts(amendment=amendment, by=cast.editor, changes=[more_trees(strategy, "vier", "M002")])


def test_something_must_be_left(strategy: Strategy, cast: Cast) -> None:
    with pytest.raises(NothingProposed):
        resolve_conflicts(amendment=in_state(State.IN_CONFLICT, strategy, cast), by=cast.author, changes=[])


# ---- the page --------------------------------------------------------------------------------------------


def test_page_shows_three_sides(strategy: Strategy, cast: Cast, as_anna: Client) -> None:
    amendment = in_state(State.IN_CONFLICT, strategy, cast)
    text = as_anna.get(page(amendment)).content.decode()
    assert "Die Stadt pflanzt hundert Bäume" in text
    assert "dreihundert" in text
    assert "zweihundert" in text


CHOICES = {
    "theirs": ({"streit0-choice": "theirs"}, "Die Stadt pflanzt zweihundert Bäume an ihren Straßen."),
    "own": (
        {"streit0-choice": "own", "streit0-own-text": "Die Stadt pflanzt vierhundert Bäume."},
        "Die Stadt pflanzt vierhundert Bäume.",
    ),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_chosen_words_are_taken(strategy: Strategy, cast: Cast, as_anna: Client, choice: str) -> None:
    amendment = in_state(State.IN_CONFLICT, strategy, cast)
    fields, wanted = CHOICES[choice]
    response = as_anna.post(page(amendment), sent(strategy, **fields))
    assert response.status_code == 302
    (change,) = again(amendment).domain_changes()
    assert isinstance(change, Revise)
    assert (change.before, change.after) == (text_of(strategy), wanted)


def test_what_fits_is_carried_by_itself(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    changes = [more_trees(strategy), more_trees(strategy, "dreißig", "M002")]
    amendment = submitted(strategy, cast.author, changes)
    adopted(strategy, cast, more_trees(strategy, "tausend"))
    as_edda.post(page(amendment), sent(strategy, **{"streit0-choice": "ours"}))
    held = again(amendment)
    assert held.state == State.SUBMITTED
    assert [change.key for change in held.domain_changes()] == ["M002"]


def test_own_words_are_shown_before_they_count(strategy: Strategy, cast: Cast, as_anna: Client) -> None:
    amendment = in_state(State.IN_CONFLICT, strategy, cast)
    fields = {"streit0-choice": "own", "streit0-own-text": "Die Stadt pflanzt vierhundert Bäume an ihren Straßen."}
    response = as_anna.post(page(amendment), sent(strategy, preview="1", **fields))
    assert response.status_code == 200
    assert "vierhundert</ins>" in response.content.decode()
    assert again(amendment).state == State.IN_CONFLICT


def test_without_a_choice_nothing_happens(strategy: Strategy, cast: Cast, as_anna: Client) -> None:
    amendment = in_state(State.IN_CONFLICT, strategy, cast)
    assert as_anna.post(page(amendment), sent(strategy)).status_code == 422
    assert again(amendment).state == State.IN_CONFLICT


def test_keeping_all_that_is_in_force_leaves_nothing(strategy: Strategy, cast: Cast, as_anna: Client) -> None:
    amendment = in_state(State.IN_CONFLICT, strategy, cast)
    response = as_anna.post(page(amendment), sent(strategy, **{"streit0-choice": "ours"}))
    assert response.status_code == 422
    assert "zurückziehen" in response.content.decode()


def test_newer_edition_in_between_is_shown_first(strategy: Strategy, cast: Cast, as_anna: Client) -> None:
    amendment = in_state(State.IN_CONFLICT, strategy, cast)
    seen = sent(strategy, **{"streit0-choice": "theirs"})
    adopted(strategy, cast, more_trees(strategy, "drei", "M002"))
    assert as_anna.post(page(amendment), seen).headers["Location"] == page(amendment)
    assert again(amendment).state == State.IN_CONFLICT


STRUCTURE: dict[str, tuple[list[Change], list[Change], dict[str, str], list[Change]]] = {
    # what the amendment wants, what came into force, what is chosen, what is left
    "revised and gone": (
        [Revise("M002", "title", "Beete", "Rabatten"), Revise("L2", "title", "Verkehr", "Mobilität")],
        [Retire("M002")],
        {"streit0-choice": "ours"},
        [Revise("L2", "title", "Verkehr", "Mobilität")],
    ),
    "goes and was revised": (
        [Retire("M002", ("M001",))],
        [Revise("M002", "title", "Beete", "Rabatten")],
        {"streit0-choice": "theirs"},
        [Retire("M002", ("M001",))],
    ),
    "moved twice": (
        [Move("M002", "L2", None)],
        [Add("neu-1", "theme", None, "L2", {"title": "Drittes"}), Move("M002", "neu-1", None)],
        {"streit0-choice": "theirs"},
        [Move("M002", "L2", None)],
    ),
    "new below what is gone": (
        [Add("neu-1", "measure", "L2", None, {"title": "Radwege"})],
        [Retire("L2")],
        {"streit0-choice": "own", "streit0-own-place": "L1|M001"},
        [Add("neu-1", "measure", "L1", "M001", {"title": "Radwege"})],
    ),
}


@pytest.mark.parametrize("case", STRUCTURE)
def test_places_and_ends_are_settled(strategy: Strategy, cast: Cast, as_anna: Client, case: str) -> None:
    wanted, came, fields, left = STRUCTURE[case]
    amendment = submitted(strategy, cast.author, wanted)
    adopted(strategy, cast, *came)
    assert again(amendment).state == State.IN_CONFLICT
    assert as_anna.get(page(amendment)).status_code == 200
    response = as_anna.post(page(amendment), sent(strategy, **fields))
    assert response.status_code == 302, response.content.decode()
    assert list(again(amendment).domain_changes()) == left


def test_page_is_for_authors_and_editors(
    strategy: Strategy, cast: Cast, as_frida: Client, as_klara: Client, visitor: Client, as_nora: Client
) -> None:
    amendment = in_state(State.IN_CONFLICT, strategy, cast)
    assert as_frida.get(page(amendment)).status_code == 403
    assert as_klara.get(page(amendment)).status_code == 403
    assert "login" in visitor.get(page(amendment)).headers["Location"]
    assert as_nora.get(page(amendment)).status_code == 404
