"""What rules a project out once others are funded: incompatible projects and the budgets of categories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.election import Project


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """``rivals`` of project ``j``: ``rivals[rival_starts[j]:rival_starts[j + 1]]``; its categories likewise.

    ``purses[c]`` is the budget of category ``c`` in minor units.
    """

    rival_starts: NDArray[np.int64]
    rivals: NDArray[np.int32]
    member_starts: NDArray[np.int64]
    members: NDArray[np.int32]
    purses: NDArray[np.int64]

    @classmethod
    def none(cls, projects: int) -> Limits:
        starts, nothing = np.zeros(projects + 1, dtype=np.int64), np.zeros(0, dtype=np.int32)
        return cls(starts, nothing, starts, nothing, np.zeros(0, dtype=np.int64))

    @classmethod
    def of(cls, rivals: Sequence[Iterable[int]], members: Sequence[Iterable[int]], purses: Sequence[int]) -> Limits:
        return cls(*_columns(rivals), *_columns(members), np.array(purses, dtype=np.int64))

    @classmethod
    def among(
        cls, projects: Sequence[Project], budgets: Mapping[str, int], incompatible: Iterable[Iterable[str]]
    ) -> Limits:
        """Of named projects. Raises ``ValueError`` for a name that no project bears."""
        index = {project.id: number for number, project in enumerate(projects)}
        rivals: list[set[int]] = [set() for _ in projects]
        for group in incompatible:
            if unknown := sorted(set(group) - index.keys()):
                raise ValueError(f"incompatible projects that do not exist: {', '.join(unknown)}")
            numbers = {index[each] for each in group}
            for number in numbers:
                rivals[number] |= numbers - {number}
        known = {category for project in projects for category in project.categories}
        if unknown := sorted(budgets.keys() - known):
            raise ValueError(f"budgets for categories that no project has: {', '.join(unknown)}")
        if poor := sorted(name for name, amount in budgets.items() if amount < 0):
            raise ValueError(f"negative budgets for categories: {', '.join(poor)}")
        names = sorted(budgets)
        number_of = {name: number for number, name in enumerate(names)}
        members = [sorted({number_of[c] for c in project.categories if c in number_of}) for project in projects]
        return cls.of(rivals, members, [budgets[name] for name in names])

    def affordable(self, costs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which projects the budgets of their categories can pay for at all."""
        fits = np.ones(len(costs), dtype=np.bool_)
        owners = np.repeat(np.arange(len(costs)), np.diff(self.member_starts))
        fits[owners[self.purses[self.members] < costs[owners]]] = False
        return fits

    def bars(self, costs: NDArray[np.int64]) -> Bars:
        return Bars(self, costs)


class Bars:
    """Which projects are out because of those funded so far."""

    def __init__(self, limits: Limits, costs: NDArray[np.int64]) -> None:
        self._limits = limits
        self._costs: list[int] = costs.tolist()
        self._purses: list[int] = limits.purses.tolist()
        self._out: set[int] = set(np.flatnonzero(~limits.affordable(costs)).tolist())

    def out(self, project: int) -> bool:
        """Funded already, or ruled out."""
        return project in self._out

    def fund(self, project: int) -> None:
        limits = self._limits
        self._out.add(project)
        self._out.update(limits.rivals[limits.rival_starts[project] : limits.rival_starts[project + 1]].tolist())
        mine = limits.members[limits.member_starts[project] : limits.member_starts[project + 1]].tolist()
        for category in mine:
            self._purses[category] -= self._costs[project]
        if mine:
            for other in range(len(self._costs)):
                of = limits.members[limits.member_starts[other] : limits.member_starts[other + 1]].tolist()
                if any(self._purses[category] < self._costs[other] for category in of):
                    self._out.add(other)


def _columns(rows: Sequence[Iterable[int]]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    lists = [sorted(row) for row in rows]
    starts = np.zeros(len(lists) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in lists], out=starts[1:])
    return starts, np.array([each for row in lists for each in row], dtype=np.int32)
