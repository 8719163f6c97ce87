"""An election made ready for equal shares: what the kernels need, computed once for any number of runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.constraints import Limits
from kursbuch.domain.voting.profile import Profile

from .kernels import UNIT, Course, Field, totals
from .round_kernels import not_ruled_out

GREATEST = 2**53  # amounts up to here are whole numbers in floating point
# Projects: what single precision can lose of an error in as many rounds is less than UPWARDS adds, and EVEN is beyond.
MOST = 2**15 - 2
MOST_ALIKE = 2**32 - 1  # people who cast one ballot type


_Kind = TypeVar("_Kind", bound=np.generic)


class TooLarge(OverflowError):
    """Amounts or utilities that do not fit the arithmetic."""


@dataclass(frozen=True, eq=False)
class Contest:
    """The projects that may be funded (``eligible``), who supports them, and what rules one out."""

    profile: Profile
    by_cost: bool
    field: Field
    eligible: NDArray[np.bool_]  # may be funded, and somebody supports it
    limits: Limits

    @classmethod
    def of(
        cls,
        profile: Profile,
        *,
        by_cost: bool = True,
        ranks: Sequence[int] | NDArray[np.int64] | None = None,
        eligible: NDArray[np.bool_] | None = None,
        limits: Limits | None = None,
    ) -> Contest:
        """``by_cost``: a project is worth its cost to its supporters; else the profile's utilities count.

        ``ranks``: which of equally good projects comes first (least). Raises ``TooLarge``.
        """
        projects = len(profile.costs)
        if by_cost and profile.utilities is not None:
            raise ValueError("cost utility leaves no room for other utilities")
        if projects and int(profile.costs.max()) > GREATEST:
            raise TooLarge(f"a cost above 2**53 minor units: {int(profile.costs.max())}")
        if projects and int(profile.costs.min()) <= 0:
            raise ValueError("a project without cost")
        if projects > MOST:
            raise TooLarge(f"more than {MOST} projects: {projects}")
        limits = limits or Limits.none(projects)
        starts, singles = _array(profile.starts, np.int64), _array(profile.singles, np.int64)
        types, weights = _array(profile.types, np.int32).view(np.uint32), _array(profile.weights, np.int64)
        values = np.empty(0, np.int64) if profile.utilities is None else _array(profile.utilities, np.int64)
        if len(weights) and int(weights.max()) > MOST_ALIKE:
            raise TooLarge(f"more than {MOST_ALIKE} people cast the same ballot: {int(weights.max())}")
        people = np.empty(len(types), dtype=np.uint32)
        votes, sums, peaks = totals(starts, singles, types, values, weights, people)
        if (sums < 0).any():
            raise TooLarge(f"the utilities of project {int(np.argmin(sums))} add up to more than 2**62")
        costs = profile.costs.astype(np.float64)
        field = Field(
            costs=costs,
            scales=costs if by_cost else np.ones(projects),
            votes=votes,
            totals=sums,
            peaks=peaks,
            ranks=np.arange(projects, dtype=np.int64) if ranks is None else np.array(ranks, dtype=np.int64),
            starts=starts,
            singles=singles,
            types=types,
            values=values,
            people=people,
            weights=weights,
            rival_starts=limits.rival_starts,
            rivals=limits.rivals,
            member_starts=limits.member_starts,
            members=limits.members,
            prices=_array(profile.costs, np.int64),
        )
        supported = votes > 0
        if eligible is not None:
            supported &= eligible
        return cls(profile, by_cost, field, supported & limits.affordable(profile.costs), limits)

    @cached_property
    def longest(self) -> int:
        """The most ballot types that support one project."""
        return int(np.diff(self.field.starts).max(initial=0))

    @cached_property
    def floor(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Each project's key if nobody is short of money, and the projects by it."""
        field = self.field
        floor = np.full(len(field.costs), np.inf)
        np.divide(field.costs, field.totals, out=floor, where=self.eligible)
        floor /= field.scales
        floor *= 1.0 - 8.0 * UNIT
        return floor, np.argsort(floor, kind="stable")

    def cost(self, funded: Sequence[int]) -> int:
        return sum(self.field.prices[list(funded)].tolist())

    def remaining(self, funded: Sequence[int]) -> NDArray[np.int64]:
        """Eligible projects that are neither funded nor ruled out: their supporters have too little."""
        order = np.array(funded, dtype=np.int64)
        return np.flatnonzero(not_ruled_out(self.field, self.eligible, self.limits.purses, order))

    def course(self, endowment: Fraction) -> Course:
        """The start of a run: everybody has ``endowment``."""
        field, projects = self.field, len(self.field.costs)
        amount = float(endowment)
        floor, order = self.floor
        types = len(field.weights)
        return Course(
            left=np.full(types, amount),
            errors=np.full(types, amount * 4.0 * UNIT, dtype=np.float32),
            exhausted=np.full(types, -1, dtype=np.int16),
            floor=floor.copy(),
            alive=self.eligible.copy(),
            order=order.copy(),
            purses=self.limits.purses.copy(),
            funded=np.zeros(projects, dtype=np.int64),
            prices=np.zeros(projects),
            open_=np.zeros(projects, dtype=np.int64),
            capped=np.zeros(projects, dtype=np.int64),
            ties=np.zeros((4 * projects + 16, 2), dtype=np.int64),
            near=np.empty(self.longest, dtype=np.uint32),
            contenders=np.zeros(projects, dtype=np.int64),
            lows=np.zeros(projects),
            highs=np.zeros(projects),
            whole=np.zeros(projects, dtype=np.bool_),
            sharp=np.zeros(projects, dtype=np.bool_),
            at=np.zeros(projects),
            spreads=np.zeros(projects),
            scalars=np.array([amount * 8.0 * UNIT, amount]),
            counts=np.zeros(5, dtype=np.int64),
        )


def _array(values: NDArray[np.generic], kind: type[_Kind]) -> NDArray[_Kind]:
    """Writable and contiguous, so that one compilation of each kernel serves all."""
    array: NDArray[_Kind] = np.ascontiguousarray(values, dtype=kind)
    return array if array.flags.writeable else array.copy()
