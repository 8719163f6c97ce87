"""Runs equal shares and Phragmén once more in whole numbers, and keeps what shows that each choice was right.

Supporters only spend, so what a project costs them per unit of utility only rises: once evaluated, it is a bound for
all later rounds. A project is evaluated again only if its bound would let it win; these evaluations are the evidence.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kursbuch.domain.voting.ledger import Payment, Purses


@dataclass(frozen=True, slots=True)
class ProvenRound:
    """``evaluated`` holds the rho of other projects at the beginning of the round, ``None`` for not affordable."""

    project: int
    rho: Fraction
    payments: tuple[Payment, ...]
    evaluated: dict[int, Fraction | None]


@dataclass(slots=True)
class Replay:
    """One run, round by round. ``ranks`` is the order among projects that are exactly as good, the least one first."""

    purses: Purses
    ranks: Sequence[int]
    _heap: list[tuple[Fraction, int, int, int]] = field(default_factory=list)
    _round: int = 0
    _gone: set[int] = field(default_factory=set)

    def start(self, contenders: Iterable[int]) -> None:
        self._heap = [(Fraction(-1), self.ranks[project], project, -1) for project in contenders]
        heapq.heapify(self._heap)

    def next(self) -> ProvenRound | None:
        """The next project, not yet paid for; ``None`` if nothing is affordable any more."""
        evaluated: dict[int, Fraction | None] = {}
        while self._heap:
            rho, rank, project, seen = self._heap[0]
            if project in self._gone:
                heapq.heappop(self._heap)
            elif seen == self._round:
                evaluated.pop(project, None)
                return ProvenRound(project, rho, (), evaluated)
            else:
                now = evaluated[project] = self.purses.price(project)
                if now is None:
                    heapq.heappop(self._heap)
                else:
                    heapq.heapreplace(self._heap, (now, rank, project, self._round))
        return None

    def buy(self, chosen: ProvenRound, barred: Iterable[int]) -> ProvenRound:
        """Let the supporters pay for it; ``barred`` may not be funded any more."""
        self._round += 1
        self._gone |= {chosen.project, *barred}
        payments = self.purses.pay(chosen.project, chosen.rho)
        return ProvenRound(chosen.project, chosen.rho, payments, chosen.evaluated)
