"""Reads rows of votes as nearly all of them are, short words and whole numbers without quotation marks, at full speed.

Ids are taken eight bytes at a time, and all is one loop: calls that pass arrays on cost more than what they do. What
is written otherwise is left to votes_kernel, which reads all rows, and reads these rows just the same.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kursbuch.domain.voting.pabulib.fields_kernel import (
    COMMA,
    LENGTH,
    NEWLINE,
    QUOTE,
    RETURN,
    SEMICOLON,
    ZERO,
    Ids,
    spread,
    with_byte,
    with_length,
)

# What a column holds.
OTHER, VOTE, POINTS, WEIGHT, DISTRICT, VOTER = 0, 1, 2, 3, 4, 5

_EACH = 0x0101010101010101  # a byte, eight times
_LOWEST, _HIGHEST = np.uint64(_EACH), np.uint64(_EACH << 7)
_HYPHENS, _SEMICOLONS = np.uint64(_EACH * ord("-")), np.uint64(_EACH * SEMICOLON)
_LENGTHS = np.uint64(0x0010203040506070)  # moved up by n bytes, its uppermost four bits are n
_ZERO, _ONE = np.uint64(0), np.uint64(1)
_MOST_DIGITS = np.uint64(9)


class Rows(NamedTuple):
    """Room for what rows say; an array is empty where there is no such column."""

    starts: NDArray[np.int64]  # (rows + 1,)
    projects: NDArray[np.int32]  # (entries,)
    points: NDArray[np.int64]  # (entries,)
    weights: NDArray[np.int64]  # (rows,)
    districts: NDArray[np.int64]  # (rows, 2): where the field begins and ends, quotation marks left out
    voters: NDArray[np.uint64]  # (rows,): numbers that are equal for equal voter ids
    voter_at: NDArray[np.int64]  # (rows,): where the field begins


@njit(cache=True, nogil=True)
def take_word(eight: np.uint64) -> tuple[int, np.uint64]:
    """Of eight bytes, how many (seven at most) stand before a separator, and the number that they make.

    Separators are semicolons and all below "-": commas, blanks, line ends, quotation marks. Without one the length is
    0, and the number means nothing. What a byte below another borrows when that is subtracted only spoils the bytes
    after it, and the first is all that matters (Warren, Hacker's Delight, 6-1).
    """
    semicolons = eight ^ _SEMICOLONS
    ends = ((eight - _HYPHENS) & ~eight | (semicolons - _LOWEST) & ~semicolons) & _HIGHEST
    first = (ends & (~ends + np.uint64(1))) >> np.uint64(7)
    length = first * _LENGTHS >> np.uint64(60)
    return np.int64(length), eight & (first - np.uint64(1)) | length << LENGTH  # type: ignore[return-value]


@njit(cache=True, nogil=True)
def look_up(code: np.uint64, ids: Ids) -> int:
    """The project whose id's bytes, seven at most, make this number; -1 if there is none."""
    mask = np.uint64(len(ids.table) - 1)
    slot = spread(code) >> ids.shift
    index = ids.table[slot]
    while index >= 0 and ids.codes[np.uint64(index)] != code:
        slot = (slot + np.uint64(1)) & mask
        index = ids.table[slot]
    return int(index)


@njit(cache=True, nogil=True)
def read_short_rows(
    data: NDArray[np.uint8],
    eights: NDArray[np.uint64],
    first: int,
    stop: int,
    roles: NDArray[np.int64],
    ids: Ids,
    most: int,
    scale: int,
    rows: Rows,
    seen_by: NDArray[np.int64],
    row: int,
) -> tuple[int, int]:
    """Read rows from number ``row`` on, up to the first that is written otherwise; where it begins, and its number.

    ``eights`` are eight bytes of ``data`` from each byte on, the first the lowest; where there are none, nothing is
    read. ``stop`` is the end of ``data`` or follows a line end. Points are multiplied by ``scale``.
    """
    projects, points, weights, districts = rows.projects, rows.points, rows.weights, rows.districts
    voters, voter_at, starts = rows.voters, rows.voter_at, rows.starts
    line = np.uint64(first)
    end = np.uint64(min(stop, len(eights)))
    begin = np.uint64(starts[row])  # unsigned, so that nobody asks whether a place counts from the end
    while line < end:
        here = np.uint64(row)
        at = line
        entry = given = begin
        fits = True
        for column in range(len(roles)):
            role = roles[np.uint64(column)]
            field = at
            if role == VOTE:
                while at < end:
                    length, code = take_word(eights[at])
                    index = look_up(code, ids) if length > 0 else -1
                    if index < 0 or seen_by[np.uint64(index)] == row or np.int64(entry - begin) == most:
                        break
                    seen_by[np.uint64(index)] = row
                    projects[entry] = index
                    entry += _ONE
                    at += np.uint64(length)
                    if data[at] != COMMA:
                        break
                    at += _ONE
                fits = at == field or data[at - _ONE] != COMMA
            elif role in (POINTS, WEIGHT):
                value = np.int64(0)
                digits = at
                fits = False
                while at < end:
                    digit = np.int64(data[at]) - ZERO
                    if 0 <= digit <= 9:
                        value = value * 10 + digit
                        at += _ONE
                        continue
                    fits = bool(_ZERO < at - digits <= _MOST_DIGITS) or at == field
                    if at == field or not fits:
                        break
                    if role == WEIGHT:
                        weights[here] = value
                        break
                    points[given] = value * scale
                    given += _ONE
                    if data[at] != COMMA:
                        break
                    at += _ONE
                    digits = at
                    value = np.int64(0)
                fits = fits and bool(role == POINTS or value > 0)
            else:
                length, code = take_word(eights[at]) if at < end else (0, _ZERO)
                at += np.uint64(length)
                if data[at] != SEMICOLON and data[at] != NEWLINE:
                    at = field
                    length, code = 0, _ZERO
                    while at < end and data[at] != SEMICOLON and data[at] != NEWLINE and data[at] != QUOTE:
                        code = with_byte(code, length, data[at])
                        length += 1
                        at += _ONE
                    code = with_length(code, length)
                if role == VOTER:
                    voters[here], voter_at[here] = code, np.int64(field)
                elif role == DISTRICT:
                    districts[here, 0], districts[here, 1] = np.int64(field), np.int64(at)
            last = column + 1 == len(roles)
            if last and data[at] == RETURN:
                at += _ONE
            fits = fits and bool(data[at] == (NEWLINE if last else SEMICOLON))
            if not fits:
                break
            at += _ONE
        if not fits or (len(points) > 0 and given != entry):
            for named in range(np.int64(begin), np.int64(entry)):
                seen_by[projects[named]] = -1
            break
        line = at
        begin = entry
        row += 1
        starts[np.uint64(row)] = np.int64(begin)
    return np.int64(line), row  # type: ignore[return-value]
