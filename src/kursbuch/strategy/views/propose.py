"""Writing an amendment: choose an element, change it, see the redline, give the reason, hand it in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kursbuch.domain.framework.changes import Change, ChangeError, apply, is_provisional
from kursbuch.domain.framework.schema import FieldError, Kind
from kursbuch.identity.access import MemberRequest, signed_in
from kursbuch.kit import search
from kursbuch.strategy.forms.place import named
from kursbuch.strategy.forms.task import (
    Addition,
    Moving,
    Retirement,
    Revision,
    Task,
    Workpiece,
    kinds_behind,
    kinds_below,
)
from kursbuch.strategy.models import Amendment, Strategy
from kursbuch.strategy.presentation import Terms, show_changes
from kursbuch.strategy.presentation.changes import title_of
from kursbuch.strategy.presentation.conflicts import show_conflicts
from kursbuch.strategy.queries import LoadedEdition, load_edition
from kursbuch.strategy.queries.amendments import drafts_of, newest_edition
from kursbuch.strategy.queries.offices import office_names
from kursbuch.strategy.queries.rivals import find_rivals
from kursbuch.strategy.services.draft_amendment import check_changes, draft_amendment, revise_draft


@dataclass(frozen=True)
class Desk:
    """Somebody's work on an amendment: the newest edition and, once there is one, the draft."""

    strategy: Strategy
    newest: LoadedEdition
    draft: Amendment | None
    piece: Workpiece

    @property
    def terms(self) -> Terms:
        return Terms(self.piece.offices)


def open_desk(request: MemberRequest, number: str) -> Desk:
    """The draft with this number, which must be the person's own; without one, work begins afresh."""
    draft = None
    if number:
        draft = drafts_of(request.member).filter(pk=int(number)).first() if number.isdecimal() else None
        if draft is None:
            raise Http404
    elif request.method == "POST":
        draft = (
            drafts_of(request.member).filter(token=_token(request) or uuid.uuid4()).first()
        )  # sent again with "back"
    return lay_out(request, draft)


def lay_out(request: MemberRequest, draft: Amendment | None) -> Desk:
    """The desk for a draft that was read already, or for none."""
    edition = newest_edition(request.city)
    if edition is None:
        raise Http404
    newest = load_edition(edition)
    strategy = edition.strategy
    spoken = get_language() or "de"
    changes = draft.domain_changes() if draft else ()
    offices = office_names(request.city.pk, spoken)
    return Desk(strategy, newest, draft, Workpiece(newest.tree, changes, strategy.schema, offices, spoken))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: MemberRequest) -> HttpResponseBase:
    """``?element=M013`` and perhaps ``do`` (revise, add, move, retire), ``draft``, ``kind``, ``behind``."""
    asked = request.GET
    desk = open_desk(request, asked.get("draft", ""))
    key = asked.get("element", "")
    if not key:
        return _pick(request, desk)
    if key not in desk.piece.tree and key not in desk.piece.base:
        raise Http404
    if asked.get("do") == "add" and not asked.get("kind"):
        return _choose_kind(request, desk, key)
    try:
        task = _task(request, desk, key)
    except (FieldError, KeyError):
        raise Http404 from None
    if request.method != "POST":
        return _show(request, desk, task)
    return _collect(request, desk, task)


def _task(request: MemberRequest, desk: Desk, key: str) -> Task:
    data = request.POST if request.method == "POST" else None
    match request.GET.get("do", "revise"):
        case "add":
            kind, behind = request.GET.get("kind", ""), "behind" in request.GET
            return Addition(desk.piece, key, kind, behind=behind, data=data)
        case "retire":
            return Retirement(desk.piece, key, data)
    if key not in desk.piece.tree:  # the draft retires it
        raise KeyError(key)
    return (Moving if request.GET.get("do") == "move" else Revision)(desk.piece, key, data)


def _collect(request: MemberRequest, desk: Desk, task: Task) -> HttpResponseBase:
    """What was sent: shown as a redline, given another row, or put into the draft."""
    partial = "preview" in request.POST and request.headers.get("HX-Request") == "true"
    if "more" in request.POST:
        return _show(request, desk, task)
    changes = _checked(desk, task) if task.is_valid() else None
    if "preview" in request.POST or changes is None:
        return _show(request, desk, task, changes=changes, partial=partial)
    if changes == desk.piece.changes and desk.draft is None:
        task.refuse(_("You have not changed anything yet."))
        return _show(request, desk, task)
    draft = _keep(request, desk, task, changes)
    return redirect("amendment-edit", draft.pk)


def _checked(desk: Desk, task: Task) -> tuple[Change, ...] | None:
    changes = task.changes()
    try:
        check_changes(desk.strategy.schema, desk.piece.base, changes)
    except (ChangeError, FieldError):
        task.refuse(_("This does not fit together with the other changes in your draft."))
        return None
    return changes


def _keep(request: MemberRequest, desk: Desk, task: Task, changes: tuple[Change, ...]) -> Amendment:
    if desk.draft is not None:
        draft = desk.draft
        return revise_draft(
            amendment=draft, by=request.member, title=draft.title, rationale=draft.rationale, changes=changes
        )
    with translation.override(desk.strategy.language):
        title = _suggested_title(task)
    return draft_amendment(
        strategy=desk.strategy,
        by=request.member,
        title=title,
        rationale="",
        changes=changes,
        token=_token(request),
    )


