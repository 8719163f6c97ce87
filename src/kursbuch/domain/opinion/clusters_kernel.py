"""Inner loops of clustering in the plane; everything is added up in the order of the points, so bits repeat."""

from __future__ import annotations

import numpy as np
from numba import njit

BLOCK = 256  # points looked at together


@njit(cache=True, nogil=True)
def split(points, most):  # type: ignore[no-untyped-def]
    """The points' clusters (points,) after the cluster with the greatest inertia was cut again and again, and how many.

    A cluster is cut at its mean, across the axis along which it is widest, until there are ``most`` or all points of
    each are the same (Su and Dy 2007 start k-means like this).
    """
    order = np.arange(len(points))
    firsts = np.zeros(most, dtype=np.int64)
    ends = np.zeros(most, dtype=np.int64)
    shape = np.zeros((most, 4))  # mean and inertia along both axes
    ends[0] = len(points)
    many = 1
    _describe(points, order, 0, len(points), shape[0])
    while many < most:
        widest = 0
        for cluster in range(1, many):
            if shape[cluster, 2] + shape[cluster, 3] > shape[widest, 2] + shape[widest, 3]:
                widest = cluster
        axis = 1 if shape[widest, 3] > shape[widest, 2] else 0
        first, end, cut = firsts[widest], ends[widest], shape[widest, axis]
        middle = _partition(points, order, first, end, axis, cut)
        if shape[widest, 2] + shape[widest, 3] <= 0 or middle in (first, end):
            break
        ends[widest], firsts[many], ends[many] = middle, middle, end
        _describe(points, order, first, middle, shape[widest])
        _describe(points, order, middle, end, shape[many])
        many += 1
    labels = np.empty(len(points), dtype=np.int64)
    for cluster in range(many):
        for place in range(firsts[cluster], ends[cluster]):
            labels[order[place]] = cluster
    return labels, many


@njit(cache=True, nogil=True)
def _describe(points, order, first, end, shape):  # type: ignore[no-untyped-def]
    x, y = 0.0, 0.0
    for place in range(first, end):
        x += points[order[place], 0]
        y += points[order[place], 1]
    x, y = x / (end - first), y / (end - first)
    wide, high = 0.0, 0.0
    for place in range(first, end):
        wide += (points[order[place], 0] - x) ** 2
        high += (points[order[place], 1] - y) ** 2
    shape[0], shape[1], shape[2], shape[3] = x, y, wide, high


@njit(cache=True, nogil=True)
def _partition(points, order, first, end, axis, cut):  # type: ignore[no-untyped-def]
    """Those at or below the cut come first; where they end."""
    last = end - 1
    while True:
        while first <= last and points[order[first], axis] <= cut:
            first += 1
        while first <= last and points[order[last], axis] > cut:
            last -= 1
        if first >= last:
            return first
        order[first], order[last] = order[last], order[first]


@njit(cache=True, nogil=True)
def lloyd(points, weights, centres, labels, rounds):  # type: ignore[no-untyped-def]
    """Moves ``centres`` to the weighted means of the points nearest to them until nothing changes, or ``rounds`` times.

    ``labels``, of any of the centres before, come out as the nearest one of each point (of equally near ones the
    first). A centre without points stays where it is. Weights are whole numbers. Returns the inertia.
    """
    across, up = points[:, 0].copy(), points[:, 1].copy()
    sums, room, nearest = np.empty((len(centres), 3)), np.empty((2, len(points))), np.empty_like(labels)
    _add_up(across, up, weights, labels, sums)
    return _settle(across, up, weights, centres, labels, sums, rounds, room, nearest)


@njit(cache=True, nogil=True)
def _add_up(across, up, weights, labels, sums):  # type: ignore[no-untyped-def]
    """Fills ``sums`` (clusters, 3) with the weighted sums of both coordinates and of the weights."""
    sums[:] = 0.0
    for point in range(len(labels)):
        weight, label = weights[point], labels[point]
        sums[label, 0] += weight * across[point]
        sums[label, 1] += weight * up[point]
        sums[label, 2] += weight


