"""Add1: equal shares at growing endowments, until one step more would spend more than there is.

The definition, step by step; ``jumps.py`` gets to the same end without taking every step.
"""

from __future__ import annotations

from fractions import Fraction

from .contest import Contest
from .run import Run


def finished(run: Run, exhaustive: bool) -> bool:
    """Whether no greater endowment is tried: nothing is left to fund, or (``exhaustive``) nothing left fits."""
    room = run.contest.profile.budget - run.cost
    remaining = run.remaining()
    return not remaining or (exhaustive and all(int(run.contest.field.prices[j]) > room for j in remaining))


def add1_step_by_step(
    contest: Contest, start: Fraction, step: Fraction, *, exhaustive: bool = False
) -> tuple[Run, int]:
    """The last run within the budget, and how many steps above ``start`` its endowment is."""
    steps, run = 0, Run(contest, start)
    while not finished(run, exhaustive):
        following = Run(contest, start + (steps + 1) * step)
        if following.cost > contest.profile.budget:
            break
        steps, run = steps + 1, following
    return run, steps
