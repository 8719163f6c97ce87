"""What a rule decided, round by round, as exact fractions from which every payment follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Stage(StrEnum):
    """Which part of a method funded a project."""

    EQUAL_SHARES = "equal-shares"
    GREEDY = "greedy"  # the rule itself, or what was left over filled up by votes
    PHRAGMEN = "phragmen"


@dataclass(frozen=True, slots=True)
class Round:
    """One project funded.

    ``rho`` is the price of one unit of utility: a supporter with ``b`` left and utility ``u`` paid ``min(b, rho * u)``
    (equal shares, in minor currency units); for Phragmén it is the time at which the project was bought; ``None``
    where nobody in particular paid. ``tied`` are the other projects that were exactly as good in this round.
    """

    project: int
    stage: Stage
    rho: Fraction | None = None
    tied: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Projects in the order in which they were funded; ``endowment`` is what each person started with, if anybody did.

    ``steps`` is how many completion steps raised the endowment from its start. All projects are indices into the
    election.
    """

    rounds: tuple[Round, ...]
    endowment: Fraction | None = None
    steps: int = 0

    @property
    def selected(self) -> tuple[int, ...]:
        return tuple(each.project for each in self.rounds)