@njit(cache=True, nogil=True)
def _settle(across, up, weights, centres, labels, sums, rounds, room, nearest):  # type: ignore[no-untyped-def]
    """Lloyd's algorithm from any ``labels`` and their ``sums``; ``room`` (2, points) and ``nearest`` are to work in.

    All distances are worked out, in blocks that stay near the processor and by loops that become vector instructions:
    for groups in a plane that takes less time than bounds that would spare some of them. Weights are whole numbers, so
    that those of a cluster that loses its last point add up to zero.
    """
    many = len(labels)
    for turn in range(rounds + 1):
        for first in range(0, many, BLOCK):
            block = slice(first, first + BLOCK)
            _assign(across[block], up[block], centres, nearest[block], room[0][block], room[1][block])
        changed = turn == 0
        for point in range(many):
            if labels[point] != nearest[point]:
                x, y, weight = weights[point] * across[point], weights[point] * up[point], weights[point]
                old, new = sums[labels[point]], sums[nearest[point]]
                old[0], old[1], old[2] = old[0] - x, old[1] - y, old[2] - weight
                new[0], new[1], new[2] = new[0] + x, new[1] + y, new[2] + weight
                labels[point] = nearest[point]
                changed = True
        if not changed or turn == rounds:
            break
        for centre in range(len(centres)):
            if sums[centre, 2] > 0:
                centres[centre, 0] = sums[centre, 0] / sums[centre, 2]
                centres[centre, 1] = sums[centre, 1] / sums[centre, 2]
    inertia = 0.0
    for point in range(many):
        x, y = centres[labels[point], 0], centres[labels[point], 1]
        inertia += weights[point] * ((across[point] - x) ** 2 + (up[point] - y) ** 2)
    return inertia


@njit(cache=True, nogil=True)
def _assign(across, up, centres, nearest, least, former):  # type: ignore[no-untyped-def]
    """For each point the nearest centre, of equally near ones the first; the last two arguments are room to work in."""
    least[:] = np.inf
    for centre in range(len(centres)):
        x, y = centres[centre, 0], centres[centre, 1]
        former, least = least, former  # a loop that reads and writes the same place has no vector instructions
        for point in range(len(nearest)):
            distance, owner = (across[point] - x) ** 2 + (up[point] - y) ** 2, nearest[point]
            closer = distance < former[point]
            least[point] = distance if closer else former[point]
            nearest[point] = centre if closer else owner


@njit(cache=True, nogil=True, inline="always")
def _squared(points, point, centres, centre):  # type: ignore[no-untyped-def]
    return (points[point, 0] - centres[centre, 0]) ** 2 + (points[point, 1] - centres[centre, 1]) ** 2


@njit(cache=True, nogil=True)
def refine(points, starts, rounds, moves):  # type: ignore[no-untyped-def]
    """The best of what k-means over points of equal weight makes of each of these centres (tries, clusters, 2).

    Returns centres (clusters, 2), labels (points,) and the inertia.
    """
    many = len(points)
    across, up = points[:, 0].copy(), points[:, 1].copy()
    weights, room, nearest = np.ones(many), np.empty((2, many)), np.empty(many, dtype=np.int64)
    sums, best_labels = np.empty((starts.shape[1], 3)), nearest
    best, least = 0, np.inf
    for attempt in range(len(starts)):
        centres, labels = starts[attempt], np.zeros(many, dtype=np.int64)
        _add_up(across, up, weights, labels, sums)
        reached = _settle(across, up, weights, centres, labels, sums, rounds, room, nearest)
        if exchange(points, centres, labels, moves):
            _add_up(across, up, weights, labels, sums)
            reached = _settle(across, up, weights, centres, labels, sums, rounds, room, nearest)
        if attempt == 0 or reached < least * (1 - 1e-12):
            best, least, best_labels = attempt, reached, labels
    return starts[best], best_labels, least


@njit(cache=True, nogil=True)
def exchange(points, centres, labels, moves):  # type: ignore[no-untyped-def]
    """Moves single points to other clusters while that lessens the inertia, the best move first; how many it made.

    Where Lloyd's algorithm rests, moving one point together with both means may still pay (Hartigan 1975). The best
    move of all does not depend on the order of the points. A cluster keeps its last point.
    """
    clusters = len(centres)
    sizes = np.zeros(clusters)
    for point in range(len(points)):
        sizes[labels[point]] += 1.0
    for move in range(moves):
        gain, best, to = 0.0, -1, -1
        for point in range(len(points)):
            own = labels[point]
            if sizes[own] < 2.0:
                continue
            lost = sizes[own] / (sizes[own] - 1.0) * _squared(points, point, centres, own) * (1 - 1e-12)
            for centre in range(clusters):
                won = lost - sizes[centre] / (sizes[centre] + 1.0) * _squared(points, point, centres, centre)
                if won > gain and centre != own:
                    gain, best, to = won, point, centre
        if best < 0:
            return move
        own = labels[best]
        for axis in range(2):
            centres[own, axis] -= (points[best, axis] - centres[own, axis]) / (sizes[own] - 1.0)
            centres[to, axis] += (points[best, axis] - centres[to, axis]) / (sizes[to] + 1.0)
        labels[best] = to
        sizes[own] -= 1.0
        sizes[to] += 1.0
    return moves


