"""Why each project won or did not, who paid, what would have sufficed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.voting.elections import elections
from tests.domain.voting.six_people import PROJECTS, approvals, election

from kursbuch.domain.voting.election import BallotKind, Election, Project
from kursbuch.domain.voting.explanation import Basis, Explanation, Lost, Reason, Remedy, Won, explain
from kursbuch.domain.voting.grouping import group
from kursbuch.domain.voting.method import Completion, Eligibility, Method, Rule, Step, Utility
from kursbuch.domain.voting.outcome import Stage
from kursbuch.domain.voting.remedies import what_suffices
from kursbuch.domain.voting.tally import tally

S, B, G, T = range(4)


def told(case: Election, method: Method) -> Explanation:
    return explain(case, tally(case, method))


def won(found: Explanation, project: int) -> Won:
    return next(each for each in found.won if each.project == project)


def lost(found: Explanation, project: int) -> Lost:
    return next(each for each in found.lost if each.project == project)


def paid(each: Won) -> list[tuple[Fraction, int]]:
    return [(payment.amount, payment.people) for payment in each.payments]


def test_tells_who_paid() -> None:
    found = told(election(), Method(completion=Completion.NONE))
    assert [each.project for each in found.won] == [S, G]
    playground, garden = found.won
    assert (playground.price, playground.effective_votes, paid(playground)) == (60_000, 4, [(60_000, 4)])
    # Dana has 400 euros left after the playground and gives them; Eva and Finn share the rest of 1,350.
    assert paid(garden) == [(47_500, 2), (40_000, 1)]
    assert (garden.price, garden.effective_votes) == (47_500, Fraction(135_000, 47_500))
    assert (garden.place, garden.stage, garden.votes, garden.by_greedy) == (2, Stage.EQUAL_SHARES, 3, False)
    assert sum(len(payment.types) for payment in garden.payments) == 2  # Eva and Finn cast the same ballot


def test_tells_what_was_missing() -> None:
    found = told(election(), Method(completion=Completion.NONE))
    pitch, fountain = found.lost
    assert pitch == Lost(
        project=B,
        reason=Reason.UNAFFORDABLE,
        votes=4,
        needed=Fraction(67_500),
        left=Fraction(120_000),
        lacked=Fraction(150_000),
        because=(),
        remedy=Remedy(cost=120_000, votes=2, basis=Basis.SAME_ENDOWMENT),
        by_greedy=True,
    )
    assert (fountain.project, fountain.left, fountain.lacked) == (T, 105_000, 75_000)


def test_tells_what_the_completion_did() -> None:
    found = told(election(), Method())
    assert [(each.project, each.stage) for each in found.won] == [
        (S, Stage.EQUAL_SHARES),
        (G, Stage.EQUAL_SHARES),
        (T, Stage.GREEDY),
    ]
    assert (won(found, T).price, won(found, T).payments) == (None, ())
    # Paid: 600 for the playground, 450 for the garden; the fountain is shared evenly by those who wanted it.
    assert found.spending.amounts == ((60_000, 3), (105_000, 1), (135_000, 2))
    assert sum(amount * people for amount, people in found.spending.amounts) == 555_000


def test_compares_with_greedy() -> None:
    beside = told(election(), Method()).beside_greedy
    assert (beside.selected, beside.only_here, beside.only_greedy) == ((S, B), (G, T), (B,))
    # Anna, Ben and Cem have two projects from greedy instead of one; Eva and Finn two instead of none.
    assert (beside.prefer_here, beside.prefer_greedy) == (2, 3)
    assert (beside.fairness.without, beside.fairness.violations != ()) == (2, True)


def test_tells_that_greedy_was_preferred() -> None:
    found = told(election(), Method(compare_greedy=True))
    assert [each.project for each in found.won] == [S, B]
    assert [(each.project, each.reason) for each in found.lost] == [(G, Reason.GREEDY_KEPT), (T, Reason.GREEDY_KEPT)]


def test_tells_that_money_was_gone() -> None:
    found = told(election(), Method(rule=Rule.GREEDY))
    assert [(each.project, each.reason, each.left, each.lacked) for each in found.lost] == [
        (G, Reason.NO_MONEY, 90_000, 45_000),
        (T, Reason.NO_MONEY, 90_000, 90_000),
    ]


def test_tells_that_it_was_too_late() -> None:
    found = told(election(), Method(rule=Rule.PHRAGMEN))
    # At 450 euros each Dana, Eva and Finn buy the garden, at 712.50 the playground is bought, at 1,350 the fountain.
    assert [(each.project, each.rho) for each in found.won] == [(G, 45_000), (S, 71_250), (T, 135_000)]
    assert paid(won(found, S)) == [(71_250, 3), (26_250, 1)]
    assert [(each.project, each.reason, each.left) for each in found.lost] == [(B, Reason.TOO_LATE, None)]


def test_tells_what_ruled_a_project_out() -> None:
    method = Method(incompatible=(frozenset("SB"),), eligibility=Eligibility(votes=3))
    found = told(election(), method)
    assert (lost(found, B).reason, lost(found, B).because) == (Reason.RULED_OUT, (S,))
    assert lost(found, T).reason is Reason.NOT_ELIGIBLE
    greedy = told(election(), Method(rule=Rule.GREEDY))
    assert {each.project for each in greedy.fairness.violations} == {G, T}
    greedy = told(election(), Method(rule=Rule.GREEDY, incompatible=(frozenset("ST"), frozenset("BG"))))
    assert greedy.fairness.violations == ()  # whatever was passed over was ruled out
    projects = tuple(replace(each, categories=("sport",)) if each.id in "SB" else each for each in PROJECTS)
    limited = replace(election(), projects=projects)
    found = told(limited, Method(category_budgets={"sport": 300_000}))
    assert (lost(found, B).reason, lost(found, B).because) == (Reason.RULED_OUT, (S,))


def test_keeps_districts_apart() -> None:
    projects = (Project("a", 100, district="north"), Project("b", 100, district="south"), Project("c", 50))
    # Somebody in the north also votes for the south's project, which does not count.
    ballots = group(BallotKind.APPROVAL, [0, 2, 5, 7], [0, 2, 0, 1, 2, 1, 2], None, None, [0, 0, 1])
    case = Election(projects, ballots, 200, 1, "EUR", ("north", "south"))
    found = told(case, Method(district_budgets={"north": 100, "south": 40}, completion=Completion.NONE))
    assert {each.project: paid(each) for each in found.won} == {0: [(50, 2)], 2: [(Fraction(50, 3), 3)]}
    assert (found.lost[0].project, found.lost[0].left, found.lost[0].lacked) == (1, 40, 60)
    found = told(case, Method(rule=Rule.GREEDY, district_budgets={"south": 100}))
    assert (won(found, 1).votes, max(found.spending.of_type)) == (1, 100 + Fraction(50, 3))
    assert sum(amount * people for amount, people in found.spending.amounts) == 150
    # Two of three people hold two thirds of the city's 100: not enough for the project in the north.
    assert found.fairness.violations == ()


def test_finds_what_just_suffices() -> None:
    case, method = election(), Method(completion=Completion.NONE)
    remedy = what_suffices(case, method, B)
    # While everybody still has 1,000 euros, the pitch at the playground's cost is exactly as good, and drawn first.
    assert remedy == Remedy(cost=240_000, votes=remedy.votes, basis=Basis.COUNTED_AGAIN)
    assert remedy.votes is not None
    for more, wins in ((remedy.votes, True), (remedy.votes - 1, False)):
        ballots = [*("SB" for _ in range(3)), "SBG", "GT", "GT", *("B" for _ in range(more))]
        assert (B in tally(replace(case, ballots=approvals(ballots)), method).selected) is wins


def test_says_that_nothing_suffices() -> None:
    projects = (Project("a", 10), Project("b", 10))
    case = Election(projects, approvals(["a"], projects), 10)
    remedy = what_suffices(case, Method(completion=Completion.NONE), 1)
    assert (remedy.cost, remedy.votes) == (None, None)
    with pytest.raises(ValueError, match="project a is funded"):
        what_suffices(case, Method(completion=Completion.NONE), 0)


@settings(max_examples=60, deadline=None)
@given(elections(), st.sampled_from(list(Rule)), st.sampled_from([Utility.COST, Utility.SCORE]), st.data())
def test_remedies_are_enough(case: Election, rule: Rule, utility: Utility, data: st.DataObject) -> None:
    method = Method(rule=rule, utility=utility, completion=Completion.NONE)
    found = told(case, method)
    if not found.lost:
        return
    project = data.draw(st.sampled_from([each.project for each in found.lost]))
    remedy = what_suffices(case, method, project)
    if remedy.cost is not None:
        for cost, wins in ((remedy.cost, True), (remedy.cost + 1, False)):
            projects = [replace(each, cost=cost) if at == project else each for at, each in enumerate(case.projects)]
            assert (project in tally(replace(case, projects=tuple(projects)), method).selected) is wins


@settings(max_examples=80, deadline=None)
@given(elections(kinds=(BallotKind.APPROVAL,)), st.sampled_from([Utility.COST, Utility.CARDINALITY]))
def test_formulas_are_enough(case: Election, utility: Utility) -> None:
    # Without a completion the endowment depends on the number of voters alone, so a lower cost can be tried out.
    method = Method(utility=utility, completion=Completion.NONE)
    for each in told(case, method).lost:
        if each.remedy is not None and each.remedy.cost is not None:
            cheaper = [
                replace(it, cost=each.remedy.cost) if at == each.project else it for at, it in enumerate(case.projects)
            ]
            assert each.project in tally(replace(case, projects=tuple(cheaper)), method).selected


@settings(max_examples=100, deadline=None)
@given(elections(parted=True), st.sampled_from(list(Rule)), st.sampled_from(list(Completion)), st.booleans())
def test_accounts_for_every_project_and_all_money(
    case: Election, rule: Rule, completion: Completion, parted: bool
) -> None:
    own = {"east": case.budget // 3} if parted else {}
    method = Method(rule=rule, completion=completion, step=Step(Fraction(1)), district_budgets=own)
    found = told(case, method)
    assert sorted(each.project for each in (*found.won, *found.lost)) == list(range(len(case.projects)))
    cost = sum(case.projects[each.project].cost for each in found.won)
    assert sum(amount * people for amount, people in found.spending.amounts) == cost
    for each in found.won:
        if each.payments:
            total = sum(payment.amount * payment.people for payment in each.payments)
            assert total == case.projects[each.project].cost
