"""The whole strategy on any day: one long page to read, search with the browser, and print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kursbuch.city.request import CityRequest
from kursbuch.kit import clock
from kursbuch.strategy.presentation import Terms
from kursbuch.strategy.presentation.reading import StrategyWriter, edition_options
from kursbuch.strategy.queries.editions import EditionLine, EditionLines, edition_lines, shown_edition
from kursbuch.strategy.queries.offices import office_names
from kursbuch.strategy.queries.reading import pending_counts, read_strategy

PLAIN = "de-simple"


@dataclass(frozen=True)
class Asked:
    """Which edition a reader asked for, and what could not be understood of it."""

    line: EditionLine | None
    day: date | None = None  # where a day was asked for
    problem: str = ""
    too_early: bool = False


def edition_asked(request: HttpRequest, lines: EditionLines) -> Asked:
    """``?am=2022-03-01`` or ``?fassung=2.1``; without either, what is in force today."""
    today = clock.today()
    current = lines.on(today) or lines.first
    number, given = request.GET.get("fassung", "").strip(), request.GET.get("am", "").strip()
    if given:
        try:
            day = date.fromisoformat(given)
        except ValueError:
            return Asked(
                current, None, _("“%(day)s” is not a day. Please write it like 2022-03-01.") % {"day": given[:40]}
            )
        line = lines.on(day)
        return Asked(line, day, too_early=line is None)
    if number:
        line = lines.numbered(number)
        if line is None:
            return Asked(current, None, _("There is no edition %(number)s.") % {"number": number[:12]})
        return Asked(line)
    return Asked(current)


def language_asked(request: HttpRequest, original: str) -> str:
    """The language of the content: plain language where asked for, else that of the interface."""
    given = request.GET.get("sprache", "")
    if given in (PLAIN, original):
        return given
    return get_language() or original


def read(request: CityRequest) -> HttpResponse:
    lines = edition_lines(request.city.pk)
    if lines.first is None:
        return render(request, "strategy/reading.html", {"nothing": True})
    asked = edition_asked(request, lines)
    if asked.line is None:
        return render(request, "strategy/reading.html", {"asked": asked, "first": lines.first})
    today = clock.today()
    in_force = lines.on(today)
    edition = shown_edition(request.city.pk, asked.line.ordinal)
    strategy = edition.strategy
    spoken = get_language() or strategy.language
    language = language_asked(request, strategy.language)
    newest = in_force is None or asked.line.ordinal >= in_force.ordinal
    content = read_strategy(strategy, asked.line.ordinal, language)
    if newest:
        content.pending = pending_counts(strategy)
    terms = Terms(office_names(request.city.pk, spoken), spoken)
    kept = f"?{request.GET.urlencode()}" if request.GET else ""
    writer = StrategyWriter(strategy.schema, terms, strategy.language, content, kept if not newest else "")
    rendered = sum(1 for element in content.elements if element.rendered)
    return render(
        request,
        "strategy/reading.html",
        {
            "asked": asked,
            "edition": edition,
            "strategy": strategy,
            "title": strategy.title_in(spoken),
            "summary": edition.summary_in(spoken),
            "others": edition_options(
                [line for line in lines.lines if line != asked.line], lines.before(asked.line) or lines.at(2)
            )
            if len(lines.lines) > 1
            else "",
            "until": lines.last_day(asked.line),
            "is_past": in_force is not None and asked.line.ordinal < in_force.ordinal,
            "is_future": asked.line.in_force_from > today,
            "in_force": in_force,
            "coming": lines.coming(today) if in_force and asked.line.ordinal == in_force.ordinal else None,
            "today": today,
            "language": content.language,
            "plain": PLAIN,
            "is_plain": content.language == PLAIN,
            "rendered": rendered,
            "size": len(content.elements),
            "reading": writer.html(),
            "contents": writer.contents(),
            "day_label": date_format(asked.day, "DATE_FORMAT") if asked.day else "",
        },
    )
