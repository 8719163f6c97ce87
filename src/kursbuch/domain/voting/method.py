"""A complete method of counting, as a city would write it into its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class Rule(StrEnum):
    EQUAL_SHARES = "mes"
    GREEDY = "greedy"  # most votes (or utility) first
    GREEDY_PER_COST = "greedy-per-cost"
    PHRAGMEN = "phragmen"


class Utility(StrEnum):
    """What one funded project is worth to somebody who supports it."""

    COST = "cost"
    CARDINALITY = "cardinality"
    SCORE = "score"  # the points given; for rankings Borda
    LEXICOGRAPHIC = "lexicographic"  # rankings: one place higher outweighs everything below


class Completion(StrEnum):
    """What happens with money that equal shares leaves over."""

    NONE = "none"
    ADD1 = "add1"
    ADD1U = "add1u"  # add1, then greedy
    GREEDY = "greedy"


class TieBreak(StrEnum):
    """What comes first among projects that are exactly as good; whatever is left open is drawn from the seed."""

    COST = "cost"  # the cheaper one
    VOTES = "votes"  # the one more people voted for
    LOT = "lot"
    NAME = "name"  # the id as a string: only to compare with pabutools


@dataclass(frozen=True, slots=True)
class Step:
    """By how much a completion step raises everybody's endowment.

    ``amount`` is in minor currency units per person; with ``relative`` it is a share of the first endowment.
    """

    amount: Fraction
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What a project needs before it may be funded at all.

    At least ``votes`` people, ``share`` of all voters, and ``cost_share`` × voters × cost / budget people.
    """

    votes: int = 0
    share: Fraction = Fraction(0)
    cost_share: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Method:
    rule: Rule = Rule.EQUAL_SHARES
    utility: Utility = Utility.COST
    completion: Completion = Completion.ADD1U
    exhaustive: bool = False  # add1: stop as soon as nothing more fits
    integral: bool = False  # start at the whole number of currency units below budget / voters
    step: Step = Step(Fraction(1, 100), relative=True)
    compare_greedy: bool = False  # keep greedy where more people prefer it
    skip: bool = True  # greedy: pass over what no longer fits (else stop there)
    ties: tuple[TieBreak, ...] = (TieBreak.COST, TieBreak.VOTES, TieBreak.LOT)
    seed: int = 0
    eligibility: Eligibility = Eligibility()
    category_budgets: Mapping[str, int] = field(default_factory=dict)
    district_budgets: Mapping[str, int] = field(default_factory=dict)  # the rest is the city-wide pot
    incompatible: tuple[frozenset[str], ...] = ()  # of each set, one project at most
