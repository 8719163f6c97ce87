"""Follows one sequence of projects at all endowments of a window at once, to prove that it is the same everywhere.

Two lanes run side by side, one at each end of the window. For as long as the same projects are funded everywhere in
it, what people have left grows with the endowment, prices and keys fall, and all are piecewise linear and continuous.
So at a share ``s`` of the window each lies near the straight line (*chord*) through the two lanes: exactly on it as
long as nobody changes sides between capped and open, and never farther off than ``min(s, 1 - s)`` times a *bend* that
is carried along, person by person. Rounding goes into the bends, too: at the steps inside a window ``min(s, 1 - s)``
is at least 1 / steps. The near end is known; what happens at the far end is decided there as in any run.

Why the bends suffice. Let ``m`` be money less price in one lane. If both are of one sign, ``min(b, p)`` and
``max(0, b - p)`` are linear between the ends; else each bends by at most the greater |m|. What supporters pay along the
chord of the price then misses the cost by at most the sum of these and of the bends of those not surely open; and since
each unit of price brings at least the utility of the surely open, the true price is that near to the chord. A
difference that is positive at both ends, and there together greater than the bends, is positive everywhere.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .kernels import (
    ENDOWMENT,
    ERROR,
    HUGE,
    ROUNDS,
    SUMS,
    UNIT,
    UPWARDS,
    Counts,
    Course,
    Field,
    Floats,
    Ints,
    Places,
    clearance,
    looseness,
    screen,
    supporters,
)
from .price_kernels import beyond_ceiling, zoom
from .round_kernels import fund, sort_by_floor

NEARLY = 1e-9
NEAR = 2.0**-6  # how far a good guess of a price may be off

BEHIND = 2.0
HALF, QUARTER = -0.5, -0.25  # of the window may be provable, if nothing better is known; see ``outdone``


@njit(cache=True, nogil=True, fastmath=SUMS)
def bends_by(m: float, m_: float) -> float:
    """How far ``min`` and ``max`` of money and price bend; the one less the other is ``m`` here and ``m_`` there."""
    more, less = max(m, m_), min(m, m_)
    return min(max(more, -less), HUGE * min(max(more, 0.0), max(-less, 0.0)))


@njit(cache=True, nogil=True, fastmath=SUMS)
def _bend_of(
    types: Places,
    values: Ints,
    people: Counts | None,
    left: Floats,
    near: Floats,
    bends: Floats,
    q: float,
    q_: float,
    pad: float,
) -> tuple[float, float, float, float]:
    """By how much payments may bend, the utility of the surely open, and what is paid at both ends."""
    doubt, sure, paid, paid_ = 0.0, 0.0, 0.0, 0.0
    scored = len(values) > 0
    for i in range(len(types)):
        t = types[i]
        b_, b, bend = left[t], near[t], bends[t]
        v = float(values[i]) if scored else 1.0
        w = 1.0 if people is None else float(people[i])
        m, m_ = b - q * v, b_ - q_ * v
        is_open = min(m, m_) > 0.5 * bend + pad * v
        paid += w * min(b, q * v)
        paid_ += w * min(b_, q_ * v)
        sure += w * v * is_open
        doubt += w * (bend * (not is_open) + bends_by(m, m_))
    return doubt, sure, paid, paid_


@njit(cache=True, nogil=True)
def bend_of(
    field: Field, course: Course, near: Floats, bends: Floats, c: int, q: float, q_: float, width: float, steps: float
) -> tuple[float, float, float]:
    """How far the price bends from the chord of ``q`` and ``q_``, and the utility of those surely open.

    Infinite if too far to tell who is; then, last, minus the share of the window that may be provable.
    """
    pad = max(width / field.peaks[c], abs(q - q_))  # who has more than that above the price is surely open
    several, one = supporters(field, c)
    doubt, sure, paid, paid_ = _bend_of(*several, course.left, near, bends, q, q_, pad)
    by_one = _bend_of(*one, course.left, near, bends, q, q_, pad)
    doubt, sure, paid, paid_ = doubt + by_one[0], sure + by_one[1], paid + by_one[2], paid_ + by_one[3]
    k = field.costs[c]
    loose = looseness(field, c)
    residual = max(abs(paid - k), abs(paid_ - k)) + loose * (k + paid + paid_)
    if steps == 1.0:  # nothing lies between the ends
        return 0.0, sure, HALF
    if sure == 0.0:
        return np.inf, sure, QUARTER
    bend = (doubt * UPWARDS + residual * steps) / sure * (1.0 + loose)
    if bend >= pad:
        return np.inf, sure, provable(pad, bend)
    return bend, sure, HALF


@njit(cache=True, nogil=True)
def provable(has: float, needs: float) -> float:
    """Minus a share of the window in which a proof that fails as it is may succeed: bends shrink with its square."""
    return -max(0.02, min(0.6, 0.7 * has / needs))


@njit(cache=True, nogil=True)
def advance(
    field: Field,
    course: Course,
    near: Floats,
    bends: Floats,
    j: int,
    q: float,
    q_: float,
    spread: float,
    bend: float,
    steps: float,
) -> None:
    """Lets both lanes pay for ``j``; ``course`` is the far lane, of which only what ``decide`` needs is kept up."""
    left, errors, types, values = course.left, course.errors, field.types, field.values
    scored = len(values) > 0
    rounding = 4.0 * UNIT * course.scalars[ENDOWMENT]
    grown = (spread + rounding) * UPWARDS
    bend += rounding * steps
    single = np.float32(grown)
    for i in range(field.starts[j], field.starts[j + 1]):
        t = types[i]
        v = float(values[i]) if scored else 1.0
        m, m_ = near[t] - q * v, left[t] - q_ * v
        left[t] = max(m_, 0.0)
        near[t] = max(m, 0.0)
        errors[t] += single * np.float32(v)
        bends[t] = max(0.0, bends[t] + bend * v + bends_by(m, m_) + 2.0 * min(max(m, m_), 0.0))
    fund(field, course, j, q_, grown)


@njit(cache=True, nogil=True)
def price_near(field: Field, left: Floats, c: int, guess: float, exact: float) -> tuple[float, float, float, float]:
    """The price of ``c`` up to a miss of ``exact`` times its cost, what is missed, the utility of the open, the money.

    The price is infinite if there is too little money.
    """
    k = field.costs[c]
    lowest = k / float(field.totals[c])
    q = max(guess, lowest)
    for _ in range(64):
        paid, open_, money = screen(field, left, c, q)
        if money < k:
            break
        if abs(k - paid) <= exact * k:
            return q, abs(k - paid), open_, money
        q = max(q + (k - paid) / open_, lowest) if open_ > 0.0 else lowest
    return np.inf, 0.0, 0.0, money


@njit(cache=True, nogil=True)
def next_price(
    field: Field, course: Course, c: int, guess: float, exact: float
) -> tuple[float, float, float, float, float]:
    """The same in the far lane, in one pass if ``guess`` is good; instead of the money ``clearance``."""
    q, paid, open_, gap, doubt = zoom(field, course, c, guess * (1.0 - NEAR), guess * (1.0 + NEAR))
    if q > 0.0:
        return q, abs(field.costs[c] - paid), open_, gap, doubt
    q, missed, open_, _ = price_near(field, course.left, c, guess, exact)
    if q < np.inf:
        gap, doubt = clearance(field, course, c, q)
    return q, missed, open_, gap, doubt


@njit(cache=True, nogil=True)
def behind_when_whole(field: Field, c: int, j: int, by_cost: bool) -> bool:
    """Whether ``c`` comes after ``j`` while all supporters of both are open; False also if numbers are too large."""
    if max(field.costs[c], field.costs[j]) * float(max(field.totals[c], field.totals[j])) >= 2.0**53:
        return False
    of_j, of_c = field.totals[c], field.totals[j]  # cost utility: key = 1 / total
    if not by_cost:
        of_j, of_c = field.prices[j] * field.totals[c], field.prices[c] * field.totals[j]
    return bool(of_j < of_c or (of_j == of_c and field.ranks[j] < field.ranks[c]))


@njit(cache=True, nogil=True)
def outdone(
    field: Field,
    course: Course,
    near: Floats,
    bends: Floats,
    c: int,
    j: int,
    q: float,
    q_: float,
    bend: float,
    spread: float,
    whole: bool,
    by_cost: bool,
    width: float,
    steps: float,
) -> float:
    """BEHIND if ``c`` is surely behind ``j`` in the whole window; else where in it (0 to 1) that seems to end.

    Where there is no proof either way, minus the share of the window in which there may be one.
    """
    k = field.costs[c]
    loose = looseness(field, c)
    price_, _, _, money_ = price_near(field, course.left, c, q_ / field.scales[j] * field.scales[c], NEARLY)
    if price_ == np.inf:
        if money_ + course.scalars[ERROR] * field.votes[c] + loose * (money_ + k) < k:
            course.alive[c] = False
            return BEHIND
        return HALF
    price, _, _, money = price_near(field, near, c, price_, NEARLY)
    if price == np.inf:
        return min(max((k - money) / (money_ - money), 0.0), 1.0) if money_ > money else HALF
    off, sure, _ = bend_of(field, course, near, bends, c, price, price_, width, steps)
    if whole and sure == float(field.totals[c]) and behind_when_whole(field, c, j, by_cost):
        return BEHIND
    gap = price / field.scales[c] - q / field.scales[j]
    gap_ = price_ / field.scales[c] - q_ / field.scales[j]
    if gap_ <= 0.0 < gap:
        return float(gap / (gap - gap_))
    if gap <= 0.0 or off == np.inf:
        return HALF
    least = (off / field.scales[c] + bend / field.scales[j]) * (1.0 + 64.0 * UNIT)
    if gap + gap_ <= least:
        return provable(gap + gap_, least)
    last = (q_ + spread) / field.scales[j] * (1.0 + 8.0 * UNIT)
    return BEHIND if beyond_ceiling(field, course, c, last) else HALF


@njit(cache=True, nogil=True)
def follow(
    field: Field,
    course: Course,
    funded: Ints,
    prices: Floats,
    guesses: Floats,
    near: Floats,
    bends: Floats,
    endowment: float,
    known: int,
    by_cost: bool,
    steps: float,
) -> tuple[int, float]:
    """Whether ``funded``, in this order and nothing else, is funded in the whole window.

    ``course`` starts at the far end; at the near end everybody had ``endowment`` and the prices are ``prices``
    (``guesses``: about what they are at the far end); the first ``known`` rounds are known to be the same. Returns -1,
    or the round from which on it is open, and where in the window (0 to 1) it changes or, if that is not known, minus
    the share that may be provable; ``course`` then stands before that round.
    """
    order, floor = course.order, course.floor
    width = course.scalars[ENDOWMENT] - endowment
    for this in range(course.counts[ROUNDS], len(funded)):
        j, q = funded[this], prices[this]
        k = field.costs[j]
        loose = looseness(field, j)
        q_, missed, open_, gap, doubt = next_price(field, course, j, guesses[this], loose)
        if q_ == np.inf or open_ == 0.0:
            return this, HALF
        bend, sure, where = bend_of(field, course, near, bends, j, q, q_, width, steps)
        spread = (doubt * UPWARDS + 2.0 * loose * k + missed) / open_ * (1.0 + loose) + 8.0 * UNIT * q_
        if bend == np.inf or gap <= 2.0 * (course.scalars[ERROR] + spread * field.peaks[j]):
            return this, where
        if this >= known:
            whole = sure == float(field.totals[j])
            ceiling = (max(q, q_) + 0.5 * bend + spread) / field.scales[j] * (1.0 + 8.0 * UNIT)
            sort_by_floor(order, floor)
            first, part = BEHIND, BEHIND
            for c in order:
                if floor[c] > ceiling:
                    break
                if c == j or not course.alive[c] or beyond_ceiling(field, course, c, ceiling):
                    continue
                where = outdone(field, course, near, bends, c, j, q, q_, bend, spread, whole, by_cost, width, steps)
                if where >= 0.0:
                    first = min(first, where)
                else:
                    part = min(part, -where)
            if min(first, part) < BEHIND:
                return this, first if first <= part else -part
        advance(field, course, near, bends, j, q, q_, spread, bend, steps)
    for c in range(len(floor)):
        if course.alive[c]:
            k = field.costs[c]
            loose = looseness(field, c)
            money = screen(field, course.left, c, 1.0)[2]
            if money + course.scalars[ERROR] * field.votes[c] + loose * (money + k) >= k:
                before = screen(field, near, c, 1.0)[2]
                return len(funded), (k - before) / (money - before) if before < k < money else HALF
            course.alive[c] = False
    return -1, 1.0
