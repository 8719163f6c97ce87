"""What a project costs next, each unit of utility, with bounds: by Newton's method, from a guess where one pays."""

from __future__ import annotations

import numpy as np
from numba import njit

from .kernels import (
    ERROR,
    HUGE,
    UNIT,
    UPWARDS,
    Counts,
    Course,
    Field,
    Floats,
    Ints,
    Places,
    Singles,
    clearance,
    looseness,
    screen,
    supporters,
)

SAMPLE = 32  # a price is first guessed from every 32nd ballot type
MARGIN = 2.0**-4  # how far the guess may be off, relative to it


@njit(cache=True, nogil=True)
def guess(field: Field, left: Floats, c: int, low: float) -> float:
    """About what ``c`` costs, from every ``SAMPLE``-th ballot type and not below ``low``; -1 if it seems too much."""
    types, values, people, middle = field.types, field.values, field.people, field.singles[c]
    scored = len(values) > 0
    sample = 0.0
    for i in range(field.starts[c], field.starts[c + 1], SAMPLE):
        sample += (float(people[i]) if i < middle else 1.0) * (float(values[i]) if scored else 1.0)
    k = field.costs[c] * sample / float(field.totals[c])
    q = low
    for _ in range(32):
        paid, open_ = 0.0, 0.0
        for i in range(field.starts[c], field.starts[c + 1], SAMPLE):
            b, w = left[types[i]], float(people[i]) if i < middle else 1.0
            v = float(values[i]) if scored else 1.0
            open_ += w * v * (b >= q * v)
            paid += w * min(b, q * v)
        if open_ == 0.0:
            return -1.0
        if k - paid <= 1e-6 * k:
            break
        q += (k - paid) / open_
    return q


@njit(cache=True, nogil=True)
def _zoom(
    types: Places,
    values: Ints,
    people: Counts | None,
    left: Floats,
    errors: Singles,
    near: Ints,
    low: float,
    high: float,
) -> tuple[float, float, float, float, int]:
    """What those below ``low`` pay, the utility of those above ``high``, all money, doubt; lists all others."""
    paid, open_, money, doubt = 0.0, 0.0, 0.0, 0.0
    scored = len(values) > 0
    found = 0
    for i in range(len(types)):
        b = left[types[i]]
        v = float(values[i]) if scored else 1.0
        w = 1.0 if people is None else float(people[i])
        below = 1.0 * (b < low * v)
        above = 1.0 * (b >= high * v)
        money += w * b
        paid += w * b * below
        doubt += w * float(errors[types[i]]) * below * min(b * HUGE, 1.0)
        open_ += w * v * above
        near[found] = i
        found += below + above == 0.0
    return paid, open_, money, doubt, found


@njit(cache=True, nogil=True)
def zoom(
    field: Field, course: Course, c: int, low: float, high: float
) -> tuple[float, float, float, float, float, float]:
    """In one pass the price if it lies between ``low`` and ``high``: those near the line are looked at again alone.

    Returns the price (-1: not there), what is paid at it, the utility of the open, the money, and ``clearance``.
    """
    left, errors, near = course.left, course.errors, course.near
    several, one = supporters(field, c)
    paid, open_, money, doubt, crowds = _zoom(*several, left, errors, near, low, high)
    paid_, open__, money_, doubt_, found = _zoom(*one, left, errors, near[crowds:], low, high)
    k, loose, scored = field.costs[c], looseness(field, c), len(field.values) > 0
    q, money = 0.5 * (low + high), money + money_
    fixed, always, sure = paid + paid_, open_ + open__, doubt + doubt_
    for _ in range(64):
        paid, open_, doubt, gap = fixed, always, sure, min(q - low, high - q)
        for n in range(crowds + found):
            i = field.starts[c] + near[n] if n < crowds else field.singles[c] + near[n]
            t = field.types[i]
            b, w, error = left[t], float(field.people[i]) if n < crowds else 1.0, float(errors[t])
            v = float(field.values[i]) if scored else 1.0
            is_open = 1.0 * (b >= q * v)
            open_ += w * v * is_open
            paid += w * b * (1.0 - is_open)
            doubt += w * error * (1.0 - is_open)
            gap = min(gap, abs(b - q * v))
        paid += open_ * q
        if open_ == 0.0 or q < low or q > high:
            break
        if abs(k - paid) <= loose * k:
            return q, paid, open_, money, gap, doubt
        q += (k - paid) / open_
    return -1.0, paid, open_, money, 0.0, doubt


