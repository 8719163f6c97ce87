"""Stances are built from triples in any order, and merged so that the last word counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.opinion.conversations import Triples, as_dict, of, triples

from kursbuch.domain.opinion.stances import Stances, merged, stances_of


def assert_well_formed(stances: Stances) -> None:
    assert (np.diff(stances.people) > 0).all()
    assert (np.diff(stances.statement_ids) > 0).all()
    assert stances.starts[0] == 0
    assert stances.starts[-1] == len(stances) == len(stances.statements)
    for first, end in zip(stances.starts[:-1], stances.starts[1:], strict=True):
        assert (np.diff(stances.statements[first:end].astype(int)) > 0).all()


@given(triples())
def test_the_last_of_several_stances_counts(given_triples: Triples) -> None:
    stances = of(given_triples)
    assert_well_formed(stances)
    assert as_dict(stances) == {(person, statement): value for person, statement, value in given_triples}


@given(triples(), st.randoms(use_true_random=False))
def test_the_order_given_decides_which_is_the_last(given_triples: Triples, chance) -> None:
    numbered = list(enumerate(given_triples))
    chance.shuffle(numbered)
    stances = stances_of(
        [triple[0] for _, triple in numbered],
        [triple[1] for _, triple in numbered],
        [triple[2] for _, triple in numbered],
        [place for place, _ in numbered],
    )
    assert as_dict(stances) == as_dict(of(given_triples))


@given(st.integers(0, 2**32 - 1), st.integers(1, 300), st.sampled_from([1.0, 2**40]))
def test_times_in_any_order_and_of_any_kind_decide(seed: int, statements: int, unit: float) -> None:
    """Rows long and short, over more statements than fit into a word; several stances at the same time, too."""
    chance = np.random.default_rng(seed)
    many = int(chance.integers(1, 900))
    who, what, said = chance.integers(0, 4, many), chance.integers(0, statements, many), chance.integers(-1, 2, many)
    for times in (chance.integers(-9, 9, many), unit * chance.random(many).round(1), np.arange(many), np.zeros(many)):
        stances = stances_of(who, what, said, times)
        assert_well_formed(stances)
        last = np.argsort(times, kind="stable").tolist()
        assert as_dict(stances) == {(int(who[each]), int(what[each])): int(said[each]) for each in last}


@given(triples(), triples())
def test_merging_lets_the_new_ones_count(old: Triples, new: Triples) -> None:
    together = merged(of(old), of(new))
    assert_well_formed(together)
    assert as_dict(together) == as_dict(of(old + new))


@given(triples(), st.data())
def test_rows_are_picked_as_they_are(given_triples: Triples, data: st.DataObject) -> None:
    stances = of(given_triples)
    rows = sorted(data.draw(st.sets(st.integers(0, len(stances.people) - 1)))) if len(stances.people) else []
    picked = stances.rows(np.array(rows, dtype=np.int64))
    wanted = set(stances.people[rows].tolist())
    assert as_dict(picked) == {key: value for key, value in as_dict(stances).items() if key[0] in wanted}


@given(triples())
def test_further_columns_change_no_stance(given_triples: Triples) -> None:
    stances = of(given_triples)
    wider = stances.over(np.arange(0, 40))
    assert wider.shape == (len(stances.people), 40)
    assert as_dict(wider) == as_dict(stances)


def test_many_people_and_far_ids_keep_their_order() -> None:
    """More distinct ids than the first table holds, among them the greatest there are."""
    chance = np.random.default_rng(1)
    ids = np.unique(np.concatenate([chance.integers(-(2**63), 2**63 - 1, 5_000), [-(2**63), 2**63 - 1, 0]]))
    who = chance.permutation(ids)
    stances = stances_of(who, np.zeros(len(who), dtype=np.int64), np.ones(len(who), dtype=np.int8))
    assert np.array_equal(stances.people, ids)
    assert (np.diff(stances.starts) == 1).all()


def test_nothing_is_a_conversation_too() -> None:
    assert of([]).shape == (0, 0)


@pytest.mark.parametrize(
    ("people", "statements", "values", "reason"),
    [
        ([1, 2], [1], [1], "differ in length"),
        ([1, 2], [1, 1], [1, 2], "stance 1 is 2"),
        ([1], [1], [0.5], "stance 0 is 0.5"),
        (np.zeros(65_536), np.arange(65_536), np.zeros(65_536), "65536 statements"),
    ],
)
def test_refuses_what_is_no_stance(people, statements, values, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        stances_of(people, statements, values)


def test_columns_cannot_vanish() -> None:
    stances = of([(1, 5, 1), (1, 9, 1)])
    for fewer in ([5], [5, 8], [5, 8, 10]):
        with pytest.raises(ValueError, match="missing"):
            stances.over(np.array(fewer))
