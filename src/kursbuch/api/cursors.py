"""Cursors: where a list goes on. They name the last thing seen, so nothing is skipped or doubled when rows come in."""

from __future__ import annotations

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

from kursbuch.api.problems import invalid

MOST = 2**63 - 1
PATTERN = r"[A-Za-z0-9_-]{4,200}"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_799_999_999  # microseconds up to the end of the year 9999


def write(space: str, *values: int | str) -> str:
    """Opaque to others; ``space`` names the list, so that a cursor of another list is refused."""
    text = json.dumps([space, *values], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str, space: str, *types: type[int] | type[str]) -> list[int | str]:
    """The values, or the problem 422 for anything that was not written here."""
    try:
        if not re.fullmatch(PATTERN, cursor):
            raise ValueError(cursor)
        found = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        given, *values = found
        if given != space or [type(value) for value in values] != list(types) or write(space, *values) != cursor:
            raise ValueError(cursor)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise wrong_cursor() from None
    if any(isinstance(value, int) and not 0 <= value <= MOST for value in values):
        raise wrong_cursor()
    return list(values)


def read_number(cursor: str | None, space: str) -> int | None:
    """For lists whose order is one number."""
    return None if cursor is None else int(read(cursor, space, int)[0])


def wrong_cursor() -> Exception:
    return invalid("query.cursor", "This cursor is not one that this list has given out.")


def of_moment(moment: datetime) -> int:
    """Microseconds since 1970: exact, as both databases keep them."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_of(number: int | str) -> datetime:
    if not isinstance(number, int) or number > _LATEST:
        raise wrong_cursor()
    return _EPOCH + timedelta(microseconds=number)