@njit(cache=True, nogil=True)
def newton(field: Field, course: Course, c: int, q: float) -> tuple[float, float, float, float, float, float, bool]:
    """As ``zoom``, from a ``q`` that is not too high, and whether that can be told; -1 if ``c`` is unaffordable."""
    k = field.costs[c]
    size = field.starts[c + 1] - field.starts[c]
    loose = looseness(field, c)
    if size > 64 * SAMPLE:
        about = guess(field, course.left, c, q)
        if about > 0.0:
            found = zoom(field, course, c, about * (1.0 - MARGIN), about * (1.0 + MARGIN))
            if found[0] > 0.0:
                return found[0], found[1], found[2], found[3], found[4], found[5], True
    while True:
        paid, open_, money = screen(field, course.left, c, q)
        slack = course.scalars[ERROR] * field.votes[c] + loose * (money + k)
        if money + slack < k:
            return -1.0, paid, open_, money, 0.0, 0.0, True
        if open_ == 0.0 or money - slack < k:
            return q, paid, open_, money, 0.0, 0.0, False
        if k - paid <= loose * k:
            gap, doubt = clearance(field, course, c, q)
            return q, paid, open_, money, gap, doubt, True
        q += (k - paid) / open_


@njit(cache=True, nogil=True)
def settle(field: Field, course: Course, c: int, slot: int) -> bool:
    """Finds the key of ``c`` and notes it as a contender; False if it is surely unaffordable."""
    k, scale = field.costs[c], field.scales[c]
    error = course.scalars[ERROR]
    loose = looseness(field, c)
    low, high, whole, spread = course.floor[c], np.inf, False, np.inf
    q, paid, open_, _, gap, doubt, known = newton(field, course, c, low * scale * (1.0 - 8.0 * UNIT))
    if q < 0.0:
        return False
    if known:
        slack = doubt * UPWARDS + loose * (paid + k)
        spread = (slack + abs(k - paid)) / open_ * (1.0 + loose) + 8.0 * UNIT * q
        known = gap > 2.0 * (error + spread * field.peaks[c])
    if known:
        low = max(low, (q - spread) / scale * (1.0 - 8.0 * UNIT))
        high = (q + spread) / scale * (1.0 + 8.0 * UNIT)
        whole = field.totals[c] < 2**53 and open_ == float(field.totals[c])
    else:
        beyond = q * (1.0 + 2.0**-20)
        paid, open_, _ = screen(field, course.left, c, beyond)
        if paid - error * field.votes[c] - loose * (paid + k) >= k:
            high = beyond / scale * (1.0 + 8.0 * UNIT)
    course.floor[c] = low
    course.contenders[slot] = c
    course.lows[slot] = low
    course.highs[slot] = high
    course.whole[slot] = whole
    course.sharp[slot] = known
    course.at[slot] = q
    course.spreads[slot] = spread
    return True


@njit(cache=True, nogil=True)
def beyond_ceiling(field: Field, course: Course, c: int, ceiling: float) -> bool:
    """Whether ``c`` surely costs more than a key of ``ceiling`` (or cannot be afforded); raises its floor."""
    k = field.costs[c]
    q = ceiling * field.scales[c] * (1.0 + 8.0 * UNIT)
    error = course.scalars[ERROR]
    paid, open_, money = screen(field, course.left, c, q)
    loose = looseness(field, c)
    if money + error * field.votes[c] + loose * (money + k) < k:
        course.alive[c] = False
        return True
    missing = k - paid - error * field.votes[c] - loose * (paid + k)
    if missing <= 0.0:
        return False
    if open_ == 0.0:
        course.alive[c] = False
    else:
        course.floor[c] = max(
            course.floor[c], (q + missing / open_ * (1.0 - loose)) / field.scales[c] * (1.0 - 8.0 * UNIT)
        )
    return True
