"""Sequential Phragmén: all earn money at the same pace, and a project is bought as soon as its supporters have it.

Phragmén (1894); for costs: Los, Christoff, Grossi: Proportional Budget Allocations (IJCAI 2022).
"""

from __future__ import annotations

import heapq
from fractions import Fraction

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kursbuch.domain.voting.constraints import Limits
from kursbuch.domain.voting.outcome import Outcome, Round, Stage
from kursbuch.domain.voting.profile import Profile


@njit(cache=True, nogil=True)
def _count_by_round(
    types: NDArray[np.int32], weights: NDArray[np.int64], paid: NDArray[np.int32], out: NDArray[np.int64]
) -> None:
    """How many of these people paid last in which round; those who never did are not counted."""
    for t in types:
        if paid[t] >= 0:
            out[paid[t]] += weights[t]


def phragmen(
    profile: Profile,
    *,
    ranks: NDArray[np.int64] | None = None,
    eligible: NDArray[np.bool_] | None = None,
    limits: Limits | None = None,
) -> Outcome:
    """The projects bought, each at its time: the money (minor units) that everybody has earned by then.

    It ends when a project whose turn it is, alone or together with others, costs more than is left; what costs more
    than the budget never has its turn. The profile's utilities do not matter, only who supports what.
    """
    projects, supporters = len(profile.costs), profile.votes.tolist()
    places = list(range(projects)) if ranks is None else ranks.tolist()
    costs: list[int] = profile.costs.tolist()
    columns = [np.array(profile.types[profile.starts[j] : profile.starts[j + 1]], np.int32) for j in range(projects)]
    weights = np.array(profile.weights, dtype=np.int64)
    paid = np.full(len(weights), -1, dtype=np.int32)  # the round in which each ballot type paid last
    shut = (limits or Limits.none(projects)).bars(profile.costs)
    heap = [
        (Fraction(costs[j], supporters[j]), j, 0)
        for j in range(projects)
        if supporters[j] and costs[j] <= profile.budget and (eligible is None or eligible[j]) and not shut.out(j)
    ]
    heapq.heapify(heap)
    rounds: list[Round] = []
    times: list[Fraction] = []
    room = profile.budget

    def time_of(j: int) -> Fraction:
        counts = np.zeros(len(rounds), dtype=np.int64)
        _count_by_round(columns[j], weights, paid, counts)
        spent = sum((time * count for time, count in zip(times, counts.tolist(), strict=True) if count), Fraction(0))
        return Fraction(costs[j] + spent) / int(supporters[j])

    while heap:
        turn: list[int] = []
        now: Fraction | None = None
        while heap and (now is None or heap[0][0] == now):
            time, j, seen = heapq.heappop(heap)
            if shut.out(j):
                continue
            if seen < len(rounds):  # times only rise: the old one was a bound
                heapq.heappush(heap, (time_of(j), j, len(rounds)))
                continue
            now = time
            turn.append(j)
        if now is None or any(costs[j] > room for j in turn):
            break
        best = min(turn, key=places.__getitem__)
        tied = tuple(sorted(j for j in turn if j != best))
        for j in tied:
            heapq.heappush(heap, (now, j, len(rounds)))
        paid[columns[best]] = len(rounds)
        times.append(now)
        rounds.append(Round(best, Stage.PHRAGMEN, now, tied))
        room -= costs[best]
        shut.fund(best)
    return Outcome(tuple(rounds))
