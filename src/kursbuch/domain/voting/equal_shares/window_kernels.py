"""Follows one sequence of projects at all endowments of a window at once, to prove that it is the same everywhere.

Two lanes run side by side, one at each end of the window. For as long as the same projects are funded everywhere in
it, what people have left grows with the endowment, prices and keys fall, and all are piecewise linear and continuous.
So at a share ``s`` of the window each lies near the straight line (*chord*) through the two lanes: exactly on it as
long as nobody changes sides between capped and open, and never farther off than ``min(s, 1 - s)`` times a *bend* that
is carried along, person by person. Rounding goes into the bends, too: at the steps inside a window ``min(s, 1 - s)``
is at least 1 / steps. The near end is known; what happens at the far end is decided there as in any run.

Why the bends suffice. Let ``m`` be money less price in one lane. If both are of one sign, ``min(b, p)`` and
``max(0, b - p)`` are linear between the ends; else each bends by at most |m| + |m'|. What supporters pay along the
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
    UNIT,
    Course,
    Field,
    Floats,
    Ints,
    beyond_ceiling,
    rule_out,
    screen,
    sort_by_floor,
)

MONEY, BEND, DOUBT, PEOPLE = 0, 1, 2, 3  # of the near lane, but DOUBT is the rounding error of the far one

NEARLY = 1e-9
HALF = 0.5  # where to look next if nothing better is known


@njit(cache=True, nogil=True)
def bend_of(
    field: Field, left: Floats, near: Floats, c: int, q: float, q_: float, width: float, steps: float
) -> tuple[float, float, float, float]:
    """How far the price bends from the chord of ``q`` and ``q_``, and the utility of those surely open.

    Then, for the far lane alone, as ``clearance``: how near anybody is to the line, and how uncertain the money is.
    """
    pad = max(width / field.peaks[c], abs(q - q_))  # who has more than that above the price is surely open
    doubt, sure, paid, paid_ = 0.0, 0.0, 0.0, 0.0
    gap, doubt_ = np.inf, 0.0
    types, values = field.types, field.values
    scored = len(values) > 0
    for i in range(field.starts[c], field.starts[c + 1]):
        t = types[i]
        b_, b, bend, w = left[t], near[t, MONEY], near[t, BEND], near[t, PEOPLE]
        v = float(values[i]) if scored else 1.0
        m, m_ = b - q * v, b_ - q_ * v
        paid += w * min(b, q * v)
        paid_ += w * min(b_, q_ * v)
        is_open = 1.0 * (min(m, m_) > 0.5 * bend + pad * v)
        sure += w * v * is_open
        off = (max(m, -m) + max(m_, -m_)) * ((m > 0.0) != (m_ > 0.0))
        doubt += w * (bend * (1.0 - is_open) + off)
        doubt_ += w * near[t, DOUBT] * ((b_ > 0.0) & (m_ < 0.0))
        gap = min(gap, max(m_, -m_) + (b_ == 0.0) * HUGE)
    k = field.costs[c]
    loose = (field.starts[c + 1] - field.starts[c] + 64) * UNIT
    residual = max(abs(paid - k), abs(paid_ - k)) + loose * (k + paid + paid_)
    bend = 0.0 if steps == 1.0 else np.inf  # one step: nothing lies between the ends
    if sure > 0.0 and steps > 1.0:
        bend = (doubt * (1.0 + loose) + residual * steps) / sure * (1.0 + loose)
        bend = bend if bend < pad else np.inf
    return bend, sure, gap, doubt_


@njit(cache=True, nogil=True)
def advance(
    field: Field, course: Course, near: Floats, j: int, q: float, q_: float, spread: float, bend: float, steps: float
) -> None:
    """Lets both lanes pay for ``j``; ``course`` is the far lane, of which only what ``decide`` needs is kept up."""
    this = course.counts[ROUNDS]
    left, types, values = course.left, field.types, field.values
    scored = len(values) > 0
    greatest = course.scalars[ERROR]
    rounding = 4.0 * UNIT * course.scalars[ENDOWMENT]
    for i in range(field.starts[j], field.starts[j + 1]):
        t = types[i]
        v = float(values[i]) if scored else 1.0
        m, m_ = near[t, MONEY] - q * v, left[t] - q_ * v
        left[t] = max(m_, 0.0)
        near[t, MONEY] = max(m, 0.0)
        error = near[t, DOUBT] + spread * v + rounding
        near[t, DOUBT] = error
        greatest = max(greatest, error * (m_ > 0.0))
        off = (max(m, -m) + max(m_, -m_)) * ((m > 0.0) != (m_ > 0.0))
        bent = near[t, BEND] + bend * v + rounding * steps + off + 2.0 * min(max(m, m_), 0.0)
        near[t, BEND] = max(0.0, bent)
    course.funded[this] = j
    course.prices[this] = q_
    course.scalars[ERROR] = greatest
    course.counts[ROUNDS] = this + 1
    rule_out(field, course, j)


@njit(cache=True, nogil=True)
def nearby(field: Field, near: Floats, c: int, guess: float) -> tuple[float, float]:
    """The price of ``c`` in the near lane, nearly, and the money there is; infinite if that is too little."""
    k = field.costs[c]
    lowest = k / float(field.totals[c])
    q = max(guess, lowest)
    types, values = field.types, field.values
    scored = len(values) > 0
    money = 0.0
    for _ in range(64):
        paid, open_, money = 0.0, 0.0, 0.0
        for i in range(field.starts[c], field.starts[c + 1]):
            b, w = near[types[i], MONEY], near[types[i], PEOPLE]
            v = float(values[i]) if scored else 1.0
            money += w * b
            open_ += w * v * (b >= q * v)
            paid += w * min(b, q * v)
        if money < k:
            break
        if abs(k - paid) <= NEARLY * k:
            return q, money
        q = max(q + (k - paid) / open_, lowest) if open_ > 0.0 else lowest
    return np.inf, money


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
    """-1 if ``c`` is surely behind ``j`` in the whole window; else where in it (0 to 1) that seems to end."""
    k = field.costs[c]
    loose = (field.starts[c + 1] - field.starts[c] + 64) * UNIT
    price_, _, _, money_ = price_near(field, course.left, c, q_ / field.scales[j] * field.scales[c], NEARLY)
    if price_ == np.inf:
        if money_ + course.scalars[ERROR] * field.votes[c] + loose * (money_ + k) < k:
            course.alive[c] = False
            return -1.0
        return HALF
    price, money = nearby(field, near, c, price_)
    if price == np.inf:
        return min(max((k - money) / (money_ - money), 0.0), 1.0) if money_ > money else HALF
    off, sure, _, _ = bend_of(field, course.left, near, c, price, price_, width, steps)
    if whole and sure == float(field.totals[c]) and behind_when_whole(field, c, j, by_cost):
        return -1.0
    gap = price / field.scales[c] - q / field.scales[j]
    gap_ = price_ / field.scales[c] - q_ / field.scales[j]
    if gap_ <= 0.0 < gap:
        return float(gap / (gap - gap_))
    least = (off / field.scales[c] + bend / field.scales[j]) * (1.0 + 64.0 * UNIT)
    last = (q_ + spread) / field.scales[j] * (1.0 + 8.0 * UNIT)
    return -1.0 if gap > 0.0 and gap + gap_ > least and beyond_ceiling(field, course, c, last) else HALF


@njit(cache=True, nogil=True)
def follow(
    field: Field,
    course: Course,
    funded: Ints,
    prices: Floats,
    guesses: Floats,
    near: Floats,
    endowment: float,
    known: int,
    by_cost: bool,
    steps: float,
) -> tuple[int, float]:
    """Whether ``funded``, in this order and nothing else, is funded in the whole window.

    ``course`` starts at the far end; at the near end everybody has ``endowment`` and the prices are ``prices``
    (``guesses``: about what they are at the far end); the first ``known`` rounds are known to be the same. Returns -1,
    or the round from which on it is open, and where in the window (0 to 1) it changes, or HALF if that is not known;
    ``course`` then stands before that round.
    """
    order, floor = course.order, course.floor
    width = course.scalars[ENDOWMENT] - endowment
    near[:, MONEY] = near[:, PEOPLE] * 0.0 + endowment
    near[:, BEND] = steps * 8.0 * UNIT * course.scalars[ENDOWMENT]
    near[:, DOUBT] = course.scalars[ERROR]
    for this in range(len(funded)):
        j, q = funded[this], prices[this]
        k = field.costs[j]
        loose = ((field.starts[j + 1] - field.starts[j]) // 2 + 32) * UNIT
        q_, missed, open_, _ = price_near(field, course.left, j, guesses[this], loose)
        if q_ == np.inf or open_ == 0.0:
            course.errors[:] = near[:, DOUBT]
            return this, HALF
        bend, sure, gap, doubt = bend_of(field, course.left, near, j, q, q_, width, steps)
        spread = (doubt * (1.0 + 2.0 * loose) + 2.0 * loose * k + missed) / open_ * (1.0 + loose) + 8.0 * UNIT * q_
        if bend == np.inf or gap <= 2.0 * (course.scalars[ERROR] + spread * field.peaks[j]):
            course.errors[:] = near[:, DOUBT]
            return this, HALF
        if this >= known:
            whole = sure == float(field.totals[j])
            ceiling = (max(q, q_) + 0.5 * bend + spread) / field.scales[j] * (1.0 + 8.0 * UNIT)
            sort_by_floor(order, floor)
            first = 1.0
            behind = True
            for c in order:
                if floor[c] > ceiling:
                    break
                if c == j or not course.alive[c] or beyond_ceiling(field, course, c, ceiling):
                    continue
                where = outdone(field, course, near, c, j, q, q_, bend, spread, whole, by_cost, width, steps)
                if where >= 0.0:
                    behind = False
                    first = min(first, where)
            if not behind:
                course.errors[:] = near[:, DOUBT]
                return this, first
        advance(field, course, near, j, q, q_, spread, bend, steps)
    for c in range(len(floor)):
        if course.alive[c]:
            k = field.costs[c]
            loose = ((field.starts[c + 1] - field.starts[c]) // 2 + 32) * UNIT
            money = screen(field, course.left, c, 1.0)[2]
            if money + course.scalars[ERROR] * field.votes[c] + loose * (money + k) >= k:
                before = nearby(field, near, c, field.costs[c])[1]
                course.errors[:] = near[:, DOUBT]
                return len(funded), (k - before) / (money - before) if before < k < money else HALF
            course.alive[c] = False
    return -1, 1.0
