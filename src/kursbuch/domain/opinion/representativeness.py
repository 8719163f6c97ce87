"""What a group says that others do not, by Polis's published tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion import representativeness_kernel as kernel
from kursbuch.domain.opinion.proportions import SIGNIFICANT, Counts
from kursbuch.domain.opinion.stances import Stance

MOST = 5  # statements that stand for a group
STANCES = (Stance.AGREE, Stance.DISAGREE)  # by the kernel's number of a side


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement that stands for a group, and how it was found; ``statement`` is its column."""

    statement: int
    stance: Stance  # agree or disagree
    successes: int  # people of the group with that stance
    trials: int  # people of the group with any
    probability: float  # share of that stance
    test: float
    ratio: float  # to the share among everybody else
    ratio_test: float
    best_agreed: bool = False


def significant(votes: Counts) -> NDArray[np.bool_]:
    """(groups, 2, statements): whether those who agree, and those who disagree, set a group apart significantly."""
    figures = kernel.compare(votes)
    found: NDArray[np.bool_] = (figures[..., kernel.TEST] > SIGNIFICANT) & (
        figures[..., kernel.RATIO_TEST] > SIGNIFICANT
    )
    return found


def represent(votes: Counts, left_out: NDArray[np.bool_], most: int = MOST) -> list[tuple[Representative, ...]]:
    """For each group, at most ``most`` statements that stand for it: the best agreed first, agreement before rejection.

    ``votes`` is (groups, statements, 3): how many disagree, pass and agree. A statement stands for a group where both
    the stance's share and its distance from all others' are significant; where there is none, the statement that the
    group agrees with best, or else the one that sets it apart most. Source: Small et al. 2021, "Polis: Scaling
    deliberation by mapping high dimensional opinion spaces", and its published code.
    """
    figures = kernel.compare(votes)
    found = []
    for of_group, said in zip(figures, votes, strict=True):
        statements, sides, best_agreed = kernel.choose(of_group, said, left_out, most)
        chosen = [
            _representative(of_group, said, statement, side, best_agreed and place == 0)
            for place, (statement, side) in enumerate(zip(statements.tolist(), sides.tolist(), strict=True))
        ]
        found.append(tuple(sorted(chosen, key=lambda each: each.stance is not Stance.AGREE)))
    return found


def _representative(
    figures: NDArray[np.float64], votes: Counts, statement: int, side: int, best_agreed: bool
) -> Representative:
    said, stance = votes[statement].tolist(), STANCES[side]
    probability, test, ratio, ratio_test = figures[side, statement].tolist()
    return Representative(
        statement, stance, said[1 + stance], sum(said), probability, test, ratio, ratio_test, best_agreed
    )
