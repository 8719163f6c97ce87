"""Which strategy and which edition a question is about."""

from __future__ import annotations

from datetime import date

from kursbuch.api.problems import not_found
from kursbuch.api.schemas.strategy import Decision, EditionRef
from kursbuch.city.request import CityRequest
from kursbuch.kit import clock
from kursbuch.strategy.models import Decision as DecisionRow
from kursbuch.strategy.models import Strategy
from kursbuch.strategy.queries.editions import EditionLine, EditionLines


def strategy_of(request: CityRequest) -> Strategy:
    strategy = Strategy.objects.filter(city=request.city.pk).select_related("city").first()
    if strategy is None:
        raise not_found("This city has no strategy yet.")
    return strategy


def edition_asked(lines: EditionLines, on: date | None, number: str | None) -> EditionLine:
    """By number, by day, or by both if they mean the same; else the one in force today."""
    if number is None:
        return on_day(lines, on or clock.today())
    line = numbered(lines, number)
    if on is not None and lines.on(on) != line:
        raise not_found(f"Edition {number} was not in force on {on.isoformat()}.")
    return line


def numbered_or_on(lines: EditionLines, wanted: str | date | None) -> EditionLine:
    return numbered(lines, wanted) if isinstance(wanted, str) else on_day(lines, wanted or clock.today())


def numbered(lines: EditionLines, number: str) -> EditionLine:
    line = lines.numbered(number)
    if line is None:
        raise not_found(f"There is no edition {number}.")
    return line


def on_day(lines: EditionLines, day: date) -> EditionLine:
    line = lines.on(day)
    if line is None:
        raise not_found(f"No edition was in force on {day.isoformat()}.")
    return line


def reference(line: EditionLine) -> EditionRef:
    return EditionRef(number=line.number, in_force_from=line.in_force_from, digest=line.digest)


def decision(row: DecisionRow | None) -> Decision | None:
    if row is None:
        return None
    return Decision(
        body=row.body, day=row.day, paper=row.paper or None, result=row.result or None, source=row.source or None
    )
