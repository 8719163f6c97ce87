"""What connects and what divides: agreement of everybody, of every group, and statements that set groups apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion import agreement_kernel as kernel
from kursbuch.domain.opinion.proportions import Array, Counts
from kursbuch.domain.opinion.representativeness import STANCES
from kursbuch.domain.opinion.stances import Stance


@dataclass(frozen=True, slots=True)
class Consensus:
    """A statement that most people, whatever their group, agree or disagree with."""

    statement: int
    stance: Stance
    successes: int
    trials: int
    probability: float
    test: float


@dataclass(frozen=True, slots=True)
class Bridge:
    """A statement on which more than half of *every* group take the same stance.

    ``consensus`` is the product of the groups' shares; ``least`` is the share in the group where it is smallest.
    """

    statement: int
    stance: Stance
    consensus: float
    least: float


@dataclass(frozen=True, slots=True)
class Divide:
    """A statement on which two groups differ: ``spread`` is the difference of the shares that agree.

    ``most`` and ``least`` are the groups (rows) with the greatest and the smallest share; ``test`` says by how many
    standard deviations they differ.
    """

    statement: int
    spread: float
    most: int
    least: int
    test: float


def consensus(counts: Counts, left_out: NDArray[np.bool_], stance: Stance, most: int = 5) -> tuple[Consensus, ...]:
    """At most ``most`` statements with that stance's share above a half and significantly so, by share × test.

    ``counts`` is (statements, 3) over all people: how many disagree, pass, agree.
    """
    chosen, shares, tests = kernel.agreed(counts, 1 + stance, left_out, most)
    return tuple(
        Consensus(at, stance, int(counts[at, 1 + stance]), int(counts[at].sum()), float(shares[at]), float(tests[at]))
        for at in chosen.tolist()
    )


def group_aware_consensus(votes: Counts, stance: Stance = Stance.AGREE) -> Array:
    """(statements,): the product over groups of the share with that stance; ``votes`` is (groups, statements, 3).

    Zero where there are no groups.
    """
    if not len(votes):
        return np.zeros(votes.shape[1])
    found: Array = kernel.product(votes, 1 + stance)[0]
    return found


def bridges(votes: Counts, left_out: NDArray[np.bool_], most: int = 5) -> tuple[Bridge, ...]:
    """At most ``most`` bridging statements, by group-aware consensus; none where there are fewer than two groups."""
    if len(votes) < 2:
        return ()
    chosen, found = kernel.bridges(votes, left_out, most)
    places = [divmod(each, 2) for each in chosen.tolist()]
    return tuple(Bridge(at, STANCES[side], *(float(each[at]) for each in found[side])) for at, side in places)


def divides(votes: Counts, left_out: NDArray[np.bool_], most: int = 5) -> tuple[Divide, ...]:
    """At most ``most`` dividing statements: the groups that agree most and least differ significantly; widest first."""
    if len(votes) < 2:
        return ()
    chosen, groups, figures = kernel.divides(votes, left_out, most)
    return tuple(
        Divide(at, float(figures[0, at]), int(groups[0, at]), int(groups[1, at]), float(figures[1, at]))
        for at in chosen.tolist()
    )
