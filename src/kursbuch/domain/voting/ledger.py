"""Replays what people paid, exactly: the ground on which certificates and explanations stand.

Every amount is a whole number of one small *unit*, a fraction of the minor currency unit chosen so that all payments
of a run come out even; so sums and comparisons are those of integers, however long the fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from kursbuch.domain.voting.method import Utility
from kursbuch.domain.voting.profile import Profile


@dataclass(frozen=True, slots=True)
class Payment:
    """``people`` each paid ``amount`` (minor currency units) for one project; ``types`` are their ballot types."""

    amount: Fraction
    people: int
    types: tuple[int, ...]


class Supporters:
    """Who supports what by how much, as lists, without ballot types that nobody here cast; shared by all runs."""

    def __init__(self, profile: Profile, utility: Utility) -> None:
        starts, types = profile.starts.tolist(), profile.types.tolist()
        utilities = None if profile.utilities is None else profile.utilities.tolist()
        self.costs: list[int] = profile.costs.tolist()
        self.weights: list[int] = profile.weights.tolist()
        nobody = not all(self.weights)
        self.types: list[list[int]] = []
        self.utilities: list[list[int]] = []
        for project, cost in enumerate(self.costs):
            column = slice(starts[project], starts[project + 1])
            each = cost if utility is Utility.COST else 1
            mine = types[column]
            worth = [each] * len(mine) if utilities is None else utilities[column]
            if nobody:
                kept = [(at, utility) for at, utility in zip(mine, worth, strict=True) if self.weights[at]]
                mine, worth = [at for at, _ in kept], [utility for _, utility in kept]
            self.types.append(mine)
            self.utilities.append(worth)

    def __len__(self) -> int:
        """The number of projects."""
        return len(self.costs)


class Purses:
    """What everybody has left while equal shares goes on."""

    def __init__(self, supporters: Supporters, endowment: Fraction) -> None:
        self.supporters = supporters
        self.unit = endowment.denominator
        self.left = [endowment.numerator] * len(supporters.weights)

    def split_unit(self, rho: Fraction) -> int:
        """Make the unit small enough for ``rho`` to be a whole number of it, and say how many it is."""
        unit = lcm(self.unit, rho.denominator)
        if unit != self.unit:
            factor = unit // self.unit
            self.left = [purse * factor for purse in self.left]
            self.unit = unit
        return rho.numerator * (unit // rho.denominator)

    def had(self, project: int) -> Fraction:
        """What a project's supporters have left together."""
        weights, left = self.supporters.weights, self.left
        return Fraction(sum(weights[at] * left[at] for at in self.supporters.types[project]), self.unit)

    def price(self, project: int) -> Fraction | None:
        """The least rho at which the supporters can pay for a project now; ``None`` if they cannot."""
        source, left = self.supporters, self.left
        missing = source.costs[project] * self.unit
        able = [
            (left[at], source.weights[at], worth)
            for at, worth in zip(source.types[project], source.utilities[project], strict=True)
        ]
        if sum(purse * people for purse, people, _ in able) < missing:
            return None
        total = sum(people * worth for _, people, worth in able)
        while True:  # assume that all the others can pay in full; those who cannot give all they have
            short = [each for each in able if each[0] * total < missing * each[2]]
            if not short:
                return Fraction(missing, total * self.unit)
            able = [each for each in able if each[0] * total >= missing * each[2]]
            missing -= sum(purse * people for purse, people, _ in short)
            total -= sum(people * worth for _, people, worth in short)

    def pay(self, project: int, rho: Fraction) -> tuple[Payment, ...]:
        """Let the supporters pay; the highest payment comes first, those who had nothing left come last."""
        paid, weights = self.charge(project, rho), self.supporters.weights
        return tuple(
            Payment(Fraction(amount, self.unit), sum(weights[at] for at in paid[amount]), tuple(paid[amount]))
            for amount in sorted(paid, reverse=True)
        )

    def charge(self, project: int, rho: Fraction) -> dict[int, list[int]]:
        """The same, as the ballot types by the number of units that each paid."""
        each = self.split_unit(rho)
        source, left = self.supporters, self.left
        paid: dict[int, list[int]] = {}
        for at, worth in zip(source.types[project], source.utilities[project], strict=True):
            amount = min(left[at], each * worth)
            left[at] -= amount
            paid.setdefault(amount, []).append(at)
        return paid


class Loads(Purses):
    """Up to when everybody's income is spent while Phragmén's rule goes on; it is one minor unit per unit of time."""

    def __init__(self, supporters: Supporters) -> None:
        super().__init__(supporters, Fraction(0))

    def price(self, project: int) -> Fraction | None:
        """The time at which the supporters could buy a project."""
        source, loads = self.supporters, self.left
        people = sum(source.weights[at] for at in source.types[project])
        if not people:
            return None
        load = sum(source.weights[at] * loads[at] for at in source.types[project])
        return Fraction(source.costs[project] * self.unit + load, people * self.unit)

    def charge(self, project: int, rho: Fraction) -> dict[int, list[int]]:
        now = self.split_unit(rho)
        source, loads = self.supporters, self.left
        paid: dict[int, list[int]] = {}
        for at in source.types[project]:
            paid.setdefault(now - loads[at], []).append(at)
            loads[at] = now
        return paid
