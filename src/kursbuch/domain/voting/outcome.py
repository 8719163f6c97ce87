"""What a rule decided, round by round, as exact fractions from which every payment follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from kursbuch.domain.voting.method import Method
from kursbuch.domain.voting.profile import Profile


class Stage(StrEnum):
    """Which part of a method funded a project."""

    EQUAL_SHARES = "equal-shares"
    GREEDY = "greedy"  # the rule itself, or what was left over filled up by votes
    PHRAGMEN = "phragmen"


class Round(NamedTuple):
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


@dataclass(frozen=True, slots=True, eq=False)
class Pot:
    """Money that one part of the voters decides about, and what they bought.

    ``district`` is ``None`` for the only pot of an election, ``""`` for the city-wide pot beside districts, else a
    district's name. ``profile`` has the election's projects and ballot types; those that do not belong to the pot
    have no supporters or weight 0. ``contenders`` are the projects that were eligible, ascending.
    """

    district: str | None
    profile: Profile
    contenders: tuple[int, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """How many people have more (by the method's utility) from the rule's projects, and how many from greedy's."""

    greedy: tuple[Outcome, ...]  # pot by pot
    prefer_rule: int
    prefer_greedy: int

    @property
    def keeps_rule(self) -> bool:
        return self.prefer_greedy <= self.prefer_rule


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What a method made of an election: ``pots`` are what the rule itself bought, ``comparison`` what was weighed."""

    method: Method
    pots: tuple[Pot, ...]
    comparison: Comparison | None = None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What holds in the end, pot by pot."""
        if self.comparison is not None and not self.comparison.keeps_rule:
            return self.comparison.greedy
        return tuple(pot.outcome for pot in self.pots)

    @property
    def selected(self) -> tuple[int, ...]:
        """All projects that are funded, in the order in which they were, pot after pot."""
        return tuple(project for outcome in self.outcomes for project in outcome.selected)
