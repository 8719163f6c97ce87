"""Redlines and origins as HTML, with the texts that only a screen reader says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
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


class Note(NamedTuple):
    """A link behind a run of words: what it shows, and its attributes."""

    text: str
    attributes: Mapping[str, str]


class _Part(NamedTuple):
    """Words of one span within one block; ``opens`` is the break before them, if they begin the block."""

    op: Op
    opens: str | None
    piece: Piece


_block_of = itemgetter(Word._fields.index("block"))  # faster than the name, and asked of every word
_NO_LABELS = Labels("", "", "", "")
_GONE: frozenset[Op] = frozenset(("deleted", "moved_from"))
_COME: frozenset[Op] = frozenset(("inserted", "moved_to"))
_PILCROW = (Word("¶"),)


def redline_html(spans: Iterable[Span], labels: Labels | None = None) -> str:
    """A redline as paragraphs, lists and headings with ``<ins>`` and ``<del>``.

    Moved stretches carry the classes ``moved`` and ``move-<n>`` on both ends, with the same n; a block that came
    or went as a whole ``inserted`` or ``deleted``, one whose kind changed ``changed``; where a block was split or
    joined stands a marked ¶.
    """
    return blocks_html(_redline_blocks(_stretches(_parts(spans, labels or _NO_LABELS))))


def origin_html(
    runs: Iterable[Run],
    attributes: Callable[[Run], Mapping[str, str]],
    note: Callable[[Run], Note | None] = lambda run: None,
) -> str:
    """A text, each run of words in a ``<span>`` with its ``attributes`` (values are escaped) and followed by its
    ``note``, if it has one and words to note."""
    blocks: list[Block] = []
    before: Word | None = None
    for number, run in enumerate(runs):
        tag = Tag("span", as_attributes(attributes(run)), group=number)
        last: Block | None = None  # that with the run's last words, behind which another may open
        for opens, words in _cut_at_breaks(run.words):
            if opens is not None or not blocks:
                blocks.append(Block(opens or PARAGRAPH, []))
                before = None
            if words:
                blocks[-1].pieces.append(Piece(words, space_between(before, words[0]), (tag,)))
                before = words[-1]
                last = blocks[-1]
        noted = note(run) if last else None
        if noted and last:
            link = Tag("a", as_attributes(noted.attributes), group=number)
            last.pieces.append(Piece((Word(noted.text),), False, (tag, link)))
    return blocks_html(blocks)


def _cut_at_breaks(words: tuple[Word, ...]) -> Iterator[tuple[str | None, tuple[Word, ...]]]:
    """(kind of the block that begins here, or None; the words up to the next break)."""
    kinds = [*map(_block_of, words)]
    if kinds.count(None) == len(kinds):  # nearly always: spans are short
        yield None, words
        return
    start = 0
    opens: str | None = None
    for at, kind in enumerate(kinds):
        if kind is not None:
            if at:
                yield opens, words[start:at]
            start, opens = at + 1, kind
    yield opens, words[start:]


def _tag(span: Span, number: int, labels: Labels) -> tuple[Tag, ...]:
    match span.op:
        case "kept":
            return ()
        case "inserted":
            return (Tag("ins", (), number, labels.inserted),)
        case "deleted":
            return (Tag("del", (), number, labels.deleted),)
    moved = (("class", f"moved move-{span.move}"),)
    if span.op == "moved_to":
        return (Tag("ins", moved, number, labels.moved_here),)
    return (Tag("del", moved, number, labels.moved_away),)


def _parts(spans: Iterable[Span], labels: Labels) -> Iterator[_Part]:
    """Every span cut at breaks, spaced as in its own text and never glued to words of the other text."""
    last: tuple[Op, Word] | None = None
    before: Word | None = None  # the word before in the earlier text …
    after: Word | None = None  # … and in the later one
    for number, span in enumerate(spans):
        around = _tag(span, number, labels)
        op = span.op
        gone, come = op in _GONE, op in _COME
        for opens, words in _cut_at_breaks(span.words):
            if opens is not None:
                before = None if not come else before
                after = None if not gone else after
            space = False
            if words:
                word = words[0]
                own = before if gone else after
                space = space_between(own, word) or (op == "kept" and space_between(before, word))
                if opens is None and own is None and last is not None and last[0] != op:
                    space = USUAL[joining_class(last[1].text)][joining_class(word.text)]
                last = op, words[-1]
                before = words[-1] if not come else before
                after = words[-1] if not gone else after
            yield _Part(op, opens, Piece(words, space, around))


def _stretches(parts: Iterable[_Part]) -> list[list[_Part]]:
    """The parts cut before every break."""
    stretches: list[list[_Part]] = []
    for part in parts:
        if part.opens is not None or not stretches:
            stretches.append([])
        stretches[-1].append(part)
    return stretches


def _redline_blocks(stretches: Sequence[Sequence[_Part]]) -> list[Block]:
    blocks: list[Block] = []
    orphan = False  # a break went that had no words of its own left
    for number, stretch in enumerate(stretches):
        op = stretch[0].op
        pieces = [part.piece for part in stretch if part.piece.words]
        whole = bool(pieces) and all(
            (part.op in _GONE, part.op in _COME) == (op in _GONE, op in _COME) for part in stretch if part.piece.words
        )
        pilcrow = Piece(_PILCROW, True, stretch[0].piece.around)
        if op in _GONE and not whole:
            following = stretches[number + 1][0].op if number + 1 < len(stretches) else None
            orphan = not pieces and following in _COME
            if orphan:
                continue  # the same words, in a block of another kind
            if blocks:
                blocks[-1] = Block(blocks[-1].kind, [*blocks[-1].pieces, pilcrow, *_apart(pieces)])
                continue
        css = ""
        if op in _COME and not whole and orphan:
            css = "changed"
        elif op in _COME and not whole and blocks:
            blocks[-1].pieces.append(pilcrow)
        elif whole and op != "kept":
            css = "deleted" if op in _GONE else "inserted"
        orphan = False
        if pieces:
            pieces[0] = pieces[0]._replace(space=False)
        blocks.append(Block(stretch[0].opens or PARAGRAPH, pieces, css))
    return blocks


def _apart(pieces: list[Piece]) -> list[Piece]:
    """The pieces, the first of them behind a space."""
    return [pieces[0]._replace(space=True), *pieces[1:]] if pieces else []
