"""Three-way merge: what two people changed in the same value, put together, or a clash said openly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kursbuch.domain.framework.element import Entry, Value
from kursbuch.domain.framework.markup import parse, serialise
from kursbuch.domain.framework.redline import readable_edits
from kursbuch.domain.framework.words import Word


@dataclass(frozen=True, slots=True)
class Merged:
    """Both sides' changes in one value; ``None``: absent."""

    value: Value | None


@dataclass(frozen=True, slots=True)
class Clash:
    """Both sides changed the same thing differently."""


CLASH: Final = Clash()


def merge_value(base: Value | None, ours: Value | None, theirs: Value | None) -> Merged | Clash:
    """Merge by the value's shape: text word by word, a set of entries entry by entry, all else as a whole.

    Symmetric in ``ours`` and ``theirs``. Absence is a value too: removed here and changed there is a clash.
    """
    if theirs == base or ours == theirs:
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    if isinstance(base, str) and isinstance(ours, str) and isinstance(theirs, str):
        text = merge_text(base, ours, theirs)
        return CLASH if text is None else Merged(text or None)
    if all(value is None or isinstance(value, tuple) for value in (base, ours, theirs)):
        return _merge_entries(base, ours, theirs)
    return CLASH


def merge_text(base: str, ours: str, theirs: str) -> str | None:
    """Both sides' edits in one text, or ``None`` where they touch the same words.

    Edits that merely adjoin are both made; the same edit on both sides is made once; different insertions
    at one point conflict, for their order would be a guess.
    """
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    words = parse(base)
    hunks = _combined(_hunks(words, parse(ours)), _hunks(words, parse(theirs)))
    if hunks is None:
        return None
    merged: list[Word] = []
    at = 0
    for hunk in hunks:
        merged += words[at : hunk.start]
        merged += hunk.words
        at = hunk.end
    merged += words[at:]
    return serialise(merged)


@dataclass(frozen=True, slots=True)
class _Hunk:
    """``words`` stand instead of the base's words from ``start`` to ``end``."""

    start: int
    end: int
    words: tuple[Word, ...]

    @property
    def inserts(self) -> bool:
        return self.start == self.end


def _hunks(base: tuple[Word, ...], side: tuple[Word, ...]) -> list[_Hunk]:
    return [_Hunk(lo, hi, side[at:to]) for lo, hi, at, to in readable_edits(base, side)]


def _combined(ours: list[_Hunk], theirs: list[_Hunk]) -> list[_Hunk] | None:
    """All hunks in order, common ones once; ``None`` if any two overlap."""
    ours, theirs = ours[::-1], theirs[::-1]
    combined: list[_Hunk] = []
    while ours and theirs:
        a, b = ours[-1], theirs[-1]
        if a == b:
            combined.append(ours.pop())
            theirs.pop()
        elif _precedes(a, b):
            combined.append(ours.pop())
        elif _precedes(b, a):
            combined.append(theirs.pop())
        elif not (_share(a, b, theirs) or _share(b, a, ours)):
            return None
    return combined + ours[::-1] + theirs[::-1]


def _precedes(a: _Hunk, b: _Hunk) -> bool:
    """Whether ``a`` ends before ``b`` begins; two insertions at one point have no order."""
    return a.end <= b.start and not (a.inserts and b.inserts and a.start == b.start)


def _share(small: _Hunk, large: _Hunk, hunks: list[_Hunk]) -> bool:
    """Whether ``large``, the next of ``hunks``, is ``small`` and an edit beside it; if so, split it in two.

    Two neighbouring edits look like one when they were made by the same side.
    """
    if small.inserts and large.inserts:
        return False
    if not small.words and large.words:
        return False
    size = len(small.words)
    if small.start == large.start and small.end <= large.end and large.words[:size] == small.words:
        parts = [small, _Hunk(small.end, large.end, large.words[size:])]
    elif (
        small.end == large.end and small.start >= large.start and large.words[len(large.words) - size :] == small.words
    ):
        parts = [_Hunk(large.start, small.start, large.words[: len(large.words) - size]), small]
    else:
        return False
    hunks[-1:] = [part for part in reversed(parts) if part.start < part.end or part.words]
    return True


def _merge_entries(base: Value | None, ours: Value | None, theirs: Value | None) -> Merged | Clash:
    was, here, there = _by_id(base), _by_id(ours), _by_id(theirs)
    merged: list[Entry] = []
    for name in sorted({*was, *here, *there}):
        a, b, c = was.get(name), here.get(name), there.get(name)
        if b == c or c == a:
            chosen = b
        elif b == a:
            chosen = c
        else:
            return CLASH
        if chosen is not None:
            merged.append(chosen)
    return Merged(tuple(merged) or None)


def _by_id(value: Value | None) -> Mapping[str, Entry]:
    return {str(entry["id"]): entry for entry in value} if isinstance(value, tuple) else {}
