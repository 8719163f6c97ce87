"""Stances of people on statements, kept sparse: only what somebody really said is stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


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
    columns, ascending.
    """

    people: NDArray[np.int64]  # (people,)
    statement_ids: NDArray[np.int64]  # (statements,)
    starts: NDArray[np.int64]  # (people + 1,)
    statements: NDArray[np.int32]  # (stances,) column indices
    values: NDArray[np.int8]  # (stances,)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.people), len(self.statement_ids)

    def __len__(self) -> int:
        """The number of stances."""
        return len(self.values)
