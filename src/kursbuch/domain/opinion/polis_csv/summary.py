"""summary.csv of Polis: what a conversation was about and how many took part, a line per figure."""

from __future__ import annotations

from dataclasses import dataclass

from kursbuch.domain.opinion.polis_csv.tables import rows, written

NUMBERS = {"views", "voters", "voters-in-conv", "commenters", "comments", "groups"}
FIELDS = {
    "topic": "topic", "url": "url", "views": "views", "voters": "voters", "voters-in-conv": "voters_in_groups",
    "commenters": "authors", "comments": "statements", "groups": "groups", "conversation-description": "description",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Summary:
    """``voters_in_groups`` are people in the map; versions of Polis count all voters there. ``more`` keeps the rest."""

    topic: str = ""
    url: str = ""
    views: int = 0
    voters: int = 0
    voters_in_groups: int = 0
    authors: int = 0
    statements: int = 0
    groups: int = 0
    description: str = ""
    more: tuple[tuple[str, str], ...] = ()


def read_summary(data: bytes) -> Summary:
    """Raises :class:`PolisCsvError` for a malformed file; lines with unknown names are kept in ``more``."""
    known: dict[str, str | int] = {}
    more = []
    for row in rows(data):
        if len(row.fields) != 2:
            raise row.error(len(row.fields) - 1, f"a line holds a name and a value, this one {len(row.fields)} fields")
        name, value = row.fields
        if name in known:
            raise row.error(0, f"{name!r} is there already")
        if name in FIELDS:
            known[name] = row.number(1, least=0) if name in NUMBERS else value
        else:
            more.append((name, value))
    return Summary(**{FIELDS[name]: value for name, value in known.items()}, more=tuple(more))  # type: ignore[arg-type]


def write_summary(summary: Summary) -> bytes:
    """The file as Polis exports it."""
    lines = [written([name, getattr(summary, attribute)]) for name, attribute in FIELDS.items()]
    return "".join([*lines, *(written(pair) for pair in summary.more)]).encode()
