"""Inner loops that count stances and pairs of stances, in whole numbers."""

from __future__ import annotations

import numpy as np
from numba import njit

FULL = 127  # stances on a statement until its pairs may fill a field of 8 bits, which hold at most twice as much
TILE = 32  # rows and columns of a matrix filled together
ONE = np.uint64(1)
FOUR = np.uint64(4)


@njit(cache=True, nogil=True)
def row_offsets(statements):  # type: ignore[no-untyped-def]
    """Where the pairs of each statement begin: the pair (j, k) with j < k stands at offsets[j] + k."""
    offsets = np.empty(statements, dtype=np.uint64)
    for statement in range(statements):
        offsets[statement] = statement * (2 * statements - statement - 1) // 2 - statement
    return offsets


@njit(cache=True, nogil=True)
def count(starts, columns, values, first, end, least, sign, counts, pairs):  # type: ignore[no-untyped-def]
    """Adds the stances of the people from ``first`` to ``end``, times ``sign``, to ``counts`` and ``pairs``.

    ``counts`` is (statements, 3): how many disagree, pass, agree. ``pairs`` is (4, statements (statements - 1) / 2 +
    1), its first column unused: over everybody who took a stance on both j and k, how many, the sum of v_j v_k, of
    v_j, of v_k. Returns how many people took at least ``least`` stances.
    """
    statements = len(counts)
    offsets = row_offsets(statements)
    packed = np.zeros(pairs.shape[1], dtype=np.uint32)
    waiting = np.zeros(statements, dtype=np.int64)
    place, said = np.empty(statements, dtype=np.uint64), np.empty(statements, dtype=np.uint64)
    adds = np.empty((3, statements), dtype=np.uint32)
    counted = 0
    for person in range(first, end):
        start = np.uint64(starts[person])
        many = np.uint64(starts[person + 1]) - start
        if many >= np.uint64(least):
            counted += 1
        for entry in range(many):
            value, column = np.int64(values[start + entry]), np.uint64(columns[start + entry])
            alone = (1 << 24) + ((value + 1) << 16) + 1
            place[entry], said[entry] = column, np.uint64(value + 1)
            adds[0, entry], adds[1, entry], adds[2, entry] = alone - value, alone + (1 << 8), alone + value + (2 << 8)
            counts[column, value + 1] += sign
            if waiting[column] == FULL:
                _unpack(packed, offsets, column, sign, pairs)
                waiting[column] = 0
            waiting[column] += 1
        _add_pairs(packed, offsets, place, said, adds, many)
    for statement in range(statements):
        _unpack(packed, offsets, np.uint64(statement), sign, pairs)
    return counted


@njit(cache=True, nogil=True, inline="always")
def _add_pairs(packed, offsets, place, said, adds, many):  # type: ignore[no-untyped-def]
    """One person's pairs; v_j v_k + 1, v_j + 1, v_k + 1 and 1 are added at once. Four rows at a time are faster."""
    row = np.uint64(0)
    while row + FOUR <= many:
        second, third, fourth = row + ONE, row + ONE + ONE, row + ONE + ONE + ONE
        to_first, to_second = offsets[place[row]], offsets[place[second]]
        to_third, to_fourth = offsets[place[third]], offsets[place[fourth]]
        by_first, by_second, by_third, by_fourth = (
            adds[said[row]], adds[said[second]], adds[said[third]], adds[said[fourth]]
        )  # fmt: skip
        packed[to_first + place[second]] += by_first[second]
        packed[to_first + place[third]] += by_first[third]
        packed[to_first + place[fourth]] += by_first[fourth]
        packed[to_second + place[third]] += by_second[third]
        packed[to_second + place[fourth]] += by_second[fourth]
        packed[to_third + place[fourth]] += by_third[fourth]
        for other in range(row + FOUR, many):
            to = place[other]
            packed[to_first + to] += by_first[other]
            packed[to_second + to] += by_second[other]
            packed[to_third + to] += by_third[other]
            packed[to_fourth + to] += by_fourth[other]
        row += FOUR
    while row < many:
        to_row, by_row = offsets[place[row]], adds[said[row]]
        for other in range(row + ONE, many):
            packed[to_row + place[other]] += by_row[other]
        row += ONE


