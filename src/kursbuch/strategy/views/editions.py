"""The editions as a timeline, and each with what it took in and what it changed."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from kursbuch.city.request import CityRequest
from kursbuch.kit import clock
from kursbuch.kit.languages import written_in
from kursbuch.strategy.models import Edition
from kursbuch.strategy.presentation import Terms
from kursbuch.strategy.presentation.compare import compare
from kursbuch.strategy.queries.compare import load_pair
from kursbuch.strategy.queries.editions import amendments_of, edition_lines, shown_edition, shown_editions
from kursbuch.strategy.queries.offices import office_names

PAGE_SIZE = 20
FORMATS = ("pdf", "docx", "yaml", "json", "markdown", "html")


def edition_list(request: CityRequest) -> HttpResponse:
    """Newest first, a page at a time."""
    lines = edition_lines(request.city.pk)
    pages = Paginator(list(reversed(lines.lines)), PAGE_SIZE)
    page = pages.get_page(request.GET.get("seite"))
    ordinals = [line.ordinal for line in page.object_list]
    editions = shown_editions(request.city.pk).filter(ordinal__in=ordinals).order_by("-ordinal")
    today = clock.today()
    spoken = get_language() or ""
    current = lines.on(today)
    return render(
        request,
        "strategy/editions.html",
        {
            "rows": [
                {
                    "edition": edition,
                    "before": lines.at(edition.ordinal - 1),
                    "summary": written_in(edition.summary_in(spoken), edition.summary_language(spoken)),
                    "counts": totals(edition),
                    "until": lines.last_day(lines.lines[edition.ordinal - 1]),
                    "is_current": current is not None and current.ordinal == edition.ordinal,
                    "is_future": edition.in_force_from > today,
                }
                for edition in editions
            ],
            "page": page,
            "size": len(lines.lines),
            "formats": FORMATS,
        },
    )


def edition(request: CityRequest, number: str) -> HttpResponse:
    lines = edition_lines(request.city.pk)
    line = lines.numbered(number)
    if line is None:
        raise Http404(f"no edition {number}")
    shown = shown_edition(request.city.pk, line.ordinal)
    spoken = get_language() or shown.strategy.language
    today = clock.today()
    current, before = lines.on(today), lines.before(line)
    context: dict[str, Any] = {
        "edition": shown,
        "strategy": shown.strategy,
        "line": line,
        "before": before,
        "after": lines.at(line.ordinal + 1),
        "until": lines.last_day(line),
        "summary": written_in(shown.summary_in(spoken), shown.summary_language(spoken)),
        "counts": totals(shown),
        "is_current": current == line,
        "is_future": line.in_force_from > today,
        "touches": amendments_of(shown),
        "formats": FORMATS,
        "original": shown.strategy.language,
        "spoken": spoken,
    }
    if before:
        terms = Terms(office_names(request.city.pk, spoken), spoken)
        pair = load_pair(shown.strategy, before.ordinal, line.ordinal)
        context["found"] = compare(pair.old, pair.new, shown.strategy.schema, terms)
    return render(request, "strategy/edition.html", context)


def totals(edition: Edition) -> dict[str, int]:
    """What changed, over all kinds, as it was counted when the edition was made."""
    counts: dict[str, Any] = edition.counts
    return {name: sum(counts.get(name, {}).values()) for name in ("added", "revised", "moved", "retired")} | {
        "targets": int(counts.get("targets", 0))
    }
