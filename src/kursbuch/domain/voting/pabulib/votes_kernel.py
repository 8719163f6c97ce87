"""Reads the lines of votes byte by byte: what costs most of a tally when a million people have voted.

A line is a row of fields between semicolons; a field that begins with a quotation mark ends with the next one that is
not doubled. Nothing here makes text: ids are looked up by their bytes.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

# What a column holds.
OTHER, VOTE, POINTS, WEIGHT, DISTRICT, VOTER = 0, 1, 2, 3, 4, 5

# What was wrong.
FEW_FIELDS, MANY_FIELDS, UNKNOWN, DUPLICATE, NO_ID, SEVERAL = 1, 2, 3, 4, 5, 6
BAD_NUMBER, NUMBER_TOO_LARGE, MORE_DECIMALS, POINTS_DIFFER, QUOTATION = 7, 8, 9, 10, 11

NOBODY, NOTHING = -1, -2  # an id that no project has; no id at all

_NEWLINE, _RETURN, _TAB, _SPACE, _QUOTE, _COMMA, _SEMICOLON = 10, 13, 9, 32, 34, 44, 59
_MINUS, _POINT, _ZERO, _NINE = 45, 46, 48, 57

_BASE = np.uint64(257)  # up to seven bytes, a number to this base says exactly which bytes they were ...
_EXACT = 7
_LONG = np.uint64(1 << 63)  # ... and is smaller than this, which the numbers of longer ids have on top
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_LARGEST = 10**17


@njit(cache=True, nogil=True)
def count_lines(data: NDArray[np.uint8], first: int, stop: int) -> tuple[int, int]:
    """How many line ends and commas there are: room for rows and entries."""
    lines = 0
    commas = 0
    for at in range(first, stop):
        lines += data[at] == _NEWLINE
        commas += data[at] == _COMMA
    return lines, commas


@njit(cache=True, nogil=True)
def file_ids(
    ids: NDArray[np.uint8], ends: NDArray[np.int64], table: NDArray[np.int32], codes: NDArray[np.uint64]
) -> None:
    """Put every id into an open hash table whose size is a power of two; ids are unique."""
    shift = np.uint64(64)
    size = len(table)
    while size > 1:
        size >>= 1
        shift -= np.uint64(1)
    table[:] = -1
    first = np.int64(0)
    for index in range(len(ends)):
        code = np.uint64(0)
        for at in range(first, ends[index]):
            code = code * _BASE + np.uint64(ids[at]) + np.uint64(1)
        if ends[index] - first > _EXACT:
            code |= _LONG
        codes[index] = code
        slot = np.int64((code * _SPREAD) >> shift)
        while table[slot] >= 0:
            slot = (slot + 1) & (len(table) - 1)
        table[slot] = index
        first = ends[index]


@njit(cache=True, nogil=True)
def _same_bytes(data: NDArray[np.uint8], at: int, ids: NDArray[np.uint8], first: int, stop: int, quoted: bool) -> bool:
    for place in range(first, stop):
        if data[at] != ids[place]:
            return False
        at += 2 if quoted and data[at] == _QUOTE else 1
    return True


@njit(cache=True, nogil=True)
def _blank(byte: int) -> bool:
    return byte in (_SPACE, _TAB, _RETURN)


@njit(cache=True, nogil=True)
def _read_whole(data: NDArray[np.uint8], at: int, stop: int, decimals: int, quoted: bool) -> tuple[int, int, int]:
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
        elif _ZERO <= byte <= _NINE:
            digits += 1
            if fraction >= decimals:
                if byte != _ZERO:
                    return fraction + 1, at, MORE_DECIMALS
            else:
                if value > _LARGEST:
                    return 0, at, NUMBER_TOO_LARGE
                value = value * 10 + int(byte - _ZERO)
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
    while at < stop and _blank(data[at]):
        at += 1
    if at < stop:
        byte = data[at]
        ends = byte in (_COMMA, _NEWLINE) or (byte == _QUOTE if quoted else byte == _SEMICOLON)
        if not ends:
            return 0, at, BAD_NUMBER
    return -value if negative else value, at, 0


@njit(cache=True, nogil=True)
def _pass_letters(data: NDArray[np.uint8], at: int, stop: int) -> tuple[int, np.uint64]:
    """Past digits, letters and most else that means nothing but itself; the number that these bytes make."""
    here, end = np.uint64(at), np.uint64(stop)  # unsigned, so that nobody asks whether it counts from the end
    code = np.uint64(0)
    while here < end:
        byte = data[here]
        if byte < _ZERO or byte == _SEMICOLON:
            break
        code = code * _BASE + np.uint64(byte) + np.uint64(1)
        here += np.uint64(1)
    return np.int64(here), code  # type: ignore[return-value]


@njit(cache=True, nogil=True, inline="always")
def _look_up(code: np.uint64, id_codes: NDArray[np.uint64], table: NDArray[np.int32], shift: np.uint64) -> int:
    """The project whose id's bytes, seven at most, make this number; -1 if there is none."""
    mask = np.uint64(len(table) - 1)
    slot = (code * _SPREAD) >> shift
    index = table[slot]
    while index >= 0 and id_codes[np.uint64(index)] != code:
        slot = (slot + np.uint64(1)) & mask
        index = table[slot]
    return int(index)


