"""Times as Polis writes them beside its timestamps: words in UTC, for whoever reads a file with their eyes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIRST_MILLISECOND = 100_000_000_000  # smaller timestamps are seconds: as milliseconds they would lie before March 1973


def in_words(timestamp: int) -> str:
    """``Wed Jun 18 01:16:54 UTC 2014`` for milliseconds or seconds since 1970; nothing for what no calendar holds."""
    seconds = timestamp if abs(timestamp) < FIRST_MILLISECOND else timestamp // 1000
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return ""
    return f"{DAYS[moment.weekday()]} {MONTHS[moment.month - 1]} {moment:%d %H:%M:%S} UTC {moment.year}"
