"""Inner loops that sort, pick and merge stances; every array is the one that Stances describes."""

from __future__ import annotations

import numpy as np
from numba import njit

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
ONE = np.uint64(1)
SIX = np.uint64(6)
DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)  # each of its 64 runs of six bits is there once
PLACES = np.zeros(64, dtype=np.uint8)  # of a single bit, by the first six bits of that number times the bit
for _place in range(64):
    PLACES[(int(DE_BRUIJN) << _place & 2**64 - 1) >> 58] = _place


@njit(cache=True, nogil=True)
def distinct(ids):  # type: ignore[no-untyped-def]
    """The distinct ids in the order in which they first come, and for each id its place among them."""
    size = np.int64(1024)
    table = np.full(size, -1, dtype=np.int32)
    found = np.empty(size // 2, dtype=np.int64)
    place = np.empty(len(ids), dtype=np.int32)
    many = np.int64(0)
    last, last_place = np.int64(0), np.int32(-1)
    for position in range(len(ids)):
        wanted = ids[position]
        if last_place >= 0 and wanted == last:
            place[position] = last_place
            continue
        if many == size // 2:
            size *= 4
            table = np.full(size, -1, dtype=np.int32)
            former, found = found, np.empty(size // 2, dtype=np.int64)
            for old in range(many):
                found[old] = former[old]
                slot = _slot(found[old], size)
                while table[slot] >= 0:
                    slot = (slot + 1) & (size - 1)
                table[slot] = old
        slot = _slot(wanted, size)
        while table[slot] >= 0 and found[table[slot]] != wanted:
            slot = (slot + 1) & (size - 1)
        if table[slot] < 0:
            table[slot] = many
            found[many] = wanted
            many += 1
        last, last_place = wanted, table[slot]
        place[position] = last_place
    return found[:many].copy(), place


@njit(cache=True, nogil=True, inline="always")
def _slot(wanted, size):  # type: ignore[no-untyped-def]
    return np.int64((np.uint64(wanted) * GOLDEN) >> np.uint64(20)) & (size - 1)


@njit(cache=True, nogil=True)
def close_ranks(ids, low, span):  # type: ignore[no-untyped-def]
    """The distinct ids, ascending, and for each id its place among them; all lie within ``span`` from ``low`` on."""
    rank = np.zeros(span, dtype=np.int32)
    for position in range(len(ids)):
        rank[np.uint64(ids[position] - low)] = 1
    many = np.int64(0)
    found = np.empty(min(span, len(ids)), dtype=np.int64)
    for offset in range(span):
        if rank[offset]:
            rank[offset] = many
            found[many] = low + offset
            many += 1
    place = np.empty(len(ids), dtype=np.int32)
    for position in range(len(ids)):
        place[position] = rank[np.uint64(ids[position] - low)]
    return found[:many].copy(), place


@njit(cache=True, nogil=True)
def sort_rows(row, column, values, order, people, statements):  # type: ignore[no-untyped-def]
    """Compressed rows from triples, each sorted by column; of several in the same column that of the greatest order
    stays, of equal ones the last one. ``order`` is (triples,), or empty where all are equal.
    """
    total = len(row)
    starts = np.zeros(people + 1, dtype=np.int64)
    for entry in range(total):
        starts[np.uint64(row[entry]) + ONE] += 1
    for person in range(people):
        starts[person + 1] += starts[person]
    cursors = starts[:people].copy()
    columns = np.empty(total, dtype=np.uint16)
    said = np.empty(total, dtype=np.int8)
    times = np.empty(len(order), dtype=np.int64)
    for entry in range(total):
        who = np.uint64(row[entry])
        place = np.uint64(cursors[who])
        cursors[who] += 1
        columns[place] = column[entry]
        said[place] = values[entry]
        if len(order):
            times[place] = order[entry]
    filled = np.int64(0)
    last = np.empty(statements, dtype=np.int8)
    since = np.empty(statements, dtype=np.int64)
    taken = np.zeros(statements // 64 + 1, dtype=np.uint64)
    for person in range(people):
        first, end = starts[person], starts[person + 1]
        starts[person] = filled
        filled = _sort_row(columns, said, times, first, end, filled, last, since, taken)
    starts[people] = filled
    if filled == total:
        return starts, columns, said
    return starts, columns[:filled].copy(), said[:filled].copy()


@njit(cache=True, nogil=True)
def _sort_row(columns, said, times, first, end, filled, last, since, taken):  # type: ignore[no-untyped-def]
    """Writes one row sorted and without repetitions to ``filled`` (at or before ``first``); returns where it ends.

    ``taken`` has a bit for each column, all of them clear before and after.
    """
    ascending = True
    for entry in range(first + 1, end):
        ascending &= columns[entry - 1] < columns[entry]
    if ascending:
        for entry in range(first, end):
            columns[filled], said[filled] = columns[entry], said[entry]
            filled += 1
        return filled
    for entry in range(first, end):
        column = np.uint64(columns[entry])
        bit = ONE << (column & np.uint64(63))
        if len(times):
            if taken[column >> SIX] & bit and times[entry] < since[column]:
                continue
            since[column] = times[entry]
        taken[column >> SIX] |= bit
        last[column] = said[entry]
    for word in range(len(taken)):
        bits = taken[word]
        taken[word] = 0
        while bits:
            lowest = bits & (~bits + ONE)
            column = np.uint64(word << 6) + np.uint64(PLACES[(lowest * DE_BRUIJN) >> np.uint64(58)])
            columns[filled], said[filled] = column, last[column]
            filled += 1
            bits ^= lowest
    return filled


@njit(cache=True, nogil=True)
def pick(starts, columns, values, rows):  # type: ignore[no-untyped-def]
    """The rows with these numbers, one after the other."""
    picked = np.zeros(len(rows) + 1, dtype=np.int64)
    for place in range(len(rows)):
        picked[place + 1] = picked[place] + starts[rows[place] + 1] - starts[rows[place]]
    new_columns = np.empty(picked[-1], dtype=np.uint16)
    new_values = np.empty(picked[-1], dtype=np.int8)
    for place in range(len(rows)):
        first = starts[rows[place]]
        for entry in range(picked[place], picked[place + 1]):
            new_columns[entry] = columns[first + entry - picked[place]]
            new_values[entry] = values[first + entry - picked[place]]
    return picked, new_columns, new_values


@njit(cache=True, nogil=True)
def merge(  # type: ignore[no-untyped-def]
    people, old_rows, old_starts, old_columns, old_values, new_rows, new_starts, new_columns, new_values
):
    """Rows of both; ``old_rows`` and ``new_rows`` say, ascending, which of the ``people`` each row belongs to."""
    starts = np.zeros(people + 1, dtype=np.int64)
    columns = np.empty(len(old_columns) + len(new_columns), dtype=np.uint16)
    values = np.empty(len(columns), dtype=np.int8)
    filled = np.int64(0)
    old_row, new_row = 0, 0
    for person in range(people):
        old, old_end, new, new_end = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
        if old_row < len(old_rows) and old_rows[old_row] == person:
            old, old_end = old_starts[old_row], old_starts[old_row + 1]
            old_row += 1
        if new_row < len(new_rows) and new_rows[new_row] == person:
            new, new_end = new_starts[new_row], new_starts[new_row + 1]
            new_row += 1
        while old < old_end and new < new_end:
            if old_columns[old] < new_columns[new]:
                columns[filled], values[filled] = old_columns[old], old_values[old]
                old += 1
            else:
                old += old_columns[old] == new_columns[new]
                columns[filled], values[filled] = new_columns[new], new_values[new]
                new += 1
            filled += 1
        for entry in range(old, old_end):
            columns[filled], values[filled] = old_columns[entry], old_values[entry]
            filled += 1
        for entry in range(new, new_end):
            columns[filled], values[filled] = new_columns[entry], new_values[entry]
            filled += 1
        starts[person + 1] = filled
    return starts, columns[:filled].copy(), values[:filled].copy()