@njit(cache=True, nogil=True)
def _over(data: NDArray[np.uint8], at: int, stop: int, closing: int) -> bool:
    """Whether an entry of a list ends here."""
    if at == stop or data[at] == _COMMA or data[at] == _NEWLINE:
        return True
    return data[at] == closing and (closing != _QUOTE or at + 1 == stop or data[at + 1] != _QUOTE)


@njit(cache=True, nogil=True)
def _read_id(
    data: NDArray[np.uint8],
    at: int,
    stop: int,
    closing: int,
    ids: NDArray[np.uint8],
    id_ends: NDArray[np.int64],
    id_codes: NDArray[np.uint64],
    table: NDArray[np.int32],
    shift: np.uint64,
) -> tuple[int, int, int]:
    """The project named here (NOBODY, NOTHING), where its id ends, and where the blanks after it do."""
    quoted = closing == _QUOTE
    begin = at
    at, code = _pass_letters(data, at, stop)
    end = at
    length = at - begin
    while at < stop:
        byte = data[at]
        if byte in (_COMMA, closing, _NEWLINE):
            if byte != _QUOTE or at + 1 == stop or data[at + 1] != _QUOTE:
                break
            at += 1  # a doubled quotation mark stands for one
        elif byte <= _SPACE and _blank(byte):
            ahead = at
            while ahead < stop and _blank(data[ahead]):
                ahead += 1
            if _over(data, ahead, stop, closing):
                at = ahead
                break
        at += 1
        code = code * _BASE + np.uint64(byte) + np.uint64(1)
        length += 1
        end = at
    if length == 0:
        return NOTHING, end, at
    if length > _EXACT:
        code |= _LONG
    slot = np.int64((code * _SPREAD) >> shift)
    index = table[slot]
    while index >= 0:
        first = int(id_ends[index - 1]) if index > 0 else 0
        if (
            id_codes[index] == code
            and id_ends[index] - first == length
            and (length <= _EXACT or _same_bytes(data, begin, ids, first, id_ends[index], quoted))
        ):
            return index, end, at
        slot = (slot + 1) & (len(table) - 1)
        index = table[slot]
    return NOBODY, end, at


@njit(cache=True, nogil=True)
def _pass_field(data: NDArray[np.uint8], at: int, stop: int, closing: int) -> tuple[int, np.uint64]:
    """Where a field that nobody looks into ends, and a number that is equal for equal fields."""
    at, code = _pass_letters(data, at, stop)
    while at < stop:
        byte = data[at]
        if byte == closing or (byte == _NEWLINE and closing != _QUOTE):
            if byte != _QUOTE or at + 1 == stop or data[at + 1] != _QUOTE:
                break
            at += 1
        code = code * _BASE + np.uint64(byte) + np.uint64(1)
        at += 1
    return at, code


@njit(cache=True, nogil=True)
def _close_field(data: NDArray[np.uint8], at: int, stop: int, quoted: bool) -> int:
    """Where the semicolon or the line end after a field stands; -1 if a quotation mark is missing, -2 if misplaced."""
    if quoted:
        if at == stop or data[at] != _QUOTE:
            return -1
        at += 1
        while at < stop and _blank(data[at]):
            at += 1
        if at < stop and data[at] != _SEMICOLON and data[at] != _NEWLINE:
            return -2
    return at


@njit(cache=True, nogil=True)
def _skip_blank_lines(data: NDArray[np.uint8], at: int, stop: int) -> int:
    line = at
    while at < stop and (data[at] == _NEWLINE or _blank(data[at])):
        at += 1
        if data[at - 1] == _NEWLINE:
            line = at
    return stop if at == stop else line


