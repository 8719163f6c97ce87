"""Editions and redlines as files to take away."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kursbuch.identity.access import MemberRequest
from kursbuch.kit.client import counted_as
from kursbuch.kit.limits import TooMany
from kursbuch.strategy.models import Edition
from kursbuch.strategy.queries.downloads import (
    CONTENT_TYPES,
    LANGUAGES,
    Download,
    edition_file,
    redline_file,
)

ALIASES = {"md": "markdown", "yml": "yaml"}


@require_safe
def edition_download(request: MemberRequest, number: str, format: str) -> HttpResponseBase:  # noqa: A002
    format_ = ALIASES.get(format, format)
    if format_ not in CONTENT_TYPES:
        raise Http404
    return _answer(request, edition_file(request.city, _edition(request, number), format_, _language(request)))


@require_safe
def compare_pdf(request: MemberRequest, before: str, after: str) -> HttpResponseBase:
    file = redline_file(request.city, _edition(request, before), _edition(request, after), "pdf", _language(request))
    return _answer(request, file)


def _edition(request: MemberRequest, number: str) -> Edition:
    editions = Edition.objects.select_related("strategy", "decision")
    return get_object_or_404(editions, strategy__city=request.city, number=number)


def _language(request: MemberRequest) -> str:
    """That of the page, or plain language where asked for."""
    asked = request.GET.get("sprache") or get_language() or "de"
    if asked not in LANGUAGES:
        raise Http404
    return asked


def _answer(request: MemberRequest, file: Download) -> HttpResponseBase:
    etag = quote_etag(file.tag)
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        try:
            content = file.content(asked_by=counted_as(request))
        except TooMany as reached:
            page = render(request, "strategy/too_often.html", {"message": reached.message}, status=429)
            page["Retry-After"] = str(reached.seconds)
            return page
        answer = FileResponse(
            io.BytesIO(content), content_type=file.content_type, as_attachment=True, filename=file.filename
        )
        if request.method == "HEAD":
            answer = HttpResponse(headers=dict(answer.items()))
    answer.headers["ETag"] = etag
    # streamed past the memory of pages, which is not for files; the disk keeps them
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer
