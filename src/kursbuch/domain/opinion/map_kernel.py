"""Inner loops that give people their place in the plane and their group, and count what groups say."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, inline="always")
def _place(starts, columns, values, person, table, left_out, many_out):  # type: ignore[no-untyped-def]
    """Where one person stands: the sum over own stances, scaled by the root of statements over own stances.

    A statement left out is one on which everybody took the same stance: it moves nobody and counts as taken.
    """
    x, y = 0.0, 0.0
    taken = starts[person + 1] - starts[person]
    for entry in range(starts[person], starts[person + 1]):
        cell = np.uint64(3) * np.uint64(columns[entry]) + np.uint64(values[entry] + 1)
        x += table[cell, 0]
        y += table[cell, 1]
    if many_out:
        for entry in range(starts[person], starts[person + 1]):
            taken -= left_out[columns[entry]]
        taken += many_out
    scale = np.sqrt(len(left_out) / taken) if taken else 0.0
    return scale * x, scale * y


@njit(cache=True, nogil=True)
def places(starts, columns, values, first, end, table, left_out, many_out, found):  # type: ignore[no-untyped-def]
    """Fills ``found`` (people, 2) from ``first`` to ``end``."""
    for person in range(first, end):
        x, y = _place(starts, columns, values, person, table, left_out, many_out)
        found[person, 0] = x
        found[person, 1] = y


@njit(cache=True, nogil=True)
def group(  # type: ignore[no-untyped-def]
    starts, columns, values, first, end, table, left_out, many_out,
    centres, numbers, least, clock, labels, slack, sizes, votes,
):  # fmt: skip
    """Gives those from ``first`` to ``end`` whose ``slack`` is used up at ``clock`` the group of the nearest centre.

    ``slack[person]`` is the reading of the clock, which adds up by how much places and centres moved, until which
    nobody need look again. ``sizes`` (groups,) and ``votes`` (statements, 3, groups) follow the changes. Who has fewer
    than ``least`` stances gets -1. Returns how many were looked at.
    """
    looked = 0
    for person in range(first, end):
        if slack[person] > clock:
            continue
        looked += 1
        if starts[person + 1] - starts[person] < least:
            slack[person] = np.inf
            continue
        x, y = _place(starts, columns, values, person, table, left_out, many_out)
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
        labels[person] = new
        sizes[new] += 1
        for entry in range(starts[person], starts[person + 1]):
            votes[columns[entry], values[entry] + 1, new] += 1
        if old >= 0:
            remove(starts, columns, values, person, old, sizes, votes)
    return looked


@njit(cache=True, nogil=True)
def remove(starts, columns, values, person, label, sizes, votes):  # type: ignore[no-untyped-def]
    """Takes one person out of the counts of a group."""
    sizes[label] -= 1
    for entry in range(starts[person], starts[person + 1]):
        votes[columns[entry], values[entry] + 1, label] -= 1


@njit(cache=True, nogil=True)
def take_out(starts, columns, values, rows, labels, slack, sizes, votes):  # type: ignore[no-untyped-def]
    """Takes the people in these rows out of the picture: their stances have changed and stand elsewhere now."""
    for place in range(len(rows)):
        row = rows[place]
        if labels[row] >= 0:
            remove(starts, columns, values, row, labels[row], sizes, votes)
        labels[row] = -1
        slack[row] = np.inf
