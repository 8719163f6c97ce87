"""Writing an amendment: who may take which step in which state, and what no step can do."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from tests.personas import make_person
from tests.strategy.amending import Cast, again, draft, in_state, more_trees, submitted, text_of

from kursbuch.chronicle.models import Entry, Follow
from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Add, Change, ChangeError, Move, Retire, Revise
from kursbuch.domain.framework.schema import FieldError
from kursbuch.identity.models import Membership, Role
from kursbuch.kit.limits import TooMany
from kursbuch.strategy.models import Amendment, State, Strategy
from kursbuch.strategy.rules import ImpossibleStep, NotAllowed, Step, may
from kursbuch.strategy.services.draft_amendment import (
    SUBMISSIONS,
    NothingProposed,
    ReasonMissing,
    discard_draft,
    draft_amendment,
    revise_draft,
    submit_amendment,
    withdraw_amendment,
)

STATES = list(State)


def _revise(amendment: Amendment, by: Membership) -> None:
    revise_draft(amendment=amendment, by=by, title="Neu", rationale="Weil.", changes=amendment.domain_changes())


def _submit(amendment: Amendment, by: Membership) -> None:
    submit_amendment(amendment=amendment, by=by)


def _withdraw(amendment: Amendment, by: Membership) -> None:
    withdraw_amendment(amendment=amendment, by=by)


def _discard(amendment: Amendment, by: Membership) -> None:
    discard_draft(amendment=amendment, by=by)


STEPS: dict[str, tuple[Callable[[Amendment, Membership], None], set[State]]] = {
    "revise": (_revise, {State.DRAFT}),
    "submit": (_submit, {State.DRAFT}),
    "discard": (_discard, {State.DRAFT}),
    "withdraw": (
        _withdraw,
        {State.DRAFT, State.SUBMITTED, State.IN_DISCUSSION, State.RECOMMENDED, State.IN_CONFLICT},
    ),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_author_takes_a_step_only_where_it_is_possible(strategy: Strategy, cast: Cast, state: State, step: str) -> None:
    amendment = in_state(state, strategy, cast)
    take, possible = STEPS[step]
    if state in possible:
        take(amendment, cast.author)
    elif step == "submit" and state == State.SUBMITTED:  # pressed twice: nothing happens
        entries = Entry.objects.count()
        take(amendment, cast.author)
        assert Entry.objects.count() == entries
    else:
        with pytest.raises(ImpossibleStep) as error:
            take(amendment, cast.author)
        assert error.value.amendment.state == state
        assert again(amendment).state == state


@pytest.mark.parametrize("role", [*Role, "visitor"])
@pytest.mark.parametrize("step", STEPS)
def test_nobody_but_the_author_takes_these_steps(
    strategy: Strategy, anna: Membership, city: City, olaf: Membership, role: str, step: str
) -> None:
    amendment = draft(strategy, anna)
    other = (
        Membership.visitor(city)
        if role == "visitor"
        else make_person(city, f"Tom-{role} Tester", Role(role), office=olaf.office)
    )
    with pytest.raises(NotAllowed):
        STEPS[step][0](amendment, other)
    kept = again(amendment)
    assert (kept.state, kept.title) == (State.DRAFT, "Mehr Bäume")


@pytest.mark.parametrize("role", Role)
def test_everybody_who_is_signed_in_proposes(strategy: Strategy, city: City, olaf: Membership, role: Role) -> None:
    somebody = make_person(city, "Tom Tester", role, office=olaf.office if role == Role.OFFICE else None)
    amendment = submitted(strategy, somebody)
    assert amendment.state == State.SUBMITTED
    assert [author.user for author in amendment.authors.all()] == [somebody.user]
    assert (amendment.speaks_for, amendment.official) == (somebody.acts_for, role != Role.RESIDENT)


def test_visitor_does_not_propose(strategy: Strategy, city: City) -> None:
    with pytest.raises(NotAllowed):
        draft(strategy, Membership.visitor(city))


def test_council_group_is_named(strategy: Strategy, frida: Membership) -> None:
    assert draft(strategy, frida).speaks_for == "Fraktion Beispiel"


def test_nobody_writes_in_another_city(strategy: Strategy, other_strategy: Strategy, nora: Membership) -> None:
    theirs = draft(other_strategy, nora)
    with pytest.raises(NotAllowed):
        draft(strategy, nora)
    member_here = Membership.objects.create(user=nora.user, city=strategy.city)  # the same person, as a resident here
    for take, _possible in STEPS.values():
        with pytest.raises(NotAllowed):
            take(theirs, member_here)


def test_same_token_twice_makes_one(strategy: Strategy, anna: Membership) -> None:
    token = uuid.uuid4()
    first, second = (
        draft_amendment(
            strategy=strategy, by=anna, title=title, rationale="", changes=[more_trees(strategy)], token=token
        )
        for title in ("Einmal", "Zweimal")
    )
    assert first == second and second.title == "Einmal"
    assert Amendment.objects.count() == 1


def test_somebody_elses_token_gives_nothing_away(strategy: Strategy, anna: Membership, frida: Membership) -> None:
    mine = draft(strategy, anna)
    with pytest.raises(IntegrityError), transaction.atomic():
        draft_amendment(
            strategy=strategy, by=frida, title="", rationale="", changes=[more_trees(strategy)], token=mine.token
        )
    assert Amendment.objects.count() == 1


def test_draft_is_followed_and_private(strategy: Strategy, anna: Membership, frida: Membership) -> None:
    amendment = draft(strategy, anna)
    entry = Entry.objects.get(verb="amendment_drafted")
    assert not entry.public
    assert Follow.objects.filter(user=anna.user, thing=f"amendment:{amendment.pk}").exists()
    assert not Amendment.objects.public().exists()
    assert may(anna, Step.EDIT, amendment) and not may(frida, Step.EDIT, amendment)


def test_submission_is_chronicled_for_every_element(strategy: Strategy, anna: Membership) -> None:
    retired = Retire("M002", ("M001",))
    amendment = submitted(strategy, anna, [more_trees(strategy), retired])
    entry = Entry.objects.get(verb="amendment_submitted")
    assert entry.public and entry.thing == f"amendment:{amendment.pk}"
    things = set(entry.mentions.values_list("thing", flat=True))
    assert {"element:M001", "element:M002"} <= things


def test_nothing_to_propose_and_no_reason(strategy: Strategy, anna: Membership) -> None:
    empty = draft(strategy, anna, [])
    with pytest.raises(NothingProposed):
        submit_amendment(amendment=empty, by=anna)
    silent = draft_amendment(strategy=strategy, by=anna, title="x", rationale=" ", changes=[more_trees(strategy)])
    with pytest.raises(ReasonMissing):
        submit_amendment(amendment=silent, by=anna)
    assert not Amendment.objects.public().exists()


def _bad_changes(strategy: Strategy) -> list[Change]:
    return [
        Revise("M001", "text", "Das stand da nie.", "Neu."),
        Revise("M001", "text", text_of(strategy), "zu  viele   Leerzeichen "),
        Revise("M999", "text", None, "Neu."),
        Add("neu-1", "measure", "M001", None, {"title": "Am falschen Ort"}),
        Add("neu-1", "measure", "L1", None, {}),
        Move("M001", None, None),
        Move("L1", "M001", None),
        Retire("L1"),
    ]


@pytest.mark.parametrize("number", range(8))
def test_changes_that_do_not_fit_are_refused(strategy: Strategy, anna: Membership, number: int) -> None:
    bad = _bad_changes(strategy)[number]
    with pytest.raises((ChangeError, FieldError)):
        draft(strategy, anna, [bad])
    good = draft(strategy, anna)
    with pytest.raises((ChangeError, FieldError)):
        revise_draft(amendment=good, by=anna, title="x", rationale="y", changes=[bad])
    assert again(good).domain_changes() == (more_trees(strategy),)


def test_too_many_submissions_wait(strategy: Strategy, anna: Membership) -> None:
    for _ in range(SUBMISSIONS.count):
        SUBMISSIONS.hit(f"{anna.city_id}/{anna.user_id}")
    amendment = draft(strategy, anna)
    with pytest.raises(TooMany) as error:
        submit_amendment(amendment=amendment, by=anna)
    assert error.value.seconds > 0
    assert again(amendment).state == State.DRAFT


def test_withdrawn_keeps_its_reason_and_its_place(strategy: Strategy, anna: Membership) -> None:
    amendment = submitted(strategy, anna)
    withdraw_amendment(amendment=amendment, by=anna, reason=" Es gibt schon einen besseren. ")
    assert Entry.objects.get(verb="amendment_withdrawn").data["reason"] == "Es gibt schon einen besseren."
    assert Amendment.objects.public().get() == amendment


def test_discarded_draft_is_gone(strategy: Strategy, anna: Membership) -> None:
    amendment = draft(strategy, anna)
    discard_draft(amendment=amendment, by=anna)
    assert not Amendment.objects.exists()
    assert not Entry.objects.get(verb="amendment_discarded").public


BROKEN = {
    "amendment_state_known": {"state": "parked"},
    "amendment_recommended_with_reason": {"state": State.RECOMMENDED, "recommendation": "accept"},
    "amendment_decided_by_decision": {"state": State.DECIDED},
    "amendment_in_force_by_edition": {"state": State.IN_FORCE},
    "amendment_conflict_returns": {"state": State.IN_CONFLICT},
    "amendment_submitted_at": {"state": State.SUBMITTED, "submitted_at": None},
}


@pytest.mark.parametrize("constraint", BROKEN)
def test_database_refuses_impossible_states(strategy: Strategy, anna: Membership, constraint: str) -> None:
    amendment = submitted(strategy, anna)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Amendment.objects.filter(pk=amendment.pk).update(**BROKEN[constraint])


def test_database_knows_an_author_and_a_position_once(strategy: Strategy, anna: Membership) -> None:
    amendment = draft(strategy, anna)
    with pytest.raises(IntegrityError), transaction.atomic():
        amendment.authors.create(user=anna.user)
    row = amendment.changes.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
