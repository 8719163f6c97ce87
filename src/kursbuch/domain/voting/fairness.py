"""How fairly money was spent, whatever rule spent it: who got nothing, how it spread, which groups were passed over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.method import Utility
from kursbuch.domain.voting.profile import Profile


@dataclass(frozen=True, slots=True)
class Violation:
    """A group that could have paid for ``project`` from its own share of the budget, and was left with too little.

    All ``people`` support the project; ``share`` (minor units) is their part of the budget, and nobody among them has
    more than ``utility`` from what was funded.
    """

    project: int
    people: int
    share: Fraction
    utility: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """``utility`` is what one person has from all that was funded, in the method's unit (cost: minor currency units).

    ``deciles`` are eleven values from the worst-off to the best-off person; the value at tenth ``d`` is that of the
    person at place ``ceil(d / 10 * voters)`` from below (nearest rank). ``gini`` is 0 if all have the same, and nears 1
    if one person has everything; ``None`` if nobody has anything.
    """

    voters: int
    without: int  # people none of whose projects was funded
    mean: Fraction
    deciles: tuple[int, ...]
    gini: Fraction | None
    violations: tuple[Violation, ...]

    @property
    def share_without(self) -> Fraction:
        return Fraction(self.without, self.voters) if self.voters else Fraction(0)


def fairness(
    profile: Profile, utility: Utility, selected: Collection[int], contenders: Iterable[int] | None = None
) -> Fairness:
    """Measure what ``selected`` projects do for the voters of a profile.

    ``contenders`` are the projects that might have been funded (all, if not given): groups are not passed over by
    a project that was not allowed.

    :raises OverflowError: if the utilities of one person do not fit into 64 bits.
    """
    benefits = benefits_of(profile, utility, selected)
    values, people = _distribution(benefits, profile.weights)
    voters = sum(people)
    total = sum(value * count for value, count in zip(values, people, strict=True))
    candidates = range(len(profile.costs)) if contenders is None else contenders
    return Fairness(
        voters=voters,
        without=sum(count for value, count in zip(values, people, strict=True) if value == 0),
        mean=Fraction(total, voters) if voters else Fraction(0),
        deciles=_deciles(values, people),
        gini=_gini(values, people),
        violations=violations(profile, utility, selected, candidates),
    )


def benefits_of(profile: Profile, utility: Utility, selected: Iterable[int]) -> NDArray[np.int64]:
    """(ballot types,): the utility that one person of each type has from the selected projects."""
    chosen = sorted(selected)
    most = sum(_largest(profile, utility, project) for project in chosen)
    if most >= 1 << 63:
        raise OverflowError("the utilities of one person do not fit into 64 bits")
    found = np.zeros(len(profile.weights), np.int64)
    for project in chosen:
        column = slice(profile.starts[project], profile.starts[project + 1])
        found[profile.types[column]] += _worth(profile, utility, project)
    return found


def violations(
    profile: Profile, utility: Utility, selected: Collection[int], contenders: Iterable[int]
) -> tuple[Violation, ...]:
    """The unfunded projects for which EJR+ up to any project is violated, each with the largest group that shows it.

    Brill & Peters, "Robust and Verifiable Proportionality Axioms for Multiwinner Voting" (EC 2023): a group S that all
    support an unfunded project c is passed over if everybody in it has too little even with c, that is if for all of
    them cost(c) · (u(W) + u(c)) ≤ (share of the budget of S) · (average of u(c) in S). For approvals and cost utility
    that reads u(W) + cost(c) ≤ |S| · budget / voters. Equal shares never leaves such a group (docs/voting-developers.md
    has the proof for all additive utilities). Whoever has less may always join, so it is enough to look at the groups
    of those who have at most a given amount: sorting makes the check polynomial.
    """
    benefits = benefits_of(profile, utility, selected)
    voters = profile.voters
    found = []
    for project in sorted(set(contenders) - set(selected)):
        column = slice(profile.starts[project], profile.starts[project + 1])
        types = profile.types[column]
        if not len(types):
            continue
        worth = np.broadcast_to(_worth(profile, utility, project), types.shape)
        with_it = benefits[types] + worth
        order = np.argsort(with_it, kind="stable")
        with_it, worth, weights = with_it[order], worth[order], profile.weights[types][order]
        ends = np.flatnonzero(np.append(with_it[1:] != with_it[:-1], True))
        group = _largest_group(profile, project, with_it[ends], _cumulated(weights * worth, weights, worth)[ends])
        if group is not None:
            last = int(ends[group])
            people = int(weights[: last + 1].sum())
            most = int(benefits[types][order][: last + 1].max())
            found.append(Violation(project, people, Fraction(people * profile.budget, voters), most))
    return tuple(found)


def _largest_group(profile: Profile, project: int, with_it: NDArray[np.int64], worth: NDArray[np.int64]) -> int | None:
    """The last place at which voters · cost · ``with_it`` ≤ budget · ``worth`` (that of the whole group) holds."""
    cost, voters, budget = int(profile.costs[project]), profile.voters, profile.budget
    slack = float(budget) * worth.astype(np.float64) - float(voters) * float(cost) * with_it.astype(np.float64)
    tolerance = 1e-12 * float(budget) * worth.astype(np.float64)
    for at in np.flatnonzero(slack >= -tolerance)[::-1]:
        if voters * cost * int(with_it[at]) <= budget * int(worth[at]):
            return int(at)
    return None


def _cumulated(products: NDArray[np.int64], weights: NDArray[np.int64], worth: NDArray[np.int64]) -> NDArray[np.int64]:
    if float(np.dot(weights.astype(np.float64), worth.astype(np.float64))) >= 2.0**62:
        raise OverflowError("the utilities of all supporters do not fit into 64 bits")
    return np.cumsum(products)


def _worth(profile: Profile, utility: Utility, project: int) -> NDArray[np.int64] | np.int64:
    if utility is Utility.COST:
        return np.int64(profile.costs[project])
    if profile.utilities is None:
        return np.int64(1)
    return profile.utilities[profile.starts[project] : profile.starts[project + 1]]


def _largest(profile: Profile, utility: Utility, project: int) -> int:
    return int(np.max(_worth(profile, utility, project), initial=0))


def _distribution(benefits: NDArray[np.int64], weights: NDArray[np.int64]) -> tuple[list[int], list[int]]:
    """The distinct values, ascending, and how many people have each."""
    values, places = np.unique(benefits, return_inverse=True)
    people = np.zeros(len(values), np.int64)
    np.add.at(people, places, weights)
    return values.tolist(), people.tolist()


def _deciles(values: list[int], people: list[int]) -> tuple[int, ...]:
    voters = sum(people)
    if not voters:
        return ()
    found, below, at = [], people[0], 0
    for tenth in range(11):
        place = max(1, -(-tenth * voters // 10))
        while below < place:
            at += 1
            below += people[at]
        found.append(values[at])
    return tuple(found)


def _gini(values: list[int], people: list[int]) -> Fraction | None:
    """Half the mean difference of two people, relative to the mean."""
    voters, total = sum(people), sum(value * count for value, count in zip(values, people, strict=True))
    if not total:
        return None
    below, difference = 0, 0
    for value, count in zip(values, people, strict=True):
        difference += value * count * (2 * below + count - voters)
        below += count
    return Fraction(difference, voters * total)
