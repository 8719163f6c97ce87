"""The whole strategy as it is read: every element of an edition in order, in the reader's language, in one query.

Rows are read as plain tuples and stay JSON: two thousand model instances and domain elements would cost more than
the query and the page together.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import FilteredRelation, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast

from kursbuch.strategy.models import PENDING, Change, Strategy, Version

Row = tuple[Any, ...]


@dataclass(slots=True)
class Rendered:
    """An element's texts in another language than the original's."""

    texts: Mapping[str, str]
    stale: bool  # the original has moved on since
    reviewed: bool
    translator: str


@dataclass(slots=True)
class ReadElement:
    """An element in its place, with its fields as JSON."""

    key: str
    kind: str
    depth: int
    fields: Mapping[str, Any]
    parent: str = ""
    rendered: Rendered | None = None
    digest: str = ""

    @property
    def title(self) -> str:
        return self.text_of("title")

    def text_of(self, name: str) -> str:
        """A prose field in the reader's language where there is one, else in the original's."""
        if self.rendered and name in self.rendered.texts:
            return self.rendered.texts[name]
        return str(self.fields.get(name) or "")


@dataclass(slots=True)
class ReadStrategy:
    """All elements of an edition in reading order."""

    elements: Sequence[ReadElement]
    language: str = ""  # of the renditions; empty: the original
    pending: Mapping[str, int] = field(default_factory=dict)  # amendments by element


def read_strategy(strategy: Strategy, ordinal: int, language: str = "") -> ReadStrategy:
    """The edition with this ordinal, with its renditions in ``language`` if that is not the original's.

    An element that has none of its present version gets that of an earlier one, marked as stale; what was written
    for a later version never shows.
    """
    if language == strategy.language:
        language = ""
    versions = Version.objects.at(ordinal).filter(strategy=strategy)
    versions = versions.annotate(content=Cast("fields", TextField()))
    columns = ["key", "kind", "parent", "rank", "content", "digest"]
    if language:
        wanted = Q(element__renditions__language=language)
        of = Version.objects.filter(element=OuterRef("element"), digest=OuterRef("told__of_digest"))
        versions = versions.annotate(
            told=FilteredRelation("element__renditions", condition=wanted),
            told_first=Subquery(of.order_by("first").values("first")[:1]),
        )
        columns += ["told__fields", "told__of_digest", "told__reviewed", "told__translator", "told_first"]
    below: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows: dict[str, list[Row]] = {}
    for row in versions.values_list(*columns):
        key = row[0]
        if key in rows:
            rows[key].append(row)  # the same version with another rendition
        else:
            rows[key] = [row]
            below[row[2]].append((row[3], key))
    # one document is read in half the time that two thousand small ones take
    contents = dict(zip(rows, json.loads(f"[{','.join([same[0][4] for same in rows.values()])}]"), strict=True))
    return ReadStrategy(_in_order(rows, contents, below, ordinal), language)


def _in_order(
    rows: Mapping[str, Sequence[Row]],
    contents: Mapping[str, Mapping[str, Any]],
    below: Mapping[str, list[tuple[str, str]]],
    ordinal: int,
) -> list[ReadElement]:
    found: list[ReadElement] = []
    waiting = [(0, key) for _, key in sorted(below.get("", ()), reverse=True)]
    while waiting:
        depth, key = waiting.pop()
        row = rows[key][0]
        rendered = _rendered(rows[key], ordinal) if len(row) > 6 else None
        found.append(ReadElement(key, row[1], depth, contents[key], row[2], rendered, row[5]))
        if key in below:
            waiting += [(depth + 1, child) for _, child in sorted(below[key], reverse=True)]
    return found


def _rendered(rows: Sequence[Row], ordinal: int) -> Rendered | None:
    """The rendition of this very version, else that of the last one before it."""
    best: Row | None = None
    for row in rows:
        if row[6] is None:
            continue
        if row[7] == row[5]:
            return Rendered(row[6], False, row[8], row[9])
        earlier = row[10] is not None and row[10] <= ordinal
        if earlier and (best is None or row[10] > best[10]):
            best = row
    return Rendered(best[6], True, best[8], best[9]) if best else None


def pending_counts(strategy: Strategy) -> dict[str, int]:
    """By element: how many public amendments that are still open touch it, or put something below it."""
    rows = (
        Change.objects.filter(
            amendment__strategy=strategy, amendment__state__in=PENDING, amendment__submitted_at__isnull=False
        )
        .values_list("key", "below", "amendment_id")
        .distinct()
    )
    touched = {(key, amendment) for own, below, amendment in rows for key in (own, below) if key}
    return dict(Counter(key for key, _ in touched))
