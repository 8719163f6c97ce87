"""Prose as blocks and runs, the shape in which every writer can set it; and back from runs to the Markdown subset."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kursbuch.domain.framework.markup import parse, serialise
from kursbuch.domain.framework.words import (
    BULLET,
    EM,
    NUMBERED,
    PARAGRAPH,
    STRONG,
    Word,
    space_between,
    split_blocks,
)

HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look; ``link`` is a web address or a path such as "/M042/"."""

    text: str
    strong: bool = False
    em: bool = False
    link: str = ""


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph ("p"), a heading (with its ``level`` from 1), or a whole list ("ul", "ol") with its items."""

    kind: str
    lines: tuple[Line, ...]
    level: int = 0


def blocks(text: str) -> list[Block]:
    """The blocks of a text; heading levels begin at 1 and leave none out, so that outlines stay sound."""
    found: list[Block] = []
    deepest = 0
    for kind, words in split_blocks(parse(text)):
        line = runs(words)
        if kind in (BULLET, NUMBERED):
            if found and found[-1].kind == kind:
                found[-1] = Block(kind, (*found[-1].lines, line))
            else:
                found.append(Block(kind, (line,)))
        elif kind == PARAGRAPH:
            found.append(Block(kind, (line,)))
        else:
            deepest = min(2 if kind == "h4" else 1, deepest + 1)
            found.append(Block(HEADING, (line,), deepest))
    return found


def runs(words: Sequence[Word]) -> Line:
    """Words of one block as runs, neighbours of one look joined."""
    out: list[Run] = []
    before: Word | None = None
    for word in words:
        look = (STRONG in word.marks, EM in word.marks, word.link or "")
        space = " " if space_between(before, word) else ""
        last = out[-1] if out else None
        if last is not None and (last.strong, last.em, last.link) == look:
            out[-1] = Run(f"{last.text}{space}{word.text}", *look)
        else:
            if last is not None and space:
                out[-1] = Run(f"{last.text} ", last.strong, last.em, last.link)
            out.append(Run(word.text, *look))
        before = word
    return tuple(out)


def plain(line: Line) -> str:
    return "".join(run.text for run in line)


# ---- from runs, as a word processor gives them ---------------------------------------------------------

_SPECIAL = re.compile(r"[\\*\[]")
_SAFE_LINK = re.compile(r"(https?://|mailto:)[^\s()<>\"\\]+|/(?![/\\])[^\s()<>\"\\]*", re.IGNORECASE)


def markdown(kind: str, line: Iterable[Run]) -> str:
    """One block of runs in canonical Markdown. Looks are a property of whole words: the first letter decides."""
    pieces = [Run(unicodedata.normalize("NFC", run.text), run.strong, run.em, run.link) for run in line]
    text = re.sub(r"\s", " ", "".join(piece.text for piece in pieces))
    looks = [piece for piece in pieces for _ in piece.text]
    words = _literal_words(text)
    marked: list[Word] = [Word("", block=kind)]
    at = 0
    for word in words:
        found = text.find(word.text, at)
        if found < 0:  # cleaned away letters in between; such a word keeps no look
            marked.append(word)
            continue
        look = looks[found]
        at = found + len(word.text)
        marks = frozenset(mark for mark, is_set in ((STRONG, look.strong), (EM, look.em)) if is_set)
        link = look.link if _SAFE_LINK.fullmatch(look.link) else None
        marked.append(Word(word.text, word.odd, marks, link))
    return serialise(marked) if words else ""


def _literal_words(text: str) -> list[Word]:
    """The words of a text in which no sign is markup."""
    escaped = _SPECIAL.sub(r"\\\g<0>", text.strip())
    guarded = re.sub(r"^(\d{1,4})\.", r"\1\\.", escaped)
    if guarded[:1] in {"-", "#"}:
        guarded = "\\" + guarded
    return [word for word in parse(guarded) if not word.is_break]
