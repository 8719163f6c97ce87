"""What a group says that others do not: Polis's published tests, for all groups and statements at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion.stances import Stance

Array = NDArray[np.float64]
Counts = NDArray[np.integer]
SIGNIFICANT = 1.2816  # of a standard normal, one in ten is beyond
MOST = 5  # statements that stand for a group


def share(success: Counts, trials: Counts) -> Array:
    """(A + 1) / (S + 2): the share of successes, drawn to a half where there are few trials."""
    return (success + 1.0) / (trials + 2.0)


def share_test(success: Counts, trials: Counts) -> Array:
    """How far the share is above a half, in standard deviations: 2 √(S + 1) ((A + 1) / (S + 1) − ½)."""
    found: Array = 2.0 * np.sqrt(trials + 1.0) * ((success + 1.0) / (trials + 1.0) - 0.5)
    return found


def difference_test(success: Counts, trials: Counts, other_success: Counts, other_trials: Counts) -> Array:
    """How far one share is above another, in standard deviations, with one success and one trial added to each."""
    one, other = success + 1.0, other_success + 1.0
    tried, other_tried = trials + 1.0, other_trials + 1.0
    pooled = (one + other) / (tried + other_tried)
    spread = np.sqrt(np.maximum(pooled * (1.0 - pooled), 0.0) * (1.0 / tried + 1.0 / other_tried))
    found: Array = np.divide(one / tried - other / other_tried, spread, out=np.zeros_like(spread), where=spread > 0)
    return found


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

    @property
    def metric(self) -> float:
        """By this representative statements are ranked."""
        return self.ratio * self.ratio_test * self.probability * self.test


@dataclass(frozen=True, eq=False)
class Comparison:
    """For each group (rows) and statement (columns): one stance's share, its test, and both against all others."""

    successes: Counts
    trials: Counts
    probability: Array
    test: Array
    ratio: Array
    ratio_test: Array

    @classmethod
    def of(cls, successes: Counts, trials: Counts) -> Comparison:
        elsewhere, tried_elsewhere = successes.sum(axis=0) - successes, trials.sum(axis=0) - trials
        probability = share(successes, trials)
        return cls(
            successes,
            trials,
            probability,
            share_test(successes, trials),
            probability / share(elsewhere, tried_elsewhere),
            difference_test(successes, trials, elsewhere, tried_elsewhere),
        )

    @cached_property
    def significant(self) -> NDArray[np.bool_]:
        return (self.test > SIGNIFICANT) & (self.ratio_test > SIGNIFICANT)

    def pick(self, group: int, statement: int, stance: Stance, best_agreed: bool = False) -> Representative:
        """What is known of one group and one statement."""
        at = group, statement
        return Representative(
            statement,
            stance,
            int(self.successes[at]),
            int(self.trials[at]),
            float(self.probability[at]),
            float(self.test[at]),
            float(self.ratio[at]),
            float(self.ratio_test[at]),
            best_agreed,
        )


def represent(votes: Counts, left_out: NDArray[np.bool_], most: int = MOST) -> list[tuple[Representative, ...]]:
    """For each group, at most ``most`` statements that stand for it: the best agreed first, agreement before rejection.

    ``votes`` is (groups, statements, 3): how many disagree, pass and agree. A statement stands for a group where both
    the stance's share and its distance from all others' are significant; where there is none, the statement that the
    group agrees with best, or else the one that sets it apart most. Source: Small et al. 2021, "Polis: Scaling
    deliberation by mapping high dimensional opinion spaces", and its published code.
    """
    trials = votes.sum(axis=2)
    agree, disagree = Comparison.of(votes[:, :, 2], trials), Comparison.of(votes[:, :, 0], trials)
    allowed = np.flatnonzero(~left_out)
    return [_of_group(group, agree, disagree, allowed, most) for group in range(len(votes))]


def _of_group(
    group: int, agree: Comparison, disagree: Comparison, allowed: NDArray[np.int64], most: int
) -> tuple[Representative, ...]:
    prefers = agree.ratio_test[group] > disagree.ratio_test[group]
    passing = []
    for statement in allowed[(agree.significant[group] | disagree.significant[group])[allowed]].tolist():
        side, stance = (agree, Stance.AGREE) if prefers[statement] else (disagree, Stance.DISAGREE)
        passing.append(side.pick(group, statement, stance))
    best = _best_agreed(group, agree, disagree, allowed)
    if not passing:
        if best is None:
            best = _most_apart(group, agree, disagree, allowed)
        return () if best is None else (best,)
    passing.sort(key=lambda each: (-each.metric, each.statement))
    if best is not None:
        passing = [best, *(each for each in passing if each.statement != best.statement)]
    chosen = passing[:most]
    return tuple(sorted(chosen, key=lambda each: each.stance is not Stance.AGREE))


def _best_agreed(
    group: int, agree: Comparison, disagree: Comparison, allowed: NDArray[np.int64]
) -> Representative | None:
    """The statement the group agrees with best, going through them in order as Polis does."""
    anyone = agree.successes[group] + disagree.successes[group] > 0
    general = agree.probability[group] * agree.test[group]
    metric = (general * agree.ratio[group] * agree.ratio_test[group]).tolist()
    ratio, apart = agree.ratio[group].tolist(), (agree.ratio[group] > 1.0) & (agree.probability[group] > 0.5)
    enough, agreed = ((agree.test[group] > SIGNIFICANT) | apart).tolist(), general.tolist()
    best = -1
    for statement in allowed[anyone[allowed]].tolist():
        if best < 0:
            better = enough[statement]
        elif ratio[best] > 1.0:
            better = metric[statement] > metric[best]
        else:
            better = agreed[statement] > agreed[best]
        if better:
            best = statement
    return None if best < 0 else agree.pick(group, best, Stance.AGREE, best_agreed=True)


def _most_apart(
    group: int, agree: Comparison, disagree: Comparison, allowed: NDArray[np.int64]
) -> Representative | None:
    """The statement on which the group differs most from all others, by the test; none where nobody said anything."""
    said = allowed[agree.trials[group, allowed] > 0]
    if not len(said):
        return None
    apart = np.maximum(agree.ratio_test[group, said], disagree.ratio_test[group, said])
    statement = int(said[np.argmax(apart)])
    if agree.ratio_test[group, statement] > disagree.ratio_test[group, statement]:
        return agree.pick(group, statement, Stance.AGREE)
    return disagree.pick(group, statement, Stance.DISAGREE)
