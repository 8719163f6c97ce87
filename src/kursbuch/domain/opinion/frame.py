"""The frame of a picture: axes, centres of groups and their colours; from mergeable sums alone, steady over time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion import map_kernel, sums_kernel, threads
from kursbuch.domain.opinion.clusters import Clustering, cluster
from kursbuch.domain.opinion.components import Components, principal_axes
from kursbuch.domain.opinion.partial import Partial, Sums
from kursbuch.domain.opinion.settings import Moderation, Settings
from kursbuch.domain.opinion.stances import Stances

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Frame:
    """Where people stand and which group is whose, before looking at more people than those it was learned from.

    Places and centres here are in the *plain* picture, which depends on the stances alone. ``view`` turns or mirrors it
    into the *shown* one, ``numbers`` give its groups their colours; both follow the picture before, if there was one.
    """

    statement_ids: NDArray[np.int64]
    left_out: NDArray[np.bool_]  # (statements,)
    components: Components
    clustering: Clustering
    learners: NDArray[np.int64]  # ids, ascending; clustering.labels are theirs
    added: NDArray[np.int64]  # ids of people in the picture although they took few stances
    least: int  # stances that somebody in the picture took
    view: Array  # (2, 2) orthogonal, plain → shown
    numbers: NDArray[np.int8]  # (k,) colour of each plain group

    def plain_places(self, stances: Stances, parts: int = 1) -> Array:
        """(people, 2): where these people stand in the plain picture."""
        return placed(stances, self.components.cells, self.left_out, parts)

    def places(self, stances: Stances, parts: int = 1) -> Array:
        """(people, 2): where these people stand in the shown picture."""
        return placed(stances, turned(self.components.cells.T, self.view).T, self.left_out, parts)


def placed(stances: Stances, cells: Array, left_out: NDArray[np.bool_], parts: int = 1) -> Array:
    """(people, 2): where people stand whose every stance adds what is in ``cells`` (2, 3 statements)."""
    found = np.empty((len(stances.people), 2))
    of, table, many_out = stances, np.ascontiguousarray(cells), int(left_out.sum())

    def work(first: int, end: int) -> None:
        map_kernel.places(of.starts, of.statements, of.values, first, end, table, left_out, many_out, found)

    threads.over(len(stances.people), work, parts)
    return found


def centred(sums: Sums, left_out: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Means (statements,) and the Gram matrix (kept, kept) of stances centred on them, without statements left out."""
    found: tuple[Array, Array] = sums_kernel.centred(sums.counts, sums.pairs, np.flatnonzero(~left_out))
    return found


def components_of(sums: Sums, left_out: NDArray[np.bool_]) -> Components:
    """Means and principal axes from counts alone; the same counts give the same bits."""
    means, gram = centred(sums, left_out)
    variances, axes = principal_axes(gram)
    if len(gram) < len(left_out):
        kept, axes = axes, np.zeros((2, len(left_out)))
        axes[:, ~left_out] = kept
    return Components(means, axes, variances, float(np.trace(gram)))


def learn(partial: Partial, moderation: Moderation, settings: Settings, previous: Frame | None = None) -> Frame:
    """The frame for everybody in ``partial``, shown as like as may be to ``previous``.

    Raises ``ValueError`` where a partial is merged but not settled.
    """
    left_out = moderation.left_out(partial.statement_ids)
    components = components_of(partial.sums, left_out)
    least = min(settings.least_stances, len(partial.statement_ids))
    learners = partial.learners
    places = placed(learners, components.cells, left_out)
    clustering = cluster(places, settings, previous.clustering if previous else None)
    return Frame(
        statement_ids=partial.statement_ids,
        left_out=left_out,
        components=components,
        clustering=clustering,
        learners=learners.people,
        added=learners.people[np.diff(learners.starts) < least],
        least=least,
        view=_view(components, partial.statement_ids, previous),
        numbers=_numbers(clustering, learners.people, previous),
    )


def turn_between(axes: Array, other: Array) -> Array:
    """The rotation or reflection (2, 2) after which ``axes`` (2, statements) lie nearest to ``other`` (Procrustes)."""
    (a, b), (c, d) = [[float((goal * axis).sum()) for axis in axes] for goal in other]
    rotated, mirrored = float(np.hypot(a + d, c - b)), float(np.hypot(a - d, c + b))
    if max(rotated, mirrored) == 0:
        return np.eye(2)
    if rotated >= mirrored:
        return np.array([[a + d, b - c], [c - b, a + d]]) / rotated
    return np.array([[a - d, b + c], [b + c, d - a]]) / mirrored


def turned(places: Array, turn: Array) -> Array:
    """Places (…, 2) after a turn (2, 2)."""
    found: Array = places[..., :1] * turn[:, 0] + places[..., 1:] * turn[:, 1]
    return found


def _view(components: Components, statement_ids: NDArray[np.int64], previous: Frame | None) -> Array:
    if previous is None:
        return np.eye(2)
    _, here, there = np.intersect1d(statement_ids, previous.statement_ids, return_indices=True)
    former = turned(previous.components.axes[:, there].T, previous.view).T
    return turn_between(components.axes[:, here], former)


def _numbers(clustering: Clustering, learners: NDArray[np.int64], previous: Frame | None) -> NDArray[np.int8]:
    """Colours: a group keeps that of the former group with which it shares most people; others take the lowest free."""
    if previous is None or not previous.clustering.k:
        return np.arange(clustering.k, dtype=np.int8)
    _, here, there = np.intersect1d(learners, previous.learners, assume_unique=True, return_indices=True)
    shared = np.zeros((clustering.k, previous.clustering.k), dtype=np.int64)
    np.add.at(shared, (clustering.labels[here], previous.clustering.labels[there]), 1)
    numbers = np.full(clustering.k, -1, dtype=np.int8)
    for group, former in _matched(shared):
        numbers[group] = previous.numbers[former]
    free = (number for number in range(2 * 50) if number not in set(previous.numbers.tolist()) | set(numbers.tolist()))
    for group in np.flatnonzero(numbers < 0).tolist():
        numbers[group] = next(free)
    return numbers


def _matched(shared: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Pairs (row, column) with the greatest sum and nothing twice; pairs that share nobody are none."""
    rows, columns = shared.shape
    if max(rows, columns) <= 6:
        best: tuple[int, list[tuple[int, int]]] = (-1, [])
        for order in permutations(range(max(rows, columns)), rows):
            pairs = [(row, column) for row, column in enumerate(order) if column < columns and shared[row, column]]
            together = int(sum(shared[pair] for pair in pairs))
            if together > best[0]:
                best = (together, pairs)
        return best[1]
    pairs = []
    left = shared.copy()
    while left.size and left.max() > 0:
        row, column = divmod(int(np.argmax(left)), columns)
        pairs.append((row, column))
        left[row], left[:, column] = 0, 0
    return pairs
