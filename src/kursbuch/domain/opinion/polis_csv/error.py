"""What is said about a file that cannot be read: where, and why."""

from __future__ import annotations


class PolisCsvError(ValueError):
    """A malformed file: ``line`` is the line in which the record begins, ``column`` its field, both counted from 1."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(f"line {line}, column {column}: {reason}")
        self.line = line
        self.column = column
        self.reason = reason


def excerpt(text: str) -> str:
    """What stands in a field, quoted, cut to a length that fits into a message."""
    return repr(text if len(text) <= 40 else text[:39] + "…")
