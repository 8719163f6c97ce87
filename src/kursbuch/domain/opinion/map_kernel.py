"""Inner loops that give people their place in the plane and their group, and count what groups say."""

from __future__ import annotations

import numpy as np
from numba import njit

ONE = np.uint64(1)
THREE = np.uint64(3)


@njit(cache=True, nogil=True, inline="always")
def _cell(columns, values, entry):  # type: ignore[no-untyped-def]
    """Where the table has what this stance adds."""
    return THREE * np.uint64(columns[entry]) + np.uint64(values[entry] + 1)


@njit(cache=True, nogil=True, inline="always")
def _place(columns, values, first, end, across, up, left_out, many_out):  # type: ignore[no-untyped-def]
    """Where one person stands: the sum over own stances, scaled by the root of statements over own stances.

    A statement left out is one on which everybody took the same stance: it moves nobody and counts as taken.
    """
    x, y, other_x, other_y = 0.0, 0.0, 0.0, 0.0
    entry = first
    while entry + ONE < end:
        cell, other = _cell(columns, values, entry), _cell(columns, values, entry + ONE)
        x += across[cell]
        y += up[cell]
        other_x += across[other]
        other_y += up[other]
        entry += ONE + ONE
    if entry < end:
        cell = _cell(columns, values, entry)
        x += across[cell]
        y += up[cell]
    taken = np.int64(end - first)
    if many_out:
        for entry in range(first, end):
            taken -= left_out[columns[entry]]
        taken += many_out
    scale = np.sqrt(len(left_out) / taken) if taken else 0.0
    return scale * (x + other_x), scale * (y + other_y)


@njit(cache=True, nogil=True)
def places(starts, columns, values, first, end, table, left_out, many_out, found):  # type: ignore[no-untyped-def]
    """Fills ``found`` (people, 2) from ``first`` to ``end``; ``table`` is (2, 3 statements)."""
    across, up = table[0], table[1]
    for person in range(first, end):
        start, stop = np.uint64(starts[person]), np.uint64(starts[person + 1])
        x, y = _place(columns, values, start, stop, across, up, left_out, many_out)
        found[person, 0] = x
        found[person, 1] = y


@njit(cache=True, nogil=True)
def group(  # type: ignore[no-untyped-def]
    starts, columns, values, first, end, table, left_out, many_out,
    centres, numbers, least, clock, labels, slack, sizes, votes,
):  # fmt: skip
    """Gives those from ``first`` to ``end`` whose ``slack`` is used up at ``clock`` the group of the nearest centre.

    ``slack[person]`` is the reading of the clock, which adds up by how much places and centres moved, until which
    nobody need look again. ``sizes`` (groups,) and ``votes`` (groups, statements, 3) follow the changes. Who has fewer
    than ``least`` stances gets -1. Returns how many were looked at.
    """
    looked = 0
    across, up = table[0], table[1]
    for person in range(first, end):
        if slack[person] > clock:
            continue
        looked += 1
        start, stop = np.uint64(starts[person]), np.uint64(starts[person + 1])
        if np.int64(stop - start) < least:
            slack[person] = np.inf
            continue
        x, y = _place(columns, values, start, stop, across, up, left_out, many_out)
        nearest, best, next_best = 0, np.inf, np.inf
        for centre in range(len(centres)):
            distance = (x - centres[centre, 0]) ** 2 + (y - centres[centre, 1]) ** 2
            if distance < best:
                nearest, best, next_best = centre, distance, best
            elif distance < next_best:
                next_best = distance
        gap = np.sqrt(next_best) - np.sqrt(best)
        slack[person] = clock + gap - 1e-5 * (1.0 + clock + gap) if gap < np.inf else np.inf
        new, old = numbers[nearest], labels[person]
        if new == old:
            continue
        if old >= 0:
            _vote(columns, values, start, stop, old, -1, sizes, votes)
        _vote(columns, values, start, stop, new, 1, sizes, votes)
        labels[person] = new
    return looked


@njit(cache=True, nogil=True, inline="always")
def _vote(columns, values, first, end, label, sign, sizes, votes):  # type: ignore[no-untyped-def]
    """Adds one person's stances to the counts of a group, or takes them away."""
    sizes[label] += sign
    counts = votes[label].reshape(-1)
    for entry in range(first, end):
        counts[_cell(columns, values, entry)] += sign


@njit(cache=True, nogil=True)
def take_out(starts, columns, values, rows, labels, slack, sizes, votes):  # type: ignore[no-untyped-def]
    """Takes the people in these rows out of the picture: their stances have changed and stand elsewhere now."""
    for row in rows:
        if labels[row] >= 0:
            start, stop = np.uint64(starts[row]), np.uint64(starts[row + 1])
            _vote(columns, values, start, stop, labels[row], -1, sizes, votes)
        labels[row] = -1
        slack[row] = np.inf
