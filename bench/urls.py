"""Kursbuch's addresses and an empty view to compare them with."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from kursbuch.config.urls import handler400, handler403, handler404, handler500
from kursbuch.config.urls import urlpatterns as pages

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def empty(request: HttpRequest) -> HttpResponse:
    """Does nothing, and is not kept: the page cache must not answer in its place."""
    return HttpResponse(headers={"Cache-Control": "no-store", "Content-Length": "0"})


urlpatterns = [path("bench/empty/", empty), path("bench/bare/", empty), *pages]
