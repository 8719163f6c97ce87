"""Passes over all payments so far, for the exact ledger (``exact.py``)."""

from __future__ import annotations

import numpy as np
from numba import njit

from .kernels import ENDOWMENT, ERROR, ROUNDS, Course, Field, Floats, Forms, Ints, Places


@njit(cache=True, nogil=True)
def linear_forms(field: Field, course: Course, rounds: int, first: int, form: Forms, out: Ints) -> None:
    """What people of each form paid before: ``out[f, s]`` adds up weight times utility in round ``s``.

    ``form[t]`` is the form of ballot type ``t``, or the last row of ``out`` for those that do not matter; form ``f``
    counts the rounds before ``first + f``. Four sums of each, since one would wait for itself.
    """
    scored = len(field.values) > 0
    types, values = field.types, field.values
    sums = np.empty((len(out), 4), np.int64)
    for s in range(rounds):
        sums[:] = 0
        j = course.funded[s]
        begin, end = field.starts[j], field.starts[j + 1]
        if scored:
            for i in range(begin, end):
                sums[form[types[i]], 0] += values[i]
        else:
            fourth = begin + (end - begin) // 4 * 4
            for i in range(begin, fourth, 4):
                sums[form[types[i]], 0] += 1
                sums[form[types[i + 1]], 1] += 1
                sums[form[types[i + 2]], 2] += 1
                sums[form[types[i + 3]], 3] += 1
            for i in range(fourth, end):
                sums[form[types[i]], 0] += 1
        for n in range(field.crowd_starts[j], field.crowd_starts[j + 1]):
            i = field.crowds[n]
            sums[form[types[i]], 0] += np.int64(field.extras[n]) * (values[i] if scored else 1)
        for f in range(max(0, s + 1 - first), len(out) - 1):
            out[f, s] = sums[f, 0] + sums[f, 1] + sums[f, 2] + sums[f, 3]


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
            low, high = field.starts[course.funded[s]], field.starts[course.funded[s] + 1]
            end = high
            while low < high:
                middle = (low + high) // 2
                if field.types[middle] < types[n]:
                    low = middle + 1
                else:
                    high = middle
            if low < end and field.types[low] == types[n]:
                which[found] = s
                units[found] = field.values[low] if len(field.values) > 0 else 1
                found += 1
        ends[n] = found
    return ends, which[:found], units[:found]


@njit(cache=True, nogil=True)
def replay(field: Field, course: Course, prices: Floats, error: float) -> None:
    """Computes anew what everybody has left, from prices that are as good as floating point can hold."""
    left, errors = course.left, course.errors
    for t in range(len(left)):
        if course.exhausted[t] < 0 and field.weights[t] > 0:
            left[t] = course.scalars[ENDOWMENT]
            errors[t] = error
    scored = len(field.values) > 0
    for s in range(course.counts[ROUNDS]):
        j = course.funded[s]
        for i in range(field.starts[j], field.starts[j + 1]):
            t = field.types[i]
            if course.exhausted[t] < 0 and field.weights[t] > 0:
                left[t] -= prices[s] * (float(field.values[i]) if scored else 1.0)
    course.scalars[ERROR] = error