@njit(cache=True, nogil=True)
def read_votes(
    data: NDArray[np.uint8],
    first: int,
    stop: int,
    roles: NDArray[np.int64],
    ids: NDArray[np.uint8],
    id_ends: NDArray[np.int64],
    id_codes: NDArray[np.uint64],
    table: NDArray[np.int32],
    most: int,
    decimals: int,
    starts: NDArray[np.int64],
    projects: NDArray[np.int32],
    points: NDArray[np.int64],
    weights: NDArray[np.int64],
    districts: NDArray[np.int64],
    voters: NDArray[np.uint64],
    voter_at: NDArray[np.int64],
    problem: NDArray[np.int64],
) -> int:
    """Read the rows between the bytes ``first`` and ``stop``; how many there were before something was wrong.

    ``roles`` says of each column what it holds; ``most`` is how many projects a vote may name. ``districts`` is
    (rows, 2): where the field begins and ends, quotation marks left out. ``voters`` are numbers that are equal for
    equal voter ids. ``problem`` becomes (what was wrong, at which byte, a number that belongs to it).
    """
    shift = np.uint64(64)
    size = len(table)
    while size > 1:
        size >>= 1
        shift -= np.uint64(1)
    seen_by = np.full(len(id_ends), -1, np.int64)
    row = 0
    entries = 0
    starts[0] = 0
    at = _skip_blank_lines(data, first, stop)
    while at < stop:
        line = at
        column = 0
        named = 0
        pointed = 0
        while True:  # one field after the other, up to the end of the row
            if column == len(roles):
                problem[0], problem[1] = MANY_FIELDS, at
                return row
            role = roles[column]
            field = at
            quoted = at < stop and data[at] == _QUOTE
            closing = _QUOTE if quoted else _SEMICOLON
            at += quoted
            if role == VOTE:
                while True:  # one id after the other
                    begin = at
                    at, code = _pass_letters(data, at, stop)
                    if 0 < at - begin <= _EXACT and at < stop and not quoted:  # as nearly all are
                        byte = data[np.uint64(at)]
                        if byte in (_COMMA, _SEMICOLON, _NEWLINE):
                            index = _look_up(code, id_codes, table, shift)
                            if index >= 0 and seen_by[np.uint64(index)] != row and named < most:
                                seen_by[np.uint64(index)] = row
                                projects[np.uint64(entries + named)] = index
                                named += 1
                                if byte != _COMMA:
                                    break
                                at += 1
                                continue
                    at = begin
                    while at < stop and _blank(data[at]):
                        at += 1
                    begin = at
                    index, end, at = _read_id(data, at, stop, closing, ids, id_ends, id_codes, table, shift)
                    more = at < stop and data[at] == _COMMA
                    if index == NOTHING and named == 0 and not more:
                        break
                    wrong = (
                        NO_ID if index == NOTHING else UNKNOWN if index == NOBODY else SEVERAL if named == most else 0
                    )
                    if wrong == 0 and seen_by[index] == row:
                        wrong = DUPLICATE
                    if wrong != 0:
                        problem[0], problem[1], problem[2] = wrong, begin, end
                        return row
                    seen_by[index] = row
                    projects[entries + named] = index
                    named += 1
                    if not more:
                        break
                    at += 1
            elif role in (POINTS, WEIGHT):
                while True:  # one number after the other
                    while at < stop and _blank(data[at]):
                        at += 1
                    if (
                        role == POINTS
                        and pointed == 0
                        and _over(data, at, stop, closing)
                        and (at == stop or data[at] != _COMMA)
                    ):
                        break
                    value, end, wrong = _read_whole(data, at, stop, decimals if role == POINTS else 0, quoted)
                    more = end < stop and data[end] == _COMMA
                    if role == WEIGHT and wrong == 0 and (value <= 0 or more):
                        wrong = BAD_NUMBER
                    if wrong != 0:
                        problem[0], problem[1], problem[2] = wrong, at, value if wrong == MORE_DECIMALS else role
                        return row
                    at = end
                    if role == WEIGHT:
                        weights[row] = value
                    else:
                        points[entries + pointed] = value
                        pointed += 1
                    if not more:
                        break
                    at += 1
            else:
                at, code = _pass_field(data, at, stop, closing)
                if role == DISTRICT:
                    districts[row, 0], districts[row, 1] = field + quoted, at
                elif role == VOTER:
                    voters[row], voter_at[row] = code, field
            end = _close_field(data, at, stop, quoted)
            if end < 0:
                problem[0], problem[1] = QUOTATION, field if end == -1 else at
                return row
            at = end
            column += 1
            if at == stop or data[at] == _NEWLINE:
                break
            at += 1
        if column < len(roles) or (len(points) > 0 and pointed != named):
            problem[0], problem[1] = FEW_FIELDS if column < len(roles) else POINTS_DIFFER, line
            problem[2] = column if column < len(roles) else pointed
            return row
        entries += named
        row += 1
        starts[row] = entries
        at = _skip_blank_lines(data, min(at + 1, stop), stop)
    return row


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
        code = np.uint64(0)
        for at in range(begin, end):
            code = code * _BASE + np.uint64(data[at]) + np.uint64(1)
        slot = np.int64((code * _SPREAD) >> np.uint64(20)) & (len(table) - 1)
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
