"""Passes over all payments so far, for the exact ledger (``exact.py``)."""

from __future__ import annotations

from numba import njit

from .kernels import ENDOWMENT, ROUNDS, Course, Field, Floats, Ints, Shorts


@njit(cache=True, nogil=True)
def linear_forms(field: Field, course: Course, rounds: int, first: int, form: Shorts, out: Ints) -> None:
    """What people of each form paid before: ``out[f, s]`` adds up weight times utility in round ``s``.

    ``form[t]`` is the form of ballot type ``t`` or -1; form ``f`` counts the rounds before ``first + f``.
    """
    scored = len(field.values) > 0
    for s in range(rounds):
        j = course.funded[s]
        for i in range(field.starts[j], field.starts[j + 1]):
            t = field.types[i]
            f = form[t]
            if f >= 0 and s < first + f:
                v = field.values[i] if scored else 1
                out[f, s] += field.weights[t] * v


@njit(cache=True, nogil=True)
def replay(field: Field, course: Course, prices: Floats) -> None:
    """Computes anew what everybody has left, from prices that are as good as floating point can hold."""
    course.left[:] = course.scalars[ENDOWMENT]
    for t in range(len(course.left)):
        if field.weights[t] == 0:
            course.left[t] = 0.0
    scored = len(field.values) > 0
    for s in range(course.counts[ROUNDS]):
        j = course.funded[s]
        for i in range(field.starts[j], field.starts[j + 1]):
            t = field.types[i]
            if course.exhausted[t] < 0:
                course.left[t] -= prices[s] * (float(field.values[i]) if scored else 1.0)
    for t in range(len(course.left)):
        if course.exhausted[t] >= 0:
            course.left[t] = 0.0
