"""The draft of an amendment: title, reasons and collected changes, until it is handed in or thrown away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kursbuch.domain.framework.changes import Change, ChangeError, Move, Retire
from kursbuch.domain.framework.schema import FieldError
from kursbuch.identity.access import MemberRequest, signed_in
from kursbuch.kit import clock
from kursbuch.kit.limits import TooMany
from kursbuch.strategy.forms import collecting
from kursbuch.strategy.forms.draft import DraftForm
from kursbuch.strategy.models import Amendment, State
from kursbuch.strategy.queries.amendments import find_amendment
from kursbuch.strategy.rules import Step, is_author, may
from kursbuch.strategy.services.draft_amendment import (
    NothingProposed,
    check_changes,
    discard_draft,
    revise_draft,
    submit_amendment,
)
from kursbuch.strategy.views.propose import Desk, lay_out, propose_url, shown


def own_amendment(request: MemberRequest, number: int) -> Amendment:
    """An amendment of the person's own; any other is none of their business here."""
    amendment = find_amendment(request.city, number)
    if amendment is None or not is_author(request.member, amendment):
        raise Http404
    return amendment


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_draft(request: MemberRequest, number: int) -> HttpResponseBase:
    """Every button keeps what was written so far, then does its own part."""
    amendment = own_amendment(request, number)
    if amendment.state != State.DRAFT:
        return redirect("amendment", number)
    desk = lay_out(request, amendment)
    if request.method != "POST":
        return _show(request, desk, DraftForm(initial={"title": amendment.title, "rationale": amendment.rationale}))
    return _act(request, desk)


def _act(request: MemberRequest, desk: Desk) -> HttpResponseBase:
    sent = request.POST
    draft = desk.draft
    assert draft is not None  # noqa: S101 - the desk was laid out for it
    submitting = "submit" in sent
    form = DraftForm(sent, demanding=submitting)
    changes, problem = _rearranged(desk, sent.get("remove", ""), sent.get("up", ""))
    title, rationale = form.written()
    # Drafts are listed by their title, so an emptied one keeps the last; handing in still asks for it.
    kept = revise_draft(
        amendment=draft, by=request.member, title=title or draft.title, rationale=rationale, changes=changes
    )
    if request.headers.get("HX-Request") == "true" and "keep" in sent:
        saved = _("Draft saved at %(time)s") % {"time": date_format(clock.now(), "TIME_FORMAT")}
        return render(request, "strategy/_propose_saved.html", {"saved": saved})
    if submitting:
        return _submit(request, replace(desk, draft=kept, piece=replace(desk.piece, changes=changes)), form)
    if problem:
        messages.error(request, problem)
    elif "keep" in sent:
        messages.success(request, _("The draft has been saved. Only you can see it."))
    if "another" in sent:
        return redirect(f"{reverse('amendment-new')}?draft={draft.pk}")
    return redirect("amendment-edit", draft.pk)


def _submit(request: MemberRequest, desk: Desk, form: DraftForm) -> HttpResponseBase:
    assert desk.draft is not None  # noqa: S101
    if not form.is_valid():
        return _show(request, desk, form, status=422)
    try:
        amendment = submit_amendment(amendment=desk.draft, by=request.member)
    except NothingProposed:
        form.add_error(None, _("There is no change in this draft yet. Please add one."))
        return _show(request, desk, form, status=422)
    except TooMany as error:
        return too_many(request, error, _("Your draft is saved. Nothing is lost."), desk.draft)
    messages.success(request, _("Thank you. Your amendment has been handed in; you will be told of news about it."))
    return redirect("amendment", amendment.pk)


def too_many(request: MemberRequest, error: TooMany, saved: str, amendment: Amendment, text: str = "") -> HttpResponse:
    context = {"error": error, "saved": saved, "amendment": amendment, "text": text}
    response = render(request, "strategy/amendment_too_many.html", context, status=429)
    response["Retry-After"] = str(error.seconds)
    return response


def _rearranged(desk: Desk, remove: str, up: str) -> tuple[tuple[Change, ...], str]:
    """The changes after one was taken out or moved up, or as they were and why that cannot be."""
    before = desk.piece.changes
    changes = before
    if remove.isdecimal():
        changes = collecting.without(before, int(remove))
    elif up.isdecimal():
        changes = collecting.moved_up(before, int(up))
    try:
        check_changes(desk.strategy.schema, desk.piece.base, changes)
    except (ChangeError, FieldError):
        return before, _("Another change in this draft builds on this one. Please change or remove that one first.")
    return changes, ""


def _show(request: MemberRequest, desk: Desk, form: DraftForm, status: int = 200) -> HttpResponse:
    changes = desk.piece.changes
    context: dict[str, Any] = {
        "desk": desk,
        "draft": desk.draft,
        "form": form,
        "strategy_notice": desk.strategy.notice_in(desk.piece.spoken),
        **shown(desk, list(changes), changes),
    }
    context["items"] = [
        {"shown": one, "edit": _edit_url(desk, change)} for one, change in zip(context["changes"], changes, strict=True)
    ]
    return render(request, "strategy/propose_draft.html", context, status=status)


def _edit_url(desk: Desk, change: Change) -> str:
    do = {Retire: "retire", Move: "move"}.get(type(change), "revise")
    return propose_url(desk.draft, change.key, do)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: MemberRequest, number: int) -> HttpResponseBase:
    amendment = own_amendment(request, number)
    if not may(request.member, Step.EDIT, amendment):
        return redirect("amendment", number)
    if request.method == "POST":
        discard_draft(amendment=amendment, by=request.member)
        messages.success(request, _("The draft has been deleted."))
        return redirect("amendment-list")
    context = {
        "title": _("Delete this draft?"),
        "text": _("“%(title)s” will be gone for good. Nobody but you has seen it.") % {"title": amendment.title},
        "submit": _("Delete draft"),
        "danger": True,
        "cancel_url": reverse("amendment-edit", args=[number]),
    }
    return render(request, "web/confirm.html", context)
