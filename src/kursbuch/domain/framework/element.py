"""Elements and editions: a strategy's tree as immutable values.

The shape of a field's value says how it is compared and merged:

- ``str``: prose in the Markdown subset of :mod:`.markup`, word by word;
- ``int``: a whole number (a rating), as a value;
- ``Mapping[str, str | int]``: one composite value (a quantity, money, a period, an office), as a whole;
- ``tuple`` of mappings that each carry an ``"id"``: a set of entries (alignments, facts), entry by entry,
  kept sorted by id.

A field without a value is absent: neither ``None`` nor an empty value is ever stored. Decimal numbers inside
mappings are canonical strings ("12.5"), so that no digest depends on a float.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

Entry = Mapping[str, str | int]
Value = str | int | Entry | tuple[Entry, ...]
Fields = Mapping[str, Value]

ROOT = None  # the parent of the topmost elements


@dataclass(frozen=True, slots=True)
class Element:
    """One node: its stable key, its kind, and its own content (not its place in the tree)."""

    key: str
    kind: str
    fields: Fields


class Edition:
    """An immutable ordered tree of elements.

    ``children`` maps a parent's key (``None`` for the root) to the keys below it, in order. Every element has
    exactly one place; construction checks it and raises :class:`TreeError` naming the key.
    """

    __slots__ = ("__dict__", "children", "elements")

    elements: Mapping[str, Element]
    children: Mapping[str | None, tuple[str, ...]]

    def __init__(
        self, elements: Iterable[Element] = (), children: Mapping[str | None, Iterable[str]] | None = None
    ) -> None:
        by_key: dict[str, Element] = {}
        for element in elements:
            if element.key in by_key:
                raise TreeError(element.key, "stands in the edition twice")
            by_key[element.key] = element
        below = {parent: tuple(keys) for parent, keys in (children or {}).items()}
        tree = {parent: keys for parent, keys in below.items() if keys}
        self.elements = MappingProxyType(by_key)
        self.children = MappingProxyType(tree)
        self._check()

    @classmethod
    def _of_sound_parts(cls, elements: dict[str, Element], children: dict[str | None, tuple[str, ...]]) -> Edition:
        """Without the check, for what was derived from a checked edition by checked changes."""
        edition = cls.__new__(cls)
        edition.elements = MappingProxyType(elements)
        edition.children = MappingProxyType(children)
        return edition

    def _check(self) -> None:
        seen: set[str] = set()
        stack: list[str | None] = [ROOT]
        while stack:
            for key in self.children.get(stack.pop(), ()):
                if key not in self.elements:
                    raise TreeError(key, "has a place but no content")
                if key in seen:
                    raise TreeError(key, "has two places")
                seen.add(key)
                stack.append(key)
        for key in self.elements:
            if key not in seen:
                raise TreeError(key, "has no place below the root")

    @cached_property
    def parents(self) -> Mapping[str, str | None]:
        """The parent of every key."""
        return {key: parent for parent, keys in self.children.items() for key in keys}

    def walk(self, start: str | None = ROOT, depth: int = 0) -> Iterator[tuple[int, Element]]:
        """Depth-first in reading order below ``start``: (depth from 0, element)."""
        for key in self.children.get(start, ()):
            yield depth, self.elements[key]
            yield from self.walk(key, depth + 1)

    def __contains__(self, key: object) -> bool:
        return key in self.elements

    def __getitem__(self, key: str) -> Element:
        return self.elements[key]

    def __len__(self) -> int:
        return len(self.elements)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Edition):
            return NotImplemented
        return self.elements == other.elements and self.children == other.children

    __hash__ = None  # type: ignore[assignment]  # large; compare or use its digest

    def __repr__(self) -> str:
        return f"<Edition of {len(self.elements)} elements>"


class TreeError(ValueError):
    """The elements do not form one tree."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key} {reason}")
        self.key = key
        self.reason = reason
