"""The answer to "why does it say this?": a text whose runs of words carry a number, and what each number means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kursbuch.domain.framework.origin import Run, field_origin
from kursbuch.domain.framework.render import Note, origin_html
from kursbuch.strategy.queries.editions import EditionLine, Touch
from kursbuch.strategy.queries.element import ElementHistory


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

    def attributes(run: Run) -> dict[str, str]:
        return {"class": "origin-run", "data-origin": f"{name}-{numbers.get(run.step)}"}

    def note(run: Run) -> Note:
        number = numbers[run.step]
        source = f"origin-{name}-{number}"
        return Note(
            str(number),
            {
                "class": "origin-run__number",
                "href": f"#{source}",
                "aria-describedby": source,
                "aria-label": _("Origin %(number)s") % {"number": number},
            },
        )

    return mark_safe(origin_html(runs, attributes, note))  # noqa: S308 - origin_html escapes everything
