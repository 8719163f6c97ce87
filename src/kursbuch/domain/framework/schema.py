"""What a strategy calls its levels and which fields each kind of element has; raw input becomes field values here.

The schema is data of the strategy (a JSON document). ``Schema.fields`` turns what people and files give (YAML
scalars, form strings) into the canonical values of :mod:`.element`, or names the field and the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kursbuch.domain.framework.element import Fields, Value
from kursbuch.domain.framework.field_values import READERS
from kursbuch.domain.framework.fields import (
    PROSE,
    STANDARD_FIELDS,
    FieldError,
    FieldSpec,
    FieldType,
    Reason,
)

__all__ = [
    "PROSE",
    "STANDARD_FIELDS",
    "TOP",
    "FieldError",
    "FieldSpec",
    "FieldType",
    "Kind",
    "Reason",
    "Schema",
]

# Names that mean something else in files and forms.
RESERVED = frozenset({"key", "kind", "elements", "renditions", "token", "more", "preview", "collect"})
TOP = ""  # among a kind's parents: it may stand at the top of the tree


@dataclass(frozen=True, slots=True)
class Kind:
    """A level of the strategy: its names (one, many) by language, key prefix, possible parents and fields."""

    slug: str
    prefix: str
    names: Mapping[str, tuple[str, str]]
    parents: tuple[str, ...]
    fields: tuple[FieldSpec, ...]

    def name(self, language: str) -> str:
        return self._names(language)[0]

    def plural(self, language: str) -> str:
        return self._names(language)[1]

    def _names(self, language: str) -> tuple[str, str]:
        return self.names.get(language) or self.names.get("de") or (self.slug, self.slug)

    def field(self, name: str) -> FieldSpec:
        for spec in self.fields:
            if spec.name == name:
                return spec
        raise FieldError(name, Reason.UNKNOWN_FIELD, self.slug)


@dataclass(frozen=True, slots=True)
class Schema:
    kinds: Mapping[str, Kind]

    @classmethod
    def from_data(cls, data: Sequence[Mapping[str, Any]]) -> Schema:
        """Reads the kinds as they stand in the YAML format; raises :class:`FieldError` naming the place."""
        kinds: dict[str, Kind] = {}
        for number, raw in enumerate(data, 1):
            kind = _kind(raw, f"kinds[{number}]")
            if kind.slug in kinds:
                raise FieldError(f"kinds[{number}].slug", Reason.TWICE, kind.slug)
            kinds[kind.slug] = kind
        prefixes = [kind.prefix for kind in kinds.values()]
        for kind in kinds.values():
            if prefixes.count(kind.prefix) > 1:
                raise FieldError(f"{kind.slug}.prefix", Reason.TWICE, kind.prefix)
            for parent in kind.parents:
                if parent != TOP and parent not in kinds:
                    raise FieldError(f"{kind.slug}.parents", Reason.UNKNOWN_KIND, parent)
        return cls(kinds)

    def to_data(self) -> list[dict[str, Any]]:
        return [
            {
                "slug": kind.slug,
                "prefix": kind.prefix,
                "names": {language: list(names) for language, names in kind.names.items()},
                "parents": list(kind.parents),
                "fields": [
                    spec.name
                    if STANDARD_FIELDS.get(spec.name) == spec
                    else {"name": spec.name, "type": spec.type.value, "labels": dict(spec.labels)}
                    for spec in kind.fields
                ],
            }
            for kind in self.kinds.values()
        ]

    def kind(self, slug: str) -> Kind:
        try:
            return self.kinds[slug]
        except KeyError:
            raise FieldError("kind", Reason.UNKNOWN_KIND, slug) from None

    def fields(self, kind: str, raw: Mapping[str, Any]) -> Fields:
        """Canonical fields of an element of this kind; every element needs a title or a text."""
        known = self.kind(kind)
        fields: dict[str, Value] = {}
        for name, given in raw.items():
            value = self.value(kind, name, given)
            if value is not None:
                fields[name] = value
        names = {spec.name for spec in known.fields}
        if not ({"title", "text"} & names & fields.keys()):
            raise FieldError("title", Reason.MISSING)
        return {spec.name: fields[spec.name] for spec in known.fields if spec.name in fields}

    def value(self, kind: str, name: str, given: Any) -> Value | None:
        """The canonical value of one field, or ``None`` where nothing was given."""
        spec = self.kind(kind).field(name)
        if given is None or given == "" or given == [] or given == {}:
            return None
        return READERS[spec.type](name, given)

    def check_place(self, kind: str, parent_kind: str | None) -> None:
        """Raises :class:`FieldError` when an element of ``kind`` may not stand below ``parent_kind``."""
        if (parent_kind or TOP) not in self.kind(kind).parents:
            raise FieldError("parent", Reason.WRONG_PARENT, f"{kind} < {parent_kind or 'top'}")


def _kind(raw: Mapping[str, Any], place: str) -> Kind:
    if not isinstance(raw, Mapping):
        raise FieldError(place, Reason.WRONG_SHAPE)
    for name in ("slug", "prefix", "names", "fields"):
        if not raw.get(name):
            raise FieldError(f"{place}.{name}", Reason.MISSING)
    prefix = str(raw["prefix"])
    if not re.fullmatch(r"[A-Z]{1,3}", prefix):
        raise FieldError(f"{place}.prefix", Reason.WRONG_SHAPE, prefix)
    names: dict[str, tuple[str, str]] = {}
    for language, pair in raw["names"].items():
        if isinstance(pair, str):
            pair = [pair, pair]
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise FieldError(f"{place}.names.{language}", Reason.WRONG_SHAPE)
        names[str(language)] = (str(pair[0]), str(pair[1]))
    specs = tuple(_field_spec(item, f"{place}.fields") for item in raw["fields"])
    return Kind(str(raw["slug"]), prefix, names, tuple(str(p) for p in raw.get("parents") or [TOP]), specs)


def _field_spec(raw: Any, place: str) -> FieldSpec:
    if isinstance(raw, str):
        if raw not in STANDARD_FIELDS:
            raise FieldError(place, Reason.UNKNOWN_FIELD, raw)
        return STANDARD_FIELDS[raw]
    try:
        name = str(raw["name"])
        if name in RESERVED or not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
            raise FieldError(place, Reason.WRONG_SHAPE, name)
        return FieldSpec(name, FieldType(raw["type"]), dict(raw["labels"]))
    except FieldError:
        raise
    except (KeyError, TypeError, ValueError):
        raise FieldError(place, Reason.WRONG_SHAPE, str(raw)) from None
