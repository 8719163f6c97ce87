"""Summary: what a set of changes amounts to, in numbers and in the targets it touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kursbuch.domain.framework.changes import Add, Change, Move, Retire, Revise
from kursbuch.domain.framework.element import Edition, Fields, Value
from kursbuch.domain.framework.markup import parse
from kursbuch.domain.framework.redline import redline
from kursbuch.domain.framework.words import count_words


@dataclass(frozen=True, slots=True)
class TargetChange:
    """A target or quantity before and after; ``field`` is ``None`` when the whole element came or went."""

    key: str
    field: str | None
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Elements concerned by kind of element, each counted once a column, and words of prose."""

    added: Mapping[str, int]
    revised: Mapping[str, int]
    moved: Mapping[str, int]
    retired: Mapping[str, int]
    targets: tuple[TargetChange, ...]
    words_inserted: int
    words_deleted: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.added or self.revised or self.moved or self.retired)


def summarise(changes: Iterable[Change], old: Edition, new: Edition) -> Summary:
    """Sum up changes that lead from ``old`` to ``new``, such as ``diff(old, new)``."""
    keys: dict[type[Change], dict[str, str]] = {Add: {}, Revise: {}, Move: {}, Retire: {}}
    targets: list[TargetChange] = []
    inserted = deleted = 0
    for change in changes:
        keys[type(change)][change.key] = _kind(change, old, new)
        if isinstance(change, Revise):
            gained, lost = _words_changed(change.before, change.after)
            if _is_quantity(change.before, change.after):  # better words for a target leave it where it was
                targets.append(TargetChange(change.key, change.field, change.before, change.after))
        elif isinstance(change, Add):
            gained, lost = _words_in(change.fields), 0
            if change.kind == TARGET:
                targets.append(TargetChange(change.key, None, None, _title(change.fields)))
        elif isinstance(change, Retire):
            fields = old[change.key].fields if change.key in old else {}
            gained, lost = 0, _words_in(fields)
            if keys[Retire][change.key] == TARGET:
                targets.append(TargetChange(change.key, None, _title(fields), None))
        else:
            gained = lost = 0
        inserted += gained
        deleted += lost
    added, revised, moved, retired = (_count(found.values()) for found in keys.values())
    return Summary(added, revised, moved, retired, tuple(targets), inserted, deleted)


TARGET = "target"


def _kind(change: Change, old: Edition, new: Edition) -> str:
    if isinstance(change, Add):
        return change.kind
    for edition in (old, new):
        if change.key in edition:
            return edition[change.key].kind
    return ""


def _count(kinds: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return dict(sorted(counts.items()))


def _is_quantity(*values: Value | None) -> bool:
    return any(isinstance(value, Mapping) and "unit" in value for value in values)


def _title(fields: Fields) -> Value | None:
    return fields.get("title", fields.get("text"))


def _words_in(fields: Fields) -> int:
    return sum(count_words(parse(value)) for value in fields.values() if isinstance(value, str))


def _words_changed(before: Value | None, after: Value | None) -> tuple[int, int]:
    if not isinstance(before, str | None) or not isinstance(after, str | None):
        return 0, 0
    inserted = deleted = 0
    for span in redline(before or "", after or ""):
        if span.op == "inserted":
            inserted += count_words(span.words)
        elif span.op == "deleted":
            deleted += count_words(span.words)
    return inserted, deleted
