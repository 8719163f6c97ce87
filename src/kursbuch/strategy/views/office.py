"""The office's steps with an amendment: open the discussion, recommend, split, record the council's decision."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kursbuch.domain.framework.changes import Change, ChangeError
from kursbuch.domain.framework.schema import FieldError
from kursbuch.identity.access import MemberRequest, Rule, View, requires
from kursbuch.kit import clock
from kursbuch.strategy.forms.collecting import named_keys
from kursbuch.strategy.forms.office import CouncilForm, RecommendationForm, SplitForm
from kursbuch.strategy.forms.wording import WordingForm
from kursbuch.strategy.models import Amendment, Recommendation, Variant
from kursbuch.strategy.presentation import ShownChange, Terms, show_changes
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.queries.amendments import elements_at
from kursbuch.strategy.queries.desk import awaiting_decision
from kursbuch.strategy.queries.offices import office_names
from kursbuch.strategy.rules import ImpossibleStep, Step, is_possible, may_decide, may_recommend
from kursbuch.strategy.services.adopt_edition import decide_amendments
from kursbuch.strategy.services.discuss_amendment import (
    CannotSplit,
    open_discussion,
    recommend_amendment,
    split_amendment,
)
from kursbuch.strategy.services.draft_amendment import NothingProposed
from kursbuch.strategy.views.found import amendment_of

AmendmentView = Callable[[MemberRequest, Amendment], HttpResponse]


def terms_of(request: MemberRequest) -> Terms:
    language = get_language() or "de"
    return Terms(office_names(request.city.pk, language), language)


def shown_changes(amendment: Amendment, changes: tuple[Change, ...], terms: Terms) -> list[ShownChange]:
    elements = elements_at(amendment.base, named_keys(changes))
    return show_changes(changes, elements, amendment.strategy.schema, terms)


def step_view(rule: Rule, step: Step) -> Callable[[AmendmentView], View[[int]]]:
    """A page for one step: for those who may take it, and while the amendment is at that point.

    Somebody may have been quicker; then the amendment's page says where it stands.
    """

    def decorate(view: AmendmentView) -> View[[int]]:
        @requires(rule)
        @wraps(view)
        def guarded(request: MemberRequest, number: int) -> HttpResponse:
            amendment = amendment_of(request, number)
            try:
                if not is_possible(step, amendment):
                    raise ImpossibleStep(amendment, step)
                return view(request, amendment)
            except ImpossibleStep as error:
                state = error.amendment.state_in_words
                messages.info(request, _("That is not possible now: the amendment is “%(state)s”.") % {"state": state})
                return redirect("amendment", number)

        return guarded

    return decorate


@step_view(may_recommend, Step.DISCUSS)
@require_POST
def discuss(request: MemberRequest, amendment: Amendment) -> HttpResponse:
    open_discussion(amendment=amendment, by=request.member)
    messages.success(request, _("The discussion is open."))
    return redirect("amendment", amendment.pk)


@step_view(may_recommend, Step.RECOMMEND)
@require_http_methods(["GET", "HEAD", "POST"])
def recommend(request: MemberRequest, amendment: Amendment) -> HttpResponse:
    terms = terms_of(request)
    sent = request.POST if request.method == "POST" else None
    base = load_edition(amendment.base).tree
    proposed = amendment.domain_changes(Variant.PROPOSED)
    written = amendment.domain_changes(Variant.RECOMMENDED)
    schema = amendment.strategy.schema
    wording = WordingForm(schema, base, proposed, offices=terms.offices, written=written, data=sent)
    start = {"kind": amendment.recommendation, "reason": amendment.recommendation_reason}
    form = RecommendationForm(sent, initial=start)
    preview: list[ShownChange] = []
    invalid = sent is not None and "preview" not in sent
    wording_error = ""
    if sent is not None and "preview" in sent:
        form = RecommendationForm(initial={"kind": sent.get("kind"), "reason": sent.get("reason")})
        if wording.is_valid():
            preview = show_changes(wording.changes(), base.elements, schema, terms)
    elif sent is not None and form.is_valid():
        modified = form.cleaned_data["kind"] == Recommendation.ACCEPT_MODIFIED
        if modified and not wording.is_valid():
            wording_error = _("Something in the wording must be corrected.")
        else:
            wording_error = _recommend(request, amendment, form, wording)
        if not wording_error:
            messages.success(request, _("The recommendation is recorded."))
            return redirect("amendment", amendment.pk)
    context = {
        "amendment": amendment,
        "form": form,
        "wording": wording,
        "wording_error": wording_error,
        "preview": preview,
        "changes": show_changes(proposed, base.elements, schema, terms),
        "strategy_notice": amendment.strategy.notice_in(terms.spoken),
    }
    return render(request, "strategy/recommend.html", context, status=422 if invalid else 200)


def _recommend(request: MemberRequest, amendment: Amendment, form: RecommendationForm, wording: WordingForm) -> str:
    """Records the recommendation; if it cannot be, says what is wrong with the wording."""
    kind = Recommendation(form.cleaned_data["kind"])
    proposed = amendment.domain_changes(Variant.PROPOSED)
    changes = wording.changes() if kind == Recommendation.ACCEPT_MODIFIED else ()
    if kind == Recommendation.ACCEPT_MODIFIED and changes == proposed:
        return _("The wording is still the proposed one. Change it, or accept the amendment as it is.")
    try:
        recommend_amendment(
            amendment=amendment, by=request.member, kind=kind, reason=form.cleaned_data["reason"], changes=changes
        )
    except NothingProposed:
        return _("Nothing would be left of the amendment. You can recommend to reject it instead.")
    except (ChangeError, FieldError):
        return _("The changed wording does not fit the strategy.")
    return ""


@step_view(may_recommend, Step.SPLIT)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: MemberRequest, amendment: Amendment) -> HttpResponse:
    terms = terms_of(request)
    changes = shown_changes(amendment, amendment.domain_changes(Variant.PROPOSED), terms)
    if len(changes) < 2:
        messages.info(request, _("There is only one change in this amendment. It cannot be split."))
        return redirect("amendment", amendment.pk)
    choices = [(shown.position, _choice(shown)) for shown in changes]
    form = SplitForm(request.POST or None, choices=choices, initial={"title": amendment.title})
    parts: dict[str, list[ShownChange]] = {}
    if request.method == "POST" and form.is_valid():
        take = form.cleaned_data["take"]
        if "preview" in request.POST:
            parts = {
                "stays": [shown for shown in changes if shown.position not in take],
                "goes": [shown for shown in changes if shown.position in take],
            }
        else:
            try:
                new = split_amendment(
                    amendment=amendment, by=request.member, take=take, title=form.cleaned_data["title"]
                )
            except CannotSplit:
                form.add_error("take", _("These changes build on each other and cannot be separated."))
            else:
                messages.success(request, _("The amendment is split. The new one stands by itself now."))
                return redirect("amendment", new.pk)
    context = {
        "amendment": amendment,
        "form": form,
        "changes": changes,
        "parts": parts,
        "strategy_notice": amendment.strategy.notice_in(terms.spoken),
    }
    return render(request, "strategy/split.html", context, status=422 if form.errors else 200)


def _choice(shown: ShownChange) -> str:
    fields = ", ".join(field.label for field in shown.fields)
    verbs = {"add": _("new"), "revise": fields, "move": _("moved"), "retire": _("retired")}
    return f"{shown.key} {shown.title} ({verbs[shown.verb]})".strip()


@step_view(may_decide, Step.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: MemberRequest, amendment: Amendment) -> HttpResponse:
    """Records what the council decided on one amendment, and perhaps on others in the same decision."""
    terms = terms_of(request)
    last = latest_edition(amendment.strategy).decision or amendment.base.decision
    others = {other.pk: other for other in awaiting_decision(amendment.strategy) if other.pk != amendment.pk}
    form = CouncilForm(
        request.POST or None,
        others=[(other.pk, f"{other.title} ({other.get_recommendation_display()})") for other in others.values()],
        initial={"body": last.body if last else "", "day": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        decided = [amendment, *(others[pk] for pk in form.cleaned_data["together"])]
        decide_amendments(
            strategy=amendment.strategy,
            by=request.member,
            amendments=decided,
            accept=form.cleaned_data["outcome"] == "accepted",
            decision=form.decision(),
        )
        messages.success(request, _("The decision is recorded."))
        return redirect("amendment", amendment.pk)
    context: dict[str, Any] = {
        "amendment": amendment,
        "form": form,
        "changes": shown_changes(amendment, amendment.domain_changes(), terms),
        "strategy_notice": amendment.strategy.notice_in(terms.spoken),
    }
    return render(request, "strategy/decide.html", context, status=422 if form.errors else 200)
