"""Stances of people on statements, kept sparse: only what somebody really said is stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kursbuch.domain.opinion import stances_kernel as kernel

MOST_STATEMENTS = 65_535  # a column's number takes two bytes
CLOSE = 4  # ids that leave fewer gaps are looked up in a table instead of being hashed


class Stance(IntEnum):
    """What somebody thinks of a statement; having said nothing is no stance."""

    DISAGREE = -1
    PASS = 0
    AGREE = 1


@dataclass(frozen=True, slots=True, eq=False)
class Stances:
    """A people × statements matrix as compressed rows; a person's last stance on a statement is the one that counts.

    Person ``i`` took ``values[starts[i]:starts[i + 1]]`` (of :class:`Stance`) on the statements
    ``statements[starts[i]:starts[i + 1]]``, ascending. ``people`` and ``statement_ids`` name rows and
    columns, ascending. A stance takes three bytes.
    """

    people: NDArray[np.int64]  # (people,)
    statement_ids: NDArray[np.int64]  # (statements,)
    starts: NDArray[np.int64]  # (people + 1,)
    statements: NDArray[np.uint16]  # (stances,) column indices
    values: NDArray[np.int8]  # (stances,)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.people), len(self.statement_ids)

    def __len__(self) -> int:
        """The number of stances."""
        return len(self.values)

    def rows(self, picked: NDArray[np.int64]) -> Stances:
        """The people with these row numbers, ascending and each once."""
        starts, statements, values = kernel.pick(self.starts, self.statements, self.values, picked)
        return Stances(self.people[picked], self.statement_ids, starts, statements, values)

    def over(self, statement_ids: NDArray[np.int64]) -> Stances:
        """The same stances with further columns; ``statement_ids`` are ascending and hold all there are here."""
        if np.array_equal(statement_ids, self.statement_ids):
            return self
        if len(statement_ids) > MOST_STATEMENTS:
            raise ValueError(f"{len(statement_ids)} statements are more than {MOST_STATEMENTS}")
        columns = np.searchsorted(statement_ids, self.statement_ids)
        if len(columns) and (columns[-1] >= len(statement_ids) or (statement_ids[columns] != self.statement_ids).any()):
            raise ValueError("a statement is missing among those named")
        statements = columns.astype(np.uint16)[self.statements]
        return Stances(self.people, statement_ids, self.starts, statements, self.values)


def stances_of(people: ArrayLike, statements: ArrayLike, values: ArrayLike, order: ArrayLike | None = None) -> Stances:
    """Stances from triples in any order; of several by one person on one statement the last one counts.

    The last one is the one with the greatest ``order`` (a time, say), or without it, and among equals, the one that
    stands last. Raises ``ValueError`` where lengths differ, a value is no stance, or there are too many statements.
    """
    who, what = np.ascontiguousarray(people, dtype=np.int64), np.ascontiguousarray(statements, dtype=np.int64)
    said = np.asarray(values)
    if not len(who) == len(what) == len(said) or (order is not None and len(np.asarray(order)) != len(who)):
        raise ValueError("people, statements, values and order differ in length")
    person_ids, row = _ranks(who)
    statement_ids, column = _ranks(what)
    if len(statement_ids) > MOST_STATEMENTS:
        raise ValueError(f"{len(statement_ids)} statements are more than {MOST_STATEMENTS}")
    compressed = kernel.sort_rows(row, column, _said(said), _times(order), len(person_ids), len(statement_ids))
    return Stances(person_ids, statement_ids, *compressed)


def _said(values: NDArray[np.generic]) -> NDArray[np.int8]:
    if values.dtype != np.int8 or (len(values) and (values.min() < -1 or values.max() > 1)):
        wrong = np.flatnonzero((values != -1) & (values != 0) & (values != 1))
        if len(wrong):
            raise ValueError(f"stance {wrong[0]} is {values[wrong[0]]}, but can only be -1, 0 or 1")
    return np.ascontiguousarray(values, dtype=np.int8)


def _times(order: ArrayLike | None) -> NDArray[np.int64]:
    """The order in which stances were taken; empty where it is that in which they stand."""
    times = np.ascontiguousarray([] if order is None else order)
    if not len(times) or not (times[1:] < times[:-1]).any():
        return np.zeros(0, dtype=np.int64)
    if not np.can_cast(times.dtype, np.int64):
        times = np.unique(times, return_inverse=True)[1]
    return times.astype(np.int64, copy=False)


def _ranks(ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The distinct ids, ascending, and for each id its place among them."""
    if len(ids):
        low = int(ids.min())
        span = int(ids.max()) - low + 1
        if span <= CLOSE * len(ids):
            ranks: tuple[NDArray[np.int64], NDArray[np.int32]] = kernel.close_ranks(ids, low, span)
            return ranks
    distinct, place = kernel.distinct(ids)
    ascending = np.argsort(distinct)
    rank = np.empty(len(distinct), dtype=np.int32)
    rank[ascending] = np.arange(len(distinct), dtype=np.int32)
    return distinct[ascending], rank[place]


def union(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """All ids of both, ascending, as each of them is."""
    if np.array_equal(left, right):
        return left
    both = np.sort(np.concatenate([left, right]), kind="stable")
    first = np.ones(len(both), dtype=bool)
    first[1:] = both[1:] != both[:-1]
    return both[first]


def merged(old: Stances, new: Stances) -> Stances:
    """All stances of both; where both have one of the same person on the same statement, ``new`` counts."""
    statement_ids = union(old.statement_ids, new.statement_ids)
    old, new = old.over(statement_ids), new.over(statement_ids)
    people = union(old.people, new.people)
    starts, statements, values = kernel.merge(
        len(people),
        np.searchsorted(people, old.people),
        old.starts,
        old.statements,
        old.values,
        np.searchsorted(people, new.people),
        new.starts,
        new.statements,
        new.values,
    )
    return Stances(people, statement_ids, starts, statements, values)
