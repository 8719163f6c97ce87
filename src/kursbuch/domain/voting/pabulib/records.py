"""The rows of a Pabulib file outside its votes, with the place of every field, so that complaints can point at it."""

from __future__ import annotations

from dataclasses import dataclass

_BLANKS = b" \t\r"


class PabulibError(ValueError):
    """A file that is not what the format says: where (counted from 1, in characters) and why."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(f"line {line}, column {column}: {reason}")
        self.line = line
        self.column = column
        self.reason = reason

    @classmethod
    def at(cls, data: bytes, position: int, reason: str) -> PabulibError:
        begin = data.rfind(b"\n", 0, position) + 1
        if begin == 0 and data.startswith(b"\xef\xbb\xbf"):
            begin = min(3, position)
        column = len(data[begin:position].decode(errors="replace")) + 1
        return cls(data.count(b"\n", 0, position) + 1, column, reason)

    def __reduce__(self) -> tuple[type[PabulibError], tuple[int, int, str]]:
        return type(self), (self.line, self.column, self.reason)


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its fields without blanks around them, where each begins, and the bytes it takes, blank lines before it
    and its line end included.
    """

    fields: tuple[str, ...]
    places: tuple[int, ...]
    start: int
    stop: int

    def place(self, column: int) -> int:
        """Where a field begins; where the row ends if it has no such field."""
        return self.places[column] if column < len(self.places) else self.places[-1]


def read_record(data: bytes, start: int) -> Record | None:
    """The next row from ``start`` on; None if only blank lines follow."""
    at = start
    while True:
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        if data[at:end].strip(_BLANKS):
            break
        if end == len(data):
            return None
        at = end + 1
    line = data[at:end]
    if b'"' not in line:
        raw = line.split(b";")
        places = [at]
        for field in raw[:-1]:
            places.append(places[-1] + len(field) + 1)
    else:
        raw, places, end = _split_quoted(data, at)
    fields = tuple(_text(data, field, place) for field, place in zip(raw, places, strict=True))
    return Record(fields, tuple(places), start, min(end + 1, len(data)))


def _text(data: bytes, field: bytes, place: int) -> str:
    try:
        return field.decode().strip(" \t\r")
    except UnicodeDecodeError:
        raise PabulibError.at(data, place, "this is not UTF-8 text") from None


def _split_quoted(data: bytes, at: int) -> tuple[list[bytes], list[int], int]:
    """Fields, their places and the end of a row in which quotation marks stand; line ends inside them belong to it."""
    fields: list[bytes] = []
    places: list[int] = []
    while True:
        places.append(at)
        if data[at : at + 1] == b'"':
            field, at = _read_quoted(data, at)
        else:
            end = min(_find(data, b";", at), _find(data, b"\n", at))
            field, at = data[at:end], end
        fields.append(field)
        if data[at : at + 1] != b";":
            return fields, places, at
        at += 1


def _find(data: bytes, what: bytes, at: int) -> int:
    found = data.find(what, at)
    return len(data) if found < 0 else found


def _read_quoted(data: bytes, opening: int) -> tuple[bytes, int]:
    closing = opening
    while True:
        closing = data.find(b'"', closing + 1)
        if closing < 0:
            raise PabulibError.at(data, opening, "this quotation mark is never closed")
        if data[closing + 1 : closing + 2] != b'"':
            break
        closing += 1
    after = closing + 1
    while data[after : after + 1] in (b" ", b"\t", b"\r"):
        after += 1
    if data[after : after + 1] not in (b";", b"\n", b""):
        raise PabulibError.at(data, after, "there is text after a closing quotation mark")
    return data[opening + 1 : closing].replace(b'""', b'"'), after
