"""Reads the lines of votes byte by byte: what costs most of a tally when a million people have voted.

A line is a row of fields between semicolons; a field that begins with a quotation mark ends with the next one that is
not doubled. Nothing here makes text: ids are looked up by their bytes.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kursbuch.domain.voting.pabulib.fields_kernel import (
    BAD_NUMBER,
    COMMA,
    MORE_DECIMALS,
    NEWLINE,
    NOBODY,
    NOTHING,
    QUOTE,
    SEMICOLON,
    Ids,
    blank,
    close_field,
    number_of,
    over,
    pass_field,
    read_id,
    read_whole,
    skip_blank_lines,
    spread,
)
from kursbuch.domain.voting.pabulib.short_rows_kernel import (
    DISTRICT,
    POINTS,
    VOTE,
    VOTER,
    WEIGHT,
    Rows,
)

# What was wrong, besides numbers (fields_kernel).
FEW_FIELDS, MANY_FIELDS, UNKNOWN, DUPLICATE, NO_ID, SEVERAL, POINTS_DIFFER, QUOTATION = 11, 12, 13, 14, 15, 16, 17, 18


@njit(cache=True, nogil=True)
def count_lines(data: NDArray[np.uint8], first: int, stop: int) -> tuple[int, int]:
    """How many line ends and commas there are: room for rows and entries."""
    lines = 0
    commas = 0
    for at in range(first, stop):
        lines += data[at] == NEWLINE
        commas += data[at] == COMMA
    return lines, commas


@njit(cache=True, nogil=True, inline="always")
def _read_vote(
    data: NDArray[np.uint8],
    at: int,
    stop: int,
    quoted: bool,
    ids: Ids,
    most: int,
    row: int,
    seen_by: NDArray[np.int64],
    projects: NDArray[np.int32],
    first: int,
) -> tuple[int, int, int, int, int]:
    """Ids between commas: where the field ends, how many there are, and what was wrong, from and up to which byte."""
    closing = QUOTE if quoted else SEMICOLON
    named = 0
    while True:
        while at < stop and blank(data[at]):
            at += 1
        begin = at
        index, end, at = read_id(data, at, stop, closing, ids)
        more = at < stop and data[at] == COMMA
        if index == NOTHING and named == 0 and not more:
            return at, 0, 0, 0, 0
        if index in (NOTHING, NOBODY):
            return at, named, NO_ID if index == NOTHING else UNKNOWN, begin, end
        if seen_by[index] == row or named == most:
            return at, named, DUPLICATE if seen_by[index] == row else SEVERAL, begin, end
        seen_by[index] = row
        projects[first + named] = index
        named += 1
        if not more:
            return at, named, 0, 0, 0
        at += 1


@njit(cache=True, nogil=True, inline="always")
def _read_numbers(
    data: NDArray[np.uint8], at: int, stop: int, quoted: bool, decimals: int, values: NDArray[np.int64], first: int
) -> tuple[int, int, int, int, int]:
    """Numbers between commas: where the field ends, how many there are, and what was wrong, at which byte, and more."""
    closing = QUOTE if quoted else SEMICOLON
    count = 0
    while True:
        while at < stop and blank(data[at]):
            at += 1
        if count == 0 and over(data, at, stop, closing) and (at == stop or data[at] != COMMA):
            return at, 0, 0, at, 0
        value, end, wrong = read_whole(data, at, stop, decimals, quoted)
        if wrong != 0:
            return at, count, wrong, at, value
        if first + count < len(values):
            values[first + count] = value
        count += 1
        if end == stop or data[end] != COMMA:
            return end, count, 0, at, 0
        at = end + 1


@njit(cache=True, nogil=True)
def read_votes(
    data: NDArray[np.uint8],
    first: int,
    stop: int,
    roles: NDArray[np.int64],
    ids: Ids,
    most: int,
    decimals: int,
    rows: Rows,
    seen_by: NDArray[np.int64],
    row: int,
    last: int,
    problem: NDArray[np.int64],
) -> tuple[int, int]:
    """Read the rows from number ``row`` up to ``last`` between the bytes ``first`` and ``stop``.

    Where the next one begins, and its number, or that of the one in which something is wrong: then ``problem`` becomes
    (what, at which byte, a number that belongs to it). ``roles`` says of each column what it holds; ``most`` is how
    many projects a vote may name. Of each project ``seen_by`` knows a row that named it.
    """
    entries = int(rows.starts[row])
    at = skip_blank_lines(data, first, stop)
    while at < stop and row < last:
        line = at
        column = 0
        named = 0
        pointed = 0
        while True:  # one field after the other, up to the end of the row
            if column == len(roles):
                problem[0], problem[1] = MANY_FIELDS, at
                return at, row
            role = roles[column]
            field = at
            quoted = at < stop and data[at] == QUOTE
            at += quoted
            wrong, place, number = 0, 0, 0
            if role == VOTE:
                at, named, wrong, place, number = _read_vote(
                    data, at, stop, quoted, ids, most, row, seen_by, rows.projects, entries
                )
            elif role == POINTS:
                at, pointed, wrong, place, number = _read_numbers(
                    data, at, stop, quoted, decimals, rows.points, entries
                )
            elif role == WEIGHT:
                at, count, wrong, place, number = _read_numbers(data, at, stop, quoted, 0, rows.weights, row)
                if wrong == MORE_DECIMALS or (wrong == 0 and (count != 1 or rows.weights[row] <= 0)):
                    wrong = BAD_NUMBER
            else:
                at, code = pass_field(data, at, stop, QUOTE if quoted else SEMICOLON)
                if role == DISTRICT:
                    rows.districts[row, 0], rows.districts[row, 1] = field + quoted, at
                elif role == VOTER:
                    rows.voters[row], rows.voter_at[row] = code, field
            if wrong != 0:
                problem[0], problem[1], problem[2] = wrong, place, number if wrong != BAD_NUMBER else role
                return at, row
            end = close_field(data, at, stop, quoted)
            if end < 0:
                problem[0], problem[1] = QUOTATION, field if end == -1 else at
                return at, row
            at = end
            column += 1
            if at == stop or data[at] == NEWLINE:
                break
            at += 1
        if column < len(roles) or (len(rows.points) > 0 and pointed != named):
            problem[0], problem[1] = FEW_FIELDS if column < len(roles) else POINTS_DIFFER, line
            problem[2] = column if column < len(roles) else pointed
            return at, row
        entries += named
        row += 1
        rows.starts[row] = entries
        at = skip_blank_lines(data, min(at + 1, stop), stop)
    return at, row


@njit(cache=True, nogil=True)
def name_fields(
    data: NDArray[np.uint8], fields: NDArray[np.int64], table: NDArray[np.int32], names: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Number different fields (rows, 2) in the order of their coming; the rows in which each came first.

    ``table`` is empty (-1), a power of two long and longer than there are rows.
    """
    firsts = np.empty(len(fields), np.int64)
    different = 0
    for row in range(len(fields)):
        begin, end = fields[row]
        code = number_of(data, begin, end)
        slot = np.int64(spread(code) >> np.uint64(20)) & (len(table) - 1)
        while table[slot] >= 0:
            other, other_end = fields[firsts[table[slot]]]
            if other_end - other == end - begin:
                step = 0
                while step < end - begin and data[begin + step] == data[other + step]:
                    step += 1
                if step == end - begin:
                    break
            slot = (slot + 1) & (len(table) - 1)
        if table[slot] < 0:
            table[slot] = different
            firsts[different] = row
            different += 1
        names[row] = table[slot]
    return firsts[:different]
