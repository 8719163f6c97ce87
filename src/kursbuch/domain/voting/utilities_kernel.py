"""Turns ballots (by type) into supporters (by project): counted first, then dealt."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

NAMED, POINTS, BORDA, LEXICOGRAPHIC = 0, 1, 2, 3


@njit(cache=True, nogil=True)
def worth(meaning: int, points: NDArray[np.int64], at: int, place: int, length: int, longest: int) -> np.int64:
    """The utility of the entry ``at``, named in this place of a ballot of this length."""
    if meaning == BORDA:
        return np.int64(length - place - 1)
    if meaning == LEXICOGRAPHIC:
        return np.int64(1 << (longest - place - 1))
    return np.int64(points[at] if len(points) > 0 else 1)


@njit(cache=True, nogil=True)
def count_supporters(
    starts: NDArray[np.int64],
    projects: NDArray[np.int32],
    points: NDArray[np.int64],
    weights: NDArray[np.int64],
    meaning: int,
    longest: int,
    first: int,
    stop: int,
    counts: NDArray[np.int64],
) -> None:
    """Adds to ``counts`` (2, projects) how many types that several people, and that one person cast support each."""
    for ballot in range(first, stop):
        if weights[ballot] == 0:
            continue
        side = np.int64(weights[ballot] == 1)
        length = starts[ballot + 1] - starts[ballot]
        for place in range(length):
            at = starts[ballot] + place
            if worth(meaning, points, at, place, length, longest) > 0:
                counts[side, projects[at]] += 1


@njit(cache=True, nogil=True)
def deal_supporters(
    starts: NDArray[np.int64],
    projects: NDArray[np.int32],
    points: NDArray[np.int64],
    weights: NDArray[np.int64],
    meaning: int,
    longest: int,
    first: int,
    stop: int,
    cursors: NDArray[np.int64],
    types: NDArray[np.int32],
    utilities: NDArray[np.int64],
) -> None:
    """Write the supporters among the ballot types ``first`` to ``stop`` from where ``cursors`` (2, projects) point."""
    for ballot in range(first, stop):
        if weights[ballot] == 0:
            continue
        side = np.int64(weights[ballot] == 1)
        length = starts[ballot + 1] - starts[ballot]
        for place in range(length):
            at = starts[ballot] + place
            utility = worth(meaning, points, at, place, length, longest)
            if utility > 0:
                cursor = cursors[side, projects[at]]
                types[cursor] = ballot
                if meaning != NAMED:
                    utilities[cursor] = utility
                cursors[side, projects[at]] = cursor + 1


@njit(cache=True, nogil=True)
def count_votes(
    starts: NDArray[np.int64], singles: NDArray[np.int64], types: NDArray[np.int32], weights: NDArray[np.int64]
) -> NDArray[np.int64]:
    """By project, how many people its supporters are."""
    votes = np.zeros(len(starts) - 1, np.int64)
    for project in range(len(votes)):
        people = starts[project + 1] - singles[project]
        for at in range(starts[project], singles[project]):
            people += weights[types[at]]
        votes[project] = people
    return votes
