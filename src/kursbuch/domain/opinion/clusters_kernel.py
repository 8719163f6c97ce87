"""Inner loops of clustering in the plane; everything is added up in the order of the points, so bits repeat."""

from __future__ import annotations

import numpy as np
from numba import njit


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

    Bounds on distances (Hamerly 2010) spare most comparisons; centres farther from a point's own centre than twice the
    point is are not looked at (Phillips 2002). ``labels`` come out as the nearest centre of each
    point (of equally near ones the first). A centre without points stays where it is. Returns the inertia.
    """
    many, clusters = len(points), len(centres)
    upper, lower = np.full(many, np.inf), np.zeros(many)
    sums, moved = np.empty((clusters, 3)), np.zeros(clusters)
    around, apart = np.empty((clusters, clusters), dtype=np.int64), np.empty((clusters, clusters))
    for centre in range(clusters):
        for other in range(clusters):
            around[centre, other] = other
    for turn in range(rounds + 1):
        _neighbours(centres, around, apart)
        changed = _assign(points, centres, labels, upper, lower, around, apart) or turn == 0
        if not changed or turn == rounds:
            break
        sums[:] = 0.0
        for point in range(many):
            weight = weights[point]
            sums[labels[point], 0] += weight * points[point, 0]
            sums[labels[point], 1] += weight * points[point, 1]
            sums[labels[point], 2] += weight
        farthest, mover, second = _move(centres, sums, moved)
        for point in range(many):
            upper[point] += moved[labels[point]]
            lower[point] -= second if labels[point] == mover else farthest
    inertia = 0.0
    for point in range(many):
        inertia += weights[point] * _squared(points, point, centres, labels[point])
    return inertia


@njit(cache=True, nogil=True, inline="always")
def _squared(points, point, centres, centre):  # type: ignore[no-untyped-def]
    return (points[point, 0] - centres[centre, 0]) ** 2 + (points[point, 1] - centres[centre, 1]) ** 2


@njit(cache=True, nogil=True)
def _neighbours(centres, around, apart):  # type: ignore[no-untyped-def]
    """For each centre all centres from the nearest (itself) on, and how far apart they are; soon if little moved."""
    for centre in range(len(centres)):
        for rank in range(len(centres)):
            other = around[centre, rank]
            distance = np.sqrt(_squared(centres, centre, centres, other)) if other != centre else -1.0
            place = rank
            while place > 0 and apart[centre, place - 1] > distance:
                apart[centre, place], around[centre, place] = apart[centre, place - 1], around[centre, place - 1]
                place -= 1
            apart[centre, place], around[centre, place] = distance, other


@njit(cache=True, nogil=True)
def _assign(points, centres, labels, upper, lower, around, apart):  # type: ignore[no-untyped-def]
    """Brings labels and bounds up to date; whether any label changed. A bound decides only beyond all rounding."""
    clusters = len(centres)
    changed = False
    for point in range(len(points)):
        own = labels[point]
        bound = lower[point] if clusters < 2 else max(apart[own, 1] / 2, lower[point])
        bound = bound * (1 - 1e-9) - 1e-12
        if upper[point] < bound:
            continue
        best = _squared(points, point, centres, own)
        reach = np.sqrt(best)
        upper[point] = reach
        if reach < bound:
            continue
        nearest, next_best, unseen = own, np.inf, np.inf
        for place in range(1, clusters):
            if apart[own, place] > 2 * reach * (1 + 1e-9) + 1e-12:
                unseen = apart[own, place] - reach
                break
            centre = around[own, place]
            distance = _squared(points, point, centres, centre)
            if distance < best or (distance == best and centre < nearest):
                nearest, best, next_best = centre, distance, best
            elif distance < next_best:
                next_best = distance
        changed |= own != nearest
        labels[point] = nearest
        upper[point], lower[point] = np.sqrt(best), min(np.sqrt(next_best), unseen)
    return changed


@njit(cache=True, nogil=True)
def _move(centres, sums, moved):  # type: ignore[no-untyped-def]
    """Centres go to their means; how far at most, which one, and how far all others at most."""
    farthest, mover, second = 0.0, -1, 0.0
    for centre in range(len(centres)):
        moved[centre] = 0.0
        if sums[centre, 2] > 0:
            x, y = sums[centre, 0] / sums[centre, 2], sums[centre, 1] / sums[centre, 2]
            moved[centre] = np.sqrt((x - centres[centre, 0]) ** 2 + (y - centres[centre, 1]) ** 2)
            centres[centre, 0], centres[centre, 1] = x, y
        if moved[centre] > farthest:
            farthest, mover, second = moved[centre], centre, farthest
        elif moved[centre] > second:
            second = moved[centre]
    return farthest, mover, second


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
def grow(points, weights, most, tries):  # type: ignore[no-untyped-def]
    """For each number of clusters 1 … ``most`` and each of ``tries`` points to begin with, where k-means ends.

    One cluster more is begun at those points that promise most, beside the best centres there were: the global k-means
    of Likas, Vlassis and Verbeek (2003), which needs no chance and rarely misses the optimum. Returns centres
    (most, tries, most, 2), labels (most, tries, points) and inertia (most, tries).
    """
    many = len(points)
    centres = np.zeros((most, tries, most, 2))
    labels = np.zeros((most, tries, many), dtype=np.int64)
    inertia = np.full((most, tries), np.inf)
    inertia[0, 0] = lloyd(points, weights, centres[0, 0, :1], labels[0, 0], 50)
    best = 0
    for clusters in range(2, most + 1):
        before, owners = centres[clusters - 2, best], labels[clusters - 2, best]
        saved = _savings(points, weights, before, owners)
        best = 0
        for attempt in range(min(tries, many)):
            start = 0
            for point in range(1, many):
                if saved[point] > saved[start]:
                    start = point
            saved[start] = -1.0
            trial = centres[clusters - 1, attempt, :clusters]
            for centre in range(clusters):
                trial[centre, 0] = before[centre, 0] if centre + 1 < clusters else points[start, 0]
                trial[centre, 1] = before[centre, 1] if centre + 1 < clusters else points[start, 1]
            reached = lloyd(points, weights, trial, labels[clusters - 1, attempt], 50)
            inertia[clusters - 1, attempt] = reached
            if reached < inertia[clusters - 1, best] * (1 - 1e-12):
                best = attempt
    return centres, labels, inertia


@njit(cache=True, nogil=True)
def _savings(points, weights, centres, labels):  # type: ignore[no-untyped-def]
    """For each point, how much a further centre on it would lessen the inertia at once."""
    many = len(points)
    saved = np.zeros(many)
    for other in range(many):
        now = _squared(points, other, centres, labels[other])
        for point in range(many):
            saved[point] += weights[other] * max(now - _squared(points, other, points, point), 0.0)
    return saved


@njit(cache=True, nogil=True)
def silhouette(points, weights, labels, clusters):  # type: ignore[no-untyped-def]
    """Rousseeuw's mean silhouette, each point standing for ``weights`` people on one spot; 0 for who is alone."""
    many = len(points)
    sizes, sums = np.zeros(clusters), np.empty(clusters)
    for point in range(many):
        sizes[labels[point]] += weights[point]
    total = 0.0
    for point in range(many):
        sums[:] = 0.0
        for other in range(many):
            sums[labels[other]] += weights[other] * np.sqrt(_squared(points, point, points, other))
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
