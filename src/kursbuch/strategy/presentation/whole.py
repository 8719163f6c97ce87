"""A new edition as one text: what changed as a redline, in place, among everything that stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.element import Element
from kursbuch.domain.framework.schema import PROSE, Schema
from kursbuch.strategy.presentation.changes import title_of
from kursbuch.strategy.presentation.compare import ChangedElement, Comparison
from kursbuch.strategy.presentation.values import Terms, show_value


@dataclass(frozen=True)
class Line:
    """An element of the new edition, or one that leaves it, in reading order."""

    key: str
    kind: str
    title: str
    depth: int
    changed: ChangedElement | None
    text: str = ""  # safe HTML, of one that stays as it is


def whole_text(old: Tree, new: Tree, found: Comparison, schema: Schema, terms: Terms) -> Sequence[Line]:
    """Elements that go stand behind what they stood behind."""
    changed: Mapping[str, ChangedElement] = {one.key: one for theme in found.themes for one in theme.elements}
    gone: dict[str, list[tuple[int, Element]]] = {}
    last = ""
    for depth, element in old.walk():
        if element.key in new:
            last = element.key
        else:
            gone.setdefault(last, []).append((depth, element))
    rows = list(gone.get("", ()))
    for depth, element in new.walk():
        rows += [(depth, element), *gone.get(element.key, ())]
    return [_line(element, depth, changed.get(element.key), schema, terms) for depth, element in rows]


def _line(element: Element, depth: int, changed: ChangedElement | None, schema: Schema, terms: Terms) -> Line:
    kind = schema.kinds.get(element.kind)
    name = kind.name(terms.spoken) if kind else element.kind
    text = SafeString("")
    if changed is None and kind:
        parts = [
            show_value(spec, element.fields[spec.name], terms)
            for spec in kind.fields
            if spec.type in PROSE and spec.name != "title" and spec.name in element.fields
        ]
        text = format_html_join("", "{}", ((part,) for part in parts))
    return Line(element.key, name, title_of(element), depth, changed, text)
