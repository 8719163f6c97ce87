"""The same results as pabutools in exact fractions: on real elections, and on invented ones full of ties.

The three largest elections take pabutools minutes and are compared in the benchmark instead.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from pabutools import fractions
from pabutools.election import (
    AbstractApprovalProfile,
    Additive_Borda_Sat,
    Additive_Cardinal_Sat,
    ApprovalBallot,
    ApprovalProfile,
    Cardinality_Sat,
    Cost_Sat,
    Instance,
    parse_pabulib,
)
from pabutools.election import Project as TheirProject
from pabutools.rules import (
    exhaustion_by_budget_increase,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)
from tests import real_data
from tests.domain.voting.made_elections import profile_of, slow_elections
from tests.domain.voting.slow_rules import SlowElection

from kursbuch.domain.voting.election import BallotKind, Election
from kursbuch.domain.voting.equal_shares import equal_shares
from kursbuch.domain.voting.method import Completion, Method, Rule, Step, TieBreak, Utility
from kursbuch.domain.voting.pabulib import parse
from kursbuch.domain.voting.tally import tally

SMALL = [path for path in real_data.elections() if path.stat().st_size < 1_000_000]
NAMED = [path.stem for path in SMALL if re.search(rb"vote_type;(approval|choose-1)", path.read_bytes())]
APPROVALS = real_data.parametrize_elections(*NAMED)
OTHERS = real_data.parametrize_elections(*(path.stem for path in SMALL if path.stem not in NAMED))
BY_NAME = Method(completion=Completion.NONE, ties=(TieBreak.NAME,))


@cache
def ours(path: Path) -> Election:
    return parse(path.read_bytes()).election()


@cache
def theirs(path: Path) -> tuple[Any, Any]:
    assert fractions.FRACTION == fractions.GMPY_FRAC
    instance, profile = parse_pabulib(str(path))
    return instance, profile.as_multiprofile() if isinstance(profile, AbstractApprovalProfile) else profile


@contextmanager
def deep_recursion() -> Iterator[None]:
    """pabutools calls itself once a round."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    yield
    sys.setrecursionlimit(before)


def ids(election: Election, method: Method) -> list[str]:
    return [election.projects[j].id for j in tally(election, method).selected]


def names(election: Election, projects: Iterable[Any]) -> list[str]:
    """pabutools' greedy also funds what nobody supports; we do not."""
    supported = {election.projects[j].id for j in election.ballots.projects}
    return [project.name for project in projects if project.name in supported]


@APPROVALS
@pytest.mark.parametrize("utility", [Utility.COST, Utility.CARDINALITY])
def test_equal_shares(path: Path, utility: Utility) -> None:
    election, (instance, profile) = ours(path), theirs(path)
    with deep_recursion():
        expected = method_of_equal_shares(instance, profile, Cost_Sat if utility is Utility.COST else Cardinality_Sat)
    assert ids(election, replace(BY_NAME, utility=utility)) == names(election, expected)


@OTHERS
def test_equal_shares_by_points_and_places(path: Path) -> None:
    election, (instance, profile) = ours(path), theirs(path)
    measure = Additive_Borda_Sat if election.ballots.kind is BallotKind.RANKING else Additive_Cardinal_Sat
    with deep_recursion():
        expected = names(election, method_of_equal_shares(instance, profile, measure))
    assert ids(election, replace(BY_NAME, utility=Utility.SCORE)) == expected


@APPROVALS
def test_add1_until_nothing_fits(path: Path) -> None:
    election, (instance, profile) = ours(path), theirs(path)
    step = fractions.frac(instance.budget_limit, profile.num_ballots() * 25)
    with deep_recursion():
        expected = method_of_equal_shares(instance, profile, Cost_Sat, voter_budget_increment=step)
    method = replace(BY_NAME, completion=Completion.ADD1, exhaustive=True, step=Step(Fraction(1, 25), relative=True))
    assert ids(election, method) == names(election, expected)


@real_data.parametrize_elections("Poland_Swiecie_2023", "Netherlands_Assen_2024", "Poland_Warszawa_2026_Chomiczowka")
def test_add1_until_it_overspends(path: Path) -> None:
    election, (instance, profile) = ours(path), theirs(path)
    with deep_recursion():
        expected = exhaustion_by_budget_increase(
            instance,
            profile,
            method_of_equal_shares,
            {"sat_class": Cost_Sat},
            exhaustive_stop=False,
            budget_step=fractions.frac(instance.budget_limit, 25),
        )
    method = replace(BY_NAME, completion=Completion.ADD1, step=Step(Fraction(1, 25), relative=True))
    assert ids(election, method) == names(election, expected)


@APPROVALS
@pytest.mark.parametrize("rule", [Rule.GREEDY, Rule.GREEDY_PER_COST])
def test_greedy(path: Path, rule: Rule) -> None:
    election, (instance, profile) = ours(path), theirs(path)
    expected = greedy_utilitarian_welfare(instance, profile, Cost_Sat if rule is Rule.GREEDY else Cardinality_Sat)
    assert ids(election, replace(BY_NAME, rule=rule)) == names(election, expected)


@APPROVALS
def test_phragmen(path: Path) -> None:
    election, (instance, profile) = ours(path), theirs(path)
    with deep_recursion():
        expected = sequential_phragmen(instance, profile)
    assert sorted(ids(election, replace(BY_NAME, rule=Rule.PHRAGMEN))) == sorted(names(election, expected))


@settings(max_examples=200)
@given(slow_elections())
def test_equal_shares_on_invented_elections(election: SlowElection) -> None:
    projects = [TheirProject(f"{rank:02}", cost) for rank, cost in zip(election.ranks, election.costs, strict=True)]
    instance = Instance(projects, budget_limit=election.budget)
    ballots = [ApprovalBallot([projects[j] for j in each]) for each in election.utilities]
    profile = ApprovalProfile(ballots, instance=instance)
    expected = method_of_equal_shares(instance, profile, Cost_Sat if election.by_cost else Cardinality_Sat)
    outcome = equal_shares(profile_of(election), by_cost=election.by_cost, ranks=np.array(election.ranks))
    assert [f"{election.ranks[j]:02}" for j in outcome.selected] == [project.name for project in expected]
