"""Groups of people in the plane: base clusters first, then as many groups as show best, all without chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion import clusters_kernel as kernel
from kursbuch.domain.opinion.settings import Settings

Array = NDArray[np.float64]
TRIES = 24  # points at which one more group is begun
BASE_ROUNDS = 4  # base clusters only sum people up; they need not come to rest
TRY_ROUNDS = 50  # over base clusters
ROUNDS = 300
MOVES = 100  # of single people, where no round changes anything any more
SAME = 1e-9  # share by which the inertia of two different results differs at least


@dataclass(frozen=True, eq=False)
class Bases:
    """Small clusters that stand for the people in them; with few people each is one of their own."""

    centres: Array  # (bases, 2)
    weights: NDArray[np.int64]  # (bases,) people
    labels: NDArray[np.int64]  # (people,)


@dataclass(frozen=True, eq=False)
class Clustering:
    """``k`` groups of people, the largest first; ``silhouettes`` are those of every number of groups tried.

    ``inertia`` is the sum of squared distances of the people to the centres of their groups. ``candidate`` and
    ``rounds`` say, with smoothing, which other number of groups showed best in the last rounds and how often.
    """

    centres: Array  # (k, 2)
    labels: NDArray[np.int64]  # (people,)
    silhouettes: dict[int, float]
    inertia: float
    bases: Bases
    candidate: int = 0
    rounds: int = 0

    @property
    def k(self) -> int:
        return len(self.centres)


def base_clusters(points: Array, settings: Settings) -> Bases:
    """At most ``settings.base_clusters`` clusters of these points (people, 2); one each where there are no more."""
    if len(points) <= settings.base_clusters:
        return Bases(points, np.ones(len(points), dtype=np.int64), np.arange(len(points)))
    labels, many = kernel.split(points, settings.base_clusters)
    weights = np.bincount(labels, minlength=many)
    centres = _means(points, labels, many)
    if many > 1:
        kernel.lloyd(points, np.ones(len(points)), centres, labels, BASE_ROUNDS)
        weights = np.bincount(labels, minlength=many)
    taken = weights > 0
    return Bases(centres[taken], weights[taken], (np.cumsum(taken) - 1)[labels])


def _means(points: Array, labels: NDArray[np.int64], many: int) -> Array:
    sums = [np.bincount(labels, weights=points[:, axis], minlength=many) for axis in (0, 1)]
    means: Array = np.stack(sums, axis=1) / np.maximum(np.bincount(labels, minlength=many), 1)[:, None]
    return means


def cluster(points: Array, settings: Settings, previous: Clustering | None = None) -> Clustering:
    """Groups of these points (people, 2): k-means over base clusters, their number by silhouette, then over people.

    A number of groups that would leave one smaller than ``settings.minimum_group`` is passed over; where none is left,
    all are one group.
    """
    bases = base_clusters(points, settings)
    most = min(settings.most_groups, 2 + len(bases.centres) // settings.bases_per_group, len(bases.centres))
    if most < 2:
        return _one_group(points, bases, {})
    centres, inertia, shown = kernel.grow(bases.centres, bases.weights.astype(np.float64), most, TRIES, TRY_ROUNDS)
    silhouettes = dict(enumerate(shown[1:].tolist(), start=2))
    found: dict[int, Clustering] = {}
    for k in _by_silhouette(silhouettes):
        refined = _refined(points, centres[k - 1, :, :k], inertia[k - 1], bases, silhouettes)
        if np.bincount(refined.labels, minlength=k).min() >= settings.minimum_group:
            found[k] = refined
            if previous is None or not settings.smoothing or previous.k in found:
                break
    return _smoothed(found, previous, settings) if found else _one_group(points, bases, silhouettes)


def _by_silhouette(silhouettes: dict[int, float]) -> Iterator[int]:
    yield from sorted(silhouettes, key=lambda k: (-silhouettes[k], k))


def _smoothed(found: dict[int, Clustering], previous: Clustering | None, settings: Settings) -> Clustering:
    """The best number of groups, or with smoothing the former one until another was best often enough."""
    best = next(iter(found.values()))
    if not settings.smoothing or previous is None or previous.k not in found or best.k == previous.k:
        return best
    rounds = previous.rounds + 1 if previous.candidate == best.k else 1
    if rounds >= settings.smoothing:
        return best
    kept = found[previous.k]
    return Clustering(kept.centres, kept.labels, kept.silhouettes, kept.inertia, kept.bases, best.k, rounds)


def _refined(points: Array, starts: Array, inertia: Array, bases: Bases, silhouettes: dict[int, float]) -> Clustering:
    """The best of what k-means over people makes of the best results over base clusters, the largest group first."""
    tries = _distinct(inertia, max(2, min(12, 20_000 // len(points))))
    centres, labels, reached = kernel.refine(points, starts[tries], ROUNDS, MOVES)
    sizes = np.bincount(labels, minlength=len(centres))
    order = np.lexsort((centres[:, 1], centres[:, 0], -sizes))
    return Clustering(centres[order], np.argsort(order)[labels], silhouettes, reached, bases)


def _distinct(inertia: Array, most: int) -> list[int]:
    """The starts with the least inertia, one of those that ended alike."""
    chosen: list[int] = []
    reached = inertia.tolist()
    for start in sorted(range(len(reached)), key=reached.__getitem__):
        if not chosen or reached[start] > reached[chosen[-1]] * (1 + SAME):
            chosen.append(start)
        if len(chosen) == most:
            break
    return chosen


def _one_group(points: Array, bases: Bases, silhouettes: dict[int, float]) -> Clustering:
    labels = np.zeros(len(points), dtype=np.int64)
    centres = _means(points, labels, 1) if len(points) else np.zeros((0, 2))
    inertia = float(((points - centres[:1]) ** 2).sum()) if len(points) else 0.0
    return Clustering(centres, labels, silhouettes, inertia, bases)
