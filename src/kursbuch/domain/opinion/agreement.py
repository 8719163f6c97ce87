"""What connects and what divides: agreement of everybody, of every group, and statements that set groups apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion.proportions import SIGNIFICANT, Array, Counts, difference_test, share, share_test
from kursbuch.domain.opinion.stances import Stance

_COLUMNS = ((Stance.AGREE, 2), (Stance.DISAGREE, 0))


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
    successes, trials = counts[:, 1 + stance], counts.sum(axis=1)
    probability, test = share(successes, trials), share_test(successes, trials)
    found = np.flatnonzero((probability > 0.5) & (test > SIGNIFICANT) & ~left_out)
    ranked = found[np.argsort(-(probability * test)[found], kind="stable")][:most].tolist()
    return tuple(
        Consensus(at, stance, int(successes[at]), int(trials[at]), float(probability[at]), float(test[at]))
        for at in ranked
    )


def group_aware_consensus(votes: Counts, stance: Stance = Stance.AGREE) -> Array:
    """(statements,): the product over groups of the share with that stance; ``votes`` is (groups, statements, 3).

    Zero where there are no groups.
    """
    if not len(votes):
        return np.zeros(votes.shape[1])
    product: Array = share(votes[:, :, 1 + stance], votes.sum(axis=2)).prod(axis=0)
    return product


def bridges(votes: Counts, left_out: NDArray[np.bool_], most: int = 5) -> tuple[Bridge, ...]:
    """At most ``most`` bridging statements, by group-aware consensus; none where there are fewer than two groups."""
    if len(votes) < 2:
        return ()
    found = []
    for stance, column in _COLUMNS:
        shares = share(votes[:, :, column], votes.sum(axis=2))
        product, least = shares.prod(axis=0), shares.min(axis=0)
        everywhere = np.flatnonzero((least > 0.5) & ~left_out).tolist()
        found += [Bridge(each, stance, float(product[each]), float(least[each])) for each in everywhere]
    return tuple(sorted(found, key=lambda each: (-each.consensus, each.statement))[:most])


def divides(votes: Counts, left_out: NDArray[np.bool_], most: int = 5) -> tuple[Divide, ...]:
    """At most ``most`` dividing statements: the groups that agree most and least differ significantly; widest first."""
    if len(votes) < 2:
        return ()
    agreed, trials = votes[:, :, 2], votes.sum(axis=2)
    shares = share(agreed, trials)
    columns = np.arange(votes.shape[1])
    high, low = shares.argmax(axis=0), shares.argmin(axis=0)
    spread = shares[high, columns] - shares[low, columns]
    test = difference_test(agreed[high, columns], trials[high, columns], agreed[low, columns], trials[low, columns])
    found = np.flatnonzero((test > SIGNIFICANT) & ~left_out)
    ranked = found[np.argsort(-spread[found], kind="stable")][:most].tolist()
    return tuple(Divide(at, float(spread[at]), int(high[at]), int(low[at]), float(test[at])) for at in ranked)
