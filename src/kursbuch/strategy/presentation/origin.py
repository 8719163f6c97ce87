"""The answer to "why does it say this?": a text whose runs of words carry a number, and what each number means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kursbuch.domain.framework.hypertext import Block, Piece, Tag, blocks_html
from kursbuch.domain.framework.origin import Run, field_origin
from kursbuch.domain.framework.words import PARAGRAPH, Word, space_between
from kursbuch.strategy.queries.editions import EditionLine, Touch
from kursbuch.strategy.queries.element import ElementHistory

# Stands for a number while the words become HTML; letters of the private use area mean nothing to anybody else.
_MARK = re.compile("\ue000([0-9]+)\ue001")


@dataclass(frozen=True)
class Source:
    """One origin of words: an edition, and the amendment that brought them if one did."""

    number: int
    line: EditionLine | None
    touch: Touch | None


@dataclass(frozen=True)
class ShownOrigin:
    """A field's text with its sources. With a single source there is nothing to tell apart in the text."""

    name: str
    label: str
    html: SafeString
    sources: Sequence[Source]

    @property
    def is_plain(self) -> bool:
        return len(self.sources) == 1


def show_origin(history: ElementHistory, name: str, label: str, ordinal: int) -> ShownOrigin | None:
    """The origin of a text field in an edition; ``None`` if the field has no text there."""
    steps = history.steps(name, ordinal)
    runs = field_origin([step for step, _line, _touch in steps])
    numbers: dict[int, int] = {}
    for run in runs:
        if any(word.text for word in run.words):
            numbers.setdefault(run.step, len(numbers) + 1)
    if not numbers:
        return None
    sources = [Source(number, steps[step][1], steps[step][2]) for step, number in numbers.items()]
    return ShownOrigin(name, label, numbered_html(runs, numbers, name), sources)


def numbered_html(runs: Iterable[Run], numbers: Mapping[int, int], name: str) -> SafeString:
    """The runs, each in a span and followed by its number, a link to ``#origin-<name>-<number>``."""
    blocks: list[Block] = []
    before: Word | None = None
    for place, run in enumerate(runs):
        number = numbers.get(run.step)
        tag = Tag("span", (("class", "origin-run"), ("data-origin", f"{name}-{number}")), group=place)
        for opens, words in _cut_at_breaks(run.words):
            if opens is not None or not blocks:
                blocks.append(Block(opens or PARAGRAPH, []))
                before = None
            if words:
                blocks[-1].pieces.append(Piece(words, space_between(before, words[0]), (tag,)))
                before = words[-1]
        if number is not None and blocks[-1].pieces and any(word.text for word in run.words):
            blocks[-1].pieces.append(Piece((Word(f"\ue000{number}\ue001"),), False, (tag,)))

    def link(found: re.Match[str]) -> str:
        target = f"origin-{escape(name)}-{found[1]}"
        label = escape(_("Origin %(number)s") % {"number": found[1]})
        return (
            f'<a class="origin-run__number" href="#{target}" aria-describedby="{target}" '
            f'aria-label="{label}">{found[1]}</a>'
        )

    return SafeString(_MARK.sub(link, blocks_html(blocks)))


def _cut_at_breaks(words: Sequence[Word]) -> Iterable[tuple[str | None, Sequence[Word]]]:
    """(kind of the block that begins here, or None; the words up to the next break)."""
    start = 0
    opens: str | None = None
    for at, word in enumerate(words):
        if word.is_break:
            if at:
                yield opens, words[start:at]
            start, opens = at + 1, word.block
    yield opens, words[start:]
