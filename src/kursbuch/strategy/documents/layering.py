"""Lays elements from a file over a tree: known ones are revised, others added, and nothing else is touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kursbuch.domain.framework.changes import PROVISIONAL
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.element import Element, Value
from kursbuch.domain.framework.markup import to_plain
from kursbuch.domain.framework.schema import FieldError, FieldType, Reason, Schema
from kursbuch.strategy import reference
from kursbuch.strategy.documents.document import KEY, OfficeData, Problem, RawElement


def provisional_keys() -> Callable[[str], str]:
    """Keys for what an amendment adds; the edition that takes it in gives final ones."""
    number = 0

    def next_key(prefix: str) -> str:
        nonlocal number
        number += 1
        return f"{PROVISIONAL}{number}"

    return next_key


def final_keys(taken: Iterable[str]) -> Callable[[str], str]:
    """Keys for a first edition: the next number of the kind's letters."""
    last: dict[str, tuple[int, int]] = {}
    for key in taken:
        if match := KEY.fullmatch(key):
            number, width = last.get(match[1], (0, 3))
            last[match[1]] = max(number, int(match[2])), max(width, len(match[2]))

    def next_key(prefix: str) -> str:
        number, width = last.get(prefix, (0, 3))
        last[prefix] = number + 1, width
        return f"{prefix}{number + 1:0{width}}"

    return next_key


