"""Redlines and origins as HTML, with the texts that only a screen reader says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kursbuch.domain.framework.hypertext import Block, Piece, Tag, as_attributes, blocks_html
from kursbuch.domain.framework.origin import Run
from kursbuch.domain.framework.redline import Op, Span
from kursbuch.domain.framework.words import PARAGRAPH, USUAL, Word, joining_class, space_between


@dataclass(frozen=True, slots=True)
class Labels:
    """What a screen reader says at the beginning of a marked stretch, in the reader's language."""

    inserted: str
    deleted: str
    moved_here: str
    moved_away: str


class _Item(NamedTuple):
    word: Word
    op: Op
    around: tuple[Tag, ...]
    space: bool


_NO_LABELS = Labels("", "", "", "")
_GONE: frozenset[Op] = frozenset(("deleted", "moved_from"))
_COME: frozenset[Op] = frozenset(("inserted", "moved_to"))
_PILCROW = Word("¶")


def redline_html(spans: Iterable[Span], labels: Labels | None = None) -> str:
    """A redline as paragraphs, lists and headings with ``<ins>`` and ``<del>``.

    Moved stretches carry the classes ``moved`` and ``move-<n>`` on both ends, with the same n; a block that came
    or went as a whole ``inserted`` or ``deleted``, one whose kind changed ``changed``; where a block was split or
    joined stands a marked ¶.
    """
    items = _spaced(spans, labels or _NO_LABELS)
    return blocks_html(_redline_blocks(items))


def origin_html(runs: Iterable[Run], attributes: Callable[[Run], Mapping[str, str]] | None = None) -> str:
    """A text whose runs of words carry ``<span class="origin" data-origin="<step>">``, and what ``attributes``
    adds to each (links, titles, tabindex …; values are escaped, a ``class`` is added to ours)."""
    blocks: list[Block] = []
    before: Word | None = None
    for number, run in enumerate(runs):
        extra = dict(attributes(run)) if attributes else {}
        css = " ".join(filter(None, ("origin", extra.pop("class", ""))))
        tag = Tag("span", (("class", css), ("data-origin", str(run.step)), *as_attributes(extra)), group=number)
        for word in run.words:
            if word.block is not None:
                blocks.append(Block(word.block, []))
            else:
                if not blocks:
                    blocks.append(Block(PARAGRAPH, []))
                blocks[-1].pieces.append(Piece(word, space_between(before, word), (tag,)))
            before = word
    return blocks_html(blocks)


def _tag(span: Span, number: int, labels: Labels) -> tuple[Tag, ...]:
    moved = (("class", f"moved move-{span.move}"),)
    match span.op:
        case "inserted":
            return (Tag("ins", (), number, labels.inserted),)
        case "deleted":
            return (Tag("del", (), number, labels.deleted),)
        case "moved_to":
            return (Tag("ins", moved, number, labels.moved_here),)
        case "moved_from":
            return (Tag("del", moved, number, labels.moved_away),)
        case "kept":
            return ()


def _spaced(spans: Iterable[Span], labels: Labels) -> list[_Item]:
    """Every word with its tag and spacing: as in its own text, and never glued to one of the other text."""
    items: list[_Item] = []
    last: _Item | None = None
    before: Word | None = None  # the word before in the earlier text …
    after: Word | None = None  # … and in the later one
    for number, span in enumerate(spans):
        around = _tag(span, number, labels)
        for word in span.words:
            if span.op == "kept":
                space = space_between(before, word) or space_between(after, word)
            else:
                space = space_between(before if span.op in _GONE else after, word)
            if last is not None and last.op != span.op and not space:
                own = before if span.op in _GONE else after
                if own is not last.word and (own is None or own.is_break):
                    space = USUAL[joining_class(last.word.text)][joining_class(word.text)]
            last = _Item(word, span.op, around, space)
            items.append(last)
            before = word if span.op not in _COME else before
            after = word if span.op not in _GONE else after
    return items


def _redline_blocks(items: Sequence[_Item]) -> list[Block]:
    blocks: list[Block] = []
    css: list[set[str]] = []
    stretches = _stretches(items)
    for number, stretch in enumerate(stretches):
        head, rest = stretch[0], stretch[1:]
        pieces = [Piece(item.word, item.space, item.around) for item in rest]
        if head.word.block is None:  # words before any break
            blocks.append(Block(PARAGRAPH, [Piece(item.word, item.space, item.around) for item in stretch]))
            css.append(set())
            continue
        whole = bool(rest) and all((item.op in _GONE) == (head.op in _GONE) for item in rest)
        if head.op in _GONE and not whole:
            if not rest:
                following = stretches[number + 1][0] if number + 1 < len(stretches) else None
                if following is not None and following.op in _COME:
                    continue  # the same words in a block of another kind
            if blocks:
                blocks[-1].pieces.append(Piece(_PILCROW, True, head.around))
                blocks[-1].pieces.extend(pieces)
                css[-1].discard("inserted")
                css[-1].discard("deleted")
                continue
        if head.op in _COME and not all(item.op in _COME for item in rest):
            replaced = number > 0 and len(stretches[number - 1]) == 1 and stretches[number - 1][0].op in _GONE
            if not replaced and blocks:
                blocks[-1].pieces.append(Piece(_PILCROW, True, head.around))
            css.append({"changed"} if replaced else set())
        elif head.op in _COME:
            css.append({"inserted"})
        else:
            css.append({"deleted"} if head.op in _GONE else set())
        blocks.append(Block(head.word.block, pieces))
    return [Block(block.kind, block.pieces, " ".join(sorted(names))) for block, names in zip(blocks, css, strict=True)]


def _stretches(items: Sequence[_Item]) -> list[list[_Item]]:
    """The items cut before every break."""
    stretches: list[list[_Item]] = []
    for item in items:
        if item.word.is_break or not stretches:
            stretches.append([])
        stretches[-1].append(item)
    return stretches
