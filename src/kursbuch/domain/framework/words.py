"""Words: what a text is compared, merged and attributed by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

NO_MARKS: Final[frozenset[str]] = frozenset()
EM: Final = "em"
STRONG: Final = "strong"

PARAGRAPH: Final = "p"
BULLET: Final = "ul"
NUMBERED: Final = "ol"
BLOCKS: Final = (PARAGRAPH, BULLET, NUMBERED, "h3", "h4")


class Word(NamedTuple):
    """A word, a punctuation mark, or the break that opens a block (``text == ""``, ``block`` its kind).

    Markup is a property of the word. So is spacing, but only where it is unusual (``odd``): „(“ joins the
    word behind it and „,“ the word before it, so putting a word in brackets leaves the word itself unchanged.
    """

    text: str
    odd: bool = False
    marks: frozenset[str] = NO_MARKS
    link: str | None = None
    block: str | None = None

    @property
    def is_break(self) -> bool:
        """Whether this opens a block instead of carrying text."""
        return self.block is not None

    @property
    def is_punctuation(self) -> bool:
        """Whether there is no letter or digit in it (breaks are none either)."""
        return bool(self.text) and not any(map(str.isalnum, self.text))


# How a token joins its neighbours. The usual spacing follows from the classes of both.
NORMAL, OPENING, CLOSING, JOINING, BREAK = range(5)

_OPENING = frozenset("([{„‚¿¡")
_CLOSING = frozenset(".,;:!?)]}…“”‘’")
_JOINING = frozenset("/")

# USUAL[class before][class]: whether a space usually stands between the two.
USUAL: Final = tuple(
    tuple(
        left not in (OPENING, JOINING, BREAK) and right not in (CLOSING, JOINING, BREAK)
        for right in (NORMAL, OPENING, CLOSING, JOINING, BREAK)
    )
    for left in (NORMAL, OPENING, CLOSING, JOINING, BREAK)
)


def joining_class(text: str) -> int:
    """The class of a token by its text ("" is a break)."""
    if not text:
        return BREAK
    first = text[0]
    if first in _CLOSING:
        return CLOSING
    if first in _OPENING:
        return OPENING
    if first in _JOINING:
        return JOINING
    return NORMAL


def space_between(before: Word | None, word: Word) -> bool:
    """Whether a space stands before ``word`` when it follows ``before`` (``None``: the text begins)."""
    if before is None or before.is_break or word.is_break:
        return False
    return USUAL[joining_class(before.text)][joining_class(word.text)] is not word.odd


def split_blocks(words: Iterable[Word]) -> Iterator[tuple[str, list[Word]]]:
    """(kind, words without the break) block by block; words before any break form a paragraph."""
    kind: str | None = None
    block: list[Word] = []
    for word in words:
        if word.block is not None:
            if kind is not None:
                yield kind, block
            kind, block = word.block, []
        else:
            kind = kind or PARAGRAPH
            block.append(word)
    if kind is not None:
        yield kind, block


def text_of(words: Sequence[Word]) -> str:
    """The words as one line of plain text without markup; breaks become spaces. For quotations and labels."""
    parts: list[str] = []
    before: Word | None = None
    for word in words:
        if word.is_break:
            parts.append(" ")
        else:
            parts.append(" " + word.text if space_between(before, word) else word.text)
        before = word
    return "".join(parts).strip()


def count_words(words: Iterable[Word]) -> int:
    """How many words a reader would count: neither punctuation nor breaks."""
    return sum(1 for word in words if word.text and (word.text[0].isalnum() or not word.is_punctuation))


_LETTERS = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"
_JOINT = r"(?:[-‐‑'’*:_]|(?<=[a-z0-9])[.@](?=[a-z0-9])|(?<=[0-9]),(?=[0-9]))"
# A word keeps its hyphens (Smartphone-Bürger-ID, Vor- und Nachteile), its apostrophes, the marks of gendered
# forms (Bürger*innen, Bürger:innen) and a number its separators; of other signs only repetition holds together.
TOKEN: Final = re.compile(rf"(?:(?:(?<!\S)-)?{_LETTERS}(?:{_JOINT}{_LETTERS})*(?:-(?![-\w]))?|\.+|!+|\?+|-+|\S)")
