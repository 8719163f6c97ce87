"""Folds routine: one decision carries dozens of amendments along, and a reader wants to see the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kursbuch.chronicle import verbs
from kursbuch.chronicle.models import Entry

AT_LEAST = 3  # entries; fewer are as quickly read as unfolded


@dataclass(frozen=True, slots=True)
class Line:
    """What is shown as one: an entry, or many of the same kind and for the same reason."""

    entries: Sequence[Entry]

    @property
    def entry(self) -> Entry:
        """The newest."""
        return self.entries[0]

    @property
    def is_folded(self) -> bool:
        return len(self.entries) > 1

    @property
    def phrase(self) -> str:
        """What follows the actor's name: "carried 37 amendments onto the new edition"."""
        return verbs.routine_phrase(self.entry.verb, len(self.entries))


def fold(entries: Sequence[Entry]) -> list[Line]:
    """The same entries in their order; a routine stands where its newest entry stood."""
    alike: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if verbs.is_routine(entry.verb):
            alike.setdefault((entry.verb, entry.because), []).append(entry)
    lines: list[Line] = []
    for entry in entries:
        routine = alike.get((entry.verb, entry.because), [])
        if len(routine) < AT_LEAST:
            lines.append(Line([entry]))
        elif routine[0] is entry:
            lines.append(Line(routine))
    return lines
