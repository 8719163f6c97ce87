"""A strategy as read from a file: canonical and complete, or a list of everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.element import Element, Fields
from kursbuch.domain.framework.schema import FieldError, FieldType, Reason, Schema
from kursbuch.strategy import reference

KEY = re.compile(r"([A-Z]{1,3})(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: where in the file, in which field, why (a :class:`Reason` or a sentence), what stood there."""

    place: str
    field: str
    reason: str
    detail: str = ""

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return (
            f"{self.place}: {self.field}: {self.reason}{detail}"
            if self.field
            else f"{self.place}: {self.reason}{detail}"
        )


class DocumentError(ValueError):
    """The file cannot be taken in. Nothing was written; ``problems`` names every place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class OfficeData:
    id: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class DecisionData:
    """What is recorded of a decision."""

    body: str
    day: date
    paper: str = ""
    result: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class RenditionData:
    key: str
    language: str
    fields: Fields
    translator: str = ""
    reviewed: bool = False


@dataclass(frozen=True)
class Document:
    slug: str
    title: str
    titles: Mapping[str, str]
    language: str
    horizon: int
    notice: Mapping[str, str]
    schema: Schema
    tree: Tree
    offices: Sequence[OfficeData] = ()
    renditions: Sequence[RenditionData] = ()
    number: str = "1"
    in_force_from: date | None = None
    decision: DecisionData | None = None
    summary: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RawElement:
    """One element as a reader found it, before its fields make sense."""

    place: str  # "elements[3].elements[1]", "row 12", "paragraph 40"
    kind: str
    fields: Mapping[str, Any]
    key: str = ""
    children: Sequence[RawElement] = ()
    renditions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class TreeBuilder:
    """Turns raw elements into a tree, collecting every problem instead of stopping at the first."""

    def __init__(self, schema: Schema, offices: Iterable[str], taken_keys: Iterable[str] = ()) -> None:
        self.schema = schema
        self.offices = frozenset(offices)
        self.problems: list[Problem] = []
        self.renditions: list[RenditionData] = []
        self._elements: dict[str, Element] = {}
        self._children: dict[str | None, list[str]] = {}
        self._numbers: dict[str, int] = {}
        self._widths: dict[str, int] = {}
        self._taken = set(taken_keys)

    def build(self, roots: Sequence[RawElement]) -> Tree:
        for raw in self._all(roots):
            self._note_key(raw.key)
        for key in self._taken:
            self._note_key(key)
        for raw in roots:
            self._add(raw, None, None)
        return Tree(self._elements.values(), self._children)

    def problem(self, place: str, field: str, reason: str, detail: str = "") -> None:
        self.problems.append(Problem(place, field, str(reason), detail))

    def _all(self, raws: Sequence[RawElement]) -> Iterable[RawElement]:
        for raw in raws:
            yield raw
            yield from self._all(raw.children)

    def _note_key(self, key: str) -> None:
        match = KEY.fullmatch(key)
        if match:
            prefix, number = match.groups()
            self._numbers[prefix] = max(self._numbers.get(prefix, 0), int(number))
            self._widths[prefix] = max(self._widths.get(prefix, 0), len(number))

    def _next_key(self, prefix: str) -> str:
        self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return f"{prefix}{self._numbers[prefix]:0{self._widths.get(prefix, 3)}}"

    def _add(self, raw: RawElement, parent: str | None, parent_kind: str | None) -> None:
        try:
            kind = self.schema.kind(raw.kind)
        except FieldError as error:
            self.problem(raw.place, "kind", error.reason.value, raw.kind)
            return
        key = raw.key or self._next_key(kind.prefix)
        match = KEY.fullmatch(key)
        if not match or match.group(1) != kind.prefix:
            self.problem(raw.place, "key", "must be the kind's letters and a number", f"{key}, {kind.prefix}…")
            return
        if key in self._elements:
            self.problem(raw.place, "key", Reason.TWICE.value, key)
            return
        try:
            self.schema.check_place(raw.kind, parent_kind)
        except FieldError as error:
            self.problem(raw.place, error.field, error.reason.value, error.detail)
        self._elements[key] = Element(key, raw.kind, self._fields(raw))
        self._children.setdefault(parent, []).append(key)
        for language, rendition in raw.renditions.items():
            self._rendition(raw, key, language, rendition)
        for child in raw.children:
            self._add(child, key, raw.kind)

    def _fields(self, raw: RawElement) -> Fields:
        fields = {}
        for name, given in raw.fields.items():
            try:
                value = self.schema.value(raw.kind, name, given)
            except FieldError as error:
                self.problem(raw.place, name, error.reason.value, error.detail)
                continue
            if value is not None:
                fields[name] = value
                self._check_references(raw.place, raw.kind, name, value)
        if "title" not in fields and "text" not in fields:
            self.problem(raw.place, "title", Reason.MISSING.value)
        return {spec.name: fields[spec.name] for spec in self.schema.kind(raw.kind).fields if spec.name in fields}

    def _check_references(self, place: str, kind: str, name: str, value: Any) -> None:
        spec = self.schema.kind(kind).field(name)
        if spec.type == FieldType.OFFICE and value["office"] not in self.offices:
            self.problem(place, name, "no such office", str(value["office"]))
        if spec.type == FieldType.ALIGNMENTS:
            for entry in value:
                try:
                    reference.entry(str(entry["id"]))
                except KeyError:
                    self.problem(place, name, "no such reference", str(entry["id"]))

    def _rendition(self, raw: RawElement, key: str, language: str, given: Mapping[str, Any]) -> None:
        place = f"{raw.place}.renditions.{language}"
        fields = {}
        for name, text in given.items():
            if name in {"translator", "reviewed"}:
                continue
            try:
                value = self.schema.value(raw.kind, name, text)
            except FieldError as error:
                self.problem(place, name, error.reason.value, error.detail)
                continue
            if value is not None:
                fields[name] = value
        if fields:
            self.renditions.append(
                RenditionData(
                    key, language, fields, str(given.get("translator") or ""), bool(given.get("reviewed", False))
                )
            )
