"""The start page: the strategy today, what is new, where people can take part, what is decided next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kursbuch.chronicle.queries import timeline
from kursbuch.domain.framework.markup import to_plain
from kursbuch.domain.framework.schema import TOP, FieldType, Schema
from kursbuch.identity.access import MemberRequest
from kursbuch.kit import clock
from kursbuch.strategy.models import Amendment, Edition, State, Strategy
from kursbuch.strategy.queries.amendments import with_comment_count
from kursbuch.strategy.queries.editions import edition_lines
from kursbuch.strategy.queries.reading import ReadElement, read_strategy
from kursbuch.strategy.rules import may_import

NEW = 6
ROUTINE = ("amendment_rebased", "amendment_drafted", "element_rendered")  # true, but no news
OPEN = 6


@dataclass(frozen=True)
class Chapter:
    """A theme's card: what it is about, and how much stands below it."""

    key: str
    kind: str
    title: str
    text: str
    language: str  # of title and text
    counts: Sequence[tuple[int, str]]  # (3, "Maßnahmen")


@require_safe
def home(request: MemberRequest) -> HttpResponse:
    strategy = Strategy.objects.filter(city=request.city).first()
    if strategy is None:
        return render(request, "web/home_empty.html", {"may_import": may_import(request.member)})
    today = clock.today()
    editions = edition_lines(request.city.pk)
    line = editions.on(today)
    language = get_language() or strategy.language
    amendments = Amendment.objects.public().filter(strategy=strategy)
    open_ones = with_comment_count(amendments.filter(state__in=[State.SUBMITTED, State.IN_DISCUSSION]))
    decisions = amendments.filter(state__in=[State.RECOMMENDED, State.DECIDED])
    coming = Edition.objects.filter(strategy=strategy, in_force_from__gt=today).select_related("strategy", "decision")
    return render(
        request,
        "web/home.html",
        {
            "strategy": strategy,
            "title": strategy.title_in(language),
            "edition": line,
            "first_day": editions.first.in_force_from if editions.first else None,
            "chapters": _chapters(strategy, line.ordinal, language) if line else [],
            "entries": timeline(request.city.pk, size=NEW, but=ROUTINE).entries,
            "open": open_ones.order_by("-submitted_at")[:OPEN],
            "decisions": decisions.order_by("state", "-updated_at")[:OPEN],
            "coming": coming.order_by("ordinal"),
        },
    )


def _chapters(strategy: Strategy, ordinal: int, language: str) -> list[Chapter]:
    """The elements of the kinds that stand only at the top; where there are none, all that stand there."""
    schema = strategy.schema
    read = read_strategy(strategy, ordinal, language)
    heads = {slug for slug, kind in schema.kinds.items() if kind.parents == (TOP,)}
    top = [element for element in read.elements if not element.parent]
    chosen = [element for element in top if element.kind in heads] or top
    counts = _counts(read.elements)
    return [
        Chapter(
            key=element.key,
            kind=schema.kind(element.kind).name(language),
            title=element.title or element.key,
            text=_first_sentence(to_plain(element.text_of("text"))),
            language=strategy.language if read.language and element.rendered is None else language,
            counts=_named(counts.get(element.key, Counter()), schema, language),
        )
        for element in chosen
    ]


def _counts(elements: Sequence[ReadElement]) -> dict[str, Counter[str]]:
    """For every element at the top, how many elements of each kind stand below it."""
    counts: dict[str, Counter[str]] = {}
    head = ""
    for element in elements:
        if not element.parent:
            head = element.key
            counts[head] = Counter()
        else:
            counts[head][element.kind] += 1
    return counts


def _named(counts: Counter[str], schema: Schema, language: str) -> list[tuple[int, str]]:
    """Only kinds that something is done with: those that have a period."""
    return [
        (counts[slug], kind.name(language) if counts[slug] == 1 else kind.plural(language))
        for slug, kind in schema.kinds.items()
        if counts[slug] and any(spec.type == FieldType.PERIOD for spec in kind.fields)
    ]


def _first_sentence(text: str) -> str:
    line = text.partition("\n")[0]
    end = line.find(". ", 40)
    return line if end < 0 else line[: end + 1]
