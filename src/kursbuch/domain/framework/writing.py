"""Writing the Markdown subset of :mod:`.markup`: words into their one canonical spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kursbuch.domain.framework.reading import STAR, line_kind
from kursbuch.domain.framework.words import (
    BULLET,
    EM,
    NO_MARKS,
    NUMBERED,
    PARAGRAPH,
    STRONG,
    USUAL,
    Word,
    joining_class,
    split_blocks,
)


def serialise(words: Sequence[Word]) -> str:
    """Canonical Markdown: ``parse(serialise(parse(text))) == parse(text)``."""
    lines: list[str] = []
    number = 0
    previous: str | None = None
    for kind, block in split_blocks(words):
        line = _serialise_inline(block)
        if not line:
            continue
        if kind == PARAGRAPH:
            line = _guard_start(line, number)
        number = number + 1 if kind == NUMBERED else 0
        if previous is not None:
            lines.append("\n" if kind == previous and kind in (BULLET, NUMBERED) else "\n\n")
        lines.append(_lead(kind, number) + line)
        previous = kind
    return "".join(lines)


_LITERAL_STAR = re.compile(STAR)


def _lead(kind: str, number: int) -> str:
    if kind == BULLET:
        return "- "
    if kind == NUMBERED:
        return f"{number}. "
    return {"h3": "### ", "h4": "#### "}.get(kind, "")


def _guard_start(line: str, number: int) -> str:
    """A paragraph that begins like a heading or the next list item says that it is none."""
    kind, _ = line_kind(line, number)
    if kind is None:
        return line
    if kind != NUMBERED:
        return "\\" + line
    digits, rest = line.split(".", 1)
    return f"{digits}\\.{rest}"


def _escape(text: str, *, in_link: bool) -> str:
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if "*" in text:
        text = _LITERAL_STAR.sub(r"\\*", text)
    return text.replace("[", "\\[").replace("]", "\\]") if in_link else text


def _stars(marks: frozenset[str]) -> str:
    return "*" * ((1 if EM in marks else 0) + (2 if STRONG in marks else 0))


_spelled: dict[str, tuple[str, int]] = {}  # a token outside of links: escaped, and how it joins its neighbours


def _learn(text: str) -> tuple[str, int]:
    if len(_spelled) >= 200_000:
        _spelled.clear()
    _spelled[text] = found = _escape(text, in_link=False), joining_class(text)
    return found


def _serialise_inline(block: Sequence[Word]) -> str:
    out: list[str] = []
    marks, link = NO_MARKS, None
    before, before_text = -1, ""
    for text, odd, new_marks, new_link, _ in block:
        spelled, kind = _spelled.get(text) or _learn(text)
        space = before >= 0 and USUAL[before][kind] is not odd
        joined = before >= 0 and not space and before_text[-1].isalnum() and text[0].isalnum()
        same = new_marks == marks and new_link == link
        if not same:
            out.append(_turn(marks, link, new_marks, new_link, space, joined))
        elif space or joined:  # two words that merging put side by side must not become one
            out.append(" ")
        if new_link is not None:
            spelled = _escape(text, in_link=True)
        elif before_text == "]" and text[0] == "(" and same and not space:
            spelled = "\\" + spelled
        out.append(spelled)
        marks, link, before, before_text = new_marks, new_link, kind, text
    out.append(_turn(marks, link, NO_MARKS, None, False, False))
    return "".join(out)


def _turn(
    marks: frozenset[str],
    link: str | None,
    new_marks: frozenset[str],
    new_link: str | None,
    space: bool,
    joined: bool,
) -> str:
    """What stands between two words of different markup; links are inside of emphasis."""
    toggled = marks ^ new_marks
    relink = new_link != link
    if joined and not relink and toggled == {EM}:
        # a single asterisk between two letters would be a letter
        relink, space = link is not None, link is None
    stars = f"{_stars(marks - new_marks)} {_stars(new_marks - marks)}" if space else _stars(toggled)
    closing = f"]({link})" if relink and link is not None else ""
    opening = "[" if relink and new_link is not None else ""
    return closing + stars + opening
