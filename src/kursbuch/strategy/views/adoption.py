"""The adoption assistant: choose amendments, see the whole new edition as a redline, record the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kursbuch.identity.access import MemberRequest, requires
from kursbuch.kit import clock
from kursbuch.strategy.forms.office import AdoptionForm
from kursbuch.strategy.models import Amendment, Edition, Strategy
from kursbuch.strategy.presentation import Terms
from kursbuch.strategy.presentation.compare import compare
from kursbuch.strategy.presentation.conflicts import show_conflicts
from kursbuch.strategy.presentation.whole import whole_text
from kursbuch.strategy.queries import latest_edition
from kursbuch.strategy.queries.adoption_preview import Preview, adoptable, left_out, preview_adoption
from kursbuch.strategy.queries.offices import office_names
from kursbuch.strategy.rules import ImpossibleStep, may_adopt
from kursbuch.strategy.services.adopt_edition import (
    ConflictsLeft,
    NothingToAdopt,
    Overtaken,
    TooEarly,
    adopt_edition,
)
from kursbuch.strategy.views.found import strategy_of


@requires(may_adopt)
@require_safe
def adopt(request: MemberRequest) -> HttpResponse:
    """Step 1: which amendments, and in which order."""
    strategy = strategy_of(request)
    waiting = adoptable(strategy)
    chosen = _chosen(request.GET, waiting)
    left = _left_out(strategy, request.GET, waiting)
    places = {amendment.pk: place for place, amendment in enumerate(chosen, 1)}
    rows = [(amendment, places.get(amendment.pk)) for amendment in waiting]
    context = {
        "rows": rows,
        "strategy": strategy,
        "newest": latest_edition(strategy),
        **left,
        "strategy_notice": strategy.notice_in(get_language() or "de"),
    }
    return render(request, "strategy/adopt.html", context)


@requires(may_adopt)
@require_http_methods(["GET", "HEAD", "POST"])
def adopt_preview(request: MemberRequest) -> HttpResponse:
    """Steps 2 and 3: the new edition as a redline with its conflicts, and the record of the decision."""
    strategy = strategy_of(request)
    waiting = adoptable(strategy)
    chosen = _chosen(request.GET, waiting)
    if request.method == "POST":
        return _record(request, strategy, chosen)
    left = _left_out(strategy, request.GET, waiting)
    if not chosen:
        messages.warning(request, _("Please choose at least one amendment."))
        return redirect(f"{reverse('adopt')}?{request.GET.urlencode()}" if any(left.values()) else "adopt")
    preview = preview_adoption(strategy, chosen)
    return _preview_page(request, strategy, preview, AdoptionForm(initial=_initial(preview, chosen)), more=left)


def _record(request: MemberRequest, strategy: Strategy, chosen: list[Amendment]) -> HttpResponse:
    form = AdoptionForm(request.POST)
    valid = form.is_valid()
    newest = latest_edition(strategy)
    if str(newest.pk) != request.POST.get("expected"):
        return _overtaken(request, strategy, chosen, form, newest)
    if not chosen:
        messages.warning(request, _("Please choose at least one amendment."))
        return redirect("adopt")
    if not valid:
        return _preview_page(request, strategy, preview_adoption(strategy, chosen), form, status=422)
    try:
        edition = adopt_edition(
            strategy=strategy,
            by=request.member,
            amendments=chosen,
            decision=form.decision(),
            in_force_from=form.cleaned_data["in_force_from"],
            summary=form.summary(),
            expected=newest,
        )
    except Overtaken as error:
        return _overtaken(request, strategy, chosen, form, error.edition)
    except TooEarly as error:
        day = date_format(error.earliest, "DATE_FORMAT")
        form.add_error("in_force_from", _("Not before %(day)s: the edition before takes effect then.") % {"day": day})
        return _preview_page(request, strategy, preview_adoption(strategy, chosen), form, status=422)
    except (ConflictsLeft, NothingToAdopt, ImpossibleStep):
        chosen = _chosen(request.GET, adoptable(strategy))
        if not chosen:
            messages.warning(request, _("These amendments can no longer be adopted."))
            return redirect("adopt")
        return _preview_page(request, strategy, preview_adoption(strategy, chosen), form, status=409)
    messages.success(request, _("Edition %(number)s is recorded.") % {"number": edition.number})
    return redirect("edition", edition.number)


def _wanted(query: QueryDict) -> set[int]:
    """The numbers of the amendments that the address names, whether or not they can be adopted."""
    return {int(pk) for pk in query.getlist("antrag") if pk.isascii() and pk.isdigit() and len(pk) < 18}


def _left_out(strategy: Strategy, query: QueryDict, waiting: Sequence[Amendment]) -> dict[str, Any]:
    """What the address names and cannot be adopted: amendments, and numbers that belong to none."""
    wanted = _wanted(query)
    found = left_out(strategy, wanted, waiting)
    known = {amendment.pk for amendment in (*found, *waiting)}
    return {"left_out": found, "unknown": sorted(wanted - known)}


def _chosen(query: QueryDict, waiting: Sequence[Amendment]) -> list[Amendment]:
    """The amendments ticked, by the place given to each (``platz-12=2``), equal places in the order of the list."""
    by_pk = {str(amendment.pk): (at, amendment) for at, amendment in enumerate(waiting)}
    ticked = [by_pk[pk] for pk in dict.fromkeys(query.getlist("antrag")) if pk in by_pk]

    def place(row: tuple[int, Amendment]) -> tuple[int, int]:
        given = query.get(f"platz-{row[1].pk}", "")
        return (int(given) if given.isascii() and given.isdigit() else 10_000, row[0])

    return [amendment for _at, amendment in sorted(ticked, key=place)]


def _initial(preview: Preview, chosen: Sequence[Amendment]) -> dict[str, object]:
    decided = next((amendment.decision for amendment in chosen if amendment.decision), None)
    last = preview.before.edition.decision
    return {
        "body": decided.body if decided else last.body if last else "",
        "day": decided.day if decided else clock.today(),
        "paper": decided.paper if decided else "",
        "result": decided.result if decided else "",
        "in_force_from": max(clock.today(), preview.before.edition.in_force_from),
        "expected": preview.before.edition.pk,
    }


def _overtaken(
    request: MemberRequest, strategy: Strategy, chosen: list[Amendment], form: AdoptionForm, quicker: Edition
) -> HttpResponse:
    """Somebody was quicker: what was entered stays. What can still be adopted is previewed on their edition."""
    chosen = _chosen(request.GET, adoptable(strategy))
    taken = left_out(strategy, _wanted(request.GET), chosen)
    data = request.POST.copy()
    data["expected"] = str(quicker.pk)
    form = AdoptionForm(data)
    if chosen:
        fresh = preview_adoption(strategy, chosen)
        return _preview_page(request, strategy, fresh, form, status=409, quicker=quicker, taken=taken)
    entered = [(field.label, field.value()) for field in form if not field.is_hidden]
    context = {"strategy": strategy, "quicker": quicker, "taken": taken, "entered": entered}
    return render(request, "strategy/adopt_overtaken.html", context, status=409)


def _preview_page(
    request: MemberRequest,
    strategy: Strategy,
    preview: Preview,
    form: AdoptionForm,
    *,
    status: int = 200,
    quicker: Edition | None = None,
    taken: Sequence[Amendment] = (),
    more: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:
    language = get_language() or strategy.language
    terms = Terms(office_names(request.city.pk, language), language)
    before, after = preview.before.tree, preview.draft.tree
    conflicts = [
        (amendment, show_conflicts(found, {**after.elements, **before.elements}, strategy.schema, terms))
        for amendment, found in preview.conflicts
    ]
    found = compare(before, after, strategy.schema, terms)
    whole = "ganz" in request.GET
    query = _query(preview.chosen)
    context: dict[str, Any] = {
        "strategy": strategy,
        "preview": preview,
        "form": form,
        "quicker": quicker,
        "taken": taken,
        "conflicts": conflicts,
        "found": found,
        "added": {one.key for theme in found.themes for one in theme.elements if one.is_added},
        "lines": whole_text(before, after, found, strategy.schema, terms) if whole else [],
        "whole": whole,
        "fates": _fates(preview),
        "number": int(preview.before.edition.number.split(".")[0]) + 1,
        "choose_url": f"{reverse('adopt')}?{query}",
        "toggle_url": f"{reverse('adopt-preview')}?{query}" + ("" if whole else "&ganz=1"),
        "here": f"{reverse('adopt-preview')}?{query}",
        "spoken": language,
        "original": strategy.language,
        "strategy_notice": strategy.notice_in(language),
        **more,
    }
    return render(request, "strategy/adopt_preview.html", context, status=status)


def _query(chosen: Sequence[Amendment]) -> str:
    ticked = [("antrag", amendment.pk) for amendment in chosen]
    places = [(f"platz-{amendment.pk}", place) for place, amendment in enumerate(chosen, 1)]
    return urlencode([*ticked, *places])


def _fates(preview: Preview) -> list[dict[str, Any]]:
    """What becomes of the other pending amendments; those that need somebody's attention first."""
    labels = {
        "conflict": _("in conflict then; their authors are told"),
        "still_conflict": _("in conflict already, and then as well"),
        "in_force": _("in force then, without further ado"),
        "carried": _("carried along"),
    }
    return [
        {"outcome": outcome, "label": label, "amendments": [f.amendment for f in preview.fates if f.outcome == outcome]}
        for outcome, label in labels.items()
        if any(fate.outcome == outcome for fate in preview.fates)
    ]
