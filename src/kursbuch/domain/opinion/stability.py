"""How far groups can be relied on: would they come back with other people, or are they made of chance?

Two questions are asked of a landscape before it may speak of groups.

*Is there a direction at all?* Within each statement the stances are dealt out anew among those who took one; whoever
took how many stances, and how popular each statement is, stays as it is. If people differ along the first axis no more
than in such a picture of chance, no groups are claimed (Horn's parallel analysis as a permutation test; Horn 1965).

*Do the groups come back?* People are drawn anew with replacement, groups are learned from them, and everybody is put
into the nearest; the two groupings are compared by the adjusted Rand index, each group by the Jaccard index with
its counterpart (Hennig 2007, "Cluster-wise assessment of cluster stability"; Dolnicar and Leisch 2010). What a group
says is supported by the share of such draws in which its counterpart says it, too, significantly.

Everybody here is one of those whom groups were learned from, so the cost is bounded whatever the number of people.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion import threads
from kursbuch.domain.opinion.frame import Frame, centred, learn
from kursbuch.domain.opinion.grouping import group_votes
from kursbuch.domain.opinion.landscape import Overview
from kursbuch.domain.opinion.partial import partial, sums
from kursbuch.domain.opinion.representativeness import significant
from kursbuch.domain.opinion.settings import Settings
from kursbuch.domain.opinion.spectrum_kernel import extend
from kursbuch.domain.opinion.stances import Stance, Stances

Labels = NDArray[np.int64]
PERMUTING, RESAMPLING = range(2)  # each has its own stream of chance
LOOKS = 32


class Doubt(StrEnum):
    """Why a landscape must not speak of groups."""

    FEW_PEOPLE = "few people"
    ONE_GROUP = "one group"  # no two groups are large enough
    NO_DIRECTION = "no direction"  # people differ no more than by chance
    UNSTABLE = "unstable"  # other people would have made other groups


@dataclass(frozen=True, slots=True)
class Demands:
    """What is asked of groups before they are claimed.

    ``people`` in the picture; more difference along the first axis than in all of ``permutations`` pictures of chance
    (39: wrong once in 40 times, before the other demands); over ``resamples`` draws of people a median adjusted Rand
    index of ``agreement`` with the groups shown.
    """

    people: int = 30
    permutations: int = 39
    resamples: int = 40
    agreement: float = 0.6


@dataclass(frozen=True, slots=True)
class Said:
    """How often a group, drawn anew, says a thing again: a share of the draws. ``statement`` is a column."""

    statement: int
    stance: Stance
    support: float

    @property
    def certain(self) -> bool:
        """Whether it is said more often than not; else it should not be shown as what the group says."""
        return self.support > 0.5


@dataclass(frozen=True, slots=True)
class Kept:
    """A group by its colour number, the mean Jaccard index with its counterparts, and what it says."""

    number: int
    overlap: float
    says: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Stability:
    """Whether groups may be claimed, and what that rests on.

    ``direction`` is the variance along the first axis divided by the greatest among pictures of chance looked at,
    ``agreement`` the median adjusted Rand index; each is None where an earlier doubt made it needless.
    """

    people: int
    doubt: Doubt | None
    direction: float | None = None
    agreement: float | None = None
    groups: tuple[Kept, ...] = ()

    @property
    def claimed(self) -> bool:
        """Whether the groups may be shown as groups."""
        return self.doubt is None


def stability(overview: Overview, seed: int, demands: Demands | None = None) -> Stability:
    """Whether the groups of a landscape may be claimed; the same landscape and seed give the same answer."""
    demands = demands or Demands()
    learners = overview.partial.learners
    many = len(learners.people)
    if many < demands.people:
        return Stability(many, Doubt.FEW_PEOPLE)
    if overview.frame.clustering.k < 2:
        return Stability(many, Doubt.ONE_GROUP)
    direction = _direction(learners, overview, seed, demands)
    if direction <= 1.0:
        return Stability(many, Doubt.NO_DIRECTION, direction)
    with ThreadPoolExecutor(threads.usable()) as pool:
        draws = list(pool.map(lambda draw: _draw(overview, seed, draw), range(demands.resamples)))
    agreement = float(np.median([draw.agreement for draw in draws]))
    doubt = None if agreement >= demands.agreement else Doubt.UNSTABLE
    return Stability(many, doubt, direction, agreement, _kept(overview, draws))


def adjusted_rand_index(one: Labels, other: Labels) -> float:
    """How far two groupings (labels from 0) of the same people agree: 1 entirely, about 0 by chance (Hubert 1985)."""
    together = _shared(one, other)
    pairs, rows, columns = (float(_pairs(each).sum()) for each in (together, together.sum(1), together.sum(0)))
    all_pairs = float(_pairs(np.array(len(one))))
    expected = rows * columns / all_pairs if all_pairs else 0.0
    most = (rows + columns) / 2
    return (pairs - expected) / (most - expected) if most != expected else 1.0


def _pairs(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    halves: NDArray[np.int64] = counts * (counts - 1) // 2
    return halves


def _shared(one: Labels, other: Labels) -> NDArray[np.int64]:
    """(groups, other groups): how many people are in both."""
    rows, columns = int(one.max(initial=-1)) + 1, int(other.max(initial=-1)) + 1
    return np.bincount(one * columns + other, minlength=rows * columns).reshape(rows, columns)


def _direction(learners: Stances, overview: Overview, seed: int, demands: Demands) -> float:
    """Variance along the first axis as a multiple of the greatest by chance; at most 1 as soon as chance reaches it."""
    settings = replace(overview.settings, threads=1)
    found = _first_variance(learners, overview, settings)
    order = np.argsort(learners.statements, kind="stable")
    cuts = np.searchsorted(learners.statements[order], np.arange(1, len(learners.statement_ids)))
    greatest = 0.0
    for number in range(demands.permutations):
        chance = np.random.default_rng([seed, PERMUTING, number])
        dealt = learners.values[order]
        for column in np.split(dealt, cuts):
            chance.shuffle(column)
        values = np.empty_like(dealt)
        values[order] = dealt
        greatest = max(greatest, _first_variance(replace(learners, values=values), overview, settings))
        if greatest >= found:
            break
    return found / greatest if greatest else 0.0


def _first_variance(stances: Stances, overview: Overview, settings: Settings) -> float:
    """The variance along the first axis, as near as ``LOOKS`` Lanczos vectors come: to a thousandth or better."""
    _, gram = centred(sums(stances, settings), overview.frame.left_out)
    looks = min(LOOKS, len(gram))
    basis, diagonal, beside = np.zeros((looks + 1, len(gram))), np.zeros(looks), np.zeros(looks)
    start = np.random.default_rng(PERMUTING).standard_normal(len(gram))
    basis[0] = start / np.sqrt(start @ start)
    done = extend(gram, basis, diagonal, beside, 0, looks, np.zeros((0, len(gram))))
    beside = beside[: done - 1]
    return float(np.linalg.eigvalsh(np.diag(diagonal[:done]) + np.diag(beside, 1) + np.diag(beside, -1))[-1])


@dataclass(frozen=True, slots=True, eq=False)
class _Draw:
    """Groups learned from other people, compared with those shown; ``holds`` is by group shown, stance, statement."""

    agreement: float
    overlap: NDArray[np.float64]  # (groups,)
    holds: NDArray[np.bool_]  # (groups, 2, statements): agree, disagree


def _draw(overview: Overview, seed: int, number: int) -> _Draw:
    learners, shown = overview.partial.learners, overview.frame.clustering
    many = len(learners.people)
    settings = replace(overview.settings, threads=1, smoothing=0)
    rows = np.sort(np.random.default_rng([seed, RESAMPLING, number]).integers(many, size=many))
    people = replace(learners.rows(rows), people=np.arange(many))
    frame = learn(partial(people, settings), overview.moderation, settings)
    labels = _nearest(frame, learners)
    shared = _shared(shown.labels, labels)
    shared = np.pad(shared, ((0, 0), (0, frame.clustering.k - shared.shape[1])))
    jaccard = shared / np.maximum(1, shared.sum(1)[:, None] + shared.sum(0)[None, :] - shared)
    counterparts = jaccard.argmax(1)
    votes = group_votes(people, frame, settings).votes[: frame.clustering.k]
    return _Draw(adjusted_rand_index(shown.labels, labels), jaccard.max(1), significant(votes)[counterparts])


def _nearest(frame: Frame, people: Stances) -> Labels:
    """The group (from 0) whose centre is nearest to each person."""
    places, centres = frame.plain_places(people), frame.clustering.centres
    nearest: Labels = ((places[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
    return nearest


def _kept(overview: Overview, draws: list[_Draw]) -> tuple[Kept, ...]:
    overlaps = np.mean([draw.overlap for draw in draws], axis=0)
    holds = np.mean([draw.holds for draw in draws], axis=0)
    numbers = overview.frame.numbers.tolist()
    found = []
    for group in overview.groups:
        plain = numbers.index(group.number)
        says = tuple(
            Said(
                each.statement,
                each.stance,
                float(holds[plain, 0 if each.stance is Stance.AGREE else 1, each.statement]),
            )
            for each in group.says
        )
        found.append(Kept(group.number, float(overlaps[plain]), says))
    return tuple(found)
