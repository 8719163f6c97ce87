"""Puts /api/v1 together: its operations, how answers are delivered, and what becomes of errors."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import ValidationError

from kursbuch.api import problems
from kursbuch.api.delivery import as_json, conditional
from kursbuch.api.openapi import ABOUT, TITLE, Interface
from kursbuch.api.operations import amendments, chronicle, differences, elements, strategy

VERSION = "1.0.0"

interface = Interface(title=TITLE, version=VERSION, description=ABOUT, docs_url=None, urls_namespace="api")
for module in (strategy, elements, differences, amendments, chronicle):
    interface.add_router("", module.router)
interface.add_decorator(as_json, mode="operation")
interface.add_decorator(conditional, mode="view")


def on_problem(request: HttpRequest, problem: Any) -> HttpResponse:
    return problems.answer(problem.status, problem.detail, **problem.more)


def on_missing(request: HttpRequest, error: Any) -> HttpResponse:
    return problems.answer(404, "")


def on_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """A key or number that cannot be one names nothing; anything else is a mistake in a parameter."""
    found = [(".".join(map(str, one["loc"])), str(one["msg"])) for one in error.errors]
    if any(place.startswith("path.") for place, _ in found):
        return problems.answer(404, f"There is nothing under {request.path}.")
    problem = problems.invalid_fields(found)
    return problems.answer(problem.status, problem.detail, **problem.more)


def on_failure(request: HttpRequest, error: Any) -> HttpResponse:
    """Django reports it; ApiMiddleware puts it into words."""
    raise error


interface.add_exception_handler(problems.Problem, on_problem)
interface.add_exception_handler(Http404, on_missing)
interface.add_exception_handler(ValidationError, on_invalid)
interface.add_exception_handler(Exception, on_failure)
