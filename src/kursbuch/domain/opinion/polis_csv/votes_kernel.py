"""The inner loops of votes.csv: bytes to numbers and back, without a Python object per row."""

from __future__ import annotations

import numpy as np
from numba import njit

IGNORED, TIMESTAMP, STATEMENT, PERSON, VALUE = range(5)
FINE, NOT_A_NUMBER, TOO_LARGE, NOT_A_STANCE, TOO_FEW, TOO_MANY, BAD_QUOTE, NEGATIVE = range(8)

COMMA, NEWLINE, RETURN, QUOTE, MINUS, ZERO, NINE, SPACE, COLON = 44, 10, 13, 34, 45, 48, 57, 32, 58
DIGITS = 18  # as many always fit into 64 bits
DAY = 86_400
NAMES = np.frombuffer(b"SunMonTueWedThuFriSatJanFebMarAprMayJunJulAugSepOctNovDec", dtype=np.uint8)
LONGEST_ROW = 20 + 40 + 3 * 21 + 8


@njit(cache=True, nogil=True)
def count_lines(text, start, stop):  # type: ignore[no-untyped-def]
    """How many lines ``text[start:stop]`` has, the last one perhaps without an end."""
    lines = 0
    for place in range(start, stop):
        if text[place] == NEWLINE:
            lines += 1
    if stop > start and text[stop - 1] != NEWLINE:
        lines += 1
    return lines


@njit(cache=True, nogil=True)
def parse_rows(text, start, stop, roles, timestamps, statements, people, values):  # type: ignore[no-untyped-def]
    """Reads the rows in ``text[start:stop]``: their number, or what is wrong in which field, and where its row starts.

    ``roles`` says what each column holds. Returns (rows, code, field, start of the row, start of the field).
    """
    rows, place, columns = 0, start, len(roles)
    while place < stop:
        if text[place] == NEWLINE or (text[place] == RETURN and place + 1 < stop and text[place + 1] == NEWLINE):
            place += 1 if text[place] == NEWLINE else 2
            continue
        row, column, more = place, 0, True
        while more:
            if column == columns:
                return rows, TOO_MANY, column, row, place
            field = place
            place, code, number = _parse_field(text, place, stop, roles[column])
            if code != FINE:
                return rows, code, column, row, field
            role = roles[column]
            if role == TIMESTAMP:
                timestamps[rows] = number
            elif role == STATEMENT:
                statements[rows] = number
            elif role == PERSON:
                people[rows] = number
            elif role == VALUE:
                values[rows] = number
            column += 1
            more = place < stop and text[place] == COMMA
            place += 1
        if column < columns:
            return rows, TOO_FEW, column - 1, row, place - 1
        rows += 1
    return rows, FINE, 0, 0, 0


@njit(cache=True, nogil=True)
def _parse_field(text, place, stop, role):  # type: ignore[no-untyped-def]
    """One field: (the place of the comma or newline that ends it, what is wrong, its number)."""
    quoted = place < stop and text[place] == QUOTE
    if quoted:
        place += 1
    if role == IGNORED:
        place, code = _skip(text, place, stop, quoted)
        return place, code, 0
    negative = place < stop and text[place] == MINUS
    if negative:
        place += 1
    first, number = place, 0
    while place < stop and ZERO <= text[place] <= NINE:
        if place - first == DIGITS:
            return place, TOO_LARGE, 0
        number = number * 10 + (text[place] - ZERO)
        place += 1
    if place == first:
        return place, NOT_A_NUMBER, 0
    if quoted:
        if place == stop or text[place] != QUOTE:
            return place, NOT_A_NUMBER, 0
        place += 1
    if place < stop and text[place] == RETURN and (place + 1 == stop or text[place + 1] == NEWLINE):
        place += 1
    if place < stop and text[place] != COMMA and text[place] != NEWLINE:
        return place, NOT_A_NUMBER, 0
    if negative:
        number = -number
    if role == VALUE:
        return place, FINE if -1 <= number <= 1 else NOT_A_STANCE, number
    if role != TIMESTAMP and number < 0:
        return place, NEGATIVE, 0
    return place, FINE, number


@njit(cache=True, nogil=True)
def _skip(text, place, stop, quoted):  # type: ignore[no-untyped-def]
    if quoted:
        while place < stop and (text[place] != QUOTE or (place + 1 < stop and text[place + 1] == QUOTE)):
            place += 2 if text[place] == QUOTE else 1
        if place >= stop:
            return stop, BAD_QUOTE
        place += 1
        if place < stop and text[place] == RETURN:
            place += 1
        if place < stop and text[place] != COMMA and text[place] != NEWLINE:
            return place, BAD_QUOTE
        return place, FINE
    while place < stop and text[place] != COMMA and text[place] != NEWLINE:
        place += 1
    return place, FINE


@njit(cache=True, nogil=True)
def write_rows(timestamps, seconds, statements, people, values, space):  # type: ignore[no-untyped-def]
    """Writes rows as Polis does, times in UTC; ``seconds`` are the same times in seconds. Returns how many bytes."""
    end = 0
    for row in range(len(timestamps)):
        end = _write_number(space, end, timestamps[row], 1)
        space[end] = COMMA
        end = _write_time(space, end + 1, seconds[row])
        for number in (statements[row], people[row], np.int64(values[row])):
            space[end] = COMMA
            end = _write_number(space, end + 1, number, 1)
        space[end] = NEWLINE
        end += 1
    return end


@njit(cache=True, nogil=True)
def _write_number(space, end, number, least):  # type: ignore[no-untyped-def]
    """Writes a number with at least ``least`` digits."""
    if number < 0:
        space[end] = MINUS
        number = -number
        end += 1
    digits, rest = 1, number
    while rest >= 10:
        rest //= 10
        digits += 1
    digits = max(digits, least)
    for place in range(end + digits - 1, end - 1, -1):
        space[place] = ZERO + number % 10
        number //= 10
    return end + digits


@njit(cache=True, nogil=True)
def _write_time(space, end, second):  # type: ignore[no-untyped-def]
    """Writes ``Wed Jun 18 01:16:54 UTC 2014``; the calendar is counted in years that begin in March."""
    day, within = second // DAY, second % DAY
    end = _write_name(space, end, (day + 4) % 7)
    shifted = day + 719_468
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    of_month = of_year - (153 * month + 2) // 5 + 1
    end = _write_name(space, end, 7 + (month + 2) % 12)
    end = _write_number(space, end, of_month, 2)
    space[end] = SPACE
    end = _write_number(space, end + 1, within // 3600, 2)
    space[end] = COLON
    end = _write_number(space, end + 1, within // 60 % 60, 2)
    space[end] = COLON
    end = _write_number(space, end + 1, within % 60, 2)
    for letter in (SPACE, 85, 84, 67, SPACE):  # UTC
        space[end] = letter
        end += 1
    return _write_number(space, end, year + era * 400 + (1 if month >= 10 else 0), 1)


@njit(cache=True, nogil=True)
def _write_name(space, end, name):  # type: ignore[no-untyped-def]
    for letter in range(3):
        space[end + letter] = NAMES[3 * name + letter]
    space[end + 3] = SPACE
    return end + 4
