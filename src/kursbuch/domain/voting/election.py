"""An election as data: what could be funded, with how much money, and how people voted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class BallotKind(StrEnum):
    """How people could vote; the values are Pabulib's ``vote_type``."""

    APPROVAL = "approval"
    CHOOSE_ONE = "choose-1"
    CUMULATIVE = "cumulative"  # points from a common sum
    SCORING = "scoring"  # points for each project on its own
    RANKING = "ordinal"


@dataclass(frozen=True, slots=True)
class Project:
    """What could be funded. ``cost`` is in minor currency units (cents), always positive."""

    id: str
    cost: int
    name: str = ""
    categories: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    district: str = ""  # empty: city-wide


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """Ballots, equal ones grouped into one *ballot type*, in an order that does not depend on how they came in.

    Ballot type ``t`` names ``projects[starts[t]:starts[t + 1]]``: ascending for approvals and points, best first for
    rankings. ``points`` (same shape as ``projects``) are integers, fractions having been scaled away; ``None`` where
    nobody gave any. ``weights[t]`` people (or their weights added up) cast it, in ``districts[t]`` (an index into the
    election's districts, -1 for none; ``None`` where there are no districts).
    """

    kind: BallotKind
    starts: NDArray[np.int64]  # (types + 1,)
    projects: NDArray[np.int32]  # (entries,)
    points: NDArray[np.int64] | None  # (entries,)
    weights: NDArray[np.int64]  # (types,)
    districts: NDArray[np.int32] | None = None  # (types,)

    def __len__(self) -> int:
        """The number of ballot types."""
        return len(self.weights)

    @property
    def voters(self) -> int:
        return int(self.weights.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Election:
    """Projects, ballots and a budget in minor currency units; ``scale`` of them make one unit of ``currency``."""

    projects: tuple[Project, ...]
    ballots: Ballots
    budget: int
    scale: int = 1
    currency: str = ""
    districts: tuple[str, ...] = ()
    title: str = ""
