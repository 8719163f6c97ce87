"""The longest increasing subsequence: what keeps its order when the rest is rearranged around it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any


def longest_increasing(values: Sequence[Any]) -> list[int]:
    """Positions of a longest strictly increasing subsequence; of several, always the same one.

    Patience sorting, O(n log n) (Schensted 1961).
    """
    tails: list[Any] = []  # the smallest value that ends a run of each length
    ends: list[int] = []  # and where it stands
    before: list[int] = []
    for position, value in enumerate(values):
        if not tails or tails[-1] < value:
            length = len(tails)
            tails.append(value)
            ends.append(position)
        else:
            length = bisect_left(tails, value)
            tails[length] = value
            ends[length] = position
        before.append(ends[length - 1] if length else -1)
    run: list[int] = []
    position = ends[-1] if ends else -1
    while position >= 0:
        run.append(position)
        position = before[position]
    run.reverse()
    return run
