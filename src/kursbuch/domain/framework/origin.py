"""Origin: for every run of words, the step of history that brought it. The answer to "why does it say this?"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kursbuch.domain.framework.element import Edition
from kursbuch.domain.framework.markup import parse
from kursbuch.domain.framework.redline import redline
from kursbuch.domain.framework.words import Word


@dataclass(frozen=True, slots=True)
class Step:
    """One state of a field: since which edition (its number), by which amendment, with which text."""

    edition: str
    amendment: int | None
    value: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive words that came with the same step; ``step`` is its position in the history."""

    words: tuple[Word, ...]
    step: int


def origin(history: Iterable[tuple[str, Edition]], key: str, field: str) -> tuple[Run, ...]:
    """The runs of a text field in the last of the editions, given oldest first with their labels.

    Empty if the element or the field is not in the last edition. Raises :class:`TypeError` for a field that
    is not text.
    """
    steps: list[Step] = []
    for label, edition in history:
        value = edition[key].fields.get(field) if key in edition else None
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{key}: {field} is not text")
        steps.append(Step(label, None, value))
    return field_origin(steps)


def field_origin(steps: Sequence[Step]) -> tuple[Run, ...]:
    """The runs of the last step's text. Words keep their origin through later edits around them and moves.

    A word of which only the markup changed is new, and so is everything after the field was absent. The runs'
    words, one after the other, are the words of the last text; the words of a run all stood in its step's text.
    """
    text = ""
    brought: list[int] = []  # for each word of the text, the step that brought it
    for number, step in enumerate(steps):
        value = step.value or ""
        if value != text:
            brought = _carried(text, value, brought, number)
            text = value
    return _runs(parse(text), brought)


def _carried(before: str, after: str, brought: list[int], number: int) -> list[int]:
    spans = redline(before, after)
    moved: dict[int | None, list[int]] = {}
    position = 0
    for span in spans:
        if span.op in ("kept", "deleted", "moved_from"):
            if span.op == "moved_from":
                moved[span.move] = brought[position : position + len(span.words)]
            position += len(span.words)
    carried: list[int] = []
    position = 0
    for span in spans:
        size = len(span.words)
        if span.op == "kept":
            carried += brought[position : position + size]
        elif span.op == "moved_to":
            carried += moved[span.move]
        elif span.op == "inserted":
            carried += [number] * size
        if span.op in ("kept", "deleted", "moved_from"):
            position += size
    return carried


def _runs(words: tuple[Word, ...], brought: list[int]) -> tuple[Run, ...]:
    runs: list[Run] = []
    start = 0
    for end in range(1, len(words) + 1):
        if end == len(words) or brought[end] != brought[start]:
            runs.append(Run(words[start:end], brought[start]))
            start = end
    return tuple(runs)
