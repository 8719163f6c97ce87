"""Redline: two texts as one, with what was kept, inserted, deleted and moved told apart, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from kursbuch.domain.framework.alignment import Region, Words, edits
from kursbuch.domain.framework.markup import parse
from kursbuch.domain.framework.words import Word, count_words

Op = Literal["kept", "inserted", "deleted", "moved_from", "moved_to"]


class Span(NamedTuple):
    """Consecutive words with one fate; ``move`` pairs a ``moved_from`` with its ``moved_to`` (same words)."""

    op: Op
    words: tuple[Word, ...]
    move: int | None = None


def redline(before: str, after: str) -> tuple[Span, ...]:
    """The spans in reading order, deleted before inserted.

    kept + deleted + moved_from, in order, are the words of ``before``; kept + inserted + moved_to those of
    ``after``. Equal texts give one kept span (none when empty).
    """
    a = parse(before)
    if before == after:
        return (Span("kept", a),) if a else ()
    return redline_words(a, parse(after))


def redline_words(a: tuple[Word, ...], b: tuple[Word, ...]) -> tuple[Span, ...]:
    """The same for parsed texts."""
    regions = readable_edits(a, b)
    moves = _moves(a, b, regions)
    spans = _spans(a, b, regions, moves)
    # Only a move leaves spans without words, and only regions that touch leave neighbours of one kind.
    if moves or any(left[1] == right[0] for left, right in pairwise(regions)):
        return tuple(_joined(spans))
    return tuple(spans)


def readable_edits(a: Words, b: Words) -> list[Region]:
    """The regions that differ, shifted to natural boundaries, without stray words kept in between."""
    regions = edits(a, b)
    if len(regions) > 1:
        regions = _without_strays(a, regions)
    return _slid(a, b, regions)


# --- strays ------------------------------------------------------------------------------------------------

# Words that carry a sentence but say nothing by themselves. Kept alone between two rewritten stretches they
# only make a redline harder to read.
_FUNCTION_WORDS = frozenset(
    """aber als also am an auch auf aus bei beim bis da damit dann das dass dem den denn der des die dies diese
    diesem diesen dieser dieses doch durch ein eine einem einen einer eines er es für gegen hat haben hier ihr
    ihre ihrem ihren ihrer ihres im in ins ist ja kann können man mehr mit muss nach nicht noch nun nur ob oder
    ohne sein seine seinem seinen seiner sich sie sind so soll sollen sowie über um und uns unser unsere unter
    vom von vor war werden wie wir wird wo zu zum zur zwischen
    a an and are as at be by for from has have in into is it its not of on or our that the their they this to
    was we were which will with""".split()  # noqa: SIM905  # a list of literals would fill the screen
)
_weights: dict[str, int] = {}


def _weight(word: Word) -> int:
    """How much a kept word says: 1 punctuation, 2 function word, 6 any other; breaks hold the text together."""
    if word.is_break:
        return 1000
    text = word.text
    weight = _weights.get(text)
    if weight is None:
        weight = 1 if word.is_punctuation else 2 if text.lower() in _FUNCTION_WORDS else 6
        if len(_weights) < 100_000:
            _weights[text] = weight
    return weight


def _without_strays(a: Words, regions: list[Region]) -> list[Region]:
    while True:
        kept = [regions[0]]
        for region in regions[1:]:
            last = kept[-1]
            if region[0] - last[1] <= 3 and _is_stray(a, last, region):
                kept[-1] = (last[0], region[1], last[2], region[3])
            else:
                kept.append(region)
        if len(kept) == len(regions):
            return kept
        regions = kept


def _is_stray(a: Words, left: Region, right: Region) -> bool:
    """Whether the words between two regions say too little to be kept: both were rewritten, and are heavier."""
    if left[0] == left[1] or left[2] == left[3] or right[0] == right[1] or right[2] == right[3]:
        return False
    weights = [_weight(word) for word in a[left[1] : right[0]]]
    weight = sum(weights)
    lighter = min(_size(left), _size(right))
    # Single words changed on either side are easier to see one by one.
    return weight <= 2 * lighter and lighter >= (2 if max(weights) <= 2 else 4)


def _size(region: Region) -> int:
    return max(region[1] - region[0], region[3] - region[2])


# --- boundaries --------------------------------------------------------------------------------------------


def _slid(a: Words, b: Words, regions: list[Region]) -> list[Region]:
    """Pure insertions and deletions that could stand elsewhere begin with a block or a sentence if they can."""
    slid: list[Region] = []
    for at, region in enumerate(regions):
        a_lo, a_hi, b_lo, b_hi = region
        if (a_lo == a_hi) != (b_lo == b_hi):
            lowest = slid[-1][1] if slid else 0
            highest = regions[at + 1][0] if at + 1 < len(regions) else len(a)
            if a_lo == a_hi:
                by = _best_shift(b, b_lo, b_hi, a_lo - lowest, highest - a_hi)
            else:
                by = _best_shift(a, a_lo, a_hi, a_lo - lowest, highest - a_hi)
            region = (a_lo + by, a_hi + by, b_lo + by, b_hi + by)
        slid.append(region)
    return slid


def _best_shift(words: Words, start: int, end: int, left: int, right: int) -> int:
    """How far the stretch may slide (same words) to begin where a reader would expect it."""
    lowest = 0
    while -lowest < left and words[start + lowest - 1] == words[end + lowest - 1]:
        lowest -= 1
    highest = 0
    while highest < right and words[start + highest] == words[end + highest]:
        highest += 1
    if lowest == highest:
        return 0
    return max(range(lowest, highest + 1), key=lambda by: (_boundary(words, start + by), -abs(by), by))


def _boundary(words: Words, start: int) -> int:
    if words[start].is_break:
        return 4
    before = words[start - 1].text if start else ""
    if not before:
        return 3
    if before[0] in ".!?":
        return 2
    return 1 if before in {",", ";", ":", "–"} else 0


# --- moves -------------------------------------------------------------------------------------------------

_MOVED_AT_LEAST = 6  # words; fewer say the same by chance
_SAME_START_AT_MOST = 8  # places remembered for a frequent beginning

_Move = tuple[int, int, int]  # position in a, position in b, length


def _moves(a: Words, b: Words, regions: list[Region]) -> list[_Move]:
    """Stretches deleted in one place and inserted in another, the longest first claimed, in the order of b."""
    gone = [(lo, hi) for lo, hi, _, _ in regions if hi - lo >= _MOVED_AT_LEAST]
    come = [(lo, hi) for _, _, lo, hi in regions if hi - lo >= _MOVED_AT_LEAST]
    if not gone or not come:
        return []
    starts: dict[tuple[Word, ...], list[tuple[int, int]]] = {}
    for lo, hi in gone:
        for i in range(lo, hi - _MOVED_AT_LEAST + 1):
            places = starts.setdefault(tuple(a[i : i + _MOVED_AT_LEAST]), [])
            if len(places) < _SAME_START_AT_MOST:
                places.append((i, hi))
    candidates = sorted(_candidates(a, b, come, starts), key=lambda move: (-move[2], move[1], move[0]))
    taken: list[_Move] = []
    for i, j, length in candidates:
        if count_words(b[j : j + length]) >= _MOVED_AT_LEAST and all(
            (i + length <= x or x + size <= i) and (j + length <= y or y + size <= j) for x, y, size in taken
        ):
            taken.append((i, j, length))
    return sorted(taken, key=lambda move: move[1])


def _candidates(
    a: Words,
    b: Words,
    come: list[tuple[int, int]],
    starts: dict[tuple[Word, ...], list[tuple[int, int]]],
) -> Iterator[_Move]:
    for lo, hi in come:
        j = lo
        while j <= hi - _MOVED_AT_LEAST:
            best = 0
            for i, end in starts.get(tuple(b[j : j + _MOVED_AT_LEAST]), ()):
                length = _MOVED_AT_LEAST
                while i + length < end and j + length < hi and a[i + length] == b[j + length]:
                    length += 1
                yield i, j, length
                best = max(best, length)
            j += best or 1


# --- spans -------------------------------------------------------------------------------------------------


def _spans(a: tuple[Word, ...], b: tuple[Word, ...], regions: Sequence[Region], moves: list[_Move]) -> Iterator[Span]:
    at = 0
    for a_lo, a_hi, b_lo, b_hi in regions:
        if a_lo > at:
            yield Span("kept", a[at:a_lo])
        if moves:
            yield from _with_moves(a, b, (a_lo, a_hi, b_lo, b_hi), moves)
        else:
            if a_hi > a_lo:
                yield Span("deleted", a[a_lo:a_hi])
            if b_hi > b_lo:
                yield Span("inserted", b[b_lo:b_hi])
        at = a_hi
    if at < len(a):
        yield Span("kept", a[at:])


def _with_moves(a: tuple[Word, ...], b: tuple[Word, ...], region: Region, moves: list[_Move]) -> Iterator[Span]:
    a_lo, a_hi, b_lo, b_hi = region
    leaving = sorted((i, i + size, pair) for pair, (i, _, size) in enumerate(moves) if a_lo <= i < a_hi)
    coming = [(j, j + size, pair) for pair, (_, j, size) in enumerate(moves) if b_lo <= j < b_hi]
    gone = list(_cut(a, a_lo, a_hi, leaving, "deleted", "moved_from"))
    come = list(_cut(b, b_lo, b_hi, coming, "inserted", "moved_to"))
    kept: tuple[Word, ...] = ()
    if gone and come and gone[-1].op == "deleted" and come[0].op == "inserted":
        old, new = gone.pop().words, come.pop(0).words
        size = 0
        while size < min(len(old), len(new)) and old[size] == new[size]:
            size += 1  # what a move left side by side on both sides is not a change
        tail = 0
        while not come and tail < min(len(old), len(new)) - size and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        yield from gone
        yield Span("kept", old[:size])
        yield Span("deleted", old[size : len(old) - tail])
        yield Span("inserted", new[size : len(new) - tail])
        kept = old[len(old) - tail :]
    else:
        yield from gone
    yield from come
    yield Span("kept", kept)


def _cut(
    words: tuple[Word, ...], lo: int, hi: int, moved: list[tuple[int, int, int]], rest: Op, op: Op
) -> Iterator[Span]:
    for start, end, pair in moved:
        if start > lo:
            yield Span(rest, words[lo:start])
        yield Span(op, words[start:end], pair)
        lo = end
    if hi > lo:
        yield Span(rest, words[lo:hi])


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Without empty spans, and neighbours of one kind as one."""
    last: Span | None = None
    for span in spans:
        if not span.words:
            continue
        if last is not None and last.op == span.op and last.move == span.move:
            last = Span(last.op, last.words + span.words, last.move)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last
