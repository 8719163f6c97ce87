"""The Markdown subset in which a strategy's prose is written: into words and back.

Blocks: paragraphs (separated by an empty line), "- " and "1. " lists, "### " and "#### " headings. Inline:
``*emphasis*``, ``**strong**``, ``[text](target)``, a backslash before punctuation. A target is ``https://``,
``http://``, ``mailto:`` or a path from the root ("/M042/"). Everything else, HTML included, is literal text.

An ordered list begins with "1." and counts on, so a paragraph may begin with "14. Juli"; a single asterisk
between two letters is a letter ("Bürger*innen").
"""

from __future__ import annotations

from kursbuch.domain.framework.hypertext import Block, Piece, blocks_html
from kursbuch.domain.framework.reading import parse
from kursbuch.domain.framework.words import BULLET, NUMBERED, split_blocks, text_of
from kursbuch.domain.framework.writing import serialise

__all__ = ["canonical", "parse", "serialise", "to_html", "to_plain"]


def canonical(text: str) -> str:
    """The one spelling of a text: what is stored, compared and digested. ``canonical`` of it is itself."""
    return serialise(parse(text))


def to_html(text: str) -> str:
    """The text as HTML. Safe by construction: every character is escaped, no attribute but a checked target."""
    return blocks_html(Block(kind, [Piece(block, False)]) for kind, block in split_blocks(parse(text)))


def to_plain(text: str) -> str:
    """The text without markup, one block a line, for mails, search and titles."""
    lines: list[str] = []
    number = 0
    for kind, block in split_blocks(parse(text)):
        number = number + 1 if kind == NUMBERED else 0
        lead = {BULLET: "- ", NUMBERED: f"{number}. "}.get(kind, "")
        lines.append(lead + text_of(block))
    return "\n".join(lines)
