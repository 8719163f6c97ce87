"""The next statement is drawn by priority; what is answered or moderated out never comes."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import real_data

from kursbuch.domain.opinion.landscape import landscape
from kursbuch.domain.opinion.polis_csv import moderated_out, read_statements, read_votes
from kursbuch.domain.opinion.routing import next_statements, routing
from kursbuch.domain.opinion.settings import Moderation

SETS = st.sets(st.integers(0, 30), max_size=12)


def array(ids: set[int]) -> np.ndarray:
    return np.array(sorted(ids), dtype=np.int64)


def chi_square(seen: np.ndarray, expected: np.ndarray) -> float:
    return float((((seen - expected) ** 2) / expected).sum())


def most_for(degrees: int) -> float:
    """The 99.9 % quantile of chi square by Wilson and Hilferty's approximation."""
    return degrees * (1 - 2 / (9 * degrees) + 3.0902 * math.sqrt(2 / (9 * degrees))) ** 3


@given(SETS, SETS, SETS, SETS, st.integers(0, 6), st.integers(1, 12), st.integers(0, 2**32))
def test_asks_only_what_is_left_and_seeds_first(ids, out, seeds, answered, seeds_first, count, seed) -> None:
    priorities = np.random.default_rng(seed).random(len(ids)) + 0.01
    asked = routing(array(ids), priorities, out=array(out), seeds=array(seeds), seeds_first=seeds_first)
    found = next_statements(asked, array(answered), np.random.default_rng(seed), count).tolist()
    left = ids - out - answered
    assert set(found) <= left
    assert len(found) == len(set(found)) == min(count, len(left))
    owed = max(0, seeds_first - len(seeds & answered & (ids - out)))
    assert set(found[:owed]) <= seeds or len(left & seeds) < owed
    assert len(set(found) & seeds) >= min(owed, len(left & seeds), count)


@given(SETS, st.integers(0, 2**32))
def test_the_same_chance_gives_the_same_statements(ids: set[int], seed: int) -> None:
    asked = routing(array(ids), np.arange(1.0, len(ids) + 1))
    first, again = (next_statements(asked, array(set()), np.random.default_rng(seed), 5) for _ in range(2))
    assert first.tolist() == again.tolist()


def test_weights_are_obeyed() -> None:
    """20,000 draws among ten statements, two of them answered or out: chi square at 99.9 %."""
    priorities = np.array([49, 0.25, 5.06, 1, 2, 3, 0.05, 8, 49, 0.7])
    asked = routing(np.arange(10), priorities, out=np.array([8]))
    chance, draws = np.random.default_rng(2026), 20_000
    drawn = [int(next_statements(asked, np.array([4]), chance)[0]) for _ in range(draws)]
    seen = np.bincount(drawn, minlength=10)
    left = [number for number in range(10) if number not in (4, 8)]
    assert seen.sum() == seen[left].sum()
    assert chi_square(seen[left], draws * priorities[left] / priorities[left].sum()) < most_for(len(left) - 1)


def test_further_statements_are_drawn_among_those_left() -> None:
    """All orders of three statements have the chance of drawing one after the other."""
    priorities, draws = np.array([1.0, 2.0, 5.0]), 12_000
    asked, chance = routing(np.arange(3), priorities), np.random.default_rng(7)
    drawn = [tuple(next_statements(asked, np.empty(0, np.int64), chance, 3).tolist()) for _ in range(draws)]
    seen, expected = [], []
    for order in itertools.permutations(range(3)):
        first, second = priorities[order[0]], priorities[order[1]]
        expected.append(draws * first / 8 * second / (8 - first))
        seen.append(drawn.count(order))
    assert chi_square(np.array(seen), np.array(expected)) < most_for(5)


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_refuses_priorities_that_silence_a_statement(bad: float) -> None:
    with pytest.raises(ValueError, match="the priority of statement 7"):
        routing(np.array([3, 7]), np.array([1.0, bad]))
    assert routing(np.array([3, 7]), np.array([1.0, bad]), out=np.array([7])).statement_ids.tolist() == [3]


def test_refuses_what_does_not_belong_together() -> None:
    with pytest.raises(ValueError, match="2 statements, but 1 priorities"):
        routing(np.array([3, 7]), np.array([1.0]))
    with pytest.raises(ValueError, match="do not ascend"):
        routing(np.array([7, 3]), np.array([1.0, 1.0]))


def test_only_meta_statements_are_worth_49() -> None:
    """Once all priorities were 49 and routing uniform: here they follow the formula, and what is drawn follows them."""
    folder = real_data.find("opinion", "polis", "vtaiwan.uberx")
    out = moderated_out(read_statements((folder / "comments.csv").read_bytes())).tolist()
    stances = read_votes((folder / "votes.csv").read_bytes()).stances()
    meta = {int(number) for number in stances.statement_ids[:4]} - set(out)
    drawn = landscape(stances, moderation=Moderation.of(out, meta))
    votes = drawn.group_votes.sum(axis=0)
    agreed, passed, seen = votes[:, 2], votes[:, 1], votes.sum(axis=1)
    importance = (1 - (passed + 1) / (seen + 2)) * (drawn.extremity + 1) * (agreed + 1) / (seen + 2)
    expected = (importance * (1 + 8 * 2 ** (-seen / 5))) ** 2
    expected[np.isin(stances.statement_ids, list(meta))] = 49
    kept = ~np.isin(stances.statement_ids, out)
    assert drawn.priorities[kept] == pytest.approx(expected[kept], rel=1e-12)
    assert set(stances.statement_ids[kept & (drawn.priorities == 49)].tolist()) == meta
    assert len(set(drawn.priorities[kept].tolist())) > 50

    asked = routing(stances.statement_ids, drawn.priorities, out=np.array(out))
    chance, draws = np.random.default_rng(1), 20_000
    found = np.array([next_statements(asked, np.empty(0, np.int64), chance)[0] for _ in range(draws)])
    seen = np.array([(found == number).sum() for number in asked.statement_ids])
    enough = draws * asked.priorities / asked.priorities.sum() >= 5
    both = [np.append(each[enough], each[~enough].sum()) for each in (seen, asked.priorities)]
    expected = draws * both[1] / both[1].sum()
    assert chi_square(both[0], expected) < most_for(len(expected) - 1)
    assert chi_square(seen, np.full(len(seen), draws / len(seen))) > 10 * most_for(len(seen) - 1)
