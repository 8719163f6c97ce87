"""Redlines as blocks of marked runs, for writers that do not set HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kursbuch.domain.framework.redline import Span
from kursbuch.domain.framework.words import (
    EM,
    PARAGRAPH,
    STRONG,
    USUAL,
    Word,
    joining_class,
    space_between,
)

_GONE = frozenset({"deleted", "moved_from"})
_COME = frozenset({"inserted", "moved_to"})


@dataclass(frozen=True, slots=True)
class MarkedRun:
    text: str
    op: str  # kept, inserted, deleted, moved_to, moved_from
    strong: bool = False
    em: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class MarkedBlock:
    """A paragraph, list item or heading; ``kind`` as in the domain's words."""

    kind: str
    runs: tuple[MarkedRun, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    word: Word
    op: str
    space: bool


def marked_blocks(spans: Sequence[Span]) -> tuple[MarkedBlock, ...]:
    """Kept and new breaks open blocks; a break that went is a struck ¶ unless its whole block went."""
    blocks: list[tuple[str, list[_Item]]] = []
    for stretch in _stretches(list(_items(spans))):
        head = stretch[0]
        rest = stretch[1:] if head.word.is_break else stretch
        joined = head.word.is_break and head.op in _GONE and not (rest and all(one.op in _GONE for one in rest))
        if joined and blocks:
            if rest:
                blocks[-1][1].append(_Item(Word("¶"), head.op, True))
            blocks[-1][1].extend(rest)
        else:
            blocks.append((head.word.block or PARAGRAPH, list(rest)))
    return tuple(MarkedBlock(kind, tuple(_runs(items))) for kind, items in blocks if items)


def _items(spans: Sequence[Span]) -> Iterator[_Item]:
    """Every word with its spacing in its own text, and never glued to a word of the other text."""
    old: Word | None = None
    new: Word | None = None
    last: _Item | None = None
    for span in spans:
        for word in span.words:
            own = old if span.op in _GONE else new
            space = space_between(own, word)
            if span.op == "kept":
                space = space or space_between(old, word)
            if last is not None and last.op != span.op and not space and (own is None or own is not last.word):
                space = USUAL[joining_class(last.word.text)][joining_class(word.text)]
            last = _Item(word, span.op, space)
            yield last
            old = old if span.op in _COME else word
            new = new if span.op in _GONE else word


def _stretches(items: Sequence[_Item]) -> list[list[_Item]]:
    stretches: list[list[_Item]] = []
    for item in items:
        if item.word.is_break or not stretches:
            stretches.append([])
        stretches[-1].append(item)
    return stretches


def _runs(items: Sequence[_Item]) -> Iterator[MarkedRun]:
    run: MarkedRun | None = None
    for item in items:
        word = item.word
        look = (item.op, STRONG in word.marks, EM in word.marks, word.link or "")
        space = " " if item.space and run is not None else ""
        if run is not None and (run.op, run.strong, run.em, run.link) == look:
            run = MarkedRun(run.text + space + word.text, *look)
            continue
        if run is not None:
            yield run
            if space:  # between two fates: belongs to neither
                yield MarkedRun(" ", "kept")
        run = MarkedRun(word.text, *look)
    if run is not None:
        yield run
