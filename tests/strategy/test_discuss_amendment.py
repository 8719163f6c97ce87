"""The office and the public work through an amendment: rights, states, tokens, and credit that stays."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from tests.personas import make_person
from tests.strategy.amending import Cast, again, draft, in_state, more_trees, submitted, text_of

from kursbuch.chronicle.models import Entry, Follow
from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Add, ChangeError, Move, Revise
from kursbuch.identity.models import Membership, Role
from kursbuch.kit.limits import TooMany
from kursbuch.strategy.models import Amendment, Recommendation, State, Strategy, Variant
from kursbuch.strategy.rules import ImpossibleStep, NotAllowed
from kursbuch.strategy.services.discuss_amendment import (
    COMMENTS,
    CannotSplit,
    comment_on_amendment,
    open_discussion,
    recommend_amendment,
    remove_comment,
    split_amendment,
)
from kursbuch.strategy.services.draft_amendment import NothingProposed, ReasonMissing, submit_amendment

ALIVE = {State.SUBMITTED, State.IN_DISCUSSION, State.RECOMMENDED}


def _discuss(amendment: Amendment, by: Membership) -> None:
    open_discussion(amendment=amendment, by=by)


def _comment(amendment: Amendment, by: Membership) -> None:
    comment_on_amendment(amendment=amendment, by=by, text="Gute Idee.")


def _recommend(amendment: Amendment, by: Membership) -> None:
    recommend_amendment(amendment=amendment, by=by, kind=Recommendation.REJECT, reason="Zu teuer.")


def _split(amendment: Amendment, by: Membership) -> None:
    split_amendment(amendment=amendment, by=by, take=[0])


STEPS: dict[str, tuple[Callable[[Amendment, Membership], None], set[State]]] = {
    "discuss": (_discuss, {State.SUBMITTED}),
    "comment": (_comment, {*ALIVE, State.IN_CONFLICT}),
    "recommend": (_recommend, ALIVE),
    "split": (_split, ALIVE),
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", STEPS)
def test_step_is_possible_only_in_its_states(strategy: Strategy, cast: Cast, state: State, step: str) -> None:
    amendment = in_state(state, strategy, cast)
    take, possible = STEPS[step]
    if state in possible and step != "split":
        take(amendment, cast.editor)
    elif state in possible:  # one change alone cannot be split, but the state allows to try
        with pytest.raises(CannotSplit):
            take(amendment, cast.editor)
    else:
        # a draft is nobody's to comment on; everything else is just not possible now
        with pytest.raises(NotAllowed if (step, state) == ("comment", State.DRAFT) else ImpossibleStep):
            take(amendment, cast.editor)
        assert again(amendment).state == state


@pytest.mark.parametrize("role", [*Role, "visitor"])
@pytest.mark.parametrize("step", STEPS)
def test_only_those_entitled_take_a_step(
    strategy: Strategy, anna: Membership, city: City, olaf: Membership, role: str, step: str
) -> None:
    amendment = submitted(strategy, anna, [more_trees(strategy), more_trees(strategy, "vierzig", "M002")])
    somebody = (
        Membership.visitor(city)
        if role == "visitor"
        else make_person(city, f"Tom-{role} Tester", Role(role), office=olaf.office)
    )
    entitled = role != "visitor" if step == "comment" else role == Role.EDITOR
    if entitled:
        STEPS[step][0](amendment, somebody)
    else:
        with pytest.raises(NotAllowed):
            STEPS[step][0](amendment, somebody)
        assert again(amendment).state == State.SUBMITTED
        assert not amendment.comments.exists()


@pytest.mark.parametrize("step", STEPS)
def test_no_step_reaches_into_another_city(
    strategy: Strategy, anna: Membership, other_city: City, other_strategy: Strategy, step: str
) -> None:
    amendment = submitted(strategy, anna, [more_trees(strategy), more_trees(strategy, "vierzig", "M002")])
    editor_there = make_person(other_city, "Enno Editor", Role.EDITOR)
    with pytest.raises(NotAllowed):
        STEPS[step][0](amendment, editor_there)


# ---- comments ---------------------------------------------------------------------------------------------


def test_comment_counts_once_and_follows(strategy: Strategy, anna: Membership, frida: Membership) -> None:
    amendment, token = submitted(strategy, anna), uuid.uuid4()
    first, second = (
        comment_on_amendment(amendment=amendment, by=frida, text=text, token=token) for text in ("Ja.", "Ja!")
    )
    assert first == second and amendment.comments.get().text == "Ja."
    assert first.speaks_for == "Fraktion Beispiel"
    assert Entry.objects.filter(verb="amendment_commented").count() == 1
    assert Follow.objects.filter(user=frida.user, thing=f"amendment:{amendment.pk}").exists()


def test_discussion_has_two_levels(strategy: Strategy, anna: Membership, frida: Membership) -> None:
    amendment = submitted(strategy, anna)
    root = comment_on_amendment(amendment=amendment, by=anna, text="Was meinen Sie?")
    reply = comment_on_amendment(amendment=amendment, by=frida, text="Viel.", reply_to=root)
    deeper = comment_on_amendment(amendment=amendment, by=anna, text="Danke.", reply_to=reply)
    assert reply.reply_to == root and deeper.reply_to == root


def test_reply_stays_in_its_discussion(strategy: Strategy, anna: Membership) -> None:
    one, other = submitted(strategy, anna), submitted(strategy, anna)
    remark = comment_on_amendment(amendment=one, by=anna, text="Hier.")
    with pytest.raises(NotAllowed):
        comment_on_amendment(amendment=other, by=anna, text="Dort.", reply_to=remark)


def test_empty_comment_says_nothing(strategy: Strategy, anna: Membership) -> None:
    with pytest.raises(ReasonMissing):
        comment_on_amendment(amendment=submitted(strategy, anna), by=anna, text=" \n ")


def test_too_many_comments_wait(strategy: Strategy, anna: Membership) -> None:
    amendment = submitted(strategy, anna)
    for _ in range(COMMENTS.count):
        COMMENTS.hit(f"{anna.city_id}/{anna.user_id}")
    with pytest.raises(TooMany):
        comment_on_amendment(amendment=amendment, by=anna, text="Noch eins.")
    assert not amendment.comments.exists()


def test_removed_comment_leaves_its_reason(
    strategy: Strategy, anna: Membership, olaf: Membership, edda: Membership
) -> None:
    remark = comment_on_amendment(amendment=submitted(strategy, anna), by=anna, text="Sie Esel!")
    for other in (anna, olaf):
        with pytest.raises(NotAllowed):
            remove_comment(comment=remark, by=other, reason="Geht nicht.")
    with pytest.raises(ReasonMissing):
        remove_comment(comment=remark, by=edda, reason=" ")
    remove_comment(comment=remark, by=edda, reason="Beleidigung.")
    remark.refresh_from_db()
    assert (remark.text, remark.removed_reason) == ("", "Beleidigung.")
    assert Entry.objects.get(verb="comment_removed").data["reason"] == "Beleidigung."


def test_nobody_removes_comments_of_another_city(
    strategy: Strategy, anna: Membership, other_city: City, other_strategy: Strategy
) -> None:
    remark = comment_on_amendment(amendment=submitted(strategy, anna), by=anna, text="Hallo.")
    with pytest.raises(NotAllowed):
        remove_comment(comment=remark, by=make_person(other_city, "Enno Editor", Role.EDITOR), reason="Weg.")


# ---- recommendations --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Recommendation.ACCEPT, Recommendation.REJECT])
def test_recommendation_needs_a_reason(
    strategy: Strategy, anna: Membership, edda: Membership, kind: Recommendation
) -> None:
    amendment = submitted(strategy, anna)
    with pytest.raises(ReasonMissing):
        recommend_amendment(amendment=amendment, by=edda, kind=kind, reason="  ")
    recommended = recommend_amendment(amendment=amendment, by=edda, kind=kind, reason="Weil.")
    assert (recommended.state, recommended.recommendation) == (State.RECOMMENDED, kind)
    assert recommended.domain_changes() == (more_trees(strategy),)


def test_modified_wording_stands_beside_the_authors(strategy: Strategy, anna: Membership, edda: Membership) -> None:
    amendment = submitted(strategy, anna)
    modified = Recommendation.ACCEPT_MODIFIED
    with pytest.raises(NothingProposed):
        recommend_amendment(amendment=amendment, by=edda, kind=modified, reason="Weil.")
    with pytest.raises(ChangeError):
        wrong = Revise("M001", "text", "Nie.", "Neu.")
        recommend_amendment(amendment=amendment, by=edda, kind=modified, reason="Weil.", changes=[wrong])
    assert again(amendment).state == State.SUBMITTED
    ours = more_trees(strategy, "hundertfünfzig")
    recommended = recommend_amendment(amendment=amendment, by=edda, kind=modified, reason="Weil.", changes=[ours])
    assert recommended.domain_changes(Variant.PROPOSED) == (more_trees(strategy),)
    assert recommended.domain_changes() == (ours,)


def test_second_thoughts_take_the_office_wording_away(strategy: Strategy, anna: Membership, edda: Membership) -> None:
    amendment = submitted(strategy, anna)
    ours = more_trees(strategy, "hundertfünfzig")
    recommend_amendment(
        amendment=amendment, by=edda, kind=Recommendation.ACCEPT_MODIFIED, reason="Weil.", changes=[ours]
    )
    changed = recommend_amendment(amendment=amendment, by=edda, kind=Recommendation.ACCEPT, reason="Doch.")
    assert changed.domain_changes() == (more_trees(strategy),)
    assert not changed.changes.filter(variant=Variant.RECOMMENDED).exists()


# ---- splitting --------------------------------------------------------------------------------------------


def _two(strategy: Strategy) -> list[Revise]:
    return [more_trees(strategy), more_trees(strategy, "vierzig", "M002")]


@pytest.mark.parametrize("state", sorted(ALIVE))
def test_split_keeps_credit_and_rest(
    strategy: Strategy, anna: Membership, edda: Membership, frida: Membership, state: State
) -> None:
    amendment = draft(strategy, frida, _two(strategy))
    amendment.authors.create(user=anna.user)
    amendment = submit_amendment(amendment=amendment, by=frida)
    if state != State.SUBMITTED:
        open_discussion(amendment=amendment, by=edda)
    if state == State.RECOMMENDED:
        recommend_amendment(amendment=amendment, by=edda, kind=Recommendation.ACCEPT, reason="Gut.")
    new = split_amendment(amendment=amendment, by=edda, take=[1], title="Beete")
    rest = again(amendment)
    first, second = _two(strategy)
    assert (rest.domain_changes(), new.domain_changes()) == ((first,), (second,))
    assert new.split_from == amendment and new.title == "Beete" and new.rationale == rest.rationale
    assert {a.user for a in new.authors.all()} == {a.user for a in rest.authors.all()} == {anna.user, frida.user}
    assert new.speaks_for == "Fraktion Beispiel" and new.submitted_at == rest.submitted_at
    after = State.SUBMITTED if state == State.SUBMITTED else State.IN_DISCUSSION
    assert new.state == rest.state == after and rest.recommendation == ""
    for person in (anna, frida):
        assert Follow.objects.filter(user=person.user, thing=f"amendment:{new.pk}").exists()
    assert Entry.objects.get(verb="amendment_split").because == f"amendment:{amendment.pk}"


@pytest.mark.parametrize("take", [[], [0, 1], [7]])
def test_each_part_keeps_a_change(strategy: Strategy, anna: Membership, edda: Membership, take: list[int]) -> None:
    amendment = submitted(strategy, anna, _two(strategy))
    with pytest.raises(CannotSplit):
        split_amendment(amendment=amendment, by=edda, take=take)
    assert Amendment.objects.count() == 1


def test_parts_that_need_each_other_stay_together(strategy: Strategy, anna: Membership, edda: Membership) -> None:
    added = Add("neu-1", "measure", "L2", None, {"title": "Radwege", "text": text_of(strategy, "L2")})
    amendment = submitted(strategy, anna, [added, Move("M002", "L2", "neu-1")])
    with pytest.raises(CannotSplit):
        split_amendment(amendment=amendment, by=edda, take=[1])
    assert len(again(amendment).domain_changes()) == 2
