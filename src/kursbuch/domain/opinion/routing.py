"""Which statement somebody sees next: drawn with the statements' priorities as weights, never what is done with.

A draw without replacement takes the statements with the least ``e / priority``, ``e`` being exponential: the first
one then has exactly the chance ``priority / sum of priorities``, and so has each further one among those that are left
(Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Routing:
    """What people may be asked: statements by id, ascending, and how much each is worth asking.

    ``priorities`` are positive and come from the landscape. ``seeds`` are the ids of statements that come before all
    others until somebody has taken ``seeds_first`` stances on them, so that people who came at different times have
    some ground in common. Statements that are moderated out are left away when this is made.
    """

    statement_ids: NDArray[np.int64]  # (statements,)
    priorities: NDArray[np.float64]  # (statements,)
    seeds: NDArray[np.bool_]  # (statements,)
    seeds_first: int = 0


def routing(
    statement_ids: NDArray[np.int64],
    priorities: NDArray[np.float64],
    *,
    out: NDArray[np.int64] | None = None,
    seeds: NDArray[np.int64] | None = None,
    seeds_first: int = 0,
) -> Routing:
    """The statements that may still be asked. ``out`` are ids that never are, ``seeds`` those that come first.

    Raises ``ValueError`` for lengths that differ, ids that do not ascend, and priorities that are no positive number:
    with a priority of 0 a statement would never be heard, and nobody would notice.
    """
    if len(statement_ids) != len(priorities):
        raise ValueError(f"{len(statement_ids)} statements, but {len(priorities)} priorities")
    if (np.diff(statement_ids) <= 0).any():
        raise ValueError("the ids of the statements do not ascend")
    kept = np.isin(statement_ids, _ids(out), invert=True)
    wrong = np.flatnonzero(kept & ~(np.isfinite(priorities) & (priorities > 0)))
    if len(wrong):
        raise ValueError(f"the priority of statement {statement_ids[wrong[0]]} is {priorities[wrong[0]]}")
    ids = statement_ids[kept]
    return Routing(ids, priorities[kept], np.isin(ids, _ids(seeds)), seeds_first)


def next_statements(
    asked: Routing, answered: NDArray[np.int64], chance: np.random.Generator, count: int = 1
) -> NDArray[np.int64]:
    """Ids of up to ``count`` different statements for somebody, in the order in which to ask them.

    ``answered`` are the ids on which that person has a stance; fewer than ``count`` come back where fewer are left.
    Exactly one number is drawn from ``chance`` for each statement, whatever has been answered.
    """
    waits = chance.standard_exponential(len(asked.statement_ids)) / asked.priorities
    done = np.isin(asked.statement_ids, answered)
    order = np.argsort(waits, kind="stable")
    order = order[~done[order]]
    missing = asked.seeds_first - int((asked.seeds & done).sum())
    if missing > 0:
        first = order[asked.seeds[order]][:missing]
        order = np.concatenate([first, order[np.isin(order, first, invert=True)]])
    return asked.statement_ids[order[:count]]


def _ids(given: NDArray[np.int64] | None) -> NDArray[np.int64]:
    return np.empty(0, dtype=np.int64) if given is None else given