@njit(cache=True, nogil=True)
def _unpack(packed, offsets, row, sign, pairs):  # type: ignore[no-untyped-def]
    """Adds the fields of one statement's pairs, times ``sign``, to ``pairs`` and clears them."""
    first, end = offsets[row] + row + ONE, offsets[row] + np.uint64(len(offsets))
    fields = packed[first:end]
    together, products = pairs[0][first:end], pairs[1][first:end]
    lefts, rights = pairs[2][first:end], pairs[3][first:end]
    for pair in range(len(fields)):
        field = np.int32(fields[pair])
        many = (field >> 24) & 255
        together[pair] += sign * many
        products[pair] += sign * ((field & 255) - many)
        lefts[pair] += sign * (((field >> 8) & 255) - many)
        rights[pair] += sign * (((field >> 16) & 255) - many)
        fields[pair] = 0


@njit(cache=True, nogil=True)
def spread_pairs(pairs, columns, statements, wider):  # type: ignore[no-untyped-def]
    """Copies ``pairs`` into the triangle of more statements, where column ``c`` stands at ``columns[c]``."""
    pair = 1
    for left in range(len(columns)):
        offset = columns[left] * (2 * statements - columns[left] - 1) // 2 - columns[left]
        for right in range(left + 1, len(columns)):
            for field in range(4):
                wider[field, offset + columns[right]] = pairs[field, pair]
            pair += 1


@njit(cache=True, nogil=True)
def centred(counts, pairs, kept):  # type: ignore[no-untyped-def]
    """Means (statements,) and the sums over people of products of centred stances (kept, kept).

    Both are of the statements in ``kept`` only, all other means are zero; a missing stance is zero, too.
    """
    means = np.zeros(len(counts))
    for statement in kept:
        taken = counts[statement].sum()
        means[statement] = (counts[statement, 2] - counts[statement, 0]) / max(taken, 1)
    offsets = row_offsets(len(counts))
    gram = np.empty((len(kept), len(kept)))
    for top in range(0, len(kept), TILE):
        for left in range(top, len(kept), TILE):
            _fill_tile(counts, pairs, means, kept, offsets, top, left, gram)
    return means, gram


@njit(cache=True, nogil=True)
def _fill_tile(counts, pairs, means, kept, offsets, top, left, gram):  # type: ignore[no-untyped-def]
    """A square of the matrix and its mirror image; both stay near the processor meanwhile."""
    for row in range(top, min(top + TILE, len(kept))):
        statement, mean = kept[row], means[kept[row]]
        if top == left:
            gram[row, row] = counts[statement, 0] + counts[statement, 2] - counts[statement].sum() * mean * mean
        for column in range(max(left, row + 1), min(left + TILE, len(kept))):
            pair, other = offsets[statement] + np.uint64(kept[column]), means[kept[column]]
            crossed = other * pairs[2, pair] + mean * pairs[3, pair]
            gram[row, column] = pairs[1, pair] - crossed + mean * other * pairs[0, pair]
            gram[column, row] = gram[row, column]


@njit(cache=True, nogil=True)
def learners(people, starts, least, level):  # type: ignore[no-untyped-def]
    """The rows of those who took at least ``least`` stances and whose id hashes below 2^(64 - level)."""
    rows = np.empty(len(people), dtype=np.int64)
    many = 0
    for row in range(len(people)):
        if starts[row + 1] - starts[row] >= least and (level == 0 or mixed(people[row]) >> np.uint64(64 - level) == 0):
            rows[many] = row
            many += 1
    return rows[:many].copy()


@njit(cache=True, nogil=True, inline="always")
def mixed(number):  # type: ignore[no-untyped-def]
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of an id decides over every bit of its hash."""
    state = np.uint64(number) + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
