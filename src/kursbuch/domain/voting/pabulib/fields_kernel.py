"""Fields of a line of votes, byte by byte: ids looked up in a hash table of their bytes, numbers, and the rest."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

# What was wrong with a number.
BAD_NUMBER, NUMBER_TOO_LARGE, MORE_DECIMALS = 1, 2, 3

NOBODY, NOTHING = -1, -2  # an id that no project has; no id at all

NEWLINE, RETURN, QUOTE, COMMA, SEMICOLON, ZERO, NINE = 10, 13, 34, 44, 59, 48, 57
EXACT = 7

_TAB, _SPACE, _MINUS, _POINT = 9, 32, 45, 46
_BASE = np.uint64(257)
LENGTH = np.uint64(56)  # the number of up to seven bytes is these bytes and, above this bit, how many they are ...
_LONG = np.uint64(1 << 63)  # ... so it is smaller than this, which the numbers of longer ids have on top
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_LARGEST = 10**17


class Ids(NamedTuple):
    """Projects' ids, found by their bytes through an open hash table whose size is a power of two."""

    bytes: NDArray[np.uint8]  # one id after the other
    ends: NDArray[np.int64]  # (projects,)
    codes: NDArray[np.uint64]  # (projects,)
    table: NDArray[np.int32]  # projects, -1 where there is none
    shift: np.uint64  # 64 less than the bits of the table's size


@njit(cache=True, nogil=True)
def spread(code: np.uint64) -> np.uint64:
    """Numbers that are neighbours fall far apart, seen from the upper bits."""
    return code * _SPREAD


@njit(cache=True, nogil=True)
def with_byte(code: np.uint64, length: int, byte: int) -> np.uint64:
    """What the first ``length`` bytes made, and this one."""
    if length < EXACT:
        return code | np.uint64(byte) << np.uint64(8 * length)
    return code * _BASE + np.uint64(byte) + np.uint64(1)


@njit(cache=True, nogil=True)
def with_length(code: np.uint64, length: int) -> np.uint64:
    """The number of so many bytes: equal for equal ones, and up to seven of them unlike that of any other."""
    return code | (np.uint64(length) << LENGTH if length <= EXACT else _LONG)


@njit(cache=True, nogil=True)
def number_of(data: NDArray[np.uint8], first: int, stop: int) -> np.uint64:
    code = np.uint64(0)
    for at in range(first, stop):
        code = with_byte(code, at - first, data[at])
    return with_length(code, stop - first)


@njit(cache=True, nogil=True)
def file_ids(ids: Ids) -> None:
    """Fill codes and table; no two ids are equal."""
    ids.table[:] = -1
    first = 0
    for index in range(len(ids.ends)):
        code = number_of(ids.bytes, first, ids.ends[index])
        ids.codes[index] = code
        slot = np.int64(spread(code) >> ids.shift)
        while ids.table[slot] >= 0:
            slot = (slot + 1) & (len(ids.table) - 1)
        ids.table[slot] = index
        first = int(ids.ends[index])


@njit(cache=True, nogil=True)
def blank(byte: int) -> bool:
    return byte in (_SPACE, _TAB, RETURN)


@njit(cache=True, nogil=True)
def over(data: NDArray[np.uint8], at: int, stop: int, closing: int) -> bool:
    """Whether an entry of a list ends here."""
    if at == stop or data[at] == COMMA or data[at] == NEWLINE:
        return True
    return data[at] == closing and (closing != QUOTE or at + 1 == stop or data[at + 1] != QUOTE)


@njit(cache=True, nogil=True)
def _same_bytes(data: NDArray[np.uint8], at: int, ids: NDArray[np.uint8], first: int, stop: int, quoted: bool) -> bool:
    for place in range(first, stop):
        if data[at] != ids[place]:
            return False
        at += 2 if quoted and data[at] == QUOTE else 1
    return True


