"""Tables into elements: one row each, columns as mapped, levels from a parent column or from columns of titles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kursbuch.domain.framework.schema import FieldError, Reason, Schema
from kursbuch.strategy.documents.cells import from_cell, from_part
from kursbuch.strategy.documents.columns import IGNORE, KEY, KIND, LEVEL, PARENT, fold
from kursbuch.strategy.documents.document import OfficeData, RawElement
from kursbuch.strategy.documents.layering import Layer, folded
from kursbuch.strategy.documents.table import Row, Table


@dataclass(frozen=True)
class TableReading:
    """How a table is to be read."""

    kind: str  # what a row is where no column says it
    mapping: Sequence[str]  # for each column a target, see columns
    parent: str | None = None  # under which element rows stand that do not say it


@dataclass
class _Line:
    raw: RawElement
    parent: str
    levels: list[tuple[str, str]] = field(default_factory=list)
    key: str | None = None  # where it came to stand


def office_names(offices: Sequence[OfficeData]) -> dict[str, str]:
    """Ids by all the names an office goes by."""
    names = {fold(office.id): office.id for office in offices}
    for office in offices:
        names.update({fold(name): office.id for name in (office.name, office.name_en) if name})
    return names


def lay_table(layer: Layer, table: Table, reading: TableReading, offices: Sequence[OfficeData]) -> None:
    """Lays all rows over the layer's tree; problems are collected there."""
    reader = _Reader(layer.schema, table, reading, office_names(offices), layer.problem)
    if "title" not in reading.mapping and "text" not in reading.mapping and KEY not in reading.mapping:
        layer.problem("columns", "title", "no column holds it")
        return
    lines = [line for row in table.rows if (line := reader.line(row, layer)) is not None]
    _Placing(layer, lines, reading.parent).all()


