"""Which words of two texts are the same: anchors on unique words first, shortest edits in the gaps between."""

from __future__ import annotations

from collections.abc import Sequence

from kursbuch.domain.framework.increasing import longest_increasing
from kursbuch.domain.framework.words import Word

Words = Sequence[Word]
Region = tuple[int, int, int, int]  # a's start and end, b's start and end
Match = tuple[int, int, int]  # position in a, position in b, length

_FEW_EDITS = 24  # up to so many, the shortest edit is found at once and reads well
_EFFORT = 400_000  # steps a gap without anchors may cost; beyond it counts as rewritten
_END_OF_A, _END_OF_B = Word("", block="end of a"), Word("", block="end of b")


def align(a: Words, b: Words) -> list[Match]:
    """Matching stretches in order, none adjacent to the next in both texts.

    Patience diff (words that occur once in both texts anchor the rest), in gaps without such words unique
    word groups, then Myers' O(ND) algorithm (1986) with bounded effort: never quadratic in the texts.
    """
    matches: list[Match] = []
    gaps = [(0, len(a), 0, len(b))]
    while gaps:
        gap = _trim(a, b, gaps.pop(), matches)
        if gap[0] == gap[1] or gap[2] == gap[3]:
            continue
        few = _shortest_edit(a, b, gap, _FEW_EDITS)
        if few is not None:
            matches += few
            continue
        anchors = _anchors(a, b, gap)
        if anchors:
            _between(a, b, gap, anchors, matches, gaps)
        else:
            n = gap[1] - gap[0] + gap[3] - gap[2]
            most = max(8, min(500, _EFFORT // n))
            matches += _shortest_edit(a, b, gap, most, cut_off=True) or []
    matches.sort()
    return _joined(matches)


def edits(a: Words, b: Words) -> list[Region]:
    """What lies between the matching stretches: the regions that differ, in order."""
    regions: list[Region] = []
    i = j = 0
    for at_a, at_b, length in [*align(a, b), (len(a), len(b), 0)]:
        if at_a > i or at_b > j:
            regions.append((i, at_a, j, at_b))
        i, j = at_a + length, at_b + length
    return regions


def _trim(a: Words, b: Words, gap: Region, matches: list[Match]) -> Region:
    """The gap without what both begin and end with, which is recorded as matching."""
    a_lo, a_hi, b_lo, b_hi = gap
    start = a_lo
    limit = min(a_hi - a_lo, b_hi - b_lo) + a_lo
    shift = b_lo - a_lo
    while a_lo < limit and a[a_lo] == b[a_lo + shift]:
        a_lo += 1
    if a_lo > start:
        matches.append((start, b_lo, a_lo - start))
        b_lo = a_lo + shift
    end = a_hi
    limit = max(a_lo, a_hi - (b_hi - b_lo))
    shift = b_hi - a_hi
    while a_hi > limit and a[a_hi - 1] == b[a_hi - 1 + shift]:
        a_hi -= 1
    if a_hi < end:
        b_hi = a_hi + shift
        matches.append((a_hi, b_hi, end - a_hi))
    return a_lo, a_hi, b_lo, b_hi


def _anchors(a: Words, b: Words, gap: Region) -> list[tuple[int, int]]:
    """Pairs of positions of words that occur once on either side, in an order that both share."""
    a_lo, a_hi, b_lo, b_hi = gap
    pairs = _unique_pairs(a[a_lo:a_hi], b[b_lo:b_hi])
    if not pairs and (a_hi - a_lo) * (b_hi - b_lo) > 4096:
        for size in (2, 4, 8):
            groups_a = [tuple(a[i : i + size]) for i in range(a_lo, a_hi - size + 1)]
            groups_b = [tuple(b[j : j + size]) for j in range(b_lo, b_hi - size + 1)]
            pairs = _unique_pairs(groups_a, groups_b)
            if pairs:
                break
    if not pairs:
        return []
    return [(pairs[k][0] + a_lo, pairs[k][1] + b_lo) for k in longest_increasing([pair[1] for pair in pairs])]


def _unique_pairs(a: Sequence[object], b: Sequence[object]) -> list[tuple[int, int]]:
    at_a: dict[object, int] = {}
    for i, word in enumerate(a):
        at_a[word] = -1 if word in at_a else i
    at_b: dict[object, int] = {}
    for j, word in enumerate(b):
        if word in at_a:
            at_b[word] = -1 if word in at_b else j
    return [(i, j) for word, i in at_a.items() if i >= 0 and (j := at_b.get(word, -1)) >= 0]


def _between(
    a: Words,
    b: Words,
    gap: Region,
    anchors: list[tuple[int, int]],
    matches: list[Match],
    gaps: list[Region],
) -> None:
    """Grow the anchors forwards, and leave what lies between them as further gaps."""
    a_lo, a_hi, b_lo, b_hi = gap
    for at_a, at_b in anchors:
        if at_a < a_lo or at_b < b_lo:
            continue  # already part of the stretch before
        if at_a > a_lo or at_b > b_lo:
            gaps.append((a_lo, at_a, b_lo, at_b))
        i, j = at_a + 1, at_b + 1
        while i < a_hi and j < b_hi and a[i] == b[j]:
            i += 1
            j += 1
        matches.append((at_a, at_b, i - at_a))
        a_lo, b_lo = i, j
    if a_lo < a_hi or b_lo < b_hi:
        gaps.append((a_lo, a_hi, b_lo, b_hi))


def _shortest_edit(a: Words, b: Words, gap: Region, most: int, *, cut_off: bool = False) -> list[Match] | None:
    """Myers' greedy search for at most ``most`` insertions and deletions.

    When there are more: ``None``, or with ``cut_off`` the furthest way found, the rest counting as rewritten.
    """
    a_lo, a_hi, b_lo, b_hi = gap
    n, m = a_hi - a_lo, b_hi - b_lo
    if n == 1 and m == 1:
        return []
    if abs(n - m) > most and not cut_off:
        return None
    most = min(most, n + m)
    # Behind their ends both carry signs that equal nothing, so that a path need not ask where it has got to.
    old, new = [*a[a_lo:a_hi], *[_END_OF_A] * (most + 1)], [*b[b_lo:b_hi], *[_END_OF_B] * (most + 1)]
    zero = most + 1  # where diagonal 0 is kept
    front = [-1] * (2 * most + 3)  # by diagonal, how far a path with d edits comes in a
    front[zero + 1] = 0
    trace: list[list[int]] = []
    for d in range(most + 1):
        trace.append(front[:])
        lowest = zero + max(-d, d - 2 * m)
        left = front[lowest - 1]
        for k in range(lowest, zero + min(d, 2 * n - d) + 1, 2):
            right = front[k + 1]
            x = right if left < right else left + 1
            left = right
            y = x - k + zero
            # most words are the very same object: the parser makes each once
            while (word := old[x]) is (other := new[y]) or word == other:
                x += 1
                y += 1
            front[k] = x
            if x >= n and y >= m:
                return _walk_back(trace, d, x, y, a_lo, b_lo)
    if not cut_off:
        return None
    ends = ((2 * x - k, -abs(k), x, x - k) for k, x in enumerate(front, -zero))
    x, y = max(end for end in ends if 0 <= end[2] <= n and 0 <= end[3] <= m)[2:]
    return _walk_back(trace, most, x, y, a_lo, b_lo)


def _walk_back(trace: list[list[int]], d: int, x: int, y: int, a_lo: int, b_lo: int) -> list[Match]:
    found: list[Match] = []
    if (x - y - d) % 2:
        d -= 1  # the furthest point of a cut-off search may belong to the step before
    for step in range(d, -1, -1):
        front = trace[step]
        k = x - y + (len(front) - 1) // 2
        left, right = front[k - 1], front[k + 1]
        inserts = left < right
        begin = right if inserts else left + 1
        if x > begin:
            found.append((a_lo + begin, b_lo + y - (x - begin), x - begin))
        if inserts:
            x, y = begin, y - (x - begin) - 1
        else:
            x, y = begin - 1, y - (x - begin)
    return found


def _joined(matches: list[Match]) -> list[Match]:
    joined: list[Match] = []
    for at_a, at_b, length in matches:
        if joined:
            last_a, last_b, last = joined[-1]
            if last_a + last == at_a and last_b + last == at_b:
                joined[-1] = (last_a, last_b, last + length)
                continue
        joined.append((at_a, at_b, length))
    return joined
