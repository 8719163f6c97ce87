"""Renditions: what is missing or out of date by language, and the desk at which one is written."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.domain.framework.schema import PROSE, FieldSpec
from kursbuch.identity.access import MemberRequest, requires
from kursbuch.strategy.forms.renditions import RenditionForm
from kursbuch.strategy.models import Strategy
from kursbuch.strategy.presentation import Terms, redlined_value, show_value
from kursbuch.strategy.queries import latest_edition
from kursbuch.strategy.queries.renditions import (
    STATES,
    Rendering,
    count_states,
    find_rendering,
    languages_of,
    rendition_rows,
)
from kursbuch.strategy.rules import may_render, may_review_rendition
from kursbuch.strategy.services.render_element import render_element
from kursbuch.strategy.views.found import strategy_of

PAGE_SIZE = 50
ALL = "alle"


def language_name(code: str) -> str:
    return {"en": _("English"), "de": _("German"), "de-simple": _("plain language")}.get(code, code)


@requires(may_render)
@require_safe
def rendition_list(request: MemberRequest) -> HttpResponse:
    """``?sprache=en``, ``?zustand=stale``, ``?amt=1``: only what the person's own office is responsible for.

    Without a state, what makes most work is shown first; ``?zustand=alle`` shows everything.
    """
    strategy = strategy_of(request)
    languages = languages_of(strategy)
    chosen = request.GET.get("sprache", "")
    chosen = chosen if chosen in languages else languages[0]
    office = request.member.office if request.GET.get("amt") else None
    by_language = rendition_rows(strategy, latest_edition(strategy), languages)
    rows = [row for row in by_language[chosen] if office is None or row.office == office.slug]
    counts = count_states(rows)
    state = request.GET.get("zustand", "")
    if state not in (*STATES, ALL):
        state = next((one for one in ("stale", "missing", "unreviewed") if counts[one]), ALL)
    shown = [row for row in rows if state in (ALL, row.state)]
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("seite"))

    def address(**changed: Any) -> str:
        wanted = {"sprache": chosen, "zustand": state, "amt": "1" if office else "", **changed}
        return f"{reverse('rendition-list')}?{urlencode({k: v for k, v in wanted.items() if v})}"

    spoken = get_language() or "de"
    labels = {
        "stale": _("Out of date"),
        "missing": _("Missing"),
        "unreviewed": _("Not reviewed"),
        "reviewed": _("Reviewed"),
        ALL: _("All"),
    }
    totals = {**counts, ALL: len(rows)}
    context = {
        "strategy": strategy,
        "language": chosen,
        "language_name": language_name(chosen),
        "progress": [_progress(one, by_language[one], address(sprache=one, zustand="", seite="")) for one in languages],
        "chosen": chosen,
        "tabs": [
            {
                "label": label,
                "url": address(zustand=name, seite=""),
                "current": name == state,
                "count": totals[name],
            }
            for name, label in labels.items()
        ],
        "page": page,
        "rows": [(row, _kind(strategy, row.kind, spoken), labels[row.state]) for row in page],
        "previous_url": address(seite=page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(seite=page.next_page_number()) if page.has_next() else "",
        "own_office": request.member.office,
        "office_url": address(amt="" if office else "1", seite=""),
        "only_office": office is not None,
        "strategy_notice": strategy.notice_in(spoken),
    }
    return render(request, "strategy/rendition_list.html", context)


def _progress(language: str, rows: list[Any], url: str) -> dict[str, Any]:
    counts = count_states(rows)
    done = counts["reviewed"] + counts["unreviewed"]
    return {"language": language, "name": language_name(language), "done": done, "total": len(rows), "url": url}


def _kind(strategy: Strategy, slug: str, spoken: str) -> str:
    kind = strategy.schema.kinds.get(slug)
    return kind.name(spoken) if kind else slug


@requires(may_render)
@require_http_methods(["GET", "HEAD", "POST"])
def rendition_edit(request: MemberRequest, key: str, language: str) -> HttpResponse:
    strategy = strategy_of(request)
    found = find_rendering(strategy, latest_edition(strategy), key, language)
    if found is None or language not in languages_of(strategy):
        raise Http404
    fields = fields_from_json(found.version.fields)
    kind = strategy.schema.kind(found.version.kind)
    specs = [spec for spec in kind.fields if spec.type in PROSE and spec.name in fields]
    if not specs:
        raise Http404
    may_review = may_review_rendition(request.member)
    sent = request.POST if request.method == "POST" else None
    form = RenditionForm(
        strategy.schema,
        kind.slug,
        specs,
        language=language,
        may_review=may_review,
        data=sent,
        initial=_initial(request, found),
    )
    moved_on = sent is not None and sent.get("of") != found.version.digest
    if sent is not None and form.is_valid() and not moved_on:
        render_element(
            strategy=strategy,
            by=request.member,
            version=found.version,
            language=language,
            fields=form.texts(),
            translator=form.cleaned_data["translator"],
            reviewed=form.cleaned_data.get("reviewed", False),
        )
        messages.success(request, _("The text is saved."))
        return redirect(f"{reverse('rendition-list')}?{urlencode({'sprache': language})}")
    terms = Terms({}, get_language() or "de")
    if moved_on and sent is not None:
        data = sent.copy()
        data["of"] = found.version.digest
        form.data = data
    context = {
        "strategy": strategy,
        "key": key,
        "kind": kind.name(terms.spoken),
        "title": fields.get("title") or key,
        "language": language,
        "language_name": language_name(language),
        "found": found,
        "moved_on": moved_on,
        "form": form,
        "originals": [_original(spec, fields, found, terms) for spec in specs],
        "strategy_notice": strategy.notice_in(terms.spoken),
    }
    return render(request, "strategy/rendition_edit.html", context, status=422 if sent is not None else 200)


def _initial(request: MemberRequest, found: Rendering) -> dict[str, Any]:
    written = found.rendition
    initial: dict[str, Any] = {"of": found.version.digest, "translator": request.member.speaks_for}
    if written is not None:
        initial |= {f"f-{name}": text for name, text in written.fields.items()}
        initial |= {"translator": written.translator, "reviewed": written.reviewed and not found.is_stale}
    return initial


def _original(spec: FieldSpec, fields: Any, found: Rendering, terms: Terms) -> dict[str, Any]:
    moved = None
    if found.before is not None and found.before.get(spec.name) != fields.get(spec.name):
        moved = redlined_value(spec, found.before.get(spec.name), fields.get(spec.name), terms)
    return {
        "label": spec.label(terms.spoken),
        "html": show_value(spec, fields.get(spec.name), terms),
        "moved": moved,
        "name": f"f-{spec.name}",
    }
