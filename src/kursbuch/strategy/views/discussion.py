"""The discussion below an amendment: comment, reply, and take a comment away with a reason."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kursbuch.identity.access import MemberRequest, requires, signed_in
from kursbuch.kit.limits import TooMany
from kursbuch.strategy.forms.draft import CommentForm, ReasonForm
from kursbuch.strategy.models import Amendment, Comment
from kursbuch.strategy.queries.discussion import page_of
from kursbuch.strategy.rules import Step, may, may_moderate
from kursbuch.strategy.services.discuss_amendment import comment_on_amendment, remove_comment
from kursbuch.strategy.views.drafting import too_many
from kursbuch.strategy.views.found import amendment_of


def comment_context(request: MemberRequest, amendment: Amendment) -> dict[str, Any]:
    """The form for a new comment, or for a reply to the one that ``?reply=`` names."""
    asked = request.GET.get("reply", "")
    replying = int(asked) if asked.isdecimal() and len(asked) < 18 else 0
    if not may(request.member, Step.COMMENT, amendment):
        return {"comment_form": None, "replying": 0}
    return {"comment_form": CommentForm(initial={"token": uuid.uuid4()}), "replying": replying}


@signed_in
@require_POST
def comment(request: MemberRequest, number: int) -> HttpResponseBase:
    amendment = amendment_of(request, number)
    if not may(request.member, Step.COMMENT, amendment):
        messages.info(request, _("This discussion is closed."))
        return redirect("amendment", number)
    answered = request.POST.get("reply_to", "")
    parent = get_object_or_404(amendment.comments, pk=int(answered)) if answered.isdecimal() else None
    form = CommentForm(request.POST)
    if not form.is_valid():
        context = {"amendment": amendment, "comment_form": form, "parent": parent}
        return render(request, "strategy/amendment_comment.html", context, status=422)
    try:
        written = comment_on_amendment(
            amendment=amendment,
            by=request.member,
            text=form.cleaned_data["text"].replace("\r\n", "\n"),
            reply_to=parent,
            token=form.cleaned_data["token"],
        )
    except TooMany as error:
        saved = _("Your comment has not been published. Here is what you wrote, so that nothing is lost:")
        return too_many(request, error, saved, amendment, form.cleaned_data["text"])
    return redirect(comment_url(written))


def comment_url(comment: Comment) -> str:
    page = page_of(comment)
    query = f"?page={page}" if page > 1 else ""
    return f"{reverse('amendment', args=[comment.amendment_id])}{query}#comment-{comment.pk}"


@requires(may_moderate)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: MemberRequest, number: int, pk: int) -> HttpResponseBase:
    found = get_object_or_404(
        Comment.objects.select_related("amendment__strategy", "author"),
        pk=pk,
        amendment=number,
        amendment__strategy__city=request.city,
    )
    if found.removed_reason:
        return redirect(comment_url(found))
    form = ReasonForm(request.POST or None, needed=True)
    if request.method == "POST" and form.is_valid():
        remove_comment(comment=found, by=request.member, reason=form.cleaned_data["reason"])
        messages.success(request, _("The comment has been removed. The reason is shown in its place."))
        return redirect(comment_url(found))
    context = {
        "title": _("Remove this comment?"),
        "text": f"„{found.text}“",
        "submit": _("Remove comment"),
        "danger": True,
        "fields": form,
        "cancel_url": comment_url(found),
    }
    return render(request, "web/confirm.html", context)
