"""What a project costs next, each unit of utility, with bounds: by Newton's method, from a guess where one pays."""

from __future__ import annotations

import numpy as np
from numba import njit

from .kernels import (
    ERROR,
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

SAMPLE = 128  # a price is first guessed from so many ballot types
MARGIN = 2.0**-4  # how far the guess may be off, relative to it
TRIES = 2  # a guess that is too far off leads to a better one


@njit(cache=True, nogil=True)
def guess(field: Field, left: Floats, c: int, low: float) -> float:
    """About what ``c`` costs, from a sample of ballot types and not below ``low``; -1 if it seems too much."""
    types, values, people, middle = field.types, field.values, field.people, field.singles[c]
    scored = len(values) > 0
    first, last = field.starts[c], field.starts[c + 1]
    stride = max(1, (last - first) // SAMPLE)
    sample = 0.0
    for i in range(first, last, stride):
        sample += (float(people[i]) if i < middle else 1.0) * (float(values[i]) if scored else 1.0)
    k = field.costs[c] * sample / float(field.totals[c])
    q = low
    for _ in range(32):
        paid, open_ = 0.0, 0.0
        for i in range(first, last, stride):
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
    near: Places,
    low: float,
    high: float,
) -> tuple[float, int, float, int]:
    """What those below ``low`` pay, the utility of those above ``high``, and doubt; lists all others."""
    open_, listed = 0, 0
    scored = len(values) > 0
    for i in range(len(types)):
        b = left[types[i]]
        v = values[i] if scored else 1
        w = 1 if people is None else np.int64(people[i])
        above = b >= high * v
        open_ += w * v * above
        near[listed] = i
        listed += (b > 0.0) & (not above)
    paid, doubt, found = 0.0, 0.0, 0
    for n in range(listed):
        i = near[n]
        b, error = left[types[i]], float(errors[types[i]])
        below = 1.0 * (b < low * (float(values[i]) if scored else 1.0))
        poor = below if people is None else below * float(people[i])
        paid += poor * b
        doubt += poor * error
        near[found] = i
        found += below == 0.0
    return paid, open_, doubt, found


@njit(cache=True, nogil=True)
def zoom(field: Field, course: Course, c: int, low: float, high: float) -> tuple[float, float, float, float, float]:
    """In one pass the price if it lies between ``low`` and ``high``: those near the line are looked at again alone.

    Returns the price, what is paid at it, the utility of the open, and ``clearance``. If it is not there, minus about
    what it is instead, or 0.
    """
    left, errors, near = course.left, course.errors, course.near
    several, one = supporters(field, c)
    by_several, above, by_several_doubt, crowds = _zoom(*several, left, errors, near, low, high)
    by_one, above_, by_one_doubt, found = _zoom(*one, left, errors, near[crowds:], low, high)
    k, loose, scored = field.costs[c], looseness(field, c), len(field.values) > 0
    q = 0.5 * (low + high)
    for _ in range(64):
        paid, open_, doubt = by_several + by_one, float(above + above_), by_several_doubt + by_one_doubt
        gap = min(q - low, high - q)
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
        if open_ == 0.0:
            q = 0.0  # nobody pays this much
        if q < low or q > high:
            break
        if abs(k - paid) <= loose * k:
            return q, paid, open_, gap, doubt
        q += (k - paid) / open_
    return -max(q, 0.0), paid, open_, 0.0, doubt


@njit(cache=True, nogil=True)
def newton(field: Field, course: Course, c: int, q: float) -> tuple[float, float, float, float, float, bool]:
    """As ``zoom``, from a ``q`` that is not too high, and whether that can be told; -1 if ``c`` is unaffordable."""
    k = field.costs[c]
    size = field.starts[c + 1] - field.starts[c]
    loose = looseness(field, c)
    about = guess(field, course.left, c, q) if size > 2 * SAMPLE else 0.0
    for _ in range(TRIES):
        if about <= 0.0:
            break
        found = zoom(field, course, c, about * (1.0 - MARGIN), about * (1.0 + MARGIN))
        if found[0] > 0.0:
            return found[0], found[1], found[2], found[3], found[4], True
        about = -found[0]
    while True:
        paid, open_, money = screen(field, course.left, c, q)
        slack = course.scalars[ERROR] * field.votes[c] + loose * (money + k)
        if money + slack < k:
            return -1.0, paid, open_, 0.0, 0.0, True
        if open_ == 0.0 or money - slack < k:
            return q, paid, open_, 0.0, 0.0, False
        if k - paid <= loose * k:
            gap, doubt = clearance(field, course, c, q)
            return q, paid, open_, gap, doubt, True
        q += (k - paid) / open_


@njit(cache=True, nogil=True)
def settle(field: Field, course: Course, c: int, slot: int) -> bool:
    """Finds the key of ``c`` and notes it as a contender; False if it is surely unaffordable."""
    k, scale = field.costs[c], field.scales[c]
    error = course.scalars[ERROR]
    loose = looseness(field, c)
    low, high, whole, spread = course.floor[c], np.inf, False, np.inf
    q, paid, open_, gap, doubt, known = newton(field, course, c, low * scale * (1.0 - 8.0 * UNIT))
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
