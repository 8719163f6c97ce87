"""Bringing a file in: upload, look at what would come in, confirm."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kursbuch.domain.framework.changes import diff
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.markup import to_plain
from kursbuch.domain.framework.schema import Schema
from kursbuch.domain.framework.summary import Summary, summarise
from kursbuch.identity.access import MemberRequest, requires
from kursbuch.identity.models import Membership
from kursbuch.kit.limits import TooMany
from kursbuch.strategy.documents.document import DocumentError, Problem, RenditionData
from kursbuch.strategy.documents.intake import Ground, Intake, Source, parse, take_in
from kursbuch.strategy.documents.messages import sentence
from kursbuch.strategy.documents.upload import Upload
from kursbuch.strategy.forms.importing import ReadingForm, UploadForm, kind_names
from kursbuch.strategy.models import Strategy
from kursbuch.strategy.queries.ground import ground_of
from kursbuch.strategy.rules import may_import
from kursbuch.strategy.services.import_into_strategy import NothingNew, Outdated, only_allowed, take_in_file
from kursbuch.strategy.services.import_strategy import AlreadyThere, import_strategy
from kursbuch.strategy.services.keep_upload import discard_upload, keep_upload, kept_upload, token_of
from kursbuch.strategy.views.renditions import language_name

PROBLEMS_SHOWN = 50
LINES_SHOWN = 400


@require_http_methods(["GET", "POST"])
@requires(may_import)
def import_file(request: MemberRequest) -> HttpResponse:
    """First step: the file. What is wrong with it as such is said here, all at once."""
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    more = 0
    if request.method == "POST" and form.is_valid():
        try:
            parse(form.upload)
            return redirect("import-preview", keep_upload(by=request.member, upload=form.upload))
        except DocumentError as error:
            problems, more = _shown(error.problems)
        except TooMany as reached:
            form.add_error(None, reached.message)
    has_strategy = Strategy.objects.filter(city=request.city).exists()
    context = {"form": form, "problems": problems, "more": more, "has_strategy": has_strategy}
    return render(request, "strategy/import.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "POST"])
@requires(may_import)
def preview_import(request: MemberRequest, reference: str) -> HttpResponse:
    """Second step: how it is read, and what would come in; "confirm" takes it in."""
    upload = kept_upload(by=request.member, reference=reference)
    if upload is None:
        messages.warning(request, _("This file is no longer here: it was taken in already, or a day has passed."))
        return redirect("import")
    if request.POST.get("step") == "discard":
        discard_upload(by=request.member, reference=reference)
        messages.info(request, _("The file has been deleted. Nothing was taken in."))
        return redirect("import")
    try:
        source = parse(upload)
    except DocumentError:  # it was sound when it was uploaded
        return redirect("import")
    strategy, ground = ground_of(request.city)
    form = ReadingForm(request.POST or None, source, ground, upload.name)
    sound = not form.is_bound or form.is_valid()
    page = _look(source, ground, form, request.member)
    if request.POST.get("step") == "confirm" and sound and page.intake is not None:
        done = _take(request, reference, strategy, page.intake, form)
        if done is not None:
            return done
    return _preview_page(request, upload, strategy, ground, form, page)


@dataclass
class _Look:
    """What reading the file comes to."""

    intake: Intake | None = None
    problems: tuple[Problem, ...] = ()
    summary: Summary | None = None


def _look(source: Source, ground: Ground, form: ReadingForm, by: Membership) -> _Look:
    try:
        intake = take_in(
            source,
            ground,
            form.reading(),
            head=form.head(),
            parent=form.parent,
            retire_missing=form.retire_missing,
        )
    except DocumentError as error:
        return _Look(problems=error.problems)
    summary = None
    if ground.base is not None:
        intake = only_allowed(intake, by)
        summary = summarise(diff(ground.base, intake.tree), ground.base, intake.tree)
    return _Look(intake, summary=summary)


def _take(
    request: MemberRequest, reference: str, strategy: Strategy | None, intake: Intake, form: ReadingForm
) -> HttpResponse | None:
    """The way to what it became, or nothing where it could not be taken in."""
    if strategy is None:
        if intake.document is None:
            return None
        try:
            import_strategy(city=request.city, document=intake.document, by=request.member.user)
        except AlreadyThere:
            messages.warning(request, _("Meanwhile the city has a strategy. Please look at what the file changes."))
            return redirect("import-preview", reference)
        messages.success(request, _("The strategy is here: this is its first edition."))
        done = redirect("strategy")
    else:
        base = form.ground.base
        if base is None:
            return None
        try:
            amendment = take_in_file(
                strategy=strategy,
                by=request.member,
                base=base,
                intake=intake,
                title=form.cleaned_data["title"],
                rationale=form.cleaned_data["rationale"],
                token=uuid.UUID(token_of(reference)),
            )
        except Outdated:
            messages.warning(request, _("Meanwhile a new edition was adopted. Please look at the preview again."))
            return redirect("import-preview", reference)
        except NothingNew:
            messages.info(request, _("The file says what the newest edition says. There is nothing to change."))
            return None
        if intake.offices or intake.renditions:
            messages.success(request, _("Offices and translations have been taken in."))
        if amendment is None:
            done = redirect("rendition-list" if intake.renditions else "desk")
        else:
            messages.success(request, _("The file is now a draft of yours. Nothing of it is public yet."))
            done = redirect(reverse("amendment", args=[amendment.pk]))
    discard_upload(by=request.member, reference=reference)
    return done


def _preview_page(
    request: MemberRequest,
    upload: Upload,
    strategy: Strategy | None,
    ground: Ground,
    form: ReadingForm,
    page: _Look,
) -> HttpResponse:
    problems, more = _shown(page.problems)
    intake = page.intake
    language = "en" if (get_language() or "de").startswith("en") else "de"
    context: dict[str, Any] = {
        "name": upload.name,
        "form": form,
        "strategy": strategy,
        "problems": problems,
        "more": more,
        "summary": page.summary,
    }
    if intake is not None:
        schema = intake.document.schema if intake.document else ground.schema
        counts = Counter(element.kind for _depth, element in intake.tree.walk())
        remarks = [sentence(remark) for remark in intake.remarks]
        unchanged = page.summary is not None and page.summary.is_empty
        at_once = bool(intake.offices or intake.renditions)
        context |= {
            "counts": kind_names(schema, ((kind, counts[kind]) for kind in schema.kinds if counts[kind]), language),
            "lines": _lines(intake.tree, ground.base, schema, language),
            "total": len(intake.tree),
            "remarks": remarks[:PROBLEMS_SHOWN],
            "more_remarks": max(0, len(remarks) - PROBLEMS_SHOWN),
            "brought_offices": [office.name for office in intake.offices],
            "brought_renditions": [_rendition_line(one, ground) for one in intake.renditions],
            "nothing": unchanged and not at_once,
            "only_at_once": unchanged and at_once,
        }
        if page.summary is not None:
            context["changed"] = {
                name: sum(getattr(page.summary, name).values()) for name in ("added", "revised", "moved", "retired")
            }
    status = 422 if form.is_bound and (problems or not form.is_valid()) else 200
    return render(request, "strategy/import_preview.html", context, status=status)


@dataclass(frozen=True)
class _Line:
    depth: int
    kind: str
    title: str
    fate: str  # "added", "revised", "moved", "retired" or ""


def _lines(tree: Tree, base: Tree | None, schema: Schema, language: str) -> list[_Line]:
    """The tree as it would be; onto a strategy that is there, only what changes."""
    fates = {} if base is None else _fates(base, tree)
    lines = []
    for where in (tree, base):
        for depth, element in where.walk() if where is not None else ():
            if base is not None and (element.key not in fates or (where is base and element.key in tree)):
                continue
            if where is base and base is not None and element.key in tree:
                continue
            text = to_plain(str(element.fields.get("title") or element.fields.get("text", "")))
            kind = schema.kinds[element.kind].name(language) if element.kind in schema.kinds else element.kind
            lines.append(_Line(min(depth, 5) if base is None else 0, kind, text[:120], fates.get(element.key, "")))
            if len(lines) >= LINES_SHOWN:
                return lines
    return lines


def _rendition_line(one: RenditionData, ground: Ground) -> tuple[str, str, str]:
    """Key, title in the original and the language it is rendered into."""
    element = ground.base[one.key] if ground.base is not None else None
    title = to_plain(str(element.fields.get("title") or element.fields.get("text", ""))) if element else ""
    return one.key, title[:120], language_name(one.language)


def _fates(base: Tree, tree: Tree) -> dict[str, str]:
    names = {"Add": "added", "Revise": "revised", "Move": "moved", "Retire": "retired"}
    fates: dict[str, str] = {}
    for change in diff(base, tree):
        fates.setdefault(change.key, names[type(change).__name__])
    return fates


def _shown(problems: tuple[Problem, ...]) -> tuple[list[str], int]:
    lines = [sentence(problem) for problem in problems]
    return lines[:PROBLEMS_SHOWN], max(0, len(lines) - PROBLEMS_SHOWN)
