"""Inner loops over groups and statements: shares, their tests, and which statements stand for a group."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from kursbuch.domain.opinion import proportions
from kursbuch.domain.opinion.proportions import SIGNIFICANT

SHARE, TEST, RATIO, RATIO_TEST = range(4)
AGREE, DISAGREE = range(2)
COLUMNS = np.array([2, 0])  # where votes have them

share: Any = njit(cache=True, nogil=True)(proportions.share)
share_test: Any = njit(cache=True, nogil=True)(proportions.share_test)
difference_test: Any = njit(cache=True, nogil=True)(proportions.difference_test)


@njit(cache=True, nogil=True, inline="always")
def total(said):  # type: ignore[no-untyped-def]
    """How many people took any stance."""
    return said[0] + said[1] + said[2]


@njit(cache=True, nogil=True)
def compare(votes):  # type: ignore[no-untyped-def]
    """(groups, 2, statements, 4): of those who agree, and of those who disagree, the share, its test, its ratio to the
    share among all others, and the test of that difference. ``votes`` is (groups, statements, 3).
    """
    groups, statements = votes.shape[0], votes.shape[1]
    found = np.empty((groups, 2, statements, 4))
    for statement in range(statements):
        everybody = np.zeros(3, dtype=np.int64)
        for group in range(groups):
            for column in range(3):
                everybody[column] += votes[group, statement, column]
        for side in range(2):
            for group in range(groups):
                success = votes[group, statement, COLUMNS[side]]
                trials = total(votes[group, statement])
                elsewhere, tried_elsewhere = everybody[COLUMNS[side]] - success, total(everybody) - trials
                figures = found[group, side, statement]
                figures[SHARE] = share(success, trials)
                figures[TEST] = share_test(success, trials)
                figures[RATIO] = figures[SHARE] / share(elsewhere, tried_elsewhere)
                figures[RATIO_TEST] = difference_test(success, trials, elsewhere, tried_elsewhere)
    return found


@njit(cache=True, nogil=True)
def choose(figures, votes, left_out, most):  # type: ignore[no-untyped-def]
    """Which statements stand for one group, best first: their numbers and sides; and whether the first is best agreed.

    ``figures`` (2, statements, 4) are the group's by ``compare``, ``votes`` (statements, 3) what it says.
    """
    statements = np.empty(max(most, 1), dtype=np.int64)
    sides = np.zeros(max(most, 1), dtype=np.int64)
    metric, better = np.full(len(votes), -np.inf), np.zeros(len(votes), dtype=np.int64)
    passing = False
    for statement in range(len(votes)):
        agree, disagree = figures[AGREE, statement], figures[DISAGREE, statement]
        better[statement] = AGREE if agree[RATIO_TEST] > disagree[RATIO_TEST] else DISAGREE
        if not left_out[statement] and (_significant(agree) or _significant(disagree)):
            metric[statement] = _metric(figures[better[statement], statement])
            passing = True
    best = _best_agreed(figures[AGREE], votes, left_out)
    many = 0
    if best >= 0:
        statements[0], sides[0], many = best, AGREE, 1
        metric[best] = -np.inf
    elif not passing:
        apart = _most_apart(figures, votes, left_out)
        if apart >= 0:
            statements[0], sides[0], many = apart, better[apart], 1
    for following in highest(metric, most - many):
        statements[many], sides[many] = following, better[following]
        many += 1
    return statements[:many], sides[:many], best >= 0


@njit(cache=True, nogil=True)
def highest(scores, most):  # type: ignore[no-untyped-def]
    """The places of the ``most`` greatest scores, greatest first, of equal ones the first; -∞ is no score."""
    left = scores.copy()
    found = np.empty(max(0, min(most, len(left))), dtype=np.int64)
    for many in range(len(found)):
        found[many] = np.argmax(left)
        if left[found[many]] == -np.inf:
            return found[:many]
        left[found[many]] = -np.inf
    return found


@njit(cache=True, nogil=True, inline="always")
def _significant(figures):  # type: ignore[no-untyped-def]
    return figures[TEST] > SIGNIFICANT and figures[RATIO_TEST] > SIGNIFICANT


@njit(cache=True, nogil=True, inline="always")
def _metric(figures):  # type: ignore[no-untyped-def]
    return figures[RATIO] * figures[RATIO_TEST] * figures[SHARE] * figures[TEST]


@njit(cache=True, nogil=True)
def _best_agreed(agree, votes, left_out):  # type: ignore[no-untyped-def]
    """The statement the group agrees with best, going through them in order as Polis does; -1 if none."""
    best = -1
    for statement in range(len(votes)):
        if left_out[statement] or votes[statement, 0] + votes[statement, 2] == 0:
            continue
        this = agree[statement]
        if best < 0:
            better = this[TEST] > SIGNIFICANT or (this[RATIO] > 1.0 and this[SHARE] > 0.5)
        elif agree[best, RATIO] > 1.0:
            better = _metric(this) > _metric(agree[best])
        else:
            better = this[SHARE] * this[TEST] > agree[best, SHARE] * agree[best, TEST]
        if better:
            best = statement
    return best


@njit(cache=True, nogil=True)
def _most_apart(figures, votes, left_out):  # type: ignore[no-untyped-def]
    """The statement on which the group differs most from all others, by the test; -1 where nobody said anything."""
    best, reached = -1, -np.inf
    for statement in range(len(votes)):
        apart = max(figures[AGREE, statement, RATIO_TEST], figures[DISAGREE, statement, RATIO_TEST])
        if not left_out[statement] and total(votes[statement]) > 0 and apart > reached:
            best, reached = statement, apart
    return best
