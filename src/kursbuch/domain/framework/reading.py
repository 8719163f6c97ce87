"""Reading the Markdown subset of :mod:`.markup`: a text into its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from kursbuch.domain.framework.words import (
    BLOCKS,
    BREAK,
    BULLET,
    EM,
    NO_MARKS,
    NORMAL,
    NUMBERED,
    PARAGRAPH,
    STRONG,
    TOKEN,
    USUAL,
    Word,
    joining_class,
)

# Line ends in all their spellings, other white space, and what is invisible or reorders text (controls, soft
# hyphens, directional overrides, surrogates, private use): two texts that look alike are to be alike.
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028]")
_SPACE = re.compile("[\t\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
_UNCLEAN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f"
    "\u3000\ufeff\ufff9-\ufffb\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)

# A single asterisk between letters or digits is one of them ("Bürger*innen").
STAR = r"(?<![^\W_])\*|\*(?![^\W_])"
_SPECIAL = re.compile(rf"[\\\[\n]|{STAR}")
_HEADING = re.compile(r"(#{3,4}) +(?=\S)")
_ITEM = re.compile(r"- +(?=\S)")
_NUMBER = re.compile(r"([0-9]{1,4})\. +(?=\S)")
_LINK = re.compile(
    r"\[((?:\\[!-/:-@\[-`{-~]|\\(?![!-/:-@\[-`{-~])|[^\[\]\\])+)\]"
    r"\(((?:(?i:https?)://[^\s()<>\"\\]+|(?i:mailto):[^\s()<>\"\\]+|/(?![/\\])[^\s()<>\"\\]*))\)"
)
_LINK_HAS_TEXT = re.compile(r"\\.|[^*\s]")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_TOGGLES = {1: (EM,), 2: (STRONG,), 3: (EM, STRONG)}


@lru_cache(maxsize=8192)
def parse(text: str) -> tuple[Word, ...]:
    """The words of a text; each block begins with its break. ``""`` has none."""
    text = _clean(text)
    if "\n" not in text and _is_literal(text):
        return _parse_line(text)
    words: list[Word] = []
    for kind, content in _blocks(text):
        inline = _inline(content)
        if inline:
            words.append(_BREAKS[kind])
            words += inline
    return tuple(words)


_BREAKS = {kind: Word("", block=kind) for kind in BLOCKS}
_KNOWN_AT_MOST = 200_000


class _Chunks(dict[str, tuple[Word, ...]]):
    """What lies between two spaces as words, tokenised once: a city's vocabulary is small.

    The first word is odd if it stands unusually behind a space; what begins a block or follows a bracket or
    slash with a space is for the caller to mend.
    """

    def __missing__(self, chunk: str) -> tuple[Word, ...]:
        words: list[Word] = []
        before, spaced = NORMAL, True
        for text in TOKEN.findall(chunk):
            kind = joining_class(text)
            words.append(Word(text, odd=USUAL[before][kind] is not spaced))
            before, spaced = kind, False
        if len(self) >= _KNOWN_AT_MOST:
            self.clear()
        self[chunk] = found = tuple(words)
        return found


_chunks = _Chunks()


def _is_literal(line: str) -> bool:
    """Whether nothing special can be in the line. Written out, as is the next: both are asked of every paragraph, and
    looking for a single sign is next to nothing beside a loop over the signs."""
    return not ("*" in line or "\\" in line or "[" in line)


def _has_gap(text: str) -> bool:
    """Whether a space stands behind what usually joins the next word: rare, and only then are neighbours looked at
    one by one."""
    return (
        ("(" in text and "( " in text)
        or ("/" in text and "/ " in text)
        or ("[" in text and "[ " in text)
        or ("{" in text and "{ " in text)
        or ("„" in text and "„ " in text)
        or ("‚" in text and "‚ " in text)
        or ("¿" in text and "¿ " in text)
        or ("¡" in text and "¡ " in text)
    )


def _clean(text: str) -> str:
    if not text.replace("\n", "").isprintable() and _UNCLEAN.search(text):
        text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n")
        text = _INVISIBLE.sub("", _SPACE.sub(" ", text))
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text


def _parse_line(line: str) -> tuple[Word, ...]:
    """One line without inline markup: the common case, kept fast."""
    line = line.strip(" ")
    if not line:
        return ()
    kind, start = line_kind(line, 0)
    return (_BREAKS[kind or PARAGRAPH], *_literal_words(line[start:], BREAK, False))


def _literal_words(text: str, before: int, spaced: bool) -> list[Word]:
    """The words of text without markup, behind a word of the class ``before`` and, if ``spaced``, a space."""
    if _has_gap(text):
        words = []
        for chunk in text.split(" "):
            if chunk:
                words += _literal_words(chunk, before, spaced)
                before = joining_class(words[-1].text)
            spaced = True
        return words
    words = list(chain.from_iterable(map(_chunks.__getitem__, text.split(" "))))
    if words:
        first = words[0]
        spaced = spaced or text[0] == " "
        odd = before != BREAK and USUAL[before][joining_class(first.text)] is not spaced
        if odd is not first.odd:
            words[0] = Word(first.text, odd)
    return words


def line_kind(line: str, number: int) -> tuple[str | None, int]:
    """(the kind of block a line opens, or None; where its content begins), ``number`` being the last item's."""
    first = line[0]
    if first == "-" and (match := _ITEM.match(line)):
        return BULLET, match.end()
    if first == "#" and (match := _HEADING.match(line)):
        return f"h{len(match[1])}", match.end()
    if first in "0123456789" and (match := _NUMBER.match(line)) and int(match[1]) in (1, number + 1):
        return NUMBERED, match.end()
    return None, 0


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(kind, content on one line) of every block."""
    kind: str | None = None
    lines: list[str] = []
    number = 0
    for raw in text.split("\n"):
        line = raw.strip(" ")
        opens, start = line_kind(line, number) if line else (None, 0)
        if lines and (not line or opens or kind in ("h3", "h4")):
            yield kind or PARAGRAPH, " ".join(lines)
            lines, kind = [], None
        if not line:
            continue
        if opens:
            kind = opens
        elif not lines:
            kind = PARAGRAPH
        if not lines:
            number = number + 1 if kind == NUMBERED else 0
        lines.append(line[start:])
    if lines:
        yield kind or PARAGRAPH, " ".join(lines)


class _Run:
    """Asterisks that may toggle marks; each mark that finds no partner leaves them literal."""

    __slots__ = ("closes", "link", "marks", "opens", "size")

    def __init__(self, size: int, link: str | None, opens: bool, closes: bool) -> None:
        self.size = size
        self.link = link
        self.opens = opens
        self.closes = closes
        self.marks: list[str] = []  # what it really toggles


_Part = tuple[str, str | None] | _Run


def _scan(text: str, link: str | None, parts: list[_Part], pattern_at: int = 0, end: int | None = None) -> None:
    """Literal stretches and runs of asterisks, in order; the text of a link is scanned in place."""
    position = pattern_at
    stop = len(text) if end is None else end
    while position < stop:
        special = _SPECIAL.search(text, position, stop)
        if special is None:
            parts.append((text[position:stop], link))
            return
        at = special.start()
        if at > position:
            parts.append((text[position:at], link))
        sign = text[at]
        position = at + 1
        if sign == "\\":
            if position < stop and text[position] in _PUNCTUATION:
                sign = text[position]
                position += 1
            parts.append((sign, link))
        elif sign == "[":
            match = _LINK.match(text, at, stop) if link is None else None
            if match and _LINK_HAS_TEXT.search(match[1]):
                _scan(text, match[2], parts, match.start(1), match.end(1))
                position = match.end()
            else:
                parts.append((sign, link))
        else:
            while position < stop and text[position] == "*":
                position += 1
            parts.append(_run(text, at, position, link))


def _run(text: str, at: int, end: int, link: str | None) -> _Part:
    before = text[at - 1] if at else " "
    behind = text[end] if end < len(text) else " "
    size = end - at
    if size > 3:
        return text[at:end], link
    return _Run(size, link, opens=behind != " ", closes=before != " ")


def _pair_runs(parts: list[_Part]) -> None:
    opened: dict[str, _Run] = {}
    for part in parts:
        if isinstance(part, _Run):
            for mark in _TOGGLES[part.size]:
                opener = opened.get(mark)
                if opener is not None and part.closes:
                    opener.marks.append(mark)
                    part.marks.append(mark)
                    del opened[mark]
                elif opener is None and part.opens:
                    opened[mark] = part


def _segments(text: str) -> list[tuple[str, frozenset[str], str | None]]:
    """Stretches of literal text with the same marks and link."""
    parts: list[_Part] = []
    _scan(text, None, parts)
    _pair_runs(parts)
    segments: list[tuple[str, frozenset[str], str | None]] = []
    marks = NO_MARKS
    for part in parts:
        if isinstance(part, _Run):
            link = part.link
            literal = "*" * (part.size - sum(1 if mark == EM else 2 for mark in part.marks))
            opening = marks ^ frozenset(part.marks)
        else:
            literal, link = part
            opening = marks
        if literal:
            if segments and segments[-1][1:] == (marks, link):
                literal = segments.pop()[0] + literal
            segments.append((literal, marks, link))
        marks = opening
    return segments


def _inline(text: str) -> list[Word]:
    if _is_literal(text):  # most lines; searching them would cost more than all the rest
        return _literal_words(text, BREAK, False)
    words: list[Word] = []
    before = BREAK
    spaced = False
    for literal, marks, link in _segments(text):
        found = _literal_words(unicodedata.normalize("NFC", literal), before, spaced)
        spaced = literal[-1] == " " or (spaced and not found)
        if found:
            before = joining_class(found[-1].text)
            if marks or link is not None:
                found = [Word(word.text, word.odd, marks, link) for word in found]
            words += found
    return words
