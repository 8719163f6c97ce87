"""Amendments as everybody reads them: the list with its filters, and one with its redline and state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kursbuch.domain.framework.changes import Change, apply, diff, is_provisional
from kursbuch.domain.framework.codec import conflict_from_json
from kursbuch.domain.framework.element import Element
from kursbuch.identity.access import MemberRequest, signed_in
from kursbuch.strategy.forms.collecting import named_keys
from kursbuch.strategy.forms.draft import ReasonForm
from kursbuch.strategy.models import Amendment, Recommendation, State, Variant
from kursbuch.strategy.presentation import Terms, show_changes
from kursbuch.strategy.presentation.changes import title_of
from kursbuch.strategy.presentation.conflicts import show_conflicts
from kursbuch.strategy.presentation.states import what_happens_next, what_it_means
from kursbuch.strategy.queries import load_edition
from kursbuch.strategy.queries.amendments import (
    AUTHORS,
    ORDERS,
    AmendmentPage,
    Filters,
    elements_at,
    latest_elements,
    list_amendments,
    newest_edition,
    unsubmitted_of,
)
from kursbuch.strategy.queries.discussion import read_discussion
from kursbuch.strategy.queries.offices import office_names
from kursbuch.strategy.rules import Step, may, may_moderate
from kursbuch.strategy.services.draft_amendment import withdraw_amendment
from kursbuch.strategy.views.discussion import comment_context
from kursbuch.strategy.views.found import amendment_of


@dataclass(frozen=True)
class Row:
    amendment: Amendment
    elements: list[tuple[str, str]]  # key ("" for new ones) and title
    more: int  # elements not named


MOST_NAMED = 3


@require_safe
def amendment_list(request: MemberRequest) -> HttpResponse:
    edition = newest_edition(request.city)
    if edition is None:
        raise Http404
    filters = _filters(request)
    page = list_amendments(edition.strategy, filters, _number(request))
    spoken = get_language() or "de"
    context = {
        "filters": filters,
        "page": page,
        "rows": [_row(amendment, page) for amendment in page.amendments],
        "tabs": _tabs(filters, page),
        "themes": [(key, title_of(element)) for key, element in page.themes.items()],
        "orders": _orders(),
        "authors": _authors(),
        "filtered": replace(filters, state="", order="newest") != Filters(),
        "previous_url": _query(filters, page.number - 1) if page.number > 1 else "",
        "next_url": _query(filters, page.number + 1) if page.number < page.pages else "",
        "drafts": list(unsubmitted_of(request.member)[:5]) if request.member.is_signed_in else [],
        "strategy_notice": edition.strategy.notice_in(spoken),
        "spoken": spoken,
    }
    return render(request, "strategy/amendment_list.html", context)


def _filters(request: MemberRequest) -> Filters:
    asked = request.GET
    order = asked.get("order", "")
    return Filters(
        state=asked.get("state", ""),
        element=asked.get("element", "").upper()[:12],
        authors=asked.get("authors", "") if asked.get("authors") in AUTHORS else "",
        words=asked.get("q", "").replace("\0", "").strip()[:200],
        order=order if order in ORDERS else "newest",
    )


def _number(request: MemberRequest) -> int:
    given = request.GET.get("page", "")
    return int(given) if given.isdecimal() and len(given) < 7 else 1


def _query(filters: Filters, page: int = 1) -> str:
    asked = {
        "state": filters.state,
        "element": filters.element,
        "authors": filters.authors,
        "q": filters.words,
        "order": "" if filters.order == "newest" else filters.order,
        "page": str(page) if page > 1 else "",
    }
    return f"{reverse('amendment-list')}?{urlencode({k: v for k, v in asked.items() if v})}".rstrip("?")


def _tabs(filters: Filters, page: AmendmentPage) -> list[dict[str, Any]]:
    labels = {
        "": pgettext("amendments", "All"),
        "open": pgettext("amendments", "Open"),
        "accepted": pgettext("amendments", "Accepted"),
        "rejected": pgettext("amendments", "Rejected"),
        "withdrawn": pgettext("amendments", "Withdrawn"),
    }
    tabs = [
        {
            "label": label,
            "url": _query(replace(filters, state=state)),
            "current": filters.state == state,
            "count": page.counts[state or "all"],
        }
        for state, label in labels.items()
    ]
    if filters.state in State.values:
        label = State(filters.state).label
        tabs.append(
            {"label": label[:1].upper() + label[1:], "url": _query(filters), "current": True, "count": page.total}
        )
    return tabs


def _orders() -> list[tuple[str, str]]:
    return [
        ("newest", _("Newest first")),
        ("changed", _("Last changed first")),
        ("discussed", _("Most discussed first")),
        ("oldest", _("Oldest first")),
    ]


def _authors() -> list[tuple[str, str]]:
    return [("residents", _("Residents")), ("offices", pgettext("by whom", "Offices")), ("groups", _("Council groups"))]


def _row(amendment: Amendment, page: AmendmentPage) -> Row:
    named: dict[str, str] = {}
    for change in sorted(amendment.changes.all(), key=lambda change: (change.variant, change.position)):
        if change.key in page.elements:
            named.setdefault(change.key, title_of(page.elements[change.key]))
        elif change.data.get("change") == "add":
            fields = change.data.get("fields", {})
            named.setdefault(change.key, str(fields.get("title") or fields.get("text", "")[:60]))
    elements = [("" if is_provisional(key) else key, title) for key, title in named.items()]
    return Row(amendment, elements[:MOST_NAMED], max(0, len(elements) - MOST_NAMED))


@require_safe
def amendment(request: MemberRequest, number: int) -> HttpResponse:
    found = amendment_of(request, number)
    spoken = get_language() or "de"
    terms = Terms(office_names(request.city.pk, spoken))
    discussion = read_discussion(found, _number(request))
    context: dict[str, Any] = {
        "amendment": found,
        "thing": f"amendment:{found.pk}",
        "means": what_it_means(found),
        "next": what_happens_next(found),
        "parts": list(found.parts.order_by("pk")) if found.is_public else [],
        "carried": found.submitted_at is not None and found.base.adopted_at > found.submitted_at,
        "permalink": request.build_absolute_uri(reverse("amendment", args=[found.pk])),
        "may": {step.value: may(request.member, step, found) for step in Step},
        "discussion": discussion,
        "may_moderate": may_moderate(request.member),
        "strategy_notice": found.strategy.notice_in(spoken),
        **_changes(request, found, terms),
        **comment_context(request, found),
    }
    return render(request, "strategy/amendment.html", context)


def _changes(request: MemberRequest, found: Amendment, terms: Terms) -> dict[str, Any]:
    """The changes in the wording asked for: the authors', the office's, or what lies between the two."""
    modified = found.recommendation == Recommendation.ACCEPT_MODIFIED
    proposed = found.domain_changes(Variant.PROPOSED)
    recommended = found.domain_changes(Variant.RECOMMENDED) if modified else ()
    wording = request.GET.get("wording", "proposed") if recommended else "proposed"
    conflicts = [conflict_from_json(data) for data in found.conflicts]
    schema = found.strategy.schema
    elements: dict[str, Element]
    if wording == "difference":
        tree = load_edition(found.base).tree
        before = apply(tree, proposed)
        changes: tuple[Change, ...] = diff(before, apply(tree, recommended))
        elements = {**apply(tree, recommended).elements, **before.elements}
    else:
        changes = recommended if wording == "recommended" else proposed
        keys = named_keys(changes) | {conflict.key for conflict in conflicts}
        elements = elements_at(found.base, keys)
        if found.state == State.IN_FORCE:  # what it brought has its key since
            elements = {**latest_elements(found.strategy, keys - elements.keys()), **elements}
    labels = {
        "proposed": _("As proposed"),
        "recommended": _("As the office recommends"),
        "difference": _("What differs"),
    }
    return {
        "changes": show_changes(changes, elements, schema, terms),
        "conflicts": show_conflicts(conflicts, elements, schema, terms),
        "wordings": [
            {"label": label, "url": f"?wording={name}#changes", "current": name == wording}
            for name, label in labels.items()
        ]
        if recommended
        else [],
        "wording": wording,
    }


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: MemberRequest, number: int) -> HttpResponseBase:
    found = amendment_of(request, number)
    if not may(request.member, Step.WITHDRAW, found):
        messages.info(request, _("This amendment cannot be withdrawn."))
        return redirect("amendment", number)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw_amendment(amendment=found, by=request.member, reason=form.cleaned_data["reason"])
        messages.success(request, _("The amendment has been withdrawn."))
        return redirect("amendment", number)
    context = {
        "title": _("Withdraw this amendment?"),
        "text": _("“%(title)s” stays readable with its discussion, but is not decided any more.")
        % {"title": found.title},
        "submit": _("Withdraw"),
        "danger": True,
        "fields": form,
        "cancel_url": reverse("amendment", args=[number]),
    }
    return render(request, "web/confirm.html", context)