class Layer:
    """A tree being changed, with every problem met."""

    def __init__(
        self,
        schema: Schema,
        offices: Sequence[OfficeData],
        base: Tree | None,
        next_key: Callable[[str], str],
        *,
        keep_keys: bool,
    ) -> None:
        self.schema = schema
        self.offices = {office.id for office in offices}
        self.base = base or Tree()
        self.keep_keys = keep_keys  # keys of the file become those of new elements
        self.problems: list[Problem] = []
        self._next_key = next_key
        self._elements: dict[str, Element] = dict(self.base.elements)
        self._children: dict[str | None, list[str]] = {k: list(v) for k, v in self.base.children.items()}
        self._parents: dict[str, str | None] = dict(self.base.parents)
        self._titles: dict[tuple[str | None, str, str], str] = {}
        self._everywhere: dict[str, list[str]] = {}
        for key in self._elements:
            self._index(key)

    def tree(self) -> Tree:
        return Tree(self._elements.values(), self._children)

    def problem(self, place: str, field: str, reason: str, detail: str = "") -> None:
        self.problems.append(Problem(place, field, str(reason), detail))

    def __contains__(self, key: object) -> bool:
        return key in self._elements

    def __getitem__(self, key: str) -> Element:
        return self._elements[key]

    def parent(self, key: str) -> str | None:
        return self._parents[key]

    def find(self, parent: str | None, kind: str, title: str) -> str | None:
        """The element of that kind and title below a parent."""
        return self._titles.get((parent, kind, folded(title)))

    def find_anywhere(self, title: str) -> list[str]:
        return self._everywhere.get(folded(title), [])

    def ought_to_know(self, key: str) -> bool:
        """Whether it can only mean an element that is there: new ones get keys of their own."""
        return not self.keep_keys and key not in self._elements and KEY.fullmatch(key) is not None

    def revise(self, key: str, place: str, raw: Mapping[str, Any]) -> None:
        """Only the fields that are given."""
        element = self._elements[key]
        fields = {**element.fields, **self._values(place, element.kind, raw)}
        order = [spec.name for spec in self.schema.kind(element.kind).fields]
        self._elements[key] = Element(key, element.kind, {name: fields[name] for name in order if name in fields})

    def empty(self, key: str, field: str) -> None:
        """Take a field out."""
        element = self._elements[key]
        if field in element.fields:
            fields = {name: value for name, value in element.fields.items() if name != field}
            self._elements[key] = Element(key, element.kind, fields)

    def arrange(self, parent: str | None, order: Sequence[str]) -> None:
        """What stands below the parent in this order; what the order leaves out stays behind what it stood behind."""
        here = self._children.get(parent, [])
        named = [key for key in order if self._parents[key] == parent]
        behind: dict[str | None, list[str]] = {}
        last: str | None = None
        for key in here:
            if key in named:
                last = key
            else:
                behind.setdefault(last, []).append(key)
        if named:
            groups = ([key, *behind.get(key, ())] for key in named)
            self._children[parent] = [*behind.get(None, ()), *(key for group in groups for key in group)]

    def add(self, parent: str | None, raw: RawElement) -> str | None:
        """Adds below the parent, in last place; the key it got, or nothing where it cannot stand there."""
        try:
            kind = self.schema.kind(raw.kind)
            self.schema.check_place(raw.kind, self._elements[parent].kind if parent else None)
        except FieldError as error:
            self._misplaced(raw.place, error, raw.kind, parent)
            return None
        fields = self._values(raw.place, raw.kind, raw.fields)
        if not {"title", "text"} & fields.keys():
            if not any(one.place == raw.place for one in self.problems):
                self.problem(raw.place, "title", Reason.MISSING.value)
            return None
        wanted = KEY.fullmatch(raw.key) if self.keep_keys else None
        own = wanted is not None and wanted[1] == kind.prefix and raw.key not in self._elements
        key = raw.key if own else self._next_key(kind.prefix)
        self._elements[key] = Element(key, raw.kind, {s.name: fields[s.name] for s in kind.fields if s.name in fields})
        self._place(key, parent)
        self._index(key)
        return key

    def move(self, key: str, parent: str | None, place: str) -> None:
        """Below another parent, in last place."""
        above = parent
        while above is not None and above != key:
            above = self._parents[above]
        try:
            self.schema.check_place(self._elements[key].kind, self._elements[parent].kind if parent else None)
        except FieldError as error:
            self._misplaced(place, error, self._elements[key].kind, parent)
            return
        if above == key:
            self.problem(place, "parent", "cannot stand below itself", key)
            return
        self._children[self._parents[key]].remove(key)
        self._place(key, parent)

    def retire_all_but(self, kept: Iterable[str]) -> None:
        """Takes out what the file does not name and what has nothing below it that stays."""
        keep = set(kept)
        for key in list(keep):
            above = self._parents.get(key)
            while above is not None and above not in keep:
                keep.add(above)
                above = self._parents[above]
        for key in [key for key in self._elements if key not in keep]:
            self._children[self._parents[key]].remove(key)
            del self._elements[key]
        self._children = {k: v for k, v in self._children.items() if k is None or k in self._elements}

    def _misplaced(self, place: str, error: FieldError, kind: str, parent: str | None) -> None:
        """Says with the kinds' own names what cannot stand where."""
        detail = error.detail
        if error.reason == Reason.WRONG_PARENT:
            language = get_language() or "de"
            names = {"kind": self.schema.kind(kind).name(language)}
            if parent is None:
                detail = _("%(kind)s at the top") % names
            else:
                above = self._elements[parent]
                names["parent"] = self.schema.kind(above.kind).name(language)
                detail = _("%(kind)s under %(parent)s") % names
        self.problem(place, error.field, error.reason.value, detail)

    def _place(self, key: str, parent: str | None) -> None:
        self._children.setdefault(parent, []).append(key)
        self._parents[key] = parent

    def _index(self, key: str) -> None:
        element = self._elements[key]
        title = title_of(element)
        if title:
            self._titles.setdefault((self._parents[key], element.kind, title), key)
            self._everywhere.setdefault(title, []).append(key)

    def _values(self, place: str, kind: str, raw: Mapping[str, Any]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for name, given in raw.items():
            try:
                value = self.schema.value(kind, name, given)
            except FieldError as error:
                self.problem(place, name, error.reason.value, error.detail)
                continue
            if value is not None and self._refers(place, kind, name, value):
                values[name] = value
        return values

    def _refers(self, place: str, kind: str, name: str, value: Any) -> bool:
        """Whether the office and the references that a value names are there."""
        type_ = self.schema.kind(kind).field(name).type
        if type_ == FieldType.OFFICE and value["office"] not in self.offices:
            self.problem(place, name, "no such office", str(value["office"]))
            return False
        if type_ == FieldType.ALIGNMENTS:
            for entry in value:
                try:
                    reference.entry(str(entry["id"]))
                except KeyError:
                    self.problem(place, name, "no such reference", str(entry["id"]))
                    return False
        return True


def title_of(element: Element) -> str:
    return folded(to_plain(str(element.fields.get("title", ""))))


def folded(title: str) -> str:
    """Titles are the same whatever their capitals and spaces."""
    return re.sub(r"\s+", " ", title).strip().casefold()
