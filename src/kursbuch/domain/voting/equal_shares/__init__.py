"""The method of equal shares: one run, and runs at growing endowments until the money is used."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.constraints import Limits
from kursbuch.domain.voting.outcome import Outcome
from kursbuch.domain.voting.profile import Profile

from .add1 import add1_step_by_step
from .contest import Contest, TooLarge
from .jumps import add1
from .run import Run

__all__ = ["Contest", "Run", "TooLarge", "add1", "add1_step_by_step", "equal_shares", "equal_shares_add1"]


def equal_shares(
    profile: Profile,
    *,
    by_cost: bool = True,
    ranks: NDArray[np.int64] | None = None,
    eligible: NDArray[np.bool_] | None = None,
    limits: Limits | None = None,
    endowment: Fraction | None = None,
) -> Outcome:
    """The outcome without completion; everybody starts with budget / voters unless ``endowment`` says otherwise.

    ``by_cost``: a project is worth its cost to each supporter; else what the profile's utilities say (1 where it has
    none). ``ranks``: which of equally good projects comes first (the least); the election's order if not given.

    :raises TooLarge: for costs above 2**53, utilities that add up to more than 2**62, or more than 2**15 - 2 projects.
    """
    contest = Contest.of(profile, by_cost=by_cost, ranks=ranks, eligible=eligible, limits=limits)
    if endowment is None:
        endowment = Fraction(profile.budget, max(profile.voters, 1))
    return Run(contest, endowment).outcome()


def equal_shares_add1(
    profile: Profile,
    step: Fraction,
    *,
    by_cost: bool = True,
    ranks: NDArray[np.int64] | None = None,
    eligible: NDArray[np.bool_] | None = None,
    limits: Limits | None = None,
    endowment: Fraction | None = None,
    exhaustive: bool = False,
) -> Outcome:
    """The same, completed by raising everybody's endowment by ``step`` again and again.

    It stops before the first step whose outcome would cost more than the budget, or when everything that can be is
    funded; with ``exhaustive`` also as soon as nothing that is left fits into the rest of the budget.
    """
    contest = Contest.of(profile, by_cost=by_cost, ranks=ranks, eligible=eligible, limits=limits)
    if endowment is None:
        endowment = Fraction(profile.budget, max(profile.voters, 1))
    run, steps = add1(contest, endowment, step, exhaustive=exhaustive)
    return run.outcome(steps)
