"""Pages of every kind that the page cache has to tell apart; each says how often it was rendered."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.vary import vary_on_headers

from kursbuch.config.urls import handler403, handler404, handler500
from kursbuch.config.urls import urlpatterns as site_urls

__all__ = ["handler403", "handler404", "handler500", "rendered", "urlpatterns"]

rendered: Counter[str] = Counter()


def plain(request: HttpRequest) -> HttpResponse:
    rendered["plain"] += 1
    return HttpResponse(f"rendered {rendered['plain']} for {request.META.get('HTTP_HX_REQUEST', 'all')}")


def same(request: HttpRequest) -> HttpResponse:
    rendered["same"] += 1
    return HttpResponse("always the same")


def form(request: HttpRequest) -> HttpResponse:
    rendered["form"] += 1
    return HttpResponse(get_token(request))


def cookie(request: HttpRequest) -> HttpResponse:
    rendered["cookie"] += 1
    response = HttpResponse("take this")
    response.set_cookie("mine", "1")
    return response


def session(request: HttpRequest) -> HttpResponse:
    rendered["session"] += 1
    request.session["seen"] = rendered["session"]
    return HttpResponse("remembered")


@never_cache
def private(request: HttpRequest) -> HttpResponse:
    rendered["private"] += 1
    return HttpResponse("for you")


@vary_on_headers("User-Agent")
def varied(request: HttpRequest) -> HttpResponse:
    rendered["varied"] += 1
    return HttpResponse("depends")


def stream(request: HttpRequest) -> StreamingHttpResponse:
    rendered["stream"] += 1
    return StreamingHttpResponse(iter([b"bit by bit"]))


def teapot(request: HttpRequest) -> HttpResponse:
    rendered["teapot"] += 1
    return HttpResponse("no", status=418)


def lasting(request: HttpRequest) -> HttpResponse:
    rendered["lasting"] += 1
    return HttpResponse("edition 1" * 1000, headers={"Cache-Control": "public, max-age=31536000", "ETag": '"digest"'})


def long(request: HttpRequest) -> HttpResponse:
    rendered["long"] += 1
    return HttpResponse("word after word " * 1000)


PAGES = [plain, long, same, form, cookie, session, private, varied, stream, teapot, lasting]
urlpatterns = [*(path(f"probe/{view.__name__}/", view) for view in PAGES), *site_urls]
