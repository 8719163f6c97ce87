"""An element's page: its text, why it says what it says, its past and what is proposed for it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kursbuch.city.request import CityRequest
from kursbuch.domain.framework.codec import element_to_json
from kursbuch.domain.framework.digest import proof
from kursbuch.domain.framework.schema import PROSE
from kursbuch.kit import clock
from kursbuch.strategy.models import Element
from kursbuch.strategy.presentation import Terms
from kursbuch.strategy.presentation.element import (
    in_default_language,
    linked_data,
    show_fields,
    show_renditions,
    show_stands,
    show_texts,
)
from kursbuch.strategy.presentation.origin import show_origin
from kursbuch.strategy.queries import load_edition
from kursbuch.strategy.queries.editions import EditionLine, edition_lines, shown_edition
from kursbuch.strategy.queries.element import (
    ElementHistory,
    Stand,
    amendments_touching,
    element_stands,
    find_element,
    nodes_of,
    place_of,
    renditions_of,
)
from kursbuch.strategy.queries.offices import office_names
from kursbuch.strategy.views.reading import Asked, edition_asked, language_asked

LATEST = 20  # versions on the page before "more"


def element(request: CityRequest, key: str) -> HttpResponse:
    found = _find(request, key)
    lines = edition_lines(request.city.pk)
    asked = edition_asked(request, lines)
    current = lines.on(clock.today())
    ordinal = asked.line.ordinal if asked.line else 0
    stands, skeleton = element_stands(found, ordinal)
    history = ElementHistory(found, lines, stands)
    stand = history.at(ordinal)
    if stand is None and not request.GET and current and stands and stands[0].first > current.ordinal:
        return _of_the_future(request, history, stands[0])
    if stand is None or asked.line is None:
        return _absent(request, history, asked)
    history.touches = amendments_touching(found)
    history.renditions = renditions_of(found)
    context = _page(request, history, asked, asked.line, stand, current)
    context["place"] = place_of(key, skeleton)
    return render(request, "strategy/element.html", context)


def _find(request: CityRequest, key: str) -> Element:
    found = find_element(request.city.pk, key)
    if found is None:
        raise Http404(f"no element {key}")
    return found


def _page(
    request: CityRequest,
    history: ElementHistory,
    asked: Asked,
    line: EditionLine,
    stand: Stand,
    current: EditionLine | None,
) -> dict[str, Any]:
    found, strategy = history.element, history.strategy
    spoken = get_language() or strategy.language
    terms = Terms(office_names(request.city.pk, spoken), spoken)
    kind = strategy.schema.kind(found.kind)
    in_force = current.ordinal if current else 0
    renditions = show_renditions(history, stand)
    texts = show_texts(stand.fields, strategy.language, renditions, language_asked(request, strategy.language))
    origins = [
        show_origin(history, spec.name, spec.label(spoken), line.ordinal) for spec in kind.fields if spec.type in PROSE
    ]
    shown_all = request.GET.get("staende") == "alle"
    with in_default_language():
        address = request.build_absolute_uri(reverse("element", args=[found.key]))
        strategy_address = request.build_absolute_uri(reverse("strategy"))
    title = str(stand.fields.get("title") or "")
    return {
        "element": found,
        "key": found.key,
        "thing": f"element:{found.key}",
        "kind": kind.name(spoken),
        "strategy": strategy,
        "asked": asked,
        "line": line,
        "until": history.lines.last_day(line),
        "since": history.lines.at(stand.first),
        "is_past": line.ordinal < in_force,
        "is_future": line.ordinal > in_force,
        "in_force": current,
        "today": clock.today(),
        "stand": stand,
        "texts": texts,
        "spoken": spoken,
        "original": strategy.language,
        "renditions": renditions,
        "fields": show_fields(kind, stand.fields, terms),
        "origins": [origin for origin in origins if origin],
        "stands": show_stands(history, kind, terms, line.ordinal, in_force, None if shown_all else LATEST),
        "more_stands": 0 if shown_all else max(0, len(history.stands) - LATEST),
        "pending": history.pending[:LATEST],
        "illustrated": any(touch.amendment.illustration for touch in history.touches if touch.edition),
        "address": address,
        "citation": _citation(history, line, title, address, request.city.name),
        "mail_subject": f"{found.key} {title}".strip(),
        "linked_data": linked_data(
            history=history,
            stand=stand,
            line=line,
            address=address,
            strategy_address=strategy_address,
            is_in_force=line == current,
        ),
    }


def _citation(history: ElementHistory, line: EditionLine, title: str, address: str, city: str) -> str:
    with in_default_language():
        return _(
            "%(city)s: %(strategy)s. Edition %(number)s, in force from %(since)s. %(key)s %(title)s. %(address)s"
            "?fassung=%(number)s. SHA-256 of the edition: %(digest)s"
        ) % {
            "city": city,
            "strategy": history.strategy.title,
            "number": line.number,
            "since": date_format(line.in_force_from, "DATE_FORMAT"),
            "key": history.element.key,
            "title": title,
            "address": address,
            "digest": line.digest,
        }


def _absent(request: CityRequest, history: ElementHistory, asked: Asked) -> HttpResponse:
    """The element is not there on the day asked for: gone for good (410), or not there yet (404)."""
    stands, lines = history.stands, history.lines
    if not stands or asked.line is None or stands[0].first > asked.line.ordinal:
        return _too_early(request, history, asked)
    last = [stand for stand in stands if stand.until <= asked.line.ordinal][-1]
    gone, before = lines.at(last.until), lines.at(last.until - 1)
    context = {
        "key": history.element.key,
        "title": last.fields.get("title", ""),
        "since": _("edition %(number)s of %(day)s")
        % {"number": gone.number, "day": date_format(gone.in_force_from, "DATE_FORMAT")}
        if gone
        else "",
        "history_url": f"{reverse('element', args=[history.element.key])}?fassung={before.number}" if before else "",
        "replaced_by": [
            node | {"url": reverse("element", args=[node["key"]])}
            for node in nodes_of(history.strategy, history.element.replaced_by)
        ],
    }
    return render(request, "web/410.html", context, status=410)


def _too_early(request: CityRequest, history: ElementHistory, asked: Asked) -> HttpResponse:
    first = history.lines.at(history.stands[0].first) if history.stands else None
    context = {
        "status": 404,
        "key": history.element.key,
        "day": asked.day,
        "number": asked.line.number if asked.line else "",
        "first": first,
    }
    return render(request, "strategy/element_too_early.html", context, status=404)


def _of_the_future(request: CityRequest, history: ElementHistory, stand: Stand) -> HttpResponse:
    """Adopted but not in force yet: there is nothing else to show under this address."""
    line = history.lines.at(stand.first)
    if line is None:
        raise Http404
    stands, skeleton = element_stands(history.element, line.ordinal)
    history.stands = stands
    history.touches = amendments_touching(history.element)
    history.renditions = renditions_of(history.element)
    context = _page(request, history, Asked(line), line, stand, history.lines.on(clock.today()))
    context["place"] = place_of(history.element.key, skeleton)
    return render(request, "strategy/element.html", context)


def element_proof(request: CityRequest, key: str) -> HttpResponse:
    """What anybody needs to check that the element says this in this edition, as a file."""
    found = _find(request, key)
    asked = edition_asked(request, edition_lines(request.city.pk))
    if asked.line is None or asked.problem:
        raise Http404("no edition")
    loaded = load_edition(shown_edition(request.city.pk, asked.line.ordinal))
    if key not in loaded.tree:
        raise Http404(f"no element {key} in edition {asked.line.number}")
    contents = {version.key: version.digest for version in loaded.versions}
    path = proof(loaded.tree, key, contents)
    data = {
        "strategy": found.strategy.title,
        "edition": {
            "number": loaded.edition.number,
            "in_force_from": loaded.edition.in_force_from.isoformat(),
            "digest": loaded.edition.digest,
        },
        "element": element_to_json(loaded.tree[key]),
        "content_digest": contents[key],
        "proof": {
            "children": path.children,
            "levels": [{"content": up.content, "left": up.left, "right": up.right} for up in path.levels],
            "left": path.left,
            "right": path.right,
        },
    }
    name = f"{key}-{loaded.edition.number}.json"
    return JsonResponse(
        data,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
