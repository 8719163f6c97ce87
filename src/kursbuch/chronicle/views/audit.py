"""The audit log for the strategy office and administrators, as a page and as a table to take along."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kursbuch.chronicle import bodies, queries, rules, verbs
from kursbuch.chronicle.forms import AuditForm
from kursbuch.chronicle.models import Entry
from kursbuch.chronicle.queries.timeline import cut
from kursbuch.chronicle.surroundings import CityRequest
from kursbuch.chronicle.views.timeline import cursor
from kursbuch.kit import clock

PAGE_SIZE = 50
CHUNK = 1000


def for_auditors(view: Callable[[CityRequest], HttpResponseBase]) -> Callable[[CityRequest], HttpResponseBase]:
    """Only for those who may read the log, with their second factor."""

    @wraps(view)
    def guarded(request: CityRequest) -> HttpResponseBase:
        if not request.member.is_signed_in:
            back = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('account_login')}?{back}")
        if not rules.may_read_audit_log(request.member):
            raise PermissionDenied
        if not (settings.DEMO or request.member.has_second_factor):
            return redirect("mfa_index")
        return view(request)

    return guarded


@require_safe
@for_auditors
def audit_log(request: CityRequest) -> HttpResponse:
    form = AuditForm(request.GET)
    rows = queries.audit_log(request.city.pk, form.wanted())
    before = cursor(request)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    given = request.GET.copy()
    given.pop("before", None)
    context = {
        "form": form,
        "page": cut(rows, PAGE_SIZE),
        "is_first": before is None,
        "is_filtered": any(given.values()),
        "filters": given.urlencode(),
    }
    return render(request, "chronicle/audit_log.html", context)


class _Line:
    """A file to which the CSV writer writes and that hands each line on."""

    def write(self, text: str) -> str:
        return text


@require_safe
@for_auditors
def export(request: CityRequest) -> StreamingHttpResponse:
    """The filtered log as CSV, line by line, however long it is."""
    rows = queries.audit_log(request.city.pk, AuditForm(request.GET).wanted())
    lines = _table(rows.iterator(chunk_size=CHUNK))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"{request.city.slug}-{clock.today().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="audit-log-{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _table(rows: Iterable[Entry]) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";")
    yield "\ufeff"  # spreadsheets recognise UTF-8 by it
    yield writer.writerow(
        [
            _("Number"),
            _("Time"),
            _("Who"),
            _("On behalf of"),
            _("Verb"),
            _("What"),
            _("Thing"),
            _("Because of"),
            _("Summary"),
            _("Public"),
            _("Data"),
            _("Personal data"),
            _("Seal"),
            _("Digest"),
        ]
    )
    for entry in rows:
        yield writer.writerow([_cell(value) for value in _values(entry)])


def _values(entry: Entry) -> list[object]:
    return [
        entry.pk,
        timezone.localtime(entry.at).isoformat(timespec="seconds"),
        entry.person_name,
        bodies.in_words(entry.on_behalf_of),
        entry.verb,
        verbs.phrase(entry.verb),
        entry.thing,
        entry.because,
        entry.summary,
        _("yes") if entry.public else _("no"),
        json.dumps(entry.data, ensure_ascii=False) if entry.data else "",
        json.dumps(entry.personal, ensure_ascii=False) if entry.personal else "",
        entry.seal.number if entry.seal else "",
        entry.digest,
    ]


def _cell(value: object) -> object:
    """Text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
