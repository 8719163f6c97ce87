"""The strategy's editions as a line through time: which one holds on a day, which comes next, what each took in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from kursbuch.strategy.models import Amendment, Author, Change, Edition, State


class EditionLine(NamedTuple):
    """An edition and its decision without content or model instances: cheap for hundreds of them."""

    ordinal: int
    number: str
    in_force_from: date
    editorial: bool
    digest: str
    body: str | None = None  # of the decision; none for editorial corrections
    day: date | None = None
    paper: str | None = None
    result: str | None = None
    illustration: bool | None = None

    @property
    def decision(self) -> EditionLine | None:
        """Itself, where there was one: the templates speak of a decision's body, day, paper and result."""
        return self if self.body else None


@dataclass
class Touch:
    """An amendment as its effect is told: the changes in question in order, and the credit of its authors."""

    amendment: Amendment
    edition: str  # number of the edition that took it in; empty while it is open
    changes: list[Change] = field(default_factory=list)
    authors: list[str | None] = field(default_factory=list)  # None: the account is gone


@dataclass(frozen=True)
class EditionLines:
    """All editions of a strategy in order."""

    lines: Sequence[EditionLine]

    def on(self, day: date) -> EditionLine | None:
        """The one in force on a day: the last of those that had taken effect; ``None`` before the first."""
        return next((line for line in reversed(self.lines) if line.in_force_from <= day), None)

    def numbered(self, number: str) -> EditionLine | None:
        return next((line for line in self.lines if line.number == number), None)

    def at(self, ordinal: int) -> EditionLine | None:
        """Ordinals count from 1 without a gap."""
        return self.lines[ordinal - 1] if 0 < ordinal <= len(self.lines) else None

    def before(self, line: EditionLine) -> EditionLine | None:
        return self.at(line.ordinal - 1)

    def coming(self, day: date) -> EditionLine | None:
        """The next edition that takes effect after a day."""
        return next((line for line in self.lines if line.in_force_from > day), None)

    def last_day(self, line: EditionLine) -> date | None:
        """The last day on which it is in force; ``None`` without an end, or if it was replaced the day it began."""
        later = self.at(line.ordinal + 1)
        if later is None or later.in_force_from <= line.in_force_from:
            return None
        return later.in_force_from - timedelta(days=1)

    @property
    def first(self) -> EditionLine | None:
        return self.lines[0] if self.lines else None

    @property
    def last(self) -> EditionLine | None:
        return self.lines[-1] if self.lines else None


def edition_lines(city_id: int) -> EditionLines:
    """One query, however many there are."""
    rows = (
        Edition.objects.filter(strategy__city=city_id)
        .order_by("ordinal")
        .values_list(
            "ordinal",
            "number",
            "in_force_from",
            "editorial",
            "digest",
            "decision__body",
            "decision__day",
            "decision__paper",
            "decision__result",
            "decision__illustration",
        )
    )
    return EditionLines([EditionLine(*row) for row in rows])


def shown_editions(city_id: int) -> QuerySet[Edition]:
    """Editions with what their pages say of them. ``illustrated`` is true where the story is invented."""
    invented = Amendment.objects.filter(edition=OuterRef("pk"), illustration=True)
    return (
        Edition.objects.filter(strategy__city=city_id)
        .select_related("strategy", "decision")
        .annotate(illustrated=Q(decision__illustration=True) | Exists(invented))
    )


def shown_edition(city_id: int, ordinal: int) -> Edition:
    """One edition with its strategy and decision: one query."""
    return shown_editions(city_id).get(ordinal=ordinal)


def amendments_of(edition: Edition) -> list[Touch]:
    """The amendments an edition took in, in its order, with all their authors: one query."""
    rows = (
        Author.objects.filter(amendment__edition=edition, amendment__state=State.IN_FORCE)
        .select_related("amendment", "user")
        .order_by("amendment__place_in_edition", "amendment", "pk")
    )
    touches: dict[int, Touch] = {}
    for author in rows:
        touch = touches.setdefault(author.amendment_id, Touch(author.amendment, edition.number))
        touch.authors.append(author.user.name if author.user else None)
    return list(touches.values())
