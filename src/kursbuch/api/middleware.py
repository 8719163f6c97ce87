"""Makes everything under /api/v1/ speak JSON to everybody: errors of all layers, other origins, nobody's cookies."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from kursbuch.api import problems

PREFIX = "/api/v1/"
METHODS = "GET, HEAD, OPTIONS"


class ApiMiddleware:
    """Outermost, so that whatever goes wrong inside, be it an unknown host name, is answered in JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = self._answer(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
        # The answer depends on the address alone, whatever the layers inside looked at.
        response["Vary"] = "Accept-Encoding"
        if response.status_code < 400 and response.has_header("Content-Language"):
            del response["Content-Language"]  # the page's, while an answer holds texts in many
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _options()
        if request.method not in ("GET", "HEAD"):
            refused = problems.answer(HTTPStatus.METHOD_NOT_ALLOWED, f"{request.method} is not possible here.")
            refused["Allow"] = METHODS
            return refused
        is_head = request.method == "HEAD"
        request.method = "GET"
        for name in ("HTTP_COOKIE", "HTTP_AUTHORIZATION"):  # whoever asks gets the same answer
            request.META.pop(name, None)
        response = _in_json(request, self.get_response(request))
        if is_head and isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response


def _options() -> HttpResponse:
    return HttpResponse(
        status=HTTPStatus.NO_CONTENT,
        headers={
            "Allow": METHODS,
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": "If-None-Match, Accept, Accept-Language",
            "Access-Control-Max-Age": "86400",
        },
    )


def _in_json(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Pages for errors, which other layers wrote for people, as problems."""
    if response.status_code < 400 or response.get("Content-Type", "").startswith(problems.CONTENT_TYPE):
        return response
    detail = ""
    if response.status_code == HTTPStatus.NOT_FOUND:
        has_city = hasattr(request, "city")
        detail = f"There is nothing under {request.path}." if has_city else "There is no city under this host name."
    problem = problems.answer(response.status_code, detail)
    if response.has_header("Retry-After"):
        problem["Retry-After"] = response["Retry-After"]
    # Django marks an answer whose failure is in the log; without the mark the same would stand there twice.
    problem._has_been_logged = getattr(response, "_has_been_logged", False)  # type: ignore[attr-defined]
    return problem
