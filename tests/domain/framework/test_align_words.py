"""Alignment against independent answers: the longest common subsequence, and difflib."""

from __future__ import annotations

from difflib import SequenceMatcher

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kursbuch.domain.framework import alignment
from kursbuch.domain.framework.alignment import align, edits
from kursbuch.domain.framework.increasing import longest_increasing
from kursbuch.domain.framework.words import Word

sequences = st.lists(st.sampled_from([Word(letter) for letter in "abcde"]), max_size=30)


def common(a: list[Word], b: list[Word]) -> int:
    """The length of the longest common subsequence, the textbook way."""
    row = [0] * (len(b) + 1)
    for word in a:
        last = row
        row = [0]
        for j, other in enumerate(b):
            row.append(last[j] + 1 if word == other else max(last[j + 1], row[j]))
    return row[-1]


def check(a: list[Word], b: list[Word]) -> int:
    i = j = total = 0
    for at_a, at_b, length in align(a, b):
        assert length > 0
        assert at_a >= i
        assert at_b >= j
        assert not total or at_a > i or at_b > j
        assert a[at_a : at_a + length] == b[at_b : at_b + length]
        i, j = at_a + length, at_b + length
        total += length
    return total


@settings(max_examples=300)
@given(sequences, sequences)
def test_few_edits_are_the_fewest(a: list[Word], b: list[Word]) -> None:
    total = check(a, b)
    best = common(a, b)
    if len(a) + len(b) - 2 * best <= 24:
        assert total == best


def furthest(a: list[Word], b: list[Word], d: int) -> dict[int, int]:
    """Myers' table as in his paper: by diagonal, how far a path with d edits comes in a."""
    front = {1: 0}
    for edits_so_far in range(d + 1):
        for k in range(-edits_so_far, edits_so_far + 1, 2):
            left, right = front.get(k - 1, -1), front.get(k + 1, -1)
            x = right if k == -edits_so_far or (k != edits_so_far and left < right) else left + 1
            while x < len(a) and x - k < len(b) and a[x] == b[x - k]:
                x += 1
            front[k] = x
    return front


@settings(max_examples=300)
@given(sequences, sequences, st.integers(0, 24))
def test_the_search_finds_an_end_when_the_paper_does(a: list[Word], b: list[Word], most: int) -> None:
    assume(len(a) != 1 or len(b) != 1)
    copies = [Word(str(word.text)) for word in b]  # equal, but not the same objects
    gap = (0, len(a), 0, len(b))
    reached = any(furthest(a, b, d).get(len(a) - len(b), -1) >= len(a) for d in range(most + 1))
    found = alignment._shortest_edit(a, b, gap, most)
    assert (found is not None) is reached
    assert found == alignment._shortest_edit(a, copies, gap, most)
    cut = alignment._shortest_edit(a, b, gap, most, cut_off=True)
    assert cut is not None
    assert all(a[i : i + size] == b[j : j + size] for i, j, size in cut)
    assert not reached or cut == found


@settings(max_examples=200)
@given(sequences, sequences, st.sampled_from([(0, 8), (1, 30), (2, 400_000)]))
def test_matches_are_sound_however_little_effort_is_allowed(
    a: list[Word], b: list[Word], limits: tuple[int, int]
) -> None:
    few, effort = alignment._FEW_EDITS, alignment._EFFORT
    alignment._FEW_EDITS, alignment._EFFORT = limits
    try:
        check(a * 3, b * 3)
    finally:
        alignment._FEW_EDITS, alignment._EFFORT = few, effort


@given(sequences, sequences)
def test_edits_are_what_is_not_aligned(a: list[Word], b: list[Word]) -> None:
    rebuilt: list[Word] = []
    at = 0
    for lo, hi, b_lo, b_hi in edits(a, b):
        assert lo < hi or b_lo < b_hi
        rebuilt += a[at:lo] + b[b_lo:b_hi]
        at = hi
    assert rebuilt + a[at:] == b


def test_alignment_is_about_as_good_as_difflib_on_prose() -> None:
    a = [
        Word(word)
        for word in ("Die Stadt baut Wege " * 3 + "und sie fördert die Schulen der Stadt im ganzen Land").split()
    ]
    b = [
        Word(word) for word in ("Die Stadt baut gute Wege " * 3 + "und fördert alle Schulen der Stadt im Land").split()
    ]
    other = sum(block.size for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
    assert check(a, b) >= other


@given(st.lists(st.integers(0, 20), max_size=12))
def test_longest_increasing_run_is_one_and_is_longest(values: list[int]) -> None:
    run = [values[place] for place in longest_increasing(values)]
    assert run == sorted(set(run))
    best = [1] * len(values)
    for i in range(len(values)):
        for j in range(i):
            if values[j] < values[i]:
                best[i] = max(best[i], best[j] + 1)
    assert len(run) == max(best, default=0)
