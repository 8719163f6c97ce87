"""What a rule needs of an election: costs, a budget, and who supports what by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.utilities_kernel import count_votes


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Supporters by project (compressed columns). Amounts are integers in minor currency units, utilities integers.

    The supporters of project ``j`` are the ballot types ``types[starts[j]:starts[j + 1]]``: first those that several
    people cast, from ``singles[j]`` on those that one person did, both ascending. ``utilities`` stands beside
    ``types`` and is positive, ``None`` meaning 1 for everybody. ``weights[t]`` people cast ballot type ``t``; what
    nobody cast supports nothing. A project nobody supports has an empty column. Projects are in the election's order.
    """

    costs: NDArray[np.int64]  # (projects,)
    budget: int
    weights: NDArray[np.int64]  # (ballot types,)
    starts: NDArray[np.int64]  # (projects + 1,)
    singles: NDArray[np.int64]  # (projects,)
    types: NDArray[np.int32]  # (entries,)
    utilities: NDArray[np.int64] | None = None  # (entries,)

    @property
    def voters(self) -> int:
        return int(self.weights.sum())

    @property
    def votes(self) -> NDArray[np.int64]:
        """How many people support each project."""
        return count_votes(self.starts, self.singles, self.types, self.weights)
