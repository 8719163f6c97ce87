"""Passes over all payments so far, for the exact ledger (``exact.py``)."""

from __future__ import annotations

import numpy as np
from numba import njit

from .kernels import ENDOWMENT, ERROR, ROUNDS, Course, Field, Floats, Forms, Halves, Ints, Places, supporters


@njit(cache=True, nogil=True)
def forms(exhausted: Halves, first: int, rounds: int) -> Forms:
    """By ballot type: the round in which the last went, counted from ``first``, or else ``rounds - first``."""
    found = np.empty(len(exhausted), np.uint16)
    for t in range(len(exhausted)):
        found[t] = min(np.uint16(exhausted[t] - first), np.uint16(rounds - first))  # below 0: beyond all others
    return found


@njit(cache=True, nogil=True)
def linear_forms(field: Field, course: Course, rounds: int, first: int, form: Forms, out: Ints) -> None:
    """What people of each form paid before: ``out[f, s]`` adds up weight times utility in round ``s``.

    ``form[t]`` is the form of ballot type ``t``, or the last row of ``out`` for those that do not matter; form ``f``
    counts the rounds before ``first + f``. Four sums of each, since one would wait for itself.
    """
    scored = len(field.values) > 0
    sums = np.empty((len(out), 4), np.int64)
    for s in range(rounds):
        sums[:] = 0
        (several, several_values, people), (one, one_values, _) = supporters(field, course.funded[s])
        for i in range(len(several)):
            sums[form[several[i]], i & 3] += np.int64(people[i]) * (several_values[i] if scored else 1)
        fourth = len(one) // 4 * 4
        for i in range(0, fourth, 4):
            sums[form[one[i]], 0] += one_values[i] if scored else 1
            sums[form[one[i + 1]], 1] += one_values[i + 1] if scored else 1
            sums[form[one[i + 2]], 2] += one_values[i + 2] if scored else 1
            sums[form[one[i + 3]], 3] += one_values[i + 3] if scored else 1
        for i in range(fourth, len(one)):
            sums[form[one[i]], 0] += one_values[i] if scored else 1
        for f in range(max(0, s + 1 - first), len(out) - 1):
            out[f, s] = sums[f, 0] + sums[f, 1] + sums[f, 2] + sums[f, 3]


@njit(cache=True, nogil=True)
def worth(field: Field, j: int, t: int) -> int:
    """What ``j`` is worth to ballot type ``t``, which somebody cast; 0 to those that do not support it."""
    low, end = field.starts[j], field.singles[j]
    if field.weights[t] == 1:
        low, end = end, field.starts[j + 1]
    high = end
    while low < high:
        middle = (low + high) // 2
        if field.types[middle] < t:
            low = middle + 1
        else:
            high = middle
    if low == end or field.types[low] != t:
        return 0
    return field.values[low] if len(field.values) > 0 else 1


@njit(cache=True, nogil=True)
def worths(field: Field, j: int, types: Places) -> Ints:
    """The same for each of these."""
    found = np.empty(len(types), np.int64)
    for n in range(len(types)):
        found[n] = worth(field, j, types[n])
    return found


@njit(cache=True, nogil=True)
def purchases(field: Field, course: Course, rounds: int, types: Places) -> tuple[Ints, Ints, Ints]:
    """What each of these ballot types, none exhausted, paid for: rounds and utilities, and where each one's end."""
    ends = np.zeros(len(types), np.int64)
    most = 0
    for s in range(rounds):
        most += min(field.starts[course.funded[s] + 1] - field.starts[course.funded[s]], len(types))
    which, units = np.empty(most, np.int64), np.empty(most, np.int64)
    found = 0
    for n in range(len(types)):
        for s in range(rounds):
            paid = worth(field, course.funded[s], types[n])
            if paid > 0:
                which[found] = s
                units[found] = paid
                found += 1
        ends[n] = found
    return ends, which[:found], units[:found]


@njit(cache=True, nogil=True)
def replay(field: Field, course: Course, prices: Floats, error: float) -> None:
    """Computes anew what everybody has left, from prices that are as good as floating point can hold."""
    left, errors = course.left, course.errors
    for t in range(len(left)):
        if course.exhausted[t] < 0:
            left[t] = course.scalars[ENDOWMENT]
            errors[t] = error
    scored = len(field.values) > 0
    for s in range(course.counts[ROUNDS]):
        j = course.funded[s]
        for i in range(field.starts[j], field.starts[j + 1]):
            t = field.types[i]
            if course.exhausted[t] < 0:
                left[t] -= prices[s] * (float(field.values[i]) if scored else 1.0)
    course.scalars[ERROR] = error