@njit(cache=True, nogil=True)
def grow(points, weights, most, tries, rounds):  # type: ignore[no-untyped-def]
    """For each number of clusters 1 … ``most`` and each of ``tries`` points to begin with, where k-means ends.

    One cluster more is begun at those points that promise most, beside the best centres there were: the global k-means
    of Likas, Vlassis and Verbeek (2003), which needs no chance and rarely misses the optimum. Returns centres
    (most, tries, most, 2), inertia (most, tries), and of the best try each time the silhouette (most,).
    """
    many = len(points)
    across, up = points[:, 0].copy(), points[:, 1].copy()
    centres, inertia, silhouettes = np.zeros((most, tries, most, 2)), np.full((most, tries), np.inf), np.zeros(most)
    labels, nearest = np.zeros(many, dtype=np.int64), np.empty(many, dtype=np.int64)
    sums, room, saved = np.zeros((most, 3)), np.empty((2, many)), np.empty(many)
    _add_up(across, up, weights, labels, sums)
    inertia[0, 0] = _settle(across, up, weights, centres[0, 0, :1], labels, sums, rounds, room, nearest)
    best, best_labels, best_sums = 0, labels, sums
    for clusters in range(2, most + 1):
        before, labels_before, sums_before = centres[clusters - 2, best], best_labels, best_sums
        _savings(across, up, weights, before, labels_before, saved)
        for attempt in range(min(tries, many)):
            start = np.argmax(saved)
            saved[start] = -1.0
            trial = centres[clusters - 1, attempt, :clusters]
            for axis in range(2):
                for centre in range(clusters - 1):
                    trial[centre, axis] = before[centre, axis]
                trial[clusters - 1, axis] = points[start, axis]
            labels, sums = labels_before.copy(), sums_before.copy()
            reached = _settle(across, up, weights, trial, labels, sums, rounds, room, nearest)
            inertia[clusters - 1, attempt] = reached
            if attempt == 0 or reached < inertia[clusters - 1, best] * (1 - 1e-12):
                best, best_labels, best_sums = attempt, labels, sums
        silhouettes[clusters - 1] = silhouette(points, weights, best_labels, clusters)
    return centres, inertia, silhouettes


@njit(cache=True, nogil=True)
def _savings(across, up, weights, centres, labels, saved):  # type: ignore[no-untyped-def]
    """For each point, how much a further centre on it would lessen the inertia at once."""
    saved[:] = 0.0
    for other in range(len(saved)):
        x, y, weight, centre = across[other], up[other], weights[other], centres[labels[other]]
        now = (x - centre[0]) ** 2 + (y - centre[1]) ** 2
        for point in range(len(saved)):
            saved[point] += weight * max(now - ((x - across[point]) ** 2 + (y - up[point]) ** 2), 0.0)


@njit(cache=True, nogil=True)
def silhouette(points, weights, labels, clusters):  # type: ignore[no-untyped-def]
    """Rousseeuw's mean silhouette, each point standing for ``weights`` people on one spot; 0 for who is alone."""
    many = len(points)
    across, up = points[:, 0].copy(), points[:, 1].copy()
    sizes, sums, apart = np.zeros(clusters), np.empty(clusters), np.empty(many)
    for point in range(many):
        sizes[labels[point]] += weights[point]
    total = 0.0
    for point in range(many):
        for other in range(many):
            apart[other] = weights[other] * np.sqrt((across[point] - across[other]) ** 2 + (up[point] - up[other]) ** 2)
        sums[:] = 0.0
        for other in range(many):
            sums[labels[other]] += apart[other]
        own = labels[point]
        if sizes[own] <= 1:
            continue
        within = sums[own] / (sizes[own] - 1)
        beyond = np.inf
        for cluster in range(clusters):
            if cluster != own and sizes[cluster] > 0:
                beyond = min(beyond, sums[cluster] / sizes[cluster])
        if beyond < np.inf and max(within, beyond) > 0:
            total += weights[point] * (beyond - within) / max(within, beyond)
    return total / sizes.sum()
