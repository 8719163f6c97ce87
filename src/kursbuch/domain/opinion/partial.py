"""What a landscape needs of all stances, small and mergeable: whole numbers, and the people groups are learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion import sums_kernel as kernel
from kursbuch.domain.opinion import threads
from kursbuch.domain.opinion.settings import Settings
from kursbuch.domain.opinion.stances import Stances, merged

MOST_PEOPLE = 2**31 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Counts over people; those of different people are added exactly, whatever the order.

    ``pairs`` holds, for each pair j < k of statements (in the order of the upper triangle, after one unused column),
    over everybody with a stance on both: how many they are, and the sums of v_j v_k, of v_j and of v_k.
    """

    people: int
    counted: int  # of them, who took enough stances to stand in the picture
    counts: NDArray[np.int64]  # (statements, 3): disagree, pass, agree
    pairs: NDArray[np.int32]  # (4, statements (statements - 1) / 2 + 1)

    def __add__(self, other: Sums) -> Sums:
        if self.people + other.people > MOST_PEOPLE:
            raise OverflowError(f"more than {MOST_PEOPLE} people")
        return Sums(
            self.people + other.people,
            self.counted + other.counted,
            self.counts + other.counts,
            self.pairs + other.pairs,
        )

    def changed(self, before: Stances, after: Stances, settings: Settings) -> Sums:
        """The same after some people's stances ``before`` became those ``after``."""
        counts, pairs = self.counts.copy(), self.pairs.copy()
        lost = _count(before, 0, len(before.people), settings, -1, counts, pairs)
        won = _count(after, 0, len(after.people), settings, 1, counts, pairs)
        people = self.people - len(before.people) + len(after.people)
        if people > MOST_PEOPLE:
            raise OverflowError(f"more than {MOST_PEOPLE} people")
        return Sums(people, self.counted - lost + won, counts, pairs)


def _count(
    stances: Stances,
    first: int,
    end: int,
    settings: Settings,
    sign: int,
    counts: NDArray[np.int64],
    pairs: NDArray[np.int32],
) -> int:
    least = min(settings.least_stances, len(stances.statement_ids))
    of = stances
    return int(kernel.count(of.starts, of.statements, of.values, first, end, least, sign, counts, pairs))


def sums(stances: Stances, settings: Settings) -> Sums:
    """Counts and pair counts of these stances, in time proportional to the squares of the rows' lengths."""
    people, statements = stances.shape
    if people > MOST_PEOPLE:
        raise OverflowError(f"more than {MOST_PEOPLE} people")

    def work(first: int, end: int) -> Sums:
        counts = np.zeros((statements, 3), dtype=np.int64)
        pairs = np.zeros((4, statements * (statements - 1) // 2 + 1), dtype=np.int32)
        counted = _count(stances, first, end, settings, 1, counts, pairs)
        return Sums(end - first, counted, counts, pairs)

    parts = threads.over(people, work, settings.threads or threads.usable())
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


@dataclass(frozen=True, slots=True, eq=False)
class Partial:
    """The sums over some people and those of them from whom groups may be learned.

    Partials of different people are merged with ``+``, exactly and in any order. All must be over the same statements.
    """

    statement_ids: NDArray[np.int64]
    sums: Sums
    learners: Stances

    def __add__(self, other: Partial) -> Partial:
        if not np.array_equal(self.statement_ids, other.statement_ids):
            raise ValueError("partials are over different statements")
        together = merged(self.learners, other.learners)
        if len(together.people) != len(self.learners.people) + len(other.learners.people):
            raise ValueError("somebody is in both partials")
        return Partial(self.statement_ids, self.sums + other.sums, together)

    def over(self, statement_ids: NDArray[np.int64]) -> Partial:
        """The same with further columns on which nobody has said anything."""
        columns = np.searchsorted(statement_ids, self.statement_ids)
        counts = np.zeros((len(statement_ids), 3), dtype=np.int64)
        counts[columns] = self.sums.counts
        pairs = np.zeros((4, len(statement_ids) * (len(statement_ids) - 1) // 2 + 1), dtype=np.int32)
        kernel.spread_pairs(self.sums.pairs, columns, len(statement_ids), pairs)
        widened = Sums(self.sums.people, self.sums.counted, counts, pairs)
        return Partial(statement_ids, widened, self.learners.over(statement_ids))

    def settled(self, settings: Settings) -> Partial:
        """The same with those learners only who are needed for as many people as these."""
        return Partial(self.statement_ids, self.sums, choose(self.learners, self.sums.counted, settings))


def partial(stances: Stances, settings: Settings | None = None) -> Partial:
    """The part of these people; every shard must have all columns (``Stances.over``) and whole people."""
    settings = settings or Settings()
    counted = sums(stances, settings)
    return Partial(stances.statement_ids, counted, choose(stances, counted.counted, settings))


def choose(stances: Stances, counted: int, settings: Settings) -> Stances:
    """Of these people, those from whom groups are learned when ``counted`` people in all took enough stances.

    Everybody who counts, up to ``settings.learners`` of them; above, half as many each time that number doubles,
    picked by a hash of their id and so for ever in the same order. While fewer than ``settings.least_people`` count,
    also those with the most stances (of equal ones the lowest id) to make up their number.
    """
    most_lack = max(0, settings.least_people - counted)
    rows = kernel.learners(
        stances.people,
        stances.starts,
        min(settings.least_stances, len(stances.statement_ids)),
        level(counted, settings),
    )
    if most_lack:
        others = np.setdiff1d(np.arange(len(stances.people)), rows, assume_unique=True)
        many = stances.starts[others + 1] - stances.starts[others]
        others = others[many > 0]
        best = np.lexsort((stances.people[others], -many[many > 0]))
        rows = np.union1d(rows, others[best[:most_lack]])
    return stances if len(rows) == len(stances.people) else stances.rows(rows)


def level(counted: int, settings: Settings) -> int:
    """How often the people to learn from were halved."""
    return max(0, (max(counted, 1) - 1) // settings.learners).bit_length()
