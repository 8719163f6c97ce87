"""The rounds of equal shares in floating point, with bounds that say when floating point cannot tell.

What a kernel decides, exact rational arithmetic would decide alike: every amount carries a bound of its error, and a
comparison counts only if it holds for all values within the bounds. What stays open is handed back, for ``exact.py``.

Terms. ``q`` is the price of one unit of a ballot's utility ``v`` (1 for approvals): a supporter with ``b`` left pays
``min(b, q v)``, is *capped* when ``b < q v`` and *open* otherwise. A project's *key* is ``q / scale``, where ``scale``
is its cost under cost utility and 1 otherwise; the least key comes next. Money only falls, so keys only rise: a key
once found stays a lower bound (``floor``). What the supporters pay in total at ``q`` is concave in ``q``; its tangents
therefore give lower bounds too, and Newton's method from the left never goes too far.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

UNIT = 2.0**-53  # the relative error of one rounding
HUGE = 2.0**1000

# Sums may be added up in any order, several terms at once; all bounds here hold for any order.
SUMS = {"reassoc", "nsz"}

ERROR, ENDOWMENT = 0, 1  # scalars
# Counts; CALM: the first rounds, in which nobody could be short of money; ASKED: whether that is over.
ROUNDS, TIES, CONTENDERS, CALM, ASKED = 0, 1, 2, 3, 4

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]
Flags = NDArray[np.bool_]
Places = NDArray[np.uint32]  # unsigned, so that no index is taken for one that counts from the end
Halves = NDArray[np.int16]
Forms = NDArray[np.uint16]
Singles = NDArray[np.float32]
Counts = NDArray[np.uint32]

UPWARDS = 1.0 + 2.0**-9  # more than single precision can lose of an error in as many rounds as there can be


class Field(NamedTuple):
    """What does not change during a tally; see ``Contest`` for the meaning."""

    costs: Floats
    scales: Floats
    votes: Ints
    totals: Ints
    peaks: Floats
    ranks: Ints
    starts: Ints
    singles: Ints
    types: Places
    values: Ints  # empty: 1 for everybody
    people: Counts  # beside ``types``, up to where those begin whom one person cast: how many did
    weights: Ints
    rival_starts: Ints
    rivals: Shorts
    member_starts: Ints
    members: Shorts
    prices: Ints


class Course(NamedTuple):
    """The state of one run; kernels change it in place."""

    left: Floats  # by ballot type: what each person has left, exactly 0 when exhausted
    errors: Singles  # by ballot type: how far from the truth that may be; scalars[ERROR] is more than any of them
    exhausted: Halves  # by ballot type: the round in which the last went, or -1
    floor: Floats  # by project: a lower bound of its key
    alive: Flags
    order: Ints  # projects, nearly by floor
    purses: Ints  # by category: what may still be spent
    funded: Ints  # by round
    prices: Floats  # by round: q
    open_: Ints  # by round: utility of those who were open
    capped: Ints  # by round: people whose last went
    ties: Ints  # pairs of (round, project)
    near: Places  # room for ``zoom``
    contenders: Ints
    lows: Floats
    highs: Floats
    whole: Flags  # everybody who supports it is open, for sure
    sharp: Flags  # nobody is near the line between capped and open
    at: Floats  # q
    spreads: Floats  # how far the true q may be from it
    scalars: Floats
    counts: Ints


@njit(cache=True, nogil=True)
def totals(
    starts: Ints, singles: Ints, types: Places, values: Ints, weights: Ints, people: Counts
) -> tuple[Ints, Ints, Floats]:
    """Per project: votes, the utilities added up (-1 where 64 bits do not suffice), the greatest utility.

    Fills ``people`` on the way.
    """
    projects = len(starts) - 1
    votes = np.empty(projects, np.int64)
    peaks = np.ones(projects, np.float64)
    for c in range(projects):
        votes[c] = starts[c + 1] - singles[c]
        for i in range(starts[c], singles[c]):
            people[i] = weights[types[i]]
            votes[c] += people[i]
    if len(values) == 0:
        return votes, votes.copy(), peaks
    sums = np.empty(projects, np.int64)
    for c in range(projects):
        total, peak, rough = 0, 1, 0.0
        for i in range(starts[c], starts[c + 1]):
            total += weights[types[i]] * values[i]
            rough += float(weights[types[i]]) * float(values[i])
            peak = max(peak, values[i])
        sums[c] = total if rough < 2.0**62 else -1
        peaks[c] = peak
    return votes, sums, peaks


@njit(cache=True, nogil=True)
def supporters(field: Field, c: int) -> tuple[tuple[Places, Ints, Counts], tuple[Places, Ints, None]]:
    """The ballot types that support ``c``, what it is worth to them and how many people they are (None: one each)."""
    first, middle, last = field.starts[c], field.singles[c], field.starts[c + 1]
    several = field.types[first:middle], field.values[first:middle], field.people[first:middle]
    return several, (field.types[middle:last], field.values[middle:last], None)


@njit(cache=True, nogil=True)
def looseness(field: Field, c: int) -> float:
    """The relative error of a sum over the supporters of ``c``, in whatever order."""
    return float(2 * (field.starts[c + 1] - field.starts[c]) + 64) * UNIT


# Loops go over those whom several people cast, then over those whom one did, with None for ``people``: each is compiled
# without what it does not need. Arithmetic instead of branches, since the processor cannot guess who is open.


@njit(cache=True, nogil=True, fastmath=SUMS)
def _screen(types: Places, values: Ints, people: Counts | None, left: Floats, q: float) -> tuple[float, float, float]:
    paid, open_, money = 0.0, 0.0, 0.0
    scored = len(values) > 0
    for i in range(len(types)):
        b = left[types[i]]
        v = float(values[i]) if scored else 1.0
        w = 1.0 if people is None else float(people[i])
        money += w * b
        open_ += w * v * (b >= q * v)
        paid += w * min(b, q * v)
    return paid, open_, money


@njit(cache=True, nogil=True)
def screen(field: Field, left: Floats, c: int, q: float) -> tuple[float, float, float]:
    """At price ``q``: what the supporters pay, the utility of the open ones, and all the money there is."""
    several, one = supporters(field, c)
    paid, open_, money = _screen(*several, left, q)
    paid_, open__, money_ = _screen(*one, left, q)
    return paid + paid_, open_ + open__, money + money_


@njit(cache=True, nogil=True)
def _clearance(
    types: Places, values: Ints, people: Counts | None, left: Floats, errors: Singles, q: float
) -> tuple[float, float]:
    gap, doubt = np.inf, 0.0
    scored = len(values) > 0
    for i in range(len(types)):
        b = left[types[i]]
        pays = q * float(values[i]) if scored else q
        w = 1.0 if people is None else float(people[i])
        doubt += w * float(errors[types[i]]) * ((b > 0.0) & (b < pays))
        gap = min(gap, abs(b - pays) + (b == 0.0) * HUGE)
    return gap, doubt


@njit(cache=True, nogil=True)
def clearance(field: Field, course: Course, c: int, q: float) -> tuple[float, float]:
    """How near anybody with money is to the line between capped and open; how uncertain the money of the capped is."""
    several, one = supporters(field, c)
    gap, doubt = _clearance(*several, course.left, course.errors, q)
    gap_, doubt_ = _clearance(*one, course.left, course.errors, q)
    return min(gap, gap_), doubt + doubt_
