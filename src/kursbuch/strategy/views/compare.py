"""Any edition or day against any other: what changed, word by word."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kursbuch.city.request import CityRequest
from kursbuch.kit import clock
from kursbuch.strategy.models import Strategy
from kursbuch.strategy.presentation import Terms
from kursbuch.strategy.presentation.compare import compare
from kursbuch.strategy.presentation.reading import edition_options
from kursbuch.strategy.queries.compare import load_pair
from kursbuch.strategy.queries.editions import EditionLine, EditionLines, edition_lines
from kursbuch.strategy.queries.offices import office_names


def compare_editions(request: CityRequest) -> HttpResponse:
    """``?von=2&bis=4``: numbers of editions or days; ``von_tag`` and ``bis_tag`` are the form's fields for days."""
    given = {side: request.GET.get(side, "").strip()[:12] for side in ("von", "bis")}
    days = {side: request.GET.get(f"{side}_tag", "").strip()[:12] for side in ("von", "bis")}
    if any(days.values()):
        return redirect(f"{reverse('compare')}?{urlencode({side: days[side] or given[side] for side in given})}")
    lines = edition_lines(request.city.pk)
    if lines.first is None:
        return render(request, "strategy/compare.html", {"nothing": True})
    new, new_problem = _chosen(lines, given["bis"], lines.on(clock.today()) or lines.first)
    old, old_problem = _chosen(lines, given["von"], (lines.before(new) if new else None) or lines.first)
    context: dict[str, Any] = {
        "from_options": edition_options(lines.lines, old),
        "to_options": edition_options(lines.lines, new),
        "old": old,
        "new": new,
        "given": given,
        "days": {side: value if _day(value) else "" for side, value in given.items()},
        "problems": [problem for problem in (old_problem, new_problem) if problem],
    }
    if old and new:
        strategy = Strategy.objects.get(city=request.city.pk)
        spoken = get_language() or strategy.language
        terms = Terms(office_names(request.city.pk, spoken), spoken)
        pair = load_pair(strategy, old.ordinal, new.ordinal)
        found = compare(pair.old, pair.new, strategy.schema, terms)
        context |= {
            "strategy": strategy,
            "found": found,
            "original": strategy.language,
            "spoken": spoken,
            "backwards": old.ordinal > new.ordinal,
            "illustrated": bool(old.illustration or new.illustration or old.editorial or new.editorial)
            and any(line.illustration for line in lines.lines),
        }
    return render(request, "strategy/compare.html", context)


def _chosen(lines: EditionLines, given: str, otherwise: EditionLine | None) -> tuple[EditionLine | None, str]:
    if not given:
        return otherwise, ""
    line = lines.numbered(given)
    if line:
        return line, ""
    day = _day(given)
    if day is None:
        return None, _("“%(given)s” is neither an edition nor a day. Please write days like 2022-03-01.") % {
            "given": given
        }
    line = lines.on(day)
    if line is None:
        return None, _("On %(day)s no edition was in force yet.") % {"day": date_format(day, "DATE_FORMAT")}
    return line, ""


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if len(given) == 10 else None
    except ValueError:
        return None
