"""Settling an amendment's conflicts with a newer edition, side by side; for its authors and the strategy office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kursbuch.domain.framework.changes import ChangeError
from kursbuch.domain.framework.rebase import rebase
from kursbuch.domain.framework.schema import FieldError, Schema
from kursbuch.identity.access import MemberRequest, requires
from kursbuch.strategy.forms.resolution import Dispute, ResolutionForm
from kursbuch.strategy.models import Amendment, Edition
from kursbuch.strategy.presentation import Terms, redlined_value, show_changes, show_value
from kursbuch.strategy.presentation.conflicts import show_conflicts
from kursbuch.strategy.queries import LoadedEdition, latest_edition, load_edition
from kursbuch.strategy.rules import Step, is_author, may, may_propose, may_recommend
from kursbuch.strategy.services.draft_amendment import NothingProposed
from kursbuch.strategy.services.rebase_pending import resolve_conflicts
from kursbuch.strategy.views.found import amendment_of
from kursbuch.strategy.views.office import terms_of


@requires(may_propose)
@require_http_methods(["GET", "HEAD", "POST"])
def resolve(request: MemberRequest, number: int) -> HttpResponse:
    amendment = amendment_of(request, number)
    if not may(request.member, Step.RESOLVE, amendment):
        if not (is_author(request.member, amendment) or may_recommend(request.member)):
            raise PermissionDenied
        if "preview" in request.POST:  # asked for before, answered after it was settled
            return HttpResponse(status=204)
        messages.info(request, _("There is no conflict to settle any more."))
        return redirect("amendment", number)
    terms = terms_of(request)
    newest = load_edition(latest_edition(amendment.strategy))
    old = load_edition(amendment.base).tree
    rebased = rebase(amendment.domain_changes(), old, newest.tree)
    sent = request.POST if request.method == "POST" else None
    if sent is not None and sent.get("expected") != str(newest.edition.pk):
        messages.warning(request, _("Meanwhile there is a newer edition. Please look at the conflicts once more."))
        return redirect("amendment-resolve", number)
    form = ResolutionForm(amendment.strategy.schema, newest.tree, rebased, offices=terms.offices, data=sent)
    problem = ""
    if sent is not None and form.is_valid() and "preview" not in sent:
        problem = _settle(request, amendment, form)
        if not problem:
            messages.success(request, _("The conflict is settled. The amendment goes on."))
            return redirect("amendment", number)
    invalid = sent is not None and "preview" not in sent
    elements = {**old.elements, **newest.tree.elements}
    schema = amendment.strategy.schema
    context: dict[str, Any] = {
        "amendment": amendment,
        "newest": newest.edition,
        "since": _editions_between(amendment, newest),
        "disputes": [_shown(dispute, elements, schema, terms) for dispute in form.disputes],
        "carried": show_changes(rebased.changes, elements, schema, terms),
        "invalid": invalid,
        "problem": problem,
        "here": request.path,
        "strategy_notice": amendment.strategy.notice_in(terms.spoken),
    }
    return render(request, "strategy/resolve.html", context, status=422 if invalid else 200)


def _settle(request: MemberRequest, amendment: Amendment, form: ResolutionForm) -> str:
    """Settles the conflicts, or says why that cannot be done so."""
    try:
        resolve_conflicts(amendment=amendment, by=request.member, changes=form.changes())
    except NothingProposed:
        return _("Nothing would be left of the amendment. Its authors can withdraw it instead.")
    except (ChangeError, FieldError):
        return _("These choices do not fit together. A change may build on another one that you left out.")
    return ""


def _editions_between(amendment: Amendment, newest: LoadedEdition) -> list[Edition]:
    """The editions that came since the amendment was written."""
    later = amendment.strategy.editions.filter(ordinal__gt=amendment.base.ordinal, ordinal__lte=newest.edition.ordinal)
    return list(later.select_related("decision").order_by("ordinal"))


def _shown(dispute: Dispute, elements: Any, schema: Schema, terms: Terms) -> dict[str, Any]:
    shown = show_conflicts(dispute.conflicts, elements, schema, terms)
    result: dict[str, Any] = {"dispute": dispute, "conflicts": [], "head": shown[0], "preview": ""}
    for one in shown:
        base = ""
        element = elements.get(one.conflict.key)
        if one.conflict.field is not None and element is not None:
            spec = schema.kind(element.kind).field(one.conflict.field)
            base = show_value(spec, one.conflict.base, terms)
            if dispute.words is not None and dispute.choice.is_bound and dispute.is_valid():
                result["preview"] = redlined_value(spec, one.conflict.ours, dispute.value(), terms)
        result["conflicts"].append({"shown": one, "base": base})
    if not shown[0].label:
        result["change"] = show_changes([dispute.change], elements, schema, terms)[0]
    return result
