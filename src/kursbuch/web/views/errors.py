"""Designed pages for what goes wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def _page(request: HttpRequest, status: int) -> HttpResponse:
    return HttpResponse(status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)
