"""How answers are delivered: entity tags that cost no query, links to the next part, no parameter overlooked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache, wraps
from hashlib import blake2b
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from ninja.operation import Operation
from pydantic import BaseModel

from kursbuch.api import problems
from kursbuch.city.request import CityRequest
from kursbuch.kit import clock
from kursbuch.kit.client import counted_as
from kursbuch.kit.limits import ReadingLimit, TooMany

# In each process. What is kept, or known to the reader already, costs next to nothing and is not counted.
ANSWERS = ReadingLimit("api_answers", count=300, per=timedelta(minutes=1))
CACHE_CONTROL = "public, no-cache"  # keep it, but ask every time
View = Callable[..., Any]


def entity_tag(request: CityRequest) -> str:
    """Of all that an answer can depend on: what happened in the city, what was asked, the day, and our own version."""
    parts = (
        version_of_the_interface(),
        str(request.city.pk),
        str(request.city.revision),  # type: ignore[attr-defined]
        clock.today().isoformat(),
        request.get_host(),
        request.path,
        request.META.get("QUERY_STRING", ""),
    )
    return f'W/"{blake2b(repr(parts).encode(errors="surrogateescape"), digest_size=12).hexdigest()}"'


@cache
def version_of_the_interface() -> str:
    return version("kursbuch")


def conditional(run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Around an operation: what the reader has already is not read again; parameters nobody knows are refused."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]

    @wraps(run)
    def answer(request: CityRequest, **path: Any) -> HttpResponseBase:
        wrong = unknown_parameters(operation, request)
        if wrong:
            problem = problems.invalid_fields(wrong)
            return problems.answer(problem.status, problem.detail, **problem.more)
        tag = entity_tag(request)
        known = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
        if tag in known:
            return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": CACHE_CONTROL})
        try:
            ANSWERS.hit(f"{request.city.pk}/{counted_as(request)}")
        except TooMany as reached:
            return too_often(reached)
        response = run(request, **path)
        if response.status_code == 200:
            response["ETag"] = tag
            response["Cache-Control"] = CACHE_CONTROL
        return response

    return answer


def too_often(reached: TooMany) -> HttpResponse:
    detail = (
        f"At most {ANSWERS.count} answers a minute are put together for one reader. Come back in {reached.seconds} s."
    )
    refused = problems.answer(HTTPStatus.TOO_MANY_REQUESTS, detail)
    refused["Retry-After"] = str(reached.seconds)
    refused["Cache-Control"] = "no-store"
    return refused


def unknown_parameters(operation: Operation, request: HttpRequest) -> list[tuple[str, str]]:
    known = query_parameters(operation)
    wrong = [(f"query.{name}", "There is no such parameter.") for name in request.GET if name not in known]
    return wrong + [
        (f"query.{name}", "Give this parameter once only.")
        for name, values in request.GET.lists()
        if name in known and len(values) > 1
    ]


def query_parameters(operation: Operation) -> frozenset[str]:
    """Their names as they stand in addresses."""
    found: set[str] = set()
    for model in operation.models:
        if model.__ninja_param_source__ == "query":
            for name, field in model.model_fields.items():
                found.add(field.alias or name)
    return frozenset(found)


def as_json(view: View) -> View:
    """Around the function itself: its model becomes JSON in one step, without a second validation."""

    @wraps(view)
    def answer(request: HttpRequest, **given: Any) -> HttpResponse:
        result: BaseModel = view(request, **given)
        response = HttpResponse(result.model_dump_json(), content_type="application/json")
        following = getattr(result, "next", None)
        if following:
            response["Link"] = f'<{following}>; rel="next"'
        return response

    return answer


def next_address(request: HttpRequest, cursor: str) -> str:
    """The same question from the cursor on."""
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
