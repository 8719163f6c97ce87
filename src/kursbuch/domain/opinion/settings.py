"""What a landscape depends on besides stances: its thresholds, and what moderation says of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Moderation:
    """Ids of statements that are left out, and of those that are about people rather than the matter (meta)."""

    out: frozenset[int] = frozenset()
    meta: frozenset[int] = frozenset()

    @classmethod
    def of(cls, out: Iterable[int] = (), meta: Iterable[int] = ()) -> Moderation:
        return cls(frozenset(out), frozenset(meta))

    def left_out(self, statement_ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(statements,): which columns count as zero."""
        return _among(self.out, statement_ids)

    def about_people(self, statement_ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(statements,): which columns are meta."""
        return _among(self.meta, statement_ids)


def _among(chosen: frozenset[int], ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not chosen:
        return np.zeros(len(ids), dtype=bool)
    return np.fromiter((each in chosen for each in ids.tolist()), dtype=bool, count=len(ids))


@dataclass(frozen=True, slots=True)
class Settings:
    """Polis's published thresholds; those of our own are explained in decisions 19 and 20.

    Somebody counts with ``least_stances`` (or one on every statement, where there are fewer statements); where fewer
    than ``least_people`` do, those with the most stances are added. Groups are learned from at most ``learners``
    people. No picture has a group of fewer than ``minimum_group`` of them. With ``smoothing``, the number of groups
    follows a change only after so many equal rounds; that depends on the path and is off unless asked for.
    ``threads`` (0: as many as there are processors) changes no bit of the result.
    """

    least_stances: int = 7
    least_people: int = 15
    base_clusters: int = 100
    most_groups: int = 5
    bases_per_group: int = 12
    learners: int = 16_384
    minimum_group: int = 5
    smoothing: int = 0
    threads: int = 0

    def __post_init__(self) -> None:
        positive = (self.least_stances, self.least_people, self.base_clusters, self.bases_per_group, self.minimum_group)
        if min(positive) < 1 or not 1 <= self.most_groups <= 50 or min(self.smoothing, self.threads) < 0:
            raise ValueError("thresholds of a landscape are positive, and it has at most 50 groups")
        if self.learners < max(self.base_clusters, self.least_people):
            raise ValueError("there are fewer people to learn from than base clusters or people needed")
