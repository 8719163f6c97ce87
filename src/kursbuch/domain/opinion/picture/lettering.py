"""Text in an SVG has no line breaks of its own: how wide words are about, where lines break, what must be escaped."""

from __future__ import annotations

import unicodedata
from html import escape

HARD_SPACE = "\u00a0"
NARROW, BROAD = frozenset(" \u00a0.,:;'’‘!|/()[]-ijlftrI1·"), frozenset("mwMWÄÖ%@—…")


def width(text: str) -> float:
    """About how wide a text is in a sans-serif of size 1, rather too much than too little."""
    return sum(map(_share, text))


def _share(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in NARROW:
        return 0.4
    if character in BROAD:
        return 0.98
    return 0.72 if character.isupper() else 0.63


def wrapped(text: str, room: float, most: int) -> list[str]:
    """The text in at most ``most`` lines no wider than ``room`` at size 1; what does not fit ends in an ellipsis."""
    lines, line = [], ""
    for piece in pieces(printable(text)):
        if line and width((line + piece).rstrip()) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return [_cut(line, room) for line in lines if line]
    last = lines[most - 1] + "…"
    return [*(_cut(line, room) for line in lines[: most - 1]), _cut(last, room)]


def printable(text: str) -> str:
    """Without line breaks and characters that XML forbids; spaces at which no line may end stay."""
    shown = "".join(each if each.isprintable() or each == HARD_SPACE else " " for each in text)
    return " ".join(piece for piece in shown.split(" ") if piece)


def escaped(text: str) -> str:
    """As it may stand between tags or in an attribute."""
    return escape(printable(text), quote=True)


def pieces(text: str) -> list[str]:
    """Where a line may end: after a space or hyphen, and around characters of scripts that know no spaces."""
    pieces, piece = [], ""
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        if wide and piece and not unicodedata.category(character).startswith("P"):
            pieces.append(piece)
            piece = ""
        piece += character
        if character in " -/":
            pieces.append(piece)
            piece = ""
    return [*pieces, piece]


def _cut(line: str, room: float) -> str:
    if width(line) <= room:
        return line
    while line and width(line + "…") > room:
        line = line[:-1]
    return line.rstrip() + "…"
