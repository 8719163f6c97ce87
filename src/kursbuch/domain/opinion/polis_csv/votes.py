"""votes.csv of Polis: who voted how on what, and when; the largest of its files, so it is read by compiled loops."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion.polis_csv import votes_kernel as kernel
from kursbuch.domain.opinion.polis_csv.error import PolisCsvError, excerpt
from kursbuch.domain.opinion.polis_csv.times import FIRST_MILLISECOND
from kursbuch.domain.opinion.stances import Stances, stances_of

HEADER = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
ROLES = {
    "timestamp": kernel.TIMESTAMP,
    "comment-id": kernel.STATEMENT,
    "voter-id": kernel.PERSON,
    "vote": kernel.VALUE,
}
REASONS = {
    kernel.NOT_A_NUMBER: "{} is not a whole number",
    kernel.TOO_LARGE: "{} is too large",
    kernel.NOT_A_STANCE: "{} is none of 1, 0 and -1",
    kernel.NEGATIVE: "{} is negative",
    kernel.TOO_FEW: "the row ends here, but the header names {columns} columns",
    kernel.TOO_MANY: "the row goes on, but the header names {columns} columns only",
    kernel.BAD_QUOTE: "a quotation mark is not closed, or something follows it",
}
BLOCK = 8_000_000  # bytes read by one thread at a time
ROWS = 500_000  # rows written at a time
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Sign(IntEnum):
    """Which number stands for agreeing in a file.

    Polis stores -1 and turns it round for its exports; tables taken from its database or its interface are not turned.
    """

    AGREE_IS_PLUS = 1
    AGREE_IS_MINUS = -1


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """Votes in the order of the file; ``values`` are of :class:`~kursbuch.domain.opinion.stances.Stance`.

    Somebody may have voted on a statement repeatedly. ``timestamps`` are as the file has them: milliseconds since 1970
    or, in files of some versions, seconds; zeros where the file has none.
    """

    timestamps: NDArray[np.int64]  # (rows,)
    statements: NDArray[np.int64]  # (rows,) ids
    people: NDArray[np.int64]  # (rows,) ids
    values: NDArray[np.int8]  # (rows,)

    def __len__(self) -> int:
        return len(self.values)

    def stances(self) -> Stances:
        """What each person holds in the end: of several votes on a statement the latest counts."""
        return stances_of(self.people, self.statements, self.values, self.timestamps)


def read_votes(data: bytes, sign: Sign = Sign.AGREE_IS_PLUS) -> Votes:
    """The votes of a file; columns are found by their names, unknown ones are left aside.

    Raises :class:`PolisCsvError` for a malformed file, with the first thing that is wrong in it.
    """
    text = np.frombuffer(data, dtype=np.uint8)
    roles, start = _header(data)
    blocks = _blocks(data, start) if data.find(b'"', start) < 0 else [(start, len(data))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = list(pool.map(lambda block: kernel.count_lines(text, *block), blocks))
        starts = np.zeros(len(blocks) + 1, dtype=np.int64)
        np.cumsum(counts, out=starts[1:])
        votes = Votes(*(np.zeros(starts[-1], dtype) for dtype in (np.int64, np.int64, np.int64, np.int8)))

        def parse(number: int) -> tuple[int, int, int, int, int]:
            rows = slice(starts[number], starts[number + 1])
            columns = (votes.timestamps[rows], votes.statements[rows], votes.people[rows], votes.values[rows])
            return kernel.parse_rows(text, *blocks[number], roles, *columns)  # type: ignore[no-any-return]

        parsed = list(pool.map(parse, range(len(blocks))))
    for _, code, field, row, place in parsed:
        if code != kernel.FINE:
            raise _error(data, code, field, row, place, len(roles))
    rows = _kept([each[0] for each in parsed], starts)
    if sign is Sign.AGREE_IS_MINUS:
        np.negative(votes.values, out=votes.values)
    return Votes(votes.timestamps[rows], votes.statements[rows], votes.people[rows], votes.values[rows])


def write_votes(votes: Votes) -> bytes:
    """The file as Polis exports it: 1 is agree; the column ``datetime`` is in UTC."""
    parts = [",".join(HEADER).encode() + b"\n"]
    space = np.empty(min(len(votes), ROWS) * kernel.LONGEST_ROW, dtype=np.uint8)
    for first in range(0, len(votes), ROWS):
        rows = slice(first, first + ROWS)
        times = votes.timestamps[rows]
        end = kernel.write_rows(
            times, in_seconds(times), votes.statements[rows], votes.people[rows], votes.values[rows], space
        )
        parts.append(space[:end].tobytes())
    return b"".join(parts)


def in_seconds(timestamps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole seconds since 1970 from milliseconds or seconds, whichever the size of a number says it is."""
    return np.where(np.abs(timestamps) < FIRST_MILLISECOND, timestamps, timestamps // 1000)


def _header(data: bytes) -> tuple[NDArray[np.int64], int]:
    """What each column holds, and where the first row starts."""
    skipped = len(BYTE_ORDER_MARK) if data.startswith(BYTE_ORDER_MARK) else 0
    end = data.find(b"\n")
    line = data[skipped : len(data) if end < 0 else end].decode("utf-8", "replace")
    try:
        names = [name.strip() for name in next(csv.reader([line]), [])]
    except csv.Error as error:
        raise PolisCsvError(1, 1, "the header has a lone carriage return, or a field that is too long") from error
    for name in ("comment-id", "voter-id", "vote"):
        if name not in names:
            raise PolisCsvError(1, max(1, len(names)), f"the header has no column {name!r}")
    for column, name in enumerate(names):
        if name in ROLES and name in names[:column]:
            raise PolisCsvError(1, column + 1, f"the header names the column {name!r} twice")
    roles = np.array([ROLES.get(name, kernel.IGNORED) for name in names], dtype=np.int64)
    return roles, len(data) if end < 0 else end + 1


def _blocks(data: bytes, start: int) -> list[tuple[int, int]]:
    """The data cut at ends of lines; only right where no field is quoted, since a quoted one may hold such an end."""
    blocks = []
    while start < len(data):
        end = data.find(b"\n", min(start + BLOCK, len(data)))
        stop = len(data) if end < 0 else end + 1
        blocks.append((start, stop))
        start = stop
    return blocks


def _kept(counts: Sequence[int], starts: NDArray[np.int64]) -> slice | NDArray[np.int64]:
    """Where the rows really read stand: each block had space for all its lines, but empty lines are no rows."""
    if all(start + count == following for start, count, following in zip(starts, counts, starts[1:-1], strict=False)):
        return slice(0, int(starts[len(counts) - 1] + counts[-1]) if counts else 0)
    return np.concatenate([np.arange(start, start + count) for start, count in zip(starts[:-1], counts, strict=True)])


def _error(data: bytes, code: int, field: int, row: int, place: int, columns: int) -> PolisCsvError:
    line = data.count(b"\n", 0, row) + 1
    found = data[place : place + 200].split(b"\n", 1)[0].decode("utf-8", "replace")
    try:
        value = (next(csv.reader([found]), None) or [""])[0].rstrip("\r")
    except csv.Error:
        value = found.partition(",")[0]
    return PolisCsvError(line, field + 1, REASONS[code].format(excerpt(value), columns=columns))
