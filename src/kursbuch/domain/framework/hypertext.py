"""Words as HTML: the one place where text becomes tags, so that escaping cannot be forgotten anywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from kursbuch.domain.framework.words import BULLET, EM, NUMBERED, STRONG, USUAL, Word, joining_class


class Tag(NamedTuple):
    """An element around words; ``group`` keeps neighbours apart that look alike but are not one."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    group: int = 0
    lead: str = ""  # plain text for screen readers only, at its start


class Piece(NamedTuple):
    """Consecutive words in their place: whether a space precedes the first, and what surrounds them."""

    words: Sequence[Word]
    space: bool
    around: tuple[Tag, ...] = ()


class Block(NamedTuple):
    """A paragraph, list item or heading; ``kind`` as in :mod:`.words`."""

    kind: str
    pieces: list[Piece]
    css: str = ""


def attributes_html(attributes: Iterable[tuple[str, str]]) -> str:
    """Attributes with a leading space each, values escaped; names come from code, never from data."""
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes)


def as_attributes(values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Attributes from a mapping; a name that could break out of the tag is refused."""
    for name in values:
        if not name or not all(sign.isalnum() or sign in "-_:" for sign in name) or not name.isascii():
            raise ValueError(f"not an attribute name: {name!r}")
    return tuple(values.items())


def blocks_html(blocks: Iterable[Block]) -> str:
    """Blocks as HTML; neighbouring items of one kind share a list."""
    out: list[str] = []
    open_list = ""
    for block in blocks:
        wanted = block.kind if block.kind in (BULLET, NUMBERED) else ""
        if wanted != open_list:
            out += (f"</{open_list}>" if open_list else "", f"<{wanted}>" if wanted else "")
            open_list = wanted
        name = "li" if wanted else block.kind
        css = f' class="{escape(block.css)}"' if block.css else ""
        out.append(f"<{name}{css}>{_inline_html(block.pieces)}</{name}>")
    if open_list:
        out.append(f"</{open_list}>")
    return "".join(out)


def _tags(around: tuple[Tag, ...], marks: frozenset[str], link: str | None) -> tuple[Tag, ...]:
    tags = around
    if link is not None:
        rel = (("rel", "noopener"),) if link[:4].lower() == "http" else ()
        tags += (Tag("a", (("href", link), *rel)),)
    if marks:
        tags += tuple(Tag(mark) for mark in (STRONG, EM) if mark in marks)
    return tags


def _switch(out: list[str], stack: tuple[Tag, ...], tags: tuple[Tag, ...], space: bool) -> None:
    """Close and open what differs; a space between words stands outside of what only one of them has."""
    common = 0
    while common < len(tags) and common < len(stack) and tags[common] == stack[common]:
        common += 1
    out += (f"</{tag.name}>" for tag in reversed(stack[common:]))
    if space:
        out.append(" ")
    out += map(_opening, tags[common:])


@lru_cache(maxsize=4096)
def _opening_of(name: str, attributes: tuple[tuple[str, str], ...], lead: str) -> str:
    said = f'<span class="visually-hidden">{escape(lead)} </span>' if lead else ""
    return f"<{name}{attributes_html(attributes)}>{said}"


def _opening(tag: Tag) -> str:
    return _opening_of(tag.name, tag.attributes, tag.lead)


# A word's text -> escaped, the same behind a space, how it joins its neighbours, and whether a space usually stands
# before what follows it, by how that joins its own.
_Drawn = tuple[str, str, int, tuple[bool, ...]]
_drawn: dict[str, _Drawn] = {}


def _learn(text: str) -> _Drawn:
    if len(_drawn) >= 200_000:
        _drawn.clear()
    escaped, kind = escape(text, quote=False), joining_class(text)
    _drawn[text] = found = escaped, f" {escaped}", kind, USUAL[kind]
    return found


def _inline_html(pieces: Iterable[Piece]) -> str:
    out: list[str] = []
    stack: tuple[Tag, ...] = ()
    drawn, add = _drawn.get, out.append
    for words, leading_space, around in pieces:
        space, usual = leading_space, None
        marks, link = None, None
        for text, odd, has_marks, has_link, _ in words:
            escaped, spaced, kind, usual_behind = drawn(text) or _learn(text)
            if usual is not None:
                space = usual[kind] is not odd
            usual = usual_behind
            if has_marks is not marks or has_link is not link:
                marks, link = has_marks, has_link
                tags = _tags(around, has_marks, has_link)
                _switch(out, stack, tags, space)
                stack = tags
                add(escaped)
            else:
                add(spaced if space else escaped)
    out += (f"</{tag.name}>" for tag in reversed(stack))
    return "".join(out)
