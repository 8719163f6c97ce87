"""Editorial corrections: better wording of one element without new meaning, as a minor edition."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kursbuch.domain.framework.changes import Change, ChangeError, Revise
from kursbuch.domain.framework.schema import PROSE, FieldError
from kursbuch.identity.access import MemberRequest, requires
from kursbuch.strategy.forms.correction import CorrectionForm, ElementChoiceForm
from kursbuch.strategy.forms.wording import PartForm
from kursbuch.strategy.models import Strategy
from kursbuch.strategy.presentation import Terms, show_changes
from kursbuch.strategy.presentation.changes import title_of
from kursbuch.strategy.queries import LoadedEdition, latest_edition, load_edition
from kursbuch.strategy.queries.offices import office_names
from kursbuch.strategy.rules import may_correct
from kursbuch.strategy.services.adopt_edition import NothingToAdopt, Overtaken, correct_edition
from kursbuch.strategy.views.found import strategy_of


@requires(may_correct)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: MemberRequest) -> HttpResponse:
    """``?element=M013`` chooses the element; only its words can be corrected, never a number or a place."""
    strategy = strategy_of(request)
    newest = load_edition(latest_edition(strategy))
    key = request.GET.get("element", "").strip().upper()
    context: dict[str, Any] = {
        "strategy": strategy,
        "newest": newest.edition,
        "choice": ElementChoiceForm(newest.tree, key),
        "strategy_notice": strategy.notice_in(get_language() or "de"),
    }
    if not key:
        return render(request, "strategy/correct.html", context)
    if key not in newest.tree:
        raise Http404
    return _correct(request, strategy, newest, key, context)


def _correct(
    request: MemberRequest, strategy: Strategy, newest: LoadedEdition, key: str, context: dict[str, Any]
) -> HttpResponse:
    element = newest.tree[key]
    kind = strategy.schema.kind(element.kind)
    names = [spec.name for spec in kind.fields if spec.type in PROSE and spec.name in element.fields]
    sent = request.POST if request.method == "POST" else None
    words = PartForm(strategy.schema, kind, names, prefix="w", offices={}, fields=element.fields, data=sent)
    previewing = sent is not None and "preview" in sent
    start = {"expected": newest.edition.pk, "reason": sent.get("reason", "") if sent else ""}
    form = CorrectionForm(None if previewing else sent, initial=start)
    changes: list[Change] = []
    if sent is not None and words.is_valid():
        given = words.element_fields
        changes = [
            Revise(key, name, element.fields.get(name), given.get(name))
            for name in names
            if element.fields.get(name) != given.get(name)
        ]
        if not previewing and form.is_valid() and changes:
            done = _record(request, strategy, form, words, changes)
            if done is not None:
                return done
    terms = Terms(office_names(request.city.pk, get_language() or "de"))
    context |= {
        "key": key,
        "kind": kind.name(terms.spoken),
        "title": title_of(element),
        "words": words,
        "form": form,
        "changes": show_changes(changes, newest.tree.elements, strategy.schema, terms),
        "unchanged": sent is not None and not changes and not words.errors,
        "here": request.get_full_path(),
    }
    invalid = sent is not None and not previewing
    return render(request, "strategy/correct.html", context, status=422 if invalid else 200)


def _record(
    request: MemberRequest, strategy: Strategy, form: CorrectionForm, words: PartForm, changes: list[Change]
) -> HttpResponse | None:
    expected = strategy.editions.filter(pk=form.cleaned_data["expected"]).first()
    try:
        if expected is None:
            raise Overtaken(latest_edition(strategy))
        edition = correct_edition(
            strategy=strategy,
            by=request.member,
            changes=changes,
            reason=form.cleaned_data["reason"],
            expected=expected,
        )
    except Overtaken as error:
        data = request.POST.copy()
        data["expected"] = str(error.edition.pk)
        form.data = data
        form.add_error(
            None,
            _("Meanwhile edition %(number)s was recorded. Your words are still here; please check them and send again.")
            % {"number": error.edition.number},
        )
        return None
    except (ChangeError, FieldError, NothingToAdopt):
        words.add_error(None, _("These words cannot be taken."))
        return None
    messages.success(request, _("The correction is recorded as edition %(number)s.") % {"number": edition.number})
    return redirect("edition", edition.number)
