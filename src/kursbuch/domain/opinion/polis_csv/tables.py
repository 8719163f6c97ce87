"""The smaller files of Polis as rows of text, each with the line it begins in, and fields as numbers or a complaint."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kursbuch.domain.opinion.polis_csv.error import PolisCsvError, excerpt

LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """A record: the line in which it begins, and its fields."""

    line: int
    fields: list[str]

    def number(self, column: int, *, least: int = -LARGEST, most: int = LARGEST) -> int:
        """The whole number in a field (counted from 0), or an error that names it."""
        found = self.fields[column]
        if not (found.removeprefix("-").isdecimal() and found.isascii() and len(found) < 20):
            raise self.error(column, f"{excerpt(found)} is not a whole number")
        if not least <= int(found) <= most:
            raise self.error(column, f"{found} is not between {least} and {most}")
        return int(found)

    def error(self, column: int, reason: str) -> PolisCsvError:
        return PolisCsvError(self.line, column + 1, reason)


def rows(data: bytes) -> Iterator[Row]:
    """All records that are not empty, the header among them; every one must be as long as the header is."""
    reader = csv.reader(io.StringIO(_decoded(data), newline=""), strict=True)
    columns, line = 0, 1
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as problem:
            raise PolisCsvError(line, 1, str(problem)) from problem
        if fields is None:
            return
        if fields:
            columns = columns or len(fields)
            if len(fields) != columns:
                reason = f"the row has {len(fields)} fields, but the header {columns}"
                raise PolisCsvError(line, min(len(fields), columns + 1), reason)
            yield Row(line, fields)
        line = reader.line_num + 1


def columns_of(header: Row | None, needed: Iterable[str]) -> dict[str, int]:
    """Where each named column stands (from 0); complains where one of ``needed`` is missing or a name stands twice."""
    if header is None:
        raise PolisCsvError(1, 1, "the file is empty")
    found: dict[str, int] = {}
    for column, name in enumerate(header.fields):
        if name.strip() in found:
            raise header.error(column, f"the header names the column {excerpt(name)} twice")
        found[name.strip()] = column
    for name in needed:
        if name not in found:
            raise header.error(len(header.fields) - 1, f"the header has no column {name!r}")
    return found


def written(fields: Sequence[object]) -> str:
    """A record with its end of line; fields are quoted where they must be."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(fields)  # so that a field with either sign is quoted
    return text.getvalue().removesuffix("\r\n") + "\n"


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        before = data[data.rfind(b"\n", 0, problem.start) + 1 : problem.start]
        raise PolisCsvError(line, before.count(b",") + 1, "the file is not UTF-8") from problem