@njit(cache=True, nogil=True)
def read_id(
    data: NDArray[np.uint8],
    at: int,
    stop: int,
    closing: int,
    ids: Ids,
) -> tuple[int, int, int]:
    """The project named here (NOBODY, NOTHING), where its id ends, and where the blanks after it do."""
    quoted = closing == QUOTE
    begin = end = at
    code = np.uint64(0)
    length = 0
    while at < stop:
        byte = data[at]
        if byte in (COMMA, closing, NEWLINE):
            if byte != QUOTE or at + 1 == stop or data[at + 1] != QUOTE:
                break
            at += 1  # a doubled quotation mark stands for one
        elif byte <= _SPACE and blank(byte):
            ahead = at
            while ahead < stop and blank(data[ahead]):
                ahead += 1
            if over(data, ahead, stop, closing):
                at = ahead
                break
        at += 1
        code = with_byte(code, length, byte)
        length += 1
        end = at
    if length == 0:
        return NOTHING, end, at
    code = with_length(code, length)
    slot = np.int64(spread(code) >> ids.shift)
    index = ids.table[slot]
    while index >= 0:
        first = int(ids.ends[index - 1]) if index > 0 else 0
        if (
            ids.codes[index] == code
            and ids.ends[index] - first == length
            and (length <= EXACT or _same_bytes(data, begin, ids.bytes, first, ids.ends[index], quoted))
        ):
            return index, end, at
        slot = (slot + 1) & (len(ids.table) - 1)
        index = ids.table[slot]
    return NOBODY, end, at


@njit(cache=True, nogil=True)
def read_whole(data: NDArray[np.uint8], at: int, stop: int, decimals: int, quoted: bool) -> tuple[int, int, int]:
    """A number times ten to the ``decimals``: the value, where it ends, and what was wrong (0: nothing)."""
    negative = at < stop and data[at] == _MINUS
    if negative:
        at += 1
    value = 0
    digits = 0
    fraction = -1  # digits after the point, once there was one
    while at < stop:
        byte = data[at]
        if byte == _POINT and fraction < 0:
            fraction = 0
        elif ZERO <= byte <= NINE:
            digits += 1
            if fraction >= decimals:
                if byte != ZERO:
                    return fraction + 1, at, MORE_DECIMALS
            else:
                if value > _LARGEST:
                    return 0, at, NUMBER_TOO_LARGE
                value = value * 10 + int(byte - ZERO)
                if fraction >= 0:
                    fraction += 1
        else:
            break
        at += 1
    if digits == 0:
        return 0, at, BAD_NUMBER
    for _ in range(decimals - max(fraction, 0)):
        if value > _LARGEST:
            return 0, at, NUMBER_TOO_LARGE
        value *= 10
    while at < stop and blank(data[at]):
        at += 1
    if at < stop:
        byte = data[at]
        ends = byte in (COMMA, NEWLINE) or (byte == QUOTE if quoted else byte == SEMICOLON)
        if not ends:
            return 0, at, BAD_NUMBER
    return -value if negative else value, at, 0


@njit(cache=True, nogil=True, inline="always")
def pass_field(data: NDArray[np.uint8], at: int, stop: int, closing: int) -> tuple[int, np.uint64]:
    """Where a field that nobody looks into ends, and a number that is equal for equal fields."""
    code = np.uint64(0)
    length = 0
    while at < stop:
        byte = data[at]
        if byte == closing or (byte == NEWLINE and closing != QUOTE):
            if byte != QUOTE or at + 1 == stop or data[at + 1] != QUOTE:
                break
            at += 1
        code = with_byte(code, length, byte)
        length += 1
        at += 1
    return at, with_length(code, length)


@njit(cache=True, nogil=True, inline="always")
def close_field(data: NDArray[np.uint8], at: int, stop: int, quoted: bool) -> int:
    """Where the semicolon or the line end after a field stands; -1 if a quotation mark is missing, -2 if misplaced."""
    if quoted:
        if at == stop or data[at] != QUOTE:
            return -1
        at += 1
        while at < stop and blank(data[at]):
            at += 1
        if at < stop and data[at] != SEMICOLON and data[at] != NEWLINE:
            return -2
    return at


@njit(cache=True, nogil=True, inline="always")
def skip_blank_lines(data: NDArray[np.uint8], at: int, stop: int) -> int:
    line = at
    while at < stop and (data[at] == NEWLINE or blank(data[at])):
        at += 1
        if data[at - 1] == NEWLINE:
            line = at
    return stop if at == stop else line
