"""Who may do what with the strategy, and which step may follow which state."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from kursbuch.identity.models import Membership, Role
from kursbuch.strategy.models import Amendment, Recommendation, State


class Step(StrEnum):
    """What can be done to an amendment."""

    EDIT = "edit"
    SUBMIT = "submit"
    DISCUSS = "discuss"
    COMMENT = "comment"
    RECOMMEND = "recommend"
    DECIDE = "decide"
    ADOPT = "adopt"
    SPLIT = "split"
    RESOLVE = "resolve"
    WITHDRAW = "withdraw"


S = State
POSSIBLE: dict[Step, frozenset[str]] = {
    Step.EDIT: frozenset({S.DRAFT}),
    Step.SUBMIT: frozenset({S.DRAFT}),
    Step.DISCUSS: frozenset({S.SUBMITTED}),
    Step.COMMENT: frozenset({S.SUBMITTED, S.IN_DISCUSSION, S.RECOMMENDED, S.IN_CONFLICT}),
    Step.RECOMMEND: frozenset({S.SUBMITTED, S.IN_DISCUSSION, S.RECOMMENDED}),
    Step.DECIDE: frozenset({S.RECOMMENDED}),
    Step.ADOPT: frozenset({S.RECOMMENDED, S.DECIDED}),
    Step.SPLIT: frozenset({S.SUBMITTED, S.IN_DISCUSSION, S.RECOMMENDED}),
    Step.RESOLVE: frozenset({S.IN_CONFLICT}),
    Step.WITHDRAW: frozenset({S.DRAFT, S.SUBMITTED, S.IN_DISCUSSION, S.RECOMMENDED, S.IN_CONFLICT}),
}


class ImpossibleStep(Exception):
    """The amendment is not in a state in which this can be done."""

    def __init__(self, amendment: Amendment, step: Step) -> None:
        super().__init__(f"amendment {amendment.pk} is {amendment.state}: cannot {step}")
        self.amendment = amendment
        self.step = step


class NotAllowed(Exception):
    """The person may not do this."""


def is_possible(step: Step, amendment: Amendment) -> bool:
    if amendment.state not in POSSIBLE[step]:
        return False
    if step == Step.ADOPT and amendment.state == State.RECOMMENDED:
        return amendment.recommendation != Recommendation.REJECT
    return True


def is_author(member: Membership, amendment: Amendment) -> bool:
    return member.is_signed_in and any(author.user_id == member.user_id for author in amendment.authors.all())


def may_propose(member: Membership) -> bool:
    return member.is_signed_in


def may_recommend(member: Membership) -> bool:
    return member.role == Role.EDITOR


def may_decide(member: Membership) -> bool:
    return member.role in {Role.EDITOR, Role.CLERK}


def may_adopt(member: Membership) -> bool:
    return member.role in {Role.EDITOR, Role.CLERK}


def may_correct(member: Membership) -> bool:
    return member.role == Role.EDITOR


def may_render(member: Membership) -> bool:
    return member.role in {Role.EDITOR, Role.OFFICE}


def may_review_rendition(member: Membership) -> bool:
    return member.role == Role.EDITOR


def may_import(member: Membership) -> bool:
    return member.role in {Role.EDITOR, Role.ADMIN}


def may_moderate(member: Membership) -> bool:
    return member.role == Role.EDITOR


def may_see_amendment(member: Membership, amendment: Amendment) -> bool:
    return amendment.is_public or is_author(member, amendment)


_WHO: dict[Step, Callable[[Membership, Amendment], bool]] = {
    Step.EDIT: is_author,
    Step.SUBMIT: is_author,
    Step.WITHDRAW: is_author,
    Step.DISCUSS: lambda member, _: may_recommend(member),
    Step.RECOMMEND: lambda member, _: may_recommend(member),
    Step.SPLIT: lambda member, _: may_recommend(member),
    Step.COMMENT: lambda member, amendment: member.is_signed_in and amendment.is_public,
    Step.DECIDE: lambda member, _: may_decide(member),
    Step.ADOPT: lambda member, _: may_adopt(member),
    Step.RESOLVE: lambda member, amendment: may_recommend(member) or is_author(member, amendment),
}


def may(member: Membership, step: Step, amendment: Amendment) -> bool:
    """Whether this person may take this step now: right and state together."""
    return _WHO[step](member, amendment) and is_possible(step, amendment)


def ensure(member: Membership, step: Step, amendment: Amendment) -> None:
    """Raises :class:`NotAllowed` or :class:`ImpossibleStep`."""
    if amendment.strategy.city_id != member.city_id or not _WHO[step](member, amendment):
        raise NotAllowed(f"{member.role or 'visitor'} may not {step} amendment {amendment.pk}")
    if not is_possible(step, amendment):
        raise ImpossibleStep(amendment, step)
