"""What a method makes of an election: published results, pots, eligibility, ties, and what must not matter."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import real_data
from tests.domain.voting.made_elections import profile_of, slow_elections
from tests.domain.voting.slow_rules import SlowElection

from kursbuch.domain.voting.election import BallotKind, Election, Project
from kursbuch.domain.voting.eligibility import eligible
from kursbuch.domain.voting.equal_shares import Contest, Run, TooLarge
from kursbuch.domain.voting.grouping import group
from kursbuch.domain.voting.method import Completion, Eligibility, Method, Rule, Step, TieBreak, Utility
from kursbuch.domain.voting.outcome import Stage, Tally
from kursbuch.domain.voting.pabulib import parse
from kursbuch.domain.voting.presets import names, preset
from kursbuch.domain.voting.tally import tally
from kursbuch.domain.voting.ties import lots, ranks
from kursbuch.domain.voting.utilities import profile

PLAIN = Method(completion=Completion.NONE)


def make(
    costs: dict[str, int], ballots: list[str], budget: int, homes: list[int] | None = None, **of_project: dict[str, str]
) -> Election:
    """Projects with one-letter ids; ``of_project`` gives some of them a ``district`` or ``category``."""
    projects = tuple(
        Project(
            name,
            cost,
            district=of_project.get("district", {}).get(name, ""),
            categories=tuple(of_project.get("category", {}).get(name, "").split()),
        )
        for name, cost in costs.items()
    )
    index = {name: place for place, name in enumerate(costs)}
    starts = np.concatenate([[0], np.cumsum([len(each) for each in ballots])])
    entries = [index[name] for each in ballots for name in each]
    districts = tuple(sorted(set(of_project.get("district", {}).values())))
    return Election(projects, group(BallotKind.APPROVAL, starts, entries, districts=homes), budget, districts=districts)


def funded(election: Election, found: Tally) -> str:
    return "".join(election.projects[j].id for j in found.selected)


def official(path: Path) -> set[str]:
    """The ids whose ``selected`` column is 1."""
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines(), delimiter=";"))
    head = rows.index(["PROJECTS"]) + 1
    where = rows[head].index("selected")
    return {row[0] for row in rows[head + 1 : rows.index(["VOTES"])] if row[where] == "1"}


@real_data.parametrize_elections("Poland_Wieliczka_2023_Green_Budget", "Poland_Swiecie_2023", "Netherlands_Assen_2024")
def test_reproduces_what_was_published(path: Path) -> None:
    election = parse(path.read_bytes()).election()
    found = tally(election, preset(path.stem.split("_")[1], election))
    assert {election.projects[j].id for j in found.selected} == official(path)


def test_wieliczka_needs_add1_to_go_on_when_nothing_fits() -> None:
    election = parse(real_data.find("pabulib", "Poland_Wieliczka_2023_Green_Budget.pb").read_bytes()).election()
    method = preset("wieliczka", election)

    def figures(exhaustive: bool) -> tuple[int, int]:
        found = tally(election, replace(method, exhaustive=exhaustive))
        return len(found.selected), sum(election.projects[j].cost for j in found.selected) // election.scale

    assert figures(exhaustive=False) == (30, 995_079)
    assert figures(exhaustive=True) == (31, 984_579)


def test_knows_presets_by_name() -> None:
    election = make({"a": 1}, ["a"], 1)
    assert names() == ("wieliczka", "swiecie", "assen", "aarau")
    assert preset("Aarau", election).utility is Utility.SCORE
    with pytest.raises(KeyError):
        preset("elsewhere", election)


def test_completes_as_asked() -> None:
    # Two people, 50 each: both want a, which takes 30 each; b has one supporter with 20 left, c nobody who pays.
    election = make({"a": 60, "b": 25, "c": 40}, ["ab", "ac"], 100)
    assert funded(election, tally(election, PLAIN)) == "a"
    by_greedy = tally(election, replace(PLAIN, completion=Completion.GREEDY))
    assert funded(election, by_greedy) == "ab"  # b and c are tied at one vote, b is cheaper
    assert [each.stage for each in by_greedy.pots[0].outcome.rounds] == [Stage.EQUAL_SHARES, Stage.GREEDY]
    raised = tally(election, replace(PLAIN, completion=Completion.ADD1, step=Step(Fraction(1)))).pots[0].outcome
    assert [election.projects[each.project].id for each in raised.rounds] == ["a", "b"]
    # At 70 each c would be bought, too, and 125 spent; at 69 not.
    assert (raised.endowment, raised.steps) == (Fraction(69), 19)


def test_starts_at_whole_units() -> None:
    election = replace(make({"a": 100}, ["a", "a", "a"], 1000), scale=100)
    assert tally(election, PLAIN).pots[0].outcome.endowment == Fraction(1000, 3)
    assert tally(election, replace(PLAIN, integral=True)).pots[0].outcome.endowment == 300


def test_refuses_a_step_that_leads_nowhere() -> None:
    election = make({"a": 1}, ["a"], 10)
    with pytest.raises(ValueError, match="positive"):
        tally(election, Method(step=Step(Fraction(0))))


def test_keeps_greedy_where_more_people_prefer_it() -> None:
    # Nobody can afford anything by equal shares; everybody likes what greedy funds.
    election = make({"a": 90, "b": 90}, ["a", "a", "b"], 90)
    method = replace(PLAIN, compare_greedy=True)
    found = tally(election, method)
    assert found.comparison is not None
    assert (found.comparison.prefer_rule, found.comparison.prefer_greedy) == (0, 2)
    assert (funded(election, found), found.pots[0].outcome.selected) == ("a", ())


def test_counts_eligible_projects_by_whole_numbers() -> None:
    # 9 people, budget 90. Cost share 1/3: votes / 9 >= cost / 270, that is, 30 votes for each 900.
    source = profile(make({"a": 90, "b": 91, "c": 1, "d": 2}, ["ab", "ab", "ab", *["c"] * 6], 90), Utility.COST)
    assert eligible(source, Eligibility(cost_share=Fraction(1, 3))).tolist() == [True, False, True, False]
    assert eligible(source, Eligibility(votes=4)).tolist() == [False, False, True, False]
    assert eligible(source, Eligibility(share=Fraction(1, 3))).tolist() == [True, True, True, False]
    assert eligible(source, Eligibility(share=Fraction(34, 100))).tolist() == [False, False, True, False]
    assert eligible(source, Eligibility()).tolist() == [True, True, True, False]


def test_districts_decide_about_their_own_money() -> None:
    homes = [0, 0, 1, 1]
    where = {"n": "North", "m": "North", "s": "South"}
    election = make(
        {"n": 20, "m": 15, "s": 20, "c": 40, "d": 40}, ["ncs", "nm", "sc", "sd"], 100, homes, district=where
    )
    found = tally(election, replace(PLAIN, district_budgets={"North": 20, "South": 30}))
    assert [pot.district for pot in found.pots] == ["North", "South", ""]
    assert [(pot.profile.budget, pot.profile.voters) for pot in found.pots] == [(20, 2), (30, 2), (50, 4)]
    assert [[election.projects[j].id for j in pot.contenders] for pot in found.pots] == [["n", "m"], ["s"], ["c", "d"]]
    # North: n costs its two people all they have. South: s likewise. City-wide 12.5 each: c's two people have 25.
    assert [[election.projects[j].id for j in each.selected] for each in found.outcomes] == [["n"], ["s"], []]


def test_refuses_districts_that_cannot_be() -> None:
    where = {"a": "North"}
    election = make({"a": 10}, ["a"], 100, [0], district=where)
    with pytest.raises(ValueError, match="does not have: West"):
        tally(election, replace(PLAIN, district_budgets={"West": 10}))
    with pytest.raises(ValueError, match="1 minor units more"):
        tally(election, replace(PLAIN, district_budgets={"North": 101}))
    with pytest.raises(ValueError, match="negative"):
        tally(election, replace(PLAIN, district_budgets={"North": -1}))
    with pytest.raises(ValueError, match="do not say"):
        tally(make({"a": 10}, ["a"], 100, None, district=where), replace(PLAIN, district_budgets={"North": 1}))


def test_categories_and_rivals_rule_out() -> None:
    kinds = {"a": "green", "b": "green play", "c": "play"}
    election = make({"a": 10, "b": 10, "c": 10, "d": 10}, ["abcd"] * 3, 100, category=kinds)
    assert sorted(funded(election, tally(election, replace(PLAIN, category_budgets={"green": 10})))) in (
        ["a", "c", "d"],
        ["b", "c", "d"],
    )
    method = replace(PLAIN, ties=(TieBreak.NAME,))
    assert funded(election, tally(election, replace(method, category_budgets={"green": 15, "play": 10}))) == "acd"
    assert funded(election, tally(election, replace(method, incompatible=(frozenset("ab"), frozenset("ad"))))) == "ac"
    for rule in Rule:
        found = tally(election, replace(method, rule=rule, incompatible=(frozenset("ab"), frozenset("ad"))))
        assert set(funded(election, found)) == set("ac")
    with pytest.raises(ValueError, match="do not exist: z"):
        tally(election, replace(PLAIN, incompatible=(frozenset("az"),)))
    with pytest.raises(ValueError, match="no project has: blue"):
        tally(election, replace(PLAIN, category_budgets={"blue": 1}))


def test_greedy_stops_where_it_must_not_skip() -> None:
    election = make({"a": 60, "b": 50, "c": 40}, ["abc", "ab", "a"], 100)
    assert funded(election, tally(election, Method(rule=Rule.GREEDY))) == "ac"
    assert funded(election, tally(election, Method(rule=Rule.GREEDY, skip=False))) == "a"


def test_draws_lots_that_anybody_can_draw_again() -> None:
    election = make(dict.fromkeys("edcba", 1), ["a"], 1)
    digests = {name: hashlib.sha256(f"7:{name}".encode()).digest() for name in "abcde"}
    drawn = [election.projects[j].id for j in lots(election, 7)]
    assert drawn == sorted("abcde", key=digests.__getitem__)
    assert drawn == ["c", "e", "a", "d", "b"]  # for name in a b c d e: printf 7:$name | sha256sum
    assert lots(election, 7) != lots(election, 8)


def test_breaks_ties_in_the_stated_order() -> None:
    election = make({"a": 3, "b": 1, "c": 1, "d": 3}, ["abcd", "ac"], 10)
    source = profile(election, Utility.COST)

    def order(*ties: TieBreak) -> str:
        places = ranks(election, source, replace(PLAIN, ties=ties))
        return "".join(name for _, name in sorted(zip(places.tolist(), "abcd", strict=True)))

    assert order(TieBreak.COST, TieBreak.VOTES) == "cbad"
    assert order(TieBreak.VOTES, TieBreak.COST) == "cabd"
    assert order(TieBreak.NAME) == "abcd"
    assert order(TieBreak.LOT) == "".join(election.projects[j].id for j in lots(election, 0))


def test_refuses_what_the_arithmetic_cannot_hold() -> None:
    election = make({"a": 2**53 + 1}, ["a"], 2**54)
    with pytest.raises(TooLarge, match="above 2"):
        tally(election, PLAIN)


METHODS = st.sampled_from(
    [
        PLAIN,
        Method(completion=Completion.ADD1, step=Step(Fraction(1, 3))),
        Method(completion=Completion.ADD1U, step=Step(Fraction(1, 10), relative=True), compare_greedy=True),
        Method(utility=Utility.CARDINALITY),
        Method(rule=Rule.GREEDY),
        Method(rule=Rule.GREEDY_PER_COST),
        Method(rule=Rule.PHRAGMEN),
    ]
)


def as_election(costs: list[int], ballots: list[list[int]], budget: int, labels: list[int]) -> Election:
    """Project ``j`` stands at place ``labels[j]`` and keeps its id."""
    places = sorted(range(len(costs)), key=labels.__getitem__)
    starts = np.concatenate([[0], np.cumsum([len(each) for each in ballots])])
    entries = [labels[j] for each in ballots for j in each]
    projects = tuple(Project(f"p{j}", costs[j]) for j in places)
    return Election(projects, group(BallotKind.APPROVAL, starts, entries), budget)


def described(election: Election, method: Method, scale: int = 1) -> list[object]:
    found = tally(election, method)
    return [
        (
            outcome.endowment and outcome.endowment / scale,
            outcome.steps,
            [
                (
                    election.projects[each.project].id,
                    each.rho
                    and (
                        each.rho
                        if method.utility is Utility.COST and method.rule is Rule.EQUAL_SHARES
                        else each.rho / scale
                    ),
                    sorted(election.projects[j].id for j in each.tied),
                )
                for each in outcome.rounds
            ],
        )
        for outcome in found.outcomes
    ]


@settings(max_examples=150)
@given(slow_elections(by_cost=True), METHODS, st.randoms(use_true_random=False), st.sampled_from([2, 100, 7]))
def test_order_of_ballots_and_projects_and_the_currency_do_not_matter(
    election: SlowElection, method: Method, random, scale: int
) -> None:  # type: ignore[no-untyped-def]
    ballots = [sorted(each) for each in election.utilities]
    labels = list(range(len(election.costs)))
    first = described(as_election(election.costs, ballots, election.budget, labels), method)
    random.shuffle(labels)
    random.shuffle(ballots)
    for each in ballots:
        random.shuffle(each)
    assert described(as_election(election.costs, ballots, election.budget, labels), method) == first
    dearer = as_election([cost * scale for cost in election.costs], ballots, election.budget * scale, labels)
    step = method.step if method.step.relative else Step(method.step.amount * scale)
    assert described(dearer, replace(method, step=step), scale) == first


@settings(max_examples=150)
@given(slow_elections(scored=True) | slow_elections())
def test_grouping_does_not_matter(election: SlowElection) -> None:
    endowment = Fraction(election.budget, len(election.utilities))
    runs = [
        Run(Contest.of(profile_of(election, group=group), by_cost=election.by_cost, ranks=election.ranks), endowment)
        for group in (True, False)
    ]
    assert runs[0].outcome() == runs[1].outcome()
