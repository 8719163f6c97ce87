"""Outlines into elements: headings become levels as mapped, what stands below them passages or their text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from kursbuch.domain.framework.markup import canonical, to_plain
from kursbuch.domain.framework.schema import TOP, FieldType, Kind, Schema
from kursbuch.strategy.documents.document import RawElement
from kursbuch.strategy.documents.layering import Layer
from kursbuch.strategy.documents.word_reader import DEEPEST, Item, Outline

IGNORE = ""
TITLE_AT_MOST = 300
UNHEADED = 99  # the depth of what has no heading: below every other


@dataclass(frozen=True)
class WordReading:
    """How a document is to be read. ``kinds`` maps the depth of a heading to a kind, or to "" (only text)."""

    kinds: Mapping[int, str]
    passages: bool = True  # paragraphs become elements of their own where a kind for them may stand there


@dataclass
class _Open:
    """An element that is still being read."""

    place: str
    kind: str
    depth: int
    fields: dict[str, Any]
    key: str = ""  # of an element that is there already
    prose: list[Item] = field(default_factory=list)
    children: list[_Open] = field(default_factory=list)

    def raw(self) -> RawElement:
        children = [child.raw() for child in self.children]
        return RawElement(self.place, self.kind, self.fields, self.key, children)


def default_kinds(schema: Schema, depths: Sequence[int]) -> dict[int, str]:
    """Down the schema's own levels; a document with fewer levels ends with the lowest all the same."""
    levels = _levels(schema)
    if len(depths) < len(levels):
        shorter = [*levels[: max(1, len(depths) - 1)], levels[-1]][: len(depths)]
        if all(above.slug in below.parents for above, below in pairwise(shorter)):
            levels = shorter
    return {depth: levels[place].slug if place < len(levels) else IGNORE for place, depth in enumerate(depths)}


def _levels(schema: Schema) -> list[Kind]:
    """The longest way from the top through kinds in the schema's order, passages and targets left out."""
    prose = passage_kind(schema)
    kinds = [
        kind
        for kind in schema.kinds.values()
        if kind is not prose and not any(spec.type == FieldType.TARGET for spec in kind.fields)
    ]
    best: dict[str, list[Kind]] = {}
    for kind in kinds:
        ways = [best[parent] for parent in kind.parents if parent in best]
        if TOP in kind.parents:
            ways.append([])
        if ways:
            best[kind.slug] = [*max(ways, key=len), kind]
    return max(best.values(), key=len, default=[])


def passage_kind(schema: Schema) -> Kind | None:
    """The kind for plain paragraphs: called passage, else the one that may stand below itself and has a text."""
    if "passage" in schema.kinds:
        return schema.kinds["passage"]
    return next(
        (
            kind
            for kind in schema.kinds.values()
            if kind.slug in kind.parents and any(spec.name == "text" for spec in kind.fields)
        ),
        None,
    )


def raw_elements(outline: Outline, schema: Schema, reading: WordReading, layer: Layer) -> list[RawElement]:
    """The outline as raw elements; what fits nowhere is a problem of the layer."""
    return _Assembly(schema, reading, layer).read(outline)


class _Assembly:
    def __init__(self, schema: Schema, reading: WordReading, layer: Layer) -> None:
        self.schema = schema
        self.reading = reading
        self.layer = layer
        self.passage = passage_kind(schema)
        self.roots: list[_Open] = []
        self.open: list[_Open] = []  # from the top to where we are
        self.loose: list[Item] = []  # before the first heading

    def read(self, outline: Outline) -> list[RawElement]:
        for item in outline.items:
            if item.key in self.layer:
                self._resume(item)
                continue
            kind = self.reading.kinds.get(item.depth, IGNORE) if item.depth else IGNORE
            if kind:
                self._close_to(item.depth)
                self._begin(item, kind)
            elif self.open:
                self.open[-1].prose.append(_as_subheading(item))
            else:
                self.loose.append(_as_subheading(item))
        self._close_to(0)
        self._settle_loose()
        return [root.raw() for root in self.roots]

    def _resume(self, item: Item) -> None:
        """Where an element begins that is known: its kind is what it is, whatever the heading's depth."""
        kind = self.layer[item.key].kind
        self._make_room(item)
        if item.depth:
            element = _Open(item.place, kind, item.depth, {"title": item.text}, item.key)
        else:
            element = _Open(item.place, kind, UNHEADED, {}, item.key, [item])
        (self.open[-1].children if self.open else self.roots).append(element)
        self.open.append(element)

    def _make_room(self, item: Item) -> None:
        """Ends what does not go on below a known element. Where its heading does not tell under what it stands, it
        stays where it was."""
        above = self.layer.parent(item.key)
        was = next((place + 1 for place, one in enumerate(self.open) if one.key == above), 0)
        keep = len(self.open)
        while keep and self.open[keep - 1].depth >= (item.depth or UNHEADED):
            keep -= 1
        if not 0 < item.depth < DEEPEST:
            keep = was or (keep if above is not None else 0)
        elif was > keep and all(one.depth == UNHEADED for one in self.open[keep:was]):
            keep = was
        while len(self.open) > keep:
            self._settle(self.open.pop())

    def _begin(self, item: Item, kind: str) -> None:
        title = item.text
        if len(title) > TITLE_AT_MOST:
            self.layer.problem(item.place, "title", "is too long", f"{len(title)} > {TITLE_AT_MOST}")
        element = _Open(item.place, kind, item.depth, {"title": title})
        (self.open[-1].children if self.open else self.roots).append(element)
        self.open.append(element)

    def _close_to(self, depth: int) -> None:
        while self.open and self.open[-1].depth >= depth:
            element = self.open.pop()
            self._settle(element)

    def _settle(self, element: _Open) -> None:
        """What was read below a heading becomes passages in front of the levels below it, or its text."""
        if not element.prose:
            return
        as_passages = self.passage is not None and element.kind in self.passage.parents and self.reading.passages
        as_passages = as_passages and not element.key  # what was written by us says what is its text
        has_text = any(spec.name == "text" for spec in self.schema.kind(element.kind).fields)
        if as_passages or (not has_text and self.passage is not None and element.kind in self.passage.parents):
            element.children[:0] = self._passages(element.prose)
        elif has_text:
            element.fields["text"] = _joined(element.prose)
        else:
            self.layer.problem(element.prose[0].place, "text", "has no place under this heading")

    def _settle_loose(self) -> None:
        if not self.loose:
            return
        if self.passage is not None and TOP in self.passage.parents:
            self.roots[:0] = self._passages(self.loose)
        else:
            self.layer.problem(self.loose[0].place, "", "stands before the first heading")

    def _passages(self, prose: Sequence[Item]) -> list[_Open]:
        """One each paragraph; a list belongs to the paragraph that leads to it, a heading to what follows."""
        kind = self.passage.slug if self.passage else ""
        groups: list[list[Item]] = []
        for item in prose:
            after_heading = bool(groups) and groups[-1][-1].text.startswith("### ")
            if groups and (item.list_item or after_heading):
                groups[-1].append(item)
            else:
                groups.append([item])
        return [_Open(group[0].place, kind, UNHEADED, {"text": _joined(group)}) for group in groups]