class _Reader:
    def __init__(
        self,
        schema: Schema,
        table: Table,
        reading: TableReading,
        offices: Mapping[str, str],
        problem: Callable[[str, str, str, str], None],
    ) -> None:
        self.schema = schema
        self.table = table
        self.reading = reading
        self.offices = offices
        self.problem = problem
        self._kinds = {
            fold(name): kind.slug
            for kind in schema.kinds.values()
            for name in (kind.slug, *(one for pair in kind.names.values() for one in pair))
        }

    def line(self, row: Row, layer: Layer) -> _Line | None:
        place = f"row {row.number}"
        given = {
            target: cell
            for target, cell in zip(self.reading.mapping, row.cells, strict=True)
            if target != IGNORE and cell not in (None, "")
        }
        key = str(given.pop(KEY, "")).strip()
        kind = self._kind(place, given.pop(KIND, None), key, layer)
        if kind is None:
            return None
        parent = str(given.pop(PARENT, "")).strip()
        levels = [
            (target.removeprefix(LEVEL), " ".join(str(cell).split()))
            for target, cell in given.items()
            if target.startswith(LEVEL)
        ]
        order = list(self.schema.kinds)
        levels.sort(key=lambda level: order.index(level[0]))
        cells = {target: cell for target, cell in given.items() if not target.startswith(LEVEL)}
        if not cells and not key:
            return None  # a line between groups
        return _Line(RawElement(place, kind, self._fields(place, kind, cells), key), parent, levels)

    def _kind(self, place: str, given: Any, key: str, layer: Layer) -> str | None:
        known = layer[key].kind if key in layer else None
        if given in (None, ""):
            return known or self.reading.kind
        kind = self._kinds.get(fold(str(given)))
        if kind is None:
            self.problem(place, "kind", Reason.UNKNOWN_KIND.value, str(given))
        elif known and known != kind:
            self.problem(place, "kind", "is another than that of the element with this key", str(given))
            return None
        return kind

    def _fields(self, place: str, kind: str, cells: Mapping[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        parts: dict[str, dict[str, Any]] = {}
        for target, cell in cells.items():
            name, _point, part = target.partition(".")
            try:
                if part:
                    self.schema.kind(kind).field(name)
                    parts.setdefault(name, {})[part] = from_part(name, part, cell)
                else:
                    fields[name] = from_cell(name, self.schema.kind(kind).field(name).type, cell, self.offices)
            except FieldError as error:
                self.problem(place, name, error.reason.value, error.detail or str(cell)[:60])
        for name, given in parts.items():
            whole = fields.get(name)
            fields[name] = {**whole, **given} if isinstance(whole, Mapping) else given
        return fields


class _Placing:
    """Finds the parent of every line, whatever the order of the rows, then revises or adds."""

    def __init__(self, layer: Layer, lines: Sequence[_Line], parent: str | None) -> None:
        self.layer = layer
        self.lines = lines
        self.default = parent
        self._by_key: dict[str, _Line] = {}
        self._by_title: dict[str, list[_Line]] = {}
        self._under_way: set[int] = set()
        self._done: set[int] = set()
        for line in lines:
            key = line.raw.key
            if key and key in self._by_key:
                layer.problem(line.raw.place, KEY, Reason.TWICE.value, key)
            elif key:
                self._by_key[key] = line
            title = folded(str(line.raw.fields.get("title", "")))
            if title:
                self._by_title.setdefault(title, []).append(line)

    def all(self) -> None:
        for line in self.lines:
            self.place(line)

    def place(self, line: _Line) -> str | None:
        if id(line) in self._done:
            return line.key
        if id(line) in self._under_way:
            self.layer.problem(line.raw.place, PARENT, "cannot stand below itself", line.parent)
            return None
        self._under_way.add(id(line))
        line.key = self._place(line)
        self._done.add(id(line))
        return line.key

    def _place(self, line: _Line) -> str | None:
        layer, raw = self.layer, line.raw
        known = raw.key if raw.key in layer else None
        says_where = bool(line.parent or line.levels)
        parent, found = self._parent(line) if says_where else (self.default, True)
        if not found:
            return None
        if known is None and not says_where and layer.ought_to_know(raw.key):
            layer.problem(raw.place, KEY, "no such element", raw.key)
            return None
        if known is None:
            return layer.add(parent, raw)
        layer.revise(known, raw.place, raw.fields)
        if says_where and layer.parent(known) != parent:
            layer.move(known, parent, raw.place)
        return known

    def _parent(self, line: _Line) -> tuple[str | None, bool]:
        """(the parent's key, whether it was found)."""
        above = self.default
        if line.levels:
            above, found = self._level(line)
            if not found or not line.parent:
                return above, found
        named = self._by_key.get(line.parent)
        if named is not None and named is not line:
            key = self.place(named)
            return key, key is not None
        if line.parent in self.layer:
            return line.parent, True
        rows = [one for one in self._by_title.get(folded(line.parent), []) if one is not line]
        if len(rows) == 1:
            key = self.place(rows[0])
            return key, key is not None
        keys = self.layer.find_anywhere(line.parent)
        if len(keys) == 1 and not rows:
            return keys[0], True
        reason = "is the title of several elements; please give the key" if rows or keys else "no such element"
        self.layer.problem(line.raw.place, PARENT, reason, line.parent)
        return None, False

    def _level(self, line: _Line) -> tuple[str | None, bool]:
        """Walks down the columns of titles; what is not there yet is made."""
        above = None if self.default is None else self.default
        for number, (kind, title) in enumerate(line.levels):
            start = above if number else None
            key = self.layer.find(start, kind, title) or (self._only(kind, title) if not number else None)
            if key is None:
                parent = above if number or not self._may_stand_on_top(kind) else None
                key = self.layer.find(parent, kind, title) or self.layer.add(
                    parent, RawElement(line.raw.place, kind, {"title": title})
                )
            if key is None:
                return None, False
            above = key
        return above, True

    def _only(self, kind: str, title: str) -> str | None:
        keys = [key for key in self.layer.find_anywhere(title) if self.layer[key].kind == kind]
        return keys[0] if len(keys) == 1 else None

    def _may_stand_on_top(self, kind: str) -> bool:
        return "" in self.layer.schema.kind(kind).parents
