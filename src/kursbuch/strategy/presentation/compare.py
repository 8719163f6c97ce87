"""What changed between two editions, for people: by theme, each changed element with its redline and its path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString

from kursbuch.domain.framework.changes import Add, Change, Move, Retire, Revise, diff
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.element import Element, Value
from kursbuch.domain.framework.redline import redline
from kursbuch.domain.framework.render import redline_html
from kursbuch.domain.framework.schema import PROSE, FieldSpec, FieldType, Kind, Schema
from kursbuch.domain.framework.summary import Summary, summarise
from kursbuch.domain.framework.words import count_words
from kursbuch.strategy.presentation.changes import ShownField, redline_labels, redlined_value, title_of
from kursbuch.strategy.presentation.values import Terms, show_value

QUANTITIES = (FieldType.TARGET, FieldType.NUMBER)
TITLE = "title"  # of what came or went, it is the heading


@dataclass
class ChangedElement:
    """Everything that happened to one element, in one place."""

    key: str
    kind: str  # "Maßnahme"
    title: str
    path: Sequence[str]  # titles from below the theme down to its parent
    is_added: bool = False
    is_retired: bool = False
    is_moved: bool = False
    moved_from: str = ""  # title and key of the parent it had; empty if only the order changed
    moved_to: str = ""
    fields: list[ShownField] = field(default_factory=list)

    @property
    def css(self) -> str:
        return "added" if self.is_added else "removed" if self.is_retired else "moved" if self.is_moved else ""


@dataclass(frozen=True)
class ChangedTheme:
    """A topmost element with the changed ones in it."""

    key: str
    title: str
    elements: Sequence[ChangedElement]


@dataclass(frozen=True)
class ShownTarget:
    """A target or quantity before and after."""

    key: str
    title: str
    before: SafeString
    after: SafeString


@dataclass(frozen=True)
class Counted:
    """How many elements of a kind."""

    kind: str
    added: int
    revised: int
    moved: int
    retired: int


@dataclass(frozen=True)
class Comparison:
    themes: Sequence[ChangedTheme]
    summary: Summary
    counts: Sequence[Counted]
    targets: Sequence[ShownTarget]

    @property
    def totals(self) -> Mapping[str, int]:
        columns = ("added", "revised", "moved", "retired")
        return {name: sum(getattr(self.summary, name).values()) for name in columns} | {
            "targets": len(self.summary.targets)
        }


def compare(old: Tree, new: Tree, schema: Schema, terms: Terms) -> Comparison:
    changes = diff(old, new)
    teller = _Teller(old, new, schema, terms)
    themes = teller.themes(changes)
    # Revised prose was redlined above, and its words counted: the costly part need not be done twice.
    summary = summarise([_without_prose(change) for change in changes], old, new)
    summary = replace(
        summary,
        words_inserted=summary.words_inserted + teller.inserted,
        words_deleted=summary.words_deleted + teller.deleted,
    )
    return Comparison(themes, summary, _counts(summary, schema, terms), teller.targets(summary))


def _without_prose(change: Change) -> Change:
    is_prose = (
        isinstance(change, Revise) and isinstance(change.before, str | None) and isinstance(change.after, str | None)
    )
    return Revise(change.key, change.field, None, None) if is_prose and isinstance(change, Revise) else change


class _Teller:
    def __init__(self, old: Tree, new: Tree, schema: Schema, terms: Terms) -> None:
        self.old, self.new, self.schema, self.terms = old, new, schema, terms
        self.changed: dict[str, ChangedElement] = {}
        self.labels = redline_labels()
        self.inserted = self.deleted = 0  # words of revised prose

    def themes(self, changes: Sequence[Change]) -> list[ChangedTheme]:
        for change in changes:
            self._tell(change)
        for key, shown in self.changed.items():
            kind = self._kind(self._element(key))
            order = [spec.name for spec in kind.fields] if kind else []
            shown.fields.sort(key=lambda one, order=order: order.index(one.name) if one.name in order else len(order))  # type: ignore[misc]
        found: dict[str, list[ChangedElement]] = {}
        for key in self._reading_order():
            found.setdefault(self._way(key)[0], []).append(self.changed[key])
        return [ChangedTheme(key, title_of(self._element(key)), elements) for key, elements in found.items()]

    def _tell(self, change: Change) -> None:
        key = change.key
        shown = self.changed.get(key) or self._new(key)
        match change:
            case Add(fields=fields):
                shown.is_added = True
                shown.fields = [self._field(key, name, None, value) for name, value in fields.items() if name != TITLE]
            case Revise(field=name, before=before, after=after):
                shown.fields.append(self._revised(key, name, before, after))
            case Move():
                shown.is_moved = True
                was, becomes = self.old.parents.get(key), self.new.parents.get(key)
                if was != becomes:
                    shown.moved_from, shown.moved_to = self._named(was), self._named(becomes)
            case Retire():
                shown.is_retired = True
                fields = self._element(key).fields
                shown.fields = [self._field(key, name, value, None) for name, value in fields.items() if name != TITLE]

    def _new(self, key: str) -> ChangedElement:
        element = self._element(key)
        way = self._way(key)
        path = [title_of(self._element(one)) for one in way[1:-1]]
        kind = self._kind(element)
        name = kind.name(self.terms.spoken) if kind else element.kind
        self.changed[key] = shown = ChangedElement(key, name, title_of(element), path)
        return shown

    def _field(self, key: str, name: str, before: Value | None, after: Value | None) -> ShownField:
        spec = self._spec(key, name)
        return ShownField(name, spec.label(self.terms.spoken), redlined_value(spec, before, after, self.terms))

    def _revised(self, key: str, name: str, before: Value | None, after: Value | None) -> ShownField:
        spec = self._spec(key, name)
        if not isinstance(before, str | None) or not isinstance(after, str | None):
            return self._field(key, name, before, after)
        spans = redline(before or "", after or "")
        self.inserted += sum(count_words(span.words) for span in spans if span.op == "inserted")
        self.deleted += sum(count_words(span.words) for span in spans if span.op == "deleted")
        html = SafeString(redline_html(spans, self.labels))
        return ShownField(name, spec.label(self.terms.spoken), html)

    def _spec(self, key: str, name: str) -> FieldSpec:
        kind = self._kind(self._element(key))
        specs = {spec.name: spec for spec in kind.fields} if kind else {}
        return specs.get(name) or FieldSpec(name, FieldType.LINE, {})

    def _element(self, key: str) -> Element:
        return self.new[key] if key in self.new else self.old[key]

    def _kind(self, element: Element) -> Kind | None:
        return self.schema.kinds.get(element.kind)

    def _named(self, key: str | None) -> str:
        return f"{key} {title_of(self._element(key))}" if key is not None else "–"

    def _way(self, key: str) -> list[str]:
        """From the theme down to the element itself, in the newer tree if it is there."""
        tree = self.new if key in self.new else self.old
        way = [key]
        while (parent := tree.parents.get(way[-1])) is not None:
            way.append(parent)
        return way[::-1]

    def _reading_order(self) -> list[str]:
        """Theme by theme in the newer tree's order; what is gone stands behind what it stood behind."""
        order = {element.key: float(place) for place, (_, element) in enumerate(self.new.walk())}
        last = -1.0
        for _, element in self.old.walk():
            if element.key in order:
                last = order[element.key]
            else:
                last += 1e-6
                order[element.key] = last
        return sorted(self.changed, key=lambda key: (order[self._way(key)[0]], order[key]))

    def targets(self, summary: Summary) -> list[ShownTarget]:
        shown = []
        for target in summary.targets:
            field_name = target.field or self._quantity(target.key)
            spec = self._spec(target.key, field_name)
            if target.field and spec.type in PROSE:
                continue  # the redline below tells it better
            before, after = target.before, target.after
            if target.field is None:  # it came or went as a whole
                before = self.old[target.key].fields.get(field_name) if target.key in self.old else None
                after = self.new[target.key].fields.get(field_name) if target.key in self.new else None
            values = (show_value(spec, value, self.terms) for value in (before, after))
            shown.append(ShownTarget(target.key, title_of(self._element(target.key)), *values))
        return shown

    def _quantity(self, key: str) -> str:
        """The field that holds an element's number, its title if it has none."""
        element = self._element(key)
        kind = self._kind(element)
        specs = kind.fields if kind else ()
        return next((s.name for s in specs if s.type in QUANTITIES and s.name in element.fields), TITLE)


def _counts(summary: Summary, schema: Schema, terms: Terms) -> list[Counted]:
    columns = (summary.added, summary.revised, summary.moved, summary.retired)
    return [
        Counted(kind.plural(terms.spoken), *(column.get(slug, 0) for column in columns))
        for slug, kind in schema.kinds.items()
        if any(column.get(slug) for column in columns)
    ]
