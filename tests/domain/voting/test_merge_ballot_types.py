"""Classes: a run over them is the run over all ballot types, while nothing is funded that they do not tell apart."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.voting.made_elections import crowds, slow_elections
from tests.domain.voting.slow_rules import SlowElection
from tests.domain.voting.test_equal_shares import contest_of

from kursbuch.domain.voting.equal_shares import Contest, Run, classes
from kursbuch.domain.voting.equal_shares.classes import Classes, Merged
from kursbuch.domain.voting.equal_shares.kernels import ROUNDS
from kursbuch.domain.voting.equal_shares.round_kernels import DONE, decide


def flags(projects: list[int], count: int) -> np.ndarray:
    return np.isin(np.arange(count), projects)


def told_apart(election: SlowElection, *steps: list[int]) -> Merged:
    found = Classes(contest_of(election))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classes, "_WORTH_IT", 0)
        if (plain := found.plain()) is not None:
            return plain
    for projects in steps:
        merged = found.told_apart(flags(projects, len(election.costs)))
    return merged


def columns(contest: Contest) -> list[dict[int, int]]:
    """For each project how many people of which ballot type (or class) support it."""
    field = contest.field
    found = []
    for first, middle, last in zip(field.starts, field.singles, field.starts[1:], strict=False):
        several = dict(zip(field.types[first:middle].tolist(), field.people[first:middle].tolist(), strict=True))
        assert list(several) == sorted(several)
        assert all(people > 1 for people in several.values())
        one = field.types[middle:last].tolist()
        assert one == sorted(one)
        found.append(several | dict.fromkeys(one, 1))
    return found


@given(slow_elections(), st.data())
def test_who_agrees_on_these_projects_is_one_class(election: SlowElection, data: st.DataObject) -> None:
    projects = st.lists(st.sampled_from(range(len(election.costs))), unique=True)
    first, second = data.draw(projects), data.draw(projects)
    merged = told_apart(election, first, second)
    chosen = sorted({*first, *second})
    assert np.flatnonzero(merged.projects).tolist() == chosen
    kinds = {frozenset(j for j in chosen if j in utilities) for utilities in election.utilities}
    assert len(merged.contest.field.weights) == len(kinds)
    assert merged.contest.field.weights.sum() == len(election.utilities)
    for j, column in enumerate(columns(merged.contest)):
        assert sum(column.values()) == sum(j in utilities for utilities in election.utilities)
        if j in chosen:
            assert all(people == merged.contest.field.weights[k] for k, people in column.items())


@settings(max_examples=40)
@given(st.integers(0, 2**64 - 1), st.sampled_from([1, 2, 3]))
def test_a_run_over_classes_is_the_run(seed: int, richer: int) -> None:
    for election in crowds(seed, 8):
        endowment = Fraction(richer * election.budget, len(election.utilities))
        run = Run(contest_of(election), endowment)
        merged = told_apart(election, run.funded)
        course = merged.contest.course(endowment)
        if decide(merged.contest.field, course, merged.contest.by_cost) == DONE:  # else floating point cannot
            rounds = int(course.counts[ROUNDS])
            assert course.funded[:rounds].tolist() == run.funded
            assert np.allclose(course.prices[:rounds], run.prices, rtol=1e-9)


def test_a_class_may_support_a_project_in_part() -> None:
    election = SlowElection(costs=[6, 9], budget=10, utilities=[{0: 1}, {0: 1, 1: 1}, {0: 1, 1: 1}, {1: 1}, {}])
    merged = told_apart(election, [0])
    sizes = merged.contest.field.weights.tolist()
    assert sorted(sizes) == [2, 3]
    of_first, of_second = columns(merged.contest)
    assert [sizes[k] for k in of_first] == list(of_first.values()) == [3]
    assert sorted(of_second.values()) == [1, 2]


def test_leaves_a_contest_plain_where_merging_is_not_worth_it_or_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    approvals = SlowElection(costs=[6, 9], budget=10, utilities=[{0: 1}, {0: 1, 1: 1}, {0: 1, 1: 1}])
    points = replace(approvals, by_cost=False, utilities=[{0: 2}, {0: 1, 1: 3}, {0: 1, 1: 3}])
    few = Classes(contest_of(approvals)).plain()
    assert few is not None
    monkeypatch.setattr(classes, "_WORTH_IT", 0)
    assert Classes(contest_of(approvals)).plain() is None
    scored = Classes(contest_of(points)).plain()
    monkeypatch.setattr(classes, "MOST_ALIKE", 2)  # people who may be in one class
    many = Classes(contest_of(approvals)).plain()
    assert scored is not None
    assert many is not None
    assert all(plain.projects.all() for plain in (few, scored, many))
