"""The rules once more, as slowly and plainly as their definitions read, in fractions: what the fast ones must equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass
class SlowElection:
    """``utilities[i][j]``: what project ``j`` is worth to voter ``i`` (absent: nothing); one entry per voter."""

    costs: list[int]
    budget: int
    utilities: list[dict[int, int]]
    by_cost: bool = True
    ranks: list[int] = field(default_factory=list)
    eligible: set[int] = field(default_factory=set)
    rivals: list[set[int]] = field(default_factory=list)
    members: list[list[int]] = field(default_factory=list)
    purses: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        projects = range(len(self.costs))
        self.ranks = self.ranks or list(projects)
        self.eligible = self.eligible or set(projects)
        self.rivals = self.rivals or [set() for _ in projects]
        self.members = self.members or [[] for _ in projects]

    def worth(self, i: int, j: int) -> int:
        value = self.utilities[i].get(j, 0)
        return self.costs[j] if self.by_cost and value else value

    def open_projects(self, funded: Sequence[int]) -> list[int]:
        """Eligible, supported, not funded and not ruled out."""
        left = list(self.purses)
        for j in funded:
            for category in self.members[j]:
                left[category] -= self.costs[j]
        return [
            j
            for j in sorted(self.eligible - set(funded))
            if any(j in each for each in self.utilities)
            and not any(j in self.rivals[k] for k in funded)
            and all(left[c] >= self.costs[j] for c in self.members[j])
        ]

    def total(self, funded: Sequence[int]) -> int:
        return sum(self.costs[j] for j in funded)


def slow_rho(election: SlowElection, left: list[Fraction], j: int) -> Fraction | None:
    """The least rho at which the supporters of ``j`` cover its cost."""
    supporters = [i for i in range(len(left)) if j in election.utilities[i]]
    if sum(left[i] for i in supporters) < election.costs[j]:
        return None
    supporters.sort(key=lambda i: left[i] / election.worth(i, j))
    missing, worth = Fraction(election.costs[j]), sum(election.worth(i, j) for i in supporters)
    for i in supporters:
        if missing / worth * election.worth(i, j) <= left[i]:
            return missing / worth
        missing, worth = missing - left[i], worth - election.worth(i, j)
    raise AssertionError("affordable, but nobody pays")


def slow_equal_shares(election: SlowElection, endowment: Fraction) -> list[tuple[int, Fraction, list[int]]]:
    """Rounds of (project, rho, projects tied with it)."""
    left = [endowment] * len(election.utilities)
    rounds: list[tuple[int, Fraction, list[int]]] = []
    while True:
        funded = [j for j, _, _ in rounds]
        prices = {j: rho for j in election.open_projects(funded) if (rho := slow_rho(election, left, j)) is not None}
        if not prices:
            return rounds
        rho = min(prices.values())
        tied = sorted((j for j in prices if prices[j] == rho), key=lambda j: election.ranks[j])
        for i in range(len(left)):
            if tied[0] in election.utilities[i]:
                left[i] -= min(left[i], rho * election.worth(i, tied[0]))
        rounds.append((tied[0], rho, sorted(tied[1:])))


def slow_add1(
    election: SlowElection, start: Fraction, step: Fraction, exhaustive: bool
) -> tuple[list[tuple[int, Fraction, list[int]]], int]:
    """Equal shares at growing endowments: the last outcome within the budget, and the number of steps to it."""
    steps, rounds = 0, slow_equal_shares(election, start)
    while True:
        funded = [j for j, _, _ in rounds]
        remaining = election.open_projects(funded)
        room = election.budget - election.total(funded)
        if not remaining or (exhaustive and all(election.costs[j] > room for j in remaining)):
            return rounds, steps
        following = slow_equal_shares(election, start + (steps + 1) * step)
        if election.total([j for j, _, _ in following]) > election.budget:
            return rounds, steps
        steps, rounds = steps + 1, following


def slow_greedy(
    election: SlowElection, score: Callable[[int], Fraction], funded: Sequence[int] = (), skip: bool = True
) -> list[int]:
    """Best score first; what does not fit is passed over, or ends it."""
    chosen = list(funded)
    while remaining := election.open_projects(chosen):
        fitting = [j for j in remaining if election.total(chosen) + election.costs[j] <= election.budget]
        best = min(fitting if skip else remaining, key=lambda j: (-score(j), election.ranks[j]), default=None)
        if best is None or best not in fitting:
            break
        chosen.append(best)
    return chosen[len(funded) :]


def slow_phragmen(election: SlowElection) -> list[tuple[int, Fraction]]:
    """Everybody earns money at the same pace; a project is bought as soon as its supporters have its cost."""
    load = [Fraction(0)] * len(election.utilities)
    rounds: list[tuple[int, Fraction]] = []
    while True:
        funded = [j for j, _ in rounds]
        times = {}
        for j in election.open_projects(funded):
            if election.costs[j] <= election.budget:
                supporters = [i for i in range(len(load)) if j in election.utilities[i]]
                times[j] = (election.costs[j] + sum(load[i] for i in supporters)) / Fraction(len(supporters))
        first = [j for j in times if times[j] == min(times.values())]
        if not first or any(election.total(funded) + election.costs[j] > election.budget for j in first):
            return rounds
        best = min(first, key=lambda j: election.ranks[j])
        for i in range(len(load)):
            if best in election.utilities[i]:
                load[i] = times[best]
        rounds.append((best, times[best]))