def _suggested_title(task: Task) -> str:
    words = title_of(task.element)
    if task.verb == "add" and task.element_form is not None:
        words = str(task.element_form.cleaned_data.get("title") or words)
    sentence = {
        "revise": _("Change: %(title)s"),
        "add": _("New: %(title)s"),
        "move": _("Move: %(title)s"),
        "retire": _("Take out: %(title)s"),
    }[task.verb]
    return (sentence % {"title": words})[:200]


def _token(request: MemberRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


def _show(
    request: MemberRequest,
    desk: Desk,
    task: Task,
    *,
    changes: tuple[Change, ...] | None = None,
    partial: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "desk": desk,
        "task": task,
        "token": request.POST.get("token") or uuid.uuid4(),
        "here": request.get_full_path(),
        "actions": _actions(desk, task),
        "title": title_of(task.element),
        "drafts": [] if desk.draft else list(drafts_of(request.member)[:3]),
        "draft_query": urlencode({**request.GET.dict(), "draft": ""}),
        "strategy_notice": desk.strategy.notice_in(desk.piece.spoken),
        "invalid": request.method == "POST" and changes is None and "more" not in request.POST,
    }
    if changes is not None or partial:
        context |= shown(desk, [c for c in changes or () if c.key == task.own], tuple(changes or ()))
    if partial:
        return render(request, "strategy/_propose_preview.html", context)
    return render(request, "strategy/propose_element.html", context)


def shown(desk: Desk, part: list[Change], changes: tuple[Change, ...]) -> dict[str, Any]:
    """The redline of a part of the changes, and what others want there, for the templates."""
    tree = desk.piece.base
    elements = {**apply(tree, changes).elements, **tree.elements}
    rivals = find_rivals(desk.strategy, desk.newest, part, but=desk.draft.pk if desk.draft else None)
    schema, terms = desk.strategy.schema, desk.terms
    return {
        "changes": show_changes(part, elements, schema, terms),
        "previewed": True,
        "rivals": [
            {"amendment": rival.amendment, "conflicts": show_conflicts(rival.conflicts, elements, schema, terms)}
            for rival in rivals
        ],
    }


def _actions(desk: Desk, task: Task) -> list[dict[str, Any]]:
    """The other things that can be done to the same element."""
    if task.verb == "add":
        return []
    key = task.own
    possible = {
        "revise": _("Change its text and values"),
        "move": _("Move to another place"),
        "add": _("Add something below or after it"),
        "retire": _("Take out of the strategy"),
    }
    return [
        {"label": label, "url": propose_url(desk.draft, key, do), "current": do == task.verb}
        for do, label in possible.items()
        if not (is_provisional(key) and do in {"retire", "add"})
    ]


def propose_url(draft: Amendment | None, key: str, do: str = "revise", **more: str) -> str:
    query = {"element": key, **({} if do == "revise" else {"do": do}), **more}
    if draft is not None:
        query["draft"] = str(draft.pk)
    return f"{reverse('amendment-new')}?{urlencode(query)}"


def _choose_kind(request: MemberRequest, desk: Desk, key: str) -> HttpResponse:
    """Which kind of element is to be added, and where: below this one or after it."""
    tree, spoken = desk.piece.tree, desk.piece.spoken
    if key not in tree:
        raise Http404
    groups: list[tuple[str, list[tuple[Kind, dict[str, str]]]]] = [
        (_("Below “%(title)s”"), [(k, {}) for k in kinds_below(desk.strategy.schema, tree[key])]),
        (_("After “%(title)s”"), [(k, {"behind": "1"}) for k in kinds_behind(desk.strategy.schema, tree, key)]),
    ]
    context = {
        "desk": desk,
        "shown_key": "" if is_provisional(key) else key,
        "title": title_of(tree[key]),
        "groups": [
            {
                "title": title % {"title": title_of(tree[key])},
                "choices": [
                    {"label": kind.name(spoken), "url": propose_url(desk.draft, key, "add", kind=kind.slug, **more)}
                    for kind, more in kinds
                ],
            }
            for title, kinds in groups
            if kinds
        ],
        "back": propose_url(desk.draft, key),
        "strategy_notice": desk.strategy.notice_in(spoken),
    }
    return render(request, "strategy/propose_kind.html", context)


def _pick(request: MemberRequest, desk: Desk) -> HttpResponse:
    """Which element the change is about: by words, by key, or from the table of contents."""
    words = request.GET.get("q", "").strip()
    tree = desk.piece.tree
    found: list[str] = []
    if words:
        if words.upper() in tree:
            found.append(words.upper())
        hits = search.find(request.city.pk, words, kinds=["element", "rendition"], size=40)
        found += [key for hit in hits if (key := hit.thing.partition(":")[2]) in tree and key not in found]
    contents = [
        {"depth": depth, "key": element.key, "title": title_of(element), "url": propose_url(desk.draft, element.key)}
        for depth, element in tree.walk()
        if not is_provisional(element.key)
    ]
    context = {
        "desk": desk,
        "words": words,
        "found": [
            {
                "name": named(tree, key),
                "kind": desk.strategy.schema.kind(tree[key].kind).name(desk.piece.spoken),
                "url": propose_url(desk.draft, key),
            }
            for key in dict.fromkeys(found)
        ],
        "contents": contents,
        "drafts": [] if desk.draft else list(drafts_of(request.member)[:10]),
        "strategy_notice": desk.strategy.notice_in(desk.piece.spoken),
    }
    return render(request, "strategy/propose_pick.html", context)
