"""Equal shares against the slow definition: projects, order, prices and ties, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.voting.made_elections import bounded_elections, crowds, misleading, profile_of, slow_elections
from tests.domain.voting.slow_rules import SlowElection, slow_equal_shares

from kursbuch.domain.voting.constraints import Limits
from kursbuch.domain.voting.equal_shares import Contest, Run


def contest_of(election: SlowElection, *, group: bool = True) -> Contest:
    eligible = np.array([j in election.eligible for j in range(len(election.costs))])
    limits = Limits.of(election.rivals, election.members, election.purses)
    profile = profile_of(election, group=group)
    return Contest.of(profile, by_cost=election.by_cost, ranks=election.ranks, eligible=eligible, limits=limits)


def rounds_of(run: Run) -> list[tuple[int, Fraction, list[int]]]:
    return [(each.project, each.rho or Fraction(0), list(each.tied)) for each in run.outcome().rounds]


def assert_equal_to_slow(election: SlowElection, endowment: Fraction) -> None:
    assert rounds_of(Run(contest_of(election), endowment)) == slow_equal_shares(election, endowment)


@settings(max_examples=300)
@given(slow_elections())
def test_equals_definition_on_approvals(election: SlowElection) -> None:
    assert_equal_to_slow(election, Fraction(election.budget, len(election.utilities)))


@settings(max_examples=200)
@given(slow_elections(scored=True))
def test_equals_definition_on_points(election: SlowElection) -> None:
    assert_equal_to_slow(election, Fraction(election.budget, len(election.utilities)))


@settings(max_examples=200)
@given(bounded_elections(), st.fractions(0, 50, max_denominator=7))
def test_equals_definition_within_limits(election: SlowElection, endowment: Fraction) -> None:
    assert_equal_to_slow(election, endowment)


@settings(max_examples=60)
@given(st.integers(0, 2**64 - 1))
def test_equals_definition_on_thousands_of_elections(seed: int) -> None:
    for election in crowds(seed, 30):
        assert_equal_to_slow(election, Fraction(election.budget, len(election.utilities)))


@settings(max_examples=40)
@given(st.integers(0, 2**64 - 1), st.booleans())
def test_equals_definition_where_samples_mislead(seed: int, twins: bool) -> None:
    election = misleading(seed)
    profile = profile_of(election, group=False)
    if twins:  # two people cast each ballot
        profile = replace(profile, weights=2 * profile.weights, singles=profile.starts[1:].copy())
        election.utilities *= 2
    endowment = Fraction(election.budget, len(election.utilities))
    run = Run(Contest.of(profile, by_cost=election.by_cost, ranks=election.ranks), endowment)
    assert rounds_of(run) == slow_equal_shares(election, endowment)
