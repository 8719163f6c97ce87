"""Inner loops over statements: which of them connect, which divide, and which should be shown next."""

from __future__ import annotations

import numpy as np
from numba import njit

from kursbuch.domain.opinion.proportions import SIGNIFICANT
from kursbuch.domain.opinion.representativeness_kernel import (
    AGREE,
    COLUMNS,
    DISAGREE,
    difference_test,
    highest,
    share,
    share_test,
    total,
)

SPREAD, TEST = range(2)


@njit(cache=True, nogil=True)
def agreed(counts, column, left_out, most):  # type: ignore[no-untyped-def]
    """Statements with that column's share above a half and significantly so, by share × test; both for all of them."""
    shares, tests, scores = np.empty(len(counts)), np.empty(len(counts)), np.full(len(counts), -np.inf)
    for statement in range(len(counts)):
        success, trials = counts[statement, column], total(counts[statement])
        shares[statement], tests[statement] = share(success, trials), share_test(success, trials)
        if shares[statement] > 0.5 and tests[statement] > SIGNIFICANT and not left_out[statement]:
            scores[statement] = shares[statement] * tests[statement]
    return highest(scores, most), shares, tests


@njit(cache=True, nogil=True)
def product(votes, column):  # type: ignore[no-untyped-def]
    """(statements,) each: over groups, the product of the shares of that column, and the least of them."""
    shares, least = np.ones(votes.shape[1]), np.ones(votes.shape[1])
    for group in range(len(votes)):
        for statement in range(votes.shape[1]):
            said = votes[group, statement]
            its = share(said[column], total(said))
            shares[statement] *= its
            least[statement] = min(least[statement], its)
    return shares, least


@njit(cache=True, nogil=True)
def bridges(votes, left_out, most):  # type: ignore[no-untyped-def]
    """Statements on which more than half of every group take one side, by the product of their shares.

    Returns numbers of which half is the statement and the rest the side, and for both sides what ``product`` says.
    """
    scores = np.full(2 * votes.shape[1], -np.inf)
    found = product(votes, COLUMNS[AGREE]), product(votes, COLUMNS[DISAGREE])
    for side in range(2):
        shares, least = found[side]
        for statement in range(votes.shape[1]):
            if least[statement] > 0.5 and not left_out[statement]:
                scores[2 * statement + side] = shares[statement]
    return highest(scores, most), found


@njit(cache=True, nogil=True)
def divides(votes, left_out, most):  # type: ignore[no-untyped-def]
    """Statements that the groups agreeing most and least differ on significantly, by how much their shares differ.

    Returns them, and for all statements which groups agree most and least (2, statements), and spread and test.
    """
    statements = votes.shape[1]
    groups, figures = np.zeros((2, statements), dtype=np.int64), np.empty((2, statements))
    scores = np.full(statements, -np.inf)
    for statement in range(statements):
        high, low, greatest, least = 0, 0, -np.inf, np.inf
        for group in range(len(votes)):
            its = share(votes[group, statement, 2], total(votes[group, statement]))
            if its > greatest:
                high, greatest = group, its
            if its < least:
                low, least = group, its
        groups[0, statement], groups[1, statement] = high, low
        one, other = votes[high, statement], votes[low, statement]
        figures[SPREAD, statement] = greatest - least
        figures[TEST, statement] = difference_test(one[2], total(one), other[2], total(other))
        if figures[TEST, statement] > SIGNIFICANT and not left_out[statement]:
            scores[statement] = greatest - least
    return highest(scores, most), groups, figures


@njit(cache=True, nogil=True)
def weights(counts, extremity):  # type: ignore[no-untyped-def]
    """How much a statement's turn is due, from counts (statements, 3) and extremity (statements,)."""
    found = np.empty(len(counts))
    for statement in range(len(counts)):
        seen = total(counts[statement])
        importance = (1.0 - share(counts[statement, 1], seen)) * share(counts[statement, 2], seen)
        found[statement] = (importance * (extremity[statement] + 1.0) * (1.0 + 8.0 * 2.0 ** (-seen / 5.0))) ** 2
    return found
