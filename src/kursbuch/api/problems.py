"""Errors as problem details (RFC 9457): the same shape wherever in the house an error comes from."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_noop as _

from kursbuch.api.schemas.base import FieldProblem
from kursbuch.api.schemas.base import Problem as ProblemSchema

CONTENT_TYPE = "application/problem+json"

# status -> (name in the type, title, what it means); shown on the documentation page
KINDS: Mapping[int, tuple[str, str, str]] = {
    400: ("bad-request", "Bad request", _("The request has a form that cannot be read.")),
    403: ("forbidden", "Forbidden", _("This may not be read without rights; the interface never needs any.")),
    404: ("not-found", "Not found", _("There is nothing under this address, or nothing on the day asked for.")),
    405: (
        "method-not-allowed",
        "Method not allowed",
        _("The interface only reads: GET, HEAD and OPTIONS."),
    ),
    410: ("gone", "Gone", _("The element was retired; replaced_by names what stands for it now.")),
    422: ("invalid", "Invalid parameters", _("A parameter has a wrong form; errors names each place.")),
    429: ("too-many-requests", "Too many requests", _("Wait as long as the header Retry-After says.")),
    500: ("server-error", "Server error", _("Something went wrong on our side.")),
}


class Problem(Exception):
    """Raised by operations; becomes the answer."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.more = more


def not_found(detail: str) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, detail)


def invalid(place: str, detail: str) -> Problem:
    return invalid_fields([(place, detail)])


def invalid_fields(errors: list[tuple[str, str]]) -> Problem:
    fields = [FieldProblem(place=place, detail=detail) for place, detail in errors]
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, " ".join(f"{place}: {text}" for place, text in errors), errors=fields
    )


def answer(status: int, detail: str, **more: Any) -> HttpResponse:
    known = status if status in KINDS else (500 if status >= 500 else 400)
    name, title, meaning = KINDS[known]
    problem = ProblemSchema(
        type=f"/api/#problem-{name}", title=title, status=int(status), detail=detail or meaning, **more
    )
    response = HttpResponse(problem.model_dump_json(exclude_unset=True), status=status, content_type=CONTENT_TYPE)
    response["Content-Language"] = "en"
    response["Cache-Control"] = "no-store" if status >= 500 else "no-cache"
    return response
