"""Grouping: exactly the equal ballots come together, in an order that says nothing about how they came in."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.voting.ballot_strategies import WITH_POINTS, Cast, casts, grouped

from kursbuch.domain.voting import grouping, grouping_kernel
from kursbuch.domain.voting.election import BallotKind, Ballots
from kursbuch.domain.voting.grouping import DuplicateProject, group, merge

KINDS = list(BallotKind)


def as_counted(ballots: Ballots) -> Counter[tuple[object, ...]]:
    """What ``Cast.contents`` says, with how many people cast it."""
    counted: Counter[tuple[object, ...]] = Counter()
    for index in range(len(ballots)):
        part = slice(ballots.starts[index], ballots.starts[index + 1])
        names = ballots.projects[part].tolist()
        points = ballots.points[part].tolist() if ballots.points is not None else [0] * len(names)
        district = -1 if ballots.districts is None else int(ballots.districts[index])
        contents = (tuple(zip(names, points, strict=True)), district)
        assert contents not in counted, "a ballot type stands twice"
        counted[contents] = int(ballots.weights[index])
    return counted


def same(left: Ballots, right: Ballots) -> bool:
    pairs = (
        (left.starts, right.starts),
        (left.projects, right.projects),
        (left.points, right.points),
        (left.weights, right.weights),
        (left.districts, right.districts),
    )
    return left.kind is right.kind and all(
        (one is None and other is None) or (one is not None and other is not None and np.array_equal(one, other))
        for one, other in pairs
    )


@settings(deadline=None)
@given(st.data(), st.sampled_from(KINDS))
def test_group_counts_equal_ballots(data: st.DataObject, kind: BallotKind) -> None:
    ballots = data.draw(casts(kind))
    expected: Counter[tuple[object, ...]] = Counter()
    for cast in ballots:
        expected[cast.contents(kind)] += cast.weight
    assert as_counted(grouped(kind, ballots)) == expected


@settings(deadline=None)
@given(st.data(), st.sampled_from(KINDS), st.randoms(use_true_random=False))
def test_group_does_not_depend_on_order(data: st.DataObject, kind: BallotKind, chance: random.Random) -> None:
    ballots = data.draw(casts(kind))
    mixed = [shuffle_names(cast, chance) if kind is not BallotKind.RANKING else cast for cast in ballots]
    chance.shuffle(mixed)
    assert same(grouped(kind, ballots), grouped(kind, mixed))


def shuffle_names(cast: Cast, chance: random.Random) -> Cast:
    pairs = list(zip(cast.names, cast.points, strict=True))
    chance.shuffle(pairs)
    names, points = zip(*pairs, strict=True) if pairs else ((), ())
    return Cast(tuple(names), tuple(points), cast.weight, cast.district)


@settings(deadline=None)
@given(st.data(), st.sampled_from(KINDS))
def test_merge_equals_grouping_at_once(data: st.DataObject, kind: BallotKind) -> None:
    ballots = data.draw(casts(kind))
    cut = data.draw(st.integers(0, len(ballots)))
    parts = [grouped(kind, ballots[:cut]), grouped(kind, ballots[cut:])]
    assert same(merge(parts), grouped(kind, ballots))
    assert same(merge(parts[::-1]), grouped(kind, ballots))


@settings(deadline=None)
@given(st.data(), st.sampled_from(KINDS))
def test_group_compares_contents_when_marks_are_equal(data: st.DataObject, kind: BallotKind) -> None:
    """With a mark that never tells ballots apart, the order still is that of their contents."""
    ballots = data.draw(casts(kind, projects=4))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping, "mark_ballots", same_mark_for_all)
        collided = grouped(kind, ballots)
        assert same(collided, grouped(kind, ballots[::-1]))
        assert same(collided, merge([grouped(kind, [cast]) for cast in ballots] or [collided]))
    assert as_counted(collided) == as_counted(grouped(kind, ballots))
    contents = [
        (names_of(collided, index), points_of(collided, index), int(collided.districts[index]))
        for index in range(len(collided))
        if collided.districts is not None
    ]
    assert contents == sorted(contents)


def same_mark_for_all(
    ballots: grouping_kernel.Cast,
    _ranked: bool,
    _projects: np.ndarray,
    marks: np.ndarray,
    _bits: int,
    sizes: np.ndarray,
) -> None:
    marks[:] = 0
    sizes[:, 0] += ballots.ballots, ballots.entries


def names_of(ballots: Ballots, index: int) -> list[int]:
    return ballots.projects[ballots.starts[index] : ballots.starts[index + 1]].tolist()


def points_of(ballots: Ballots, index: int) -> list[int]:
    if ballots.points is None:
        return []
    return ballots.points[ballots.starts[index] : ballots.starts[index + 1]].tolist()


def test_many_ballots_are_grouped_alike_by_one_thread_and_by_two() -> None:
    chance = np.random.default_rng(7)
    lengths = chance.integers(0, 4, 50_000)
    starts = np.concatenate(([0], lengths.cumsum()))
    projects = np.concatenate([chance.choice(9, length, replace=False) for length in lengths])
    one, two = (group(BallotKind.APPROVAL, starts, projects, threads=threads) for threads in (1, 2))
    assert same(one, two)
    expected = Counter(frozenset(projects[a:b].tolist()) for a, b in pairwise(starts))
    assert {frozenset(names_of(one, index)): one.weights[index] for index in range(len(one))} == expected
    halves = [
        group(BallotKind.APPROVAL, starts[:20_001], projects[: starts[20_000]]),
        group(BallotKind.APPROVAL, starts[20_000:] - starts[20_000], projects[starts[20_000] :]),
    ]
    assert same(one, merge(halves))


@pytest.mark.parametrize("kind", KINDS)
def test_a_project_named_twice_is_refused(kind: BallotKind) -> None:
    points = [1, 1, 1, 1] if kind in WITH_POINTS else None
    with pytest.raises(DuplicateProject) as refusal:
        group(kind, [0, 1, 4], [2, 0, 1, 0], points)
    assert refusal.value.ballot == 1


@pytest.mark.parametrize(
    "refused",
    [
        lambda: group(BallotKind.APPROVAL, [0, 2], [1]),
        lambda: group(BallotKind.APPROVAL, [0, 1], [-1]),
        lambda: group(BallotKind.CUMULATIVE, [0, 1], [1], [1, 2]),
        lambda: group(BallotKind.APPROVAL, [0, 1], [1], weights=[-1]),
        lambda: group(BallotKind.APPROVAL, [0, 1], [1], districts=[0, 0]),
        lambda: merge([]),
        lambda: merge([group(BallotKind.APPROVAL, [0, 1], [1]), group(BallotKind.RANKING, [0, 1], [1])]),
        lambda: merge(
            [group(BallotKind.SCORING, [0, 1], [1], [1]), group(BallotKind.SCORING, [0, 1], [1])],
        ),
    ],
)
def test_what_does_not_fit_is_refused(refused: Callable[[], Ballots]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        refused()


def test_nobody_voting_makes_no_types() -> None:
    ballots = group(BallotKind.APPROVAL, [0], [])
    assert (len(ballots), ballots.voters) == (0, 0)
