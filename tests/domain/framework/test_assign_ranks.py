"""Ranks: always room in between, always the wanted order, as little rewritten as possible."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursbuch.domain.framework.increasing import longest_increasing
from kursbuch.domain.framework.rank import is_rank, rank_between, ranks, reassign

signs = "0123456789abcdefghijklmnopqrstuvwxyz"
some_ranks = st.text(signs, min_size=1, max_size=5).map(lambda text: text.rstrip("0") or "1")


@given(some_ranks, some_ranks)
def test_there_is_room_between_any_two(a: str, b: str) -> None:
    if a == b:
        with pytest.raises(ValueError, match="not before"):
            rank_between(a, b)
        return
    low, high = sorted((a, b))
    middle = rank_between(low, high)
    assert low < middle < high
    assert is_rank(middle)
    assert rank_between(None, low) < low
    assert high < rank_between(high, None)
    assert is_rank(rank_between(None, low))
    assert is_rank(rank_between(high, None))


@pytest.mark.parametrize("bad", ["", "0", "a0", "A", "ä", "a b"])
def test_what_is_no_rank_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="not a rank"):
        rank_between(bad, None)


@pytest.mark.parametrize("n", [0, 1, 2, 17, 35, 36, 600, 2000])
def test_ranks_are_spread(n: int) -> None:
    found = ranks(n)
    assert len(found) == n
    assert found == sorted(set(found))
    assert all(is_rank(rank) and len(rank) <= 3 for rank in found)


def test_ranks_stay_short_when_elements_are_appended_or_put_first() -> None:
    last = first = rank_between(None, None)
    for _ in range(500):
        last = rank_between(last, None)
        first = rank_between(None, first)
    assert len(last) <= 20
    assert len(first) <= 20


def test_ranks_grow_slowly_when_one_place_is_filled_again_and_again() -> None:
    low, high = "a", "b"
    for _ in range(200):
        high = rank_between(low, high)
    assert len(high) <= 50


@given(st.lists(st.integers(0, 30).map("K{}".format), unique=True, max_size=20), st.randoms(use_true_random=False))
def test_reassigning_keeps_the_longest_run(order: list[str], rng: random.Random) -> None:
    current = dict(zip(rng.sample(order, len(order)), ranks(len(order)), strict=True))
    for key in rng.sample(order, len(order) // 4):
        del current[key]  # new elements have none yet
    result = reassign(order, current)
    assert sorted(result, key=result.__getitem__) == order
    assert len(set(result.values())) == len(order)
    assert all(is_rank(rank) for rank in result.values())
    kept = sum(result[key] == current.get(key) for key in order)
    assert kept == len(longest_increasing([current[key] for key in order if key in current]))


def test_reassigning_an_order_that_stands_changes_nothing() -> None:
    current = {"a": "5", "b": "c", "c": "k"}
    assert reassign("abc", current) == current
    assert reassign("acb", current) == {"a": "5", "c": "k", "b": rank_between("k", None)} or reassign(
        "acb", current
    ) == {"a": "5", "b": "c", "c": rank_between("5", "c")}


def test_broken_and_double_ranks_are_replaced() -> None:
    result = reassign("abcd", {"a": "5", "b": "5", "c": "X0", "d": "9"})
    assert sorted(result, key=result.__getitem__) == list("abcd")
    assert result["d"] == "9"
