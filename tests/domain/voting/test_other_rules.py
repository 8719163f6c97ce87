"""Greedy and Phragmén against their slow definitions, within limits and with ties."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.voting.made_elections import bounded_elections, profile_of, slow_elections
from tests.domain.voting.slow_rules import SlowElection, slow_greedy, slow_phragmen

from kursbuch.domain.voting.constraints import Limits
from kursbuch.domain.voting.greedy import greedy
from kursbuch.domain.voting.phragmen import phragmen


def arguments_of(election: SlowElection) -> dict[str, object]:
    return {
        "ranks": np.array(election.ranks, dtype=np.int64),
        "eligible": np.array([j in election.eligible for j in range(len(election.costs))]),
        "limits": Limits.of(election.rivals, election.members, election.purses),
    }


@settings(max_examples=150)
@given(bounded_elections() | slow_elections(scored=True), st.booleans(), st.booleans())
def test_greedy_equals_definition(election: SlowElection, per_cost: bool, skip: bool) -> None:
    def score(j: int) -> Fraction:
        points = sum(each.get(j, 0) for each in election.utilities)
        return Fraction(points, election.costs[j] if per_cost else 1)

    outcome = greedy(profile_of(election), **arguments_of(election), per_cost=per_cost, skip=skip)  # type: ignore[arg-type]
    assert list(outcome.selected) == slow_greedy(election, score, skip=skip)


@settings(max_examples=60)
@given(slow_elections())
def test_greedy_names_what_was_tied(election: SlowElection) -> None:
    outcome = greedy(profile_of(election), ranks=np.array(election.ranks))
    votes = [sum(j in each for each in election.utilities) for j in range(len(election.costs))]
    room = election.budget
    for place, each in enumerate(outcome.rounds):
        later = set(range(len(votes))) - set(outcome.selected[: place + 1])
        same = [j for j in sorted(later) if votes[j] == votes[each.project] and election.costs[j] <= room]
        behind = [j for j in same if election.ranks[j] > election.ranks[each.project]]
        assert list(each.tied) == behind
        room -= election.costs[each.project]


@settings(max_examples=150)
@given(bounded_elections() | slow_elections(voters=5))
def test_phragmen_equals_definition(election: SlowElection) -> None:
    outcome = phragmen(profile_of(election), **arguments_of(election))  # type: ignore[arg-type]
    assert [(each.project, each.rho) for each in outcome.rounds] == slow_phragmen(election)