def _as_subheading(item: Item) -> Item:
    """A heading of a depth that is no level stays a heading inside the text."""
    return Item(item.place, f"### {item.text}") if item.depth else item


def _joined(prose: Sequence[Item]) -> str:
    out = ""
    before: Item | None = None
    for item in prose:
        apart = "\n" if before is not None and before.list_item and item.list_item else "\n\n"
        out += (apart if before is not None else "") + item.text
        before = item
    return canonical(_counted_on(out))


def _counted_on(text: str) -> str:
    """Every numbered item was written as "1."; together they count on."""
    lines = []
    number = 0
    for line in text.split("\n"):
        number = number + 1 if line.startswith("1. ") else 0
        lines.append(f"{number}. {line[3:]}" if number else line)
    return "\n".join(lines)


def lay_outline(layer: Layer, outline: Outline, reading: WordReading, parent: str | None) -> set[str]:
    """Lays the document over the layer's tree: elements of the same title and place are the same ones.

    Gives the keys that the document names.
    """
    laying = _Laying(layer)
    roots = [laying.lay(raw, parent) for raw in raw_elements(outline, layer.schema, reading, layer)]
    if laying.is_ours and parent is None:
        layer.arrange(None, [key for key in roots if key])
    return laying.named


def _untitled(layer: Layer) -> dict[tuple[str | None, str], str]:
    """Elements without a title, by place and text."""
    return {
        (layer.parent(key), to_plain(str(element.fields.get("text", "")))): key
        for key, element in layer.base.elements.items()
        if "title" not in element.fields
    }


class _Laying:
    """Lays raw elements one below the other. In a document that was written by us everything has its key: there another
    place is a move, another order a new one, and a text that is gone is taken out."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.named: set[str] = set()
        self.is_ours = False
        self._untitled = _untitled(layer)

    def lay(self, raw: RawElement, parent: str | None, *, is_root: bool = True) -> str | None:
        """The key it has, or nothing where it cannot stand there."""
        key = self._known(raw, parent)
        if key is None:
            key = self.layer.add(parent, raw)
        else:
            self.layer.revise(key, raw.place, raw.fields)
            if raw.key == key:
                self._as_ours(raw, parent, is_root)
        if key is None:
            return None
        self.named.add(key)
        below = [self.lay(child, key, is_root=False) for child in raw.children]
        if raw.key == key:
            self.layer.arrange(key, [child for child in below if child])
        return key

    def _as_ours(self, raw: RawElement, parent: str | None, is_root: bool) -> None:
        self.is_ours = True
        if "text" not in raw.fields:
            self.layer.empty(raw.key, "text")
        # What stands under no heading may be an excerpt: it stays where it was.
        if not is_root and self.layer.parent(raw.key) != parent:
            self.layer.move(raw.key, parent, raw.place)

    def _known(self, raw: RawElement, parent: str | None) -> str | None:
        """The element that is there already."""
        title = raw.fields.get("title")
        if raw.key and raw.key not in self.named:
            return raw.key
        if title:
            key = self.layer.find(parent, raw.kind, to_plain(str(title)))
            return None if key in self.named else key  # else a second one of the same title
        return self._untitled.pop((parent, to_plain(str(raw.fields.get("text", "")))), None)
