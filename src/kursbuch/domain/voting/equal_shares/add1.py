"""Add1: equal shares at growing endowments, until one step more would spend more than there is.

The definition, step by step; ``jumps.py`` gets to the same end without taking every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .contest import Contest
from .run import Run


def finished(contest: Contest, funded: Sequence[int], exhaustive: bool) -> bool:
    """Whether no greater endowment is tried: nothing is left to fund, or (``exhaustive``) nothing left fits."""
    costs = contest.field.prices[contest.remaining(funded)]
    return not costs.size or (exhaustive and int(costs.min()) > contest.profile.budget - contest.cost(funded))


def add1_step_by_step(
    contest: Contest, start: Fraction, step: Fraction, *, exhaustive: bool = False
) -> tuple[Run, int]:
    """The last run within the budget, and how many steps above ``start`` its endowment is."""
    steps, run = 0, Run(contest, start)
    while not finished(contest, run.funded, exhaustive):
        following = Run(contest, start + (steps + 1) * step)
        if contest.cost(following.funded) > contest.profile.budget:
            break
        steps, run = steps + 1, following
    return run, steps
