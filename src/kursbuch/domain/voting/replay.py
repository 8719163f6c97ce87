"""Runs equal shares and Phragmén once more in whole numbers, and keeps what shows that each choice was right.

Supporters only spend, so what a project costs them per unit of utility only rises: once evaluated, it is a bound for
all later rounds. A project is evaluated again only if its bound would let it win; these evaluations are the evidence.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kursbuch.domain.voting.ledger import Payment, Purses


@dataclass(frozen=True, slots=True)
class ProvenRound:
    """``evaluated`` holds the rho of other projects at the beginning of the round, ``None`` for not affordable."""

    project: int
    rho: Fraction
    payments: tuple[Payment, ...]
    evaluated: dict[int, Fraction | None]

    def instead(self, others: Container[int]) -> ProvenRound:
        """The same round with one of the others, if one of them is exactly as good and this is none of them."""
        equal = sorted(other for other, rho in self.evaluated.items() if rho == self.rho and other in others)
        if not equal or self.project in others:
            return self
        rest = {other: rho for other, rho in self.evaluated.items() if other != equal[0]}
        return ProvenRound(equal[0], self.rho, (), {**rest, self.project: self.rho})


@dataclass(slots=True)
class Replay:
    """One run, round by round. ``ranks`` is the order among projects that are exactly as good, the least one first.

    ``out(project)`` says what may not be funded (any more).
    """

    purses: Purses
    ranks: Sequence[int]
    out: Callable[[int], bool]
    _heap: list[tuple[Fraction, int, int]] = field(default_factory=list)

    def start(self, contenders: Iterable[int]) -> None:
        self._heap = [(Fraction(-1), self.ranks[project], project) for project in contenders]
        heapq.heapify(self._heap)

    def next(self) -> ProvenRound | None:
        """The next project, not yet paid for; ``None`` if nothing is affordable any more.

        Evaluated is whatever might have been as good: all others are certain to be worse.
        """
        evaluated: dict[int, Fraction | None] = {}
        settled: list[tuple[Fraction, int, int]] = []
        while self._heap and (not settled or self._heap[0][0] <= settled[0][0]):
            _, rank, project = heapq.heappop(self._heap)
            if self.out(project):
                continue
            now = evaluated[project] = self.purses.price(project)
            if now is not None:
                heapq.heappush(settled, (now, rank, project))
        for each in settled:
            heapq.heappush(self._heap, each)
        if not settled:
            return None
        rho, _, project = settled[0]
        del evaluated[project]
        return ProvenRound(project, rho, (), evaluated)

    def buy(self, chosen: ProvenRound, tell: bool) -> ProvenRound:
        """Let the supporters pay for it; the round has their payments if it shall ``tell`` them."""
        if not tell:
            self.purses.charge(chosen.project, chosen.rho)
            return chosen
        return replace(chosen, payments=self.purses.pay(chosen.project, chosen.rho))
