"""Who got nothing, how benefits spread, which groups were passed over."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.voting.elections import elections
from tests.domain.voting.six_people import election

from kursbuch.domain.voting.fairness import benefits_of, fairness, violations
from kursbuch.domain.voting.method import Completion, Method, Utility
from kursbuch.domain.voting.profile import Profile
from kursbuch.domain.voting.tally import tally
from kursbuch.domain.voting.utilities import profile

S, B, G, T = range(4)


def test_measures_what_the_majority_takes() -> None:
    found = fairness(profile(election(), Utility.COST), Utility.COST, {S, B})
    assert (found.voters, found.without, found.share_without) == (6, 2, Fraction(1, 3))
    assert found.mean == Fraction(4 * 510_000, 6)
    assert found.deciles == (0, 0, 0, 0, *[510_000] * 7)
    assert found.gini == Fraction(1, 3)


def test_names_the_group_that_was_passed_over() -> None:
    # Eva and Finn hold a third of the budget, 2,000 euros; the fountain costs 1,800, and they have nothing.
    passed_over = violations(profile(election(), Utility.COST), Utility.COST, {S, B}, range(4))
    assert [(each.project, each.people, each.share, each.utility) for each in passed_over] == [
        (G, 2, 200_000, 0),
        (T, 2, 200_000, 0),
    ]


def test_passes_nobody_over_with_equal_shares() -> None:
    found = fairness(profile(election(), Utility.COST), Utility.COST, {S, G, T})
    assert (found.without, found.violations) == (0, ())
    # 240,000 for three people, 375,000 for one, 315,000 for two.
    assert found.deciles == (*[240_000] * 6, *[315_000] * 3, *[375_000] * 2)
    assert found.gini == Fraction(3 * 240_000 * -3 + 2 * 315_000 * 2 + 375_000 * 5, 6 * 1_725_000)


def test_leaves_out_projects_that_were_not_allowed() -> None:
    assert violations(profile(election(), Utility.COST), Utility.COST, {S, B}, {S, B}) == ()


def test_says_nothing_of_inequality_where_nobody_has_anything() -> None:
    found = fairness(profile(election(), Utility.COST), Utility.COST, ())
    assert (found.without, found.gini, found.mean) == (6, None, 0)


def slow_violation(source: Profile, utility: Utility, selected: set[int], project: int) -> bool:
    """By the definition, over all groups of ballot types: exponential."""
    worth = worths(source, utility)
    supporters = [at for at in range(len(source.weights)) if worth[project][at]]
    groups = chain.from_iterable(combinations(supporters, size) for size in range(1, len(supporters) + 1))
    for group in groups:
        joint = sum(int(source.weights[at]) * worth[project][at] for at in group)
        if all(
            (sum(worth[each][at] for each in selected) + worth[project][at]) * int(source.costs[project])
            <= Fraction(source.budget, source.voters) * joint
            for at in group
        ):
            return True
    return False


def worths(source: Profile, utility: Utility) -> list[list[int]]:
    found = np.zeros((len(source.costs), len(source.weights)), np.int64)
    for project in range(len(source.costs)):
        column = slice(source.starts[project], source.starts[project + 1])
        each = source.costs[project] if utility is Utility.COST else 1
        found[project, source.types[column]] = each if source.utilities is None else source.utilities[column]
    return found.tolist()


@settings(max_examples=60, deadline=None)
@given(elections(most_ballots=8), st.sampled_from([Utility.COST, Utility.CARDINALITY, Utility.SCORE]), st.data())
def test_agrees_with_the_definition(case, utility, data) -> None:  # type: ignore[no-untyped-def]
    source = profile(case, utility)
    selected = data.draw(st.sets(st.integers(0, len(case.projects) - 1)))
    found = {each.project for each in violations(source, utility, selected, range(len(case.projects)))}
    rest = set(range(len(case.projects))) - selected
    assert found == {each for each in rest if slow_violation(source, utility, selected, each)}
    utilities = worths(source, utility)
    expected = [sum(utilities[each][at] for each in selected) for at in range(len(source.weights))]
    assert benefits_of(source, utility, selected).tolist() == expected


@settings(max_examples=150, deadline=None)
@given(elections(), st.sampled_from([Utility.COST, Utility.CARDINALITY, Utility.SCORE]), st.sampled_from(Completion))
def test_equal_shares_passes_nobody_over(case, utility, completion) -> None:  # type: ignore[no-untyped-def]
    # Brill & Peters 2023: equal shares satisfies EJR+ up to any project; completions only add to it.
    counted = tally(case, Method(utility=utility, completion=completion))
    assert violations(profile(case, utility), utility, set(counted.selected), range(len(case.projects))) == ()
