"""Sums over people are exact, whoever adds them up, and choose the same people to learn from."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.opinion.conversations import Triples, dense, invented, of, triples

from kursbuch.domain.opinion import threads
from kursbuch.domain.opinion.partial import Partial, Sums, choose, level, partial, sums
from kursbuch.domain.opinion.settings import Settings
from kursbuch.domain.opinion.stances import Stances, merged


def assert_same(one: Sums, other: Sums) -> None:
    assert (one.people, one.counted) == (other.people, other.counted)
    assert np.array_equal(one.counts, other.counts)
    assert np.array_equal(one.pairs, other.pairs)


def assert_same_partial(one: Partial, other: Partial) -> None:
    assert_same(one.sums, other.sums)
    for field in ("people", "starts", "statements", "values"):
        assert np.array_equal(getattr(one.learners, field), getattr(other.learners, field))


@given(triples())
def test_counts_equal_those_of_a_dense_matrix(given_triples: Triples) -> None:
    stances = of(given_triples)
    matrix = dense(stances)
    said = np.nan_to_num(matrix)
    took = (~np.isnan(matrix)).astype(float)
    found = sums(stances, Settings())
    assert found.people == len(matrix)
    assert found.counted == (took.sum(axis=1) >= min(7, matrix.shape[1])).sum()
    assert np.array_equal(found.counts, np.stack([(matrix == value).sum(axis=0) for value in (-1, 0, 1)], axis=1))
    upper = np.triu_indices(matrix.shape[1], 1)
    for field, expected in zip(found.pairs, (took.T @ took, said.T @ said, said.T @ took, took.T @ said), strict=True):
        assert np.array_equal(field[1:], expected[upper])


def test_many_people_fit_into_the_fields_of_one_number() -> None:
    """Everybody disagrees with one statement and agrees with another: sums as large as they can be, in many fields."""
    people = 70_000
    stances = Stances(
        np.arange(people),
        np.arange(2),
        np.arange(0, 2 * people + 1, 2),
        np.tile(np.array([0, 1], dtype=np.uint16), people),
        np.tile(np.array([-1, 1], dtype=np.int8), people),
    )
    for settings in (Settings(threads=1), Settings(threads=3)):
        found = sums(stances, settings)
        assert found.pairs[:, 1].tolist() == [people, -people, -people, people]
        assert found.counts.tolist() == [[people, 0, 0], [0, 0, people]]


@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
def test_partials_of_different_people_add_up(seed: int, shards: int) -> None:
    chance = np.random.default_rng(seed)
    stances = invented(chance, 90, 12, taken=0.5)
    settings = Settings(learners=20, base_clusters=10)
    shard = chance.integers(0, shards, len(stances.people))
    parts = [partial(stances.rows(np.flatnonzero(shard == each)), settings) for each in range(shards)]
    chance.shuffle(parts)
    together = parts[0]
    for part in parts[1:]:
        together = together + part
    assert_same_partial(together.settled(settings), partial(stances, settings))


@given(triples(), triples())
def test_changed_stances_change_sums_as_if_counted_anew(old: Triples, new: Triples) -> None:
    columns = np.arange(40)
    before, added = of(old).over(columns), of(new).over(columns)
    after = merged(before, added)
    rows = np.flatnonzero(np.isin(before.people, added.people))
    touched = np.flatnonzero(np.isin(after.people, added.people))
    settings = Settings(least_stances=3)
    assert_same(sums(before, settings).changed(before.rows(rows), after.rows(touched), settings), sums(after, settings))


@given(triples())
def test_further_columns_are_as_if_they_had_been_there(given_triples: Triples) -> None:
    stances, columns = of(given_triples), np.arange(30)
    settings = Settings(least_stances=1)
    assert_same_partial(partial(stances, settings).over(columns), partial(stances.over(columns), settings))


def test_partials_over_other_statements_or_the_same_people_are_refused() -> None:
    one, other = of([(1, 1, 1)]), of([(2, 2, 1)])
    with pytest.raises(ValueError, match="different statements"):
        partial(one) + partial(other)
    with pytest.raises(ValueError, match="both partials"):
        partial(one) + partial(one)


def test_whoever_is_learned_from_stays_until_people_double() -> None:
    settings = Settings(learners=200, base_clusters=50)
    everybody = invented(np.random.default_rng(3), 2_000, 20, taken=1.0)
    assert [level(people, settings) for people in (0, 1, 200, 201, 400, 401, 800, 801)] == [0, 0, 0, 1, 1, 2, 2, 3]
    former: set[int] = set()
    for people in (2_000, 1_600, 801, 800, 401, 399, 200):
        some = everybody.rows(np.arange(people))
        chosen = set(choose(some, people, settings).people.tolist())
        assert {person for person in former if person < people} <= chosen
        assert people / 2 ** level(people, settings) == pytest.approx(len(chosen), rel=0.35)
        former = chosen


def test_few_people_are_topped_up_by_those_with_most_stances() -> None:
    """Two people with three stances count; of the others those with two come first, then the lower id."""
    taken = {10: 3, 11: 1, 12: 2, 13: 3, 14: 1, 15: 2, 16: 1}
    stances = of([(person, statement, 1) for person, many in taken.items() for statement in range(many)])
    for wanted, expected in ((2, [10, 13]), (4, [10, 12, 13, 15]), (6, [10, 11, 12, 13, 14, 15]), (9, list(taken))):
        found = choose(stances, 2, Settings(least_stances=3, least_people=wanted))
        assert found.people.tolist() == expected


def test_parts_cover_everybody_in_order() -> None:
    for people in (0, 1, threads.SMALL, 5 * threads.SMALL + 3):
        for parts in (1, 2, 7):
            cuts = threads.over(people, lambda first, end: (first, end), parts)
            assert cuts[0][0] == 0
            assert cuts[-1][1] == people
            assert all(before[1] == after[0] for before, after in pairwise(cuts))
