"""Serves public pages from memory while the city's revision has not moved.

Exact, and without a line of invalidation anywhere else: a page is kept under the revision that was read *before* it
was rendered, so it can be newer than its revision but never older. The day is part of the name as well, because an
edition takes effect at midnight without anybody doing anything.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import cast

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase, ResponseHeaders
from django.utils.cache import patch_vary_headers

from kursbuch.city.queries import CityRow, city_row
from kursbuch.kit import clock

# The language is in the path, so Accept-Language (which Django names all the same) changes nothing.
KNOWN_VARIATIONS = {"cookie", "hx-request", "accept-language"}
NOT_KEPT = {"date", "vary"}
ALSO_ON_NOT_MODIFIED = ("ETag", "Cache-Control", "Vary", "Content-Location", "Expires", "Last-Modified")
UNWRITTEN = {"Content-Type": "text/html; charset=utf-8"}
WORTH_PACKING = 1024  # bytes
PACKED = ".gz"
OVERHEAD = 2048  # bytes of the headers and of the entry itself, about


@dataclass(frozen=True, slots=True)
class Page:
    """A kept response, as it leaves the outermost middleware: with every header of security, too."""

    content: bytes
    headers: ResponseHeaders
    tag: str  # the entity tag without W/, as it stands in If-None-Match

    def __len__(self) -> int:
        return len(self.content) + OVERHEAD


class KeptResponse(HttpResponse):
    """An answer from memory. The headers were written once; writing each anew would cost more than all the rest."""

    def __init__(self, page: Page, content: bytes) -> None:
        super().__init__(content, headers=UNWRITTEN)
        self.headers = copy_headers(page.headers)


class PageCacheMiddleware:
    """Outermost: a page that is kept costs one query, that for the city and its revision, and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        if settings.SESSION_COOKIE_NAME in meta.get("HTTP_COOKIE", "") or "HTTP_AUTHORIZATION" in meta:
            return forbid_keeping(self.get_response(request))
        if request.method not in ("GET", "HEAD") or request.path_info.startswith(settings.STATIC_URL):
            return self.get_response(request)
        row = city_row(request)
        if row is None:
            return self.get_response(request)
        pages, key = caches["pages"], page_key(request, row)
        page: Page | None = pages.get(key)
        if page is None:
            response = self.get_response(request)
            if not is_public_page(request, response):
                return forbid_keeping(response) if response.cookies else response
            page = page_of(cast(HttpResponse, response))  # it does not stream
            if request.method == "GET":
                pages.set(key, page)
        elif "gzip" in meta.get("HTTP_ACCEPT_ENCODING", "") and len(page.content) >= WORTH_PACKING:
            page = pages.get(key + PACKED) or pack(page, key)
        return answer(request, page)


def page_key(request: HttpRequest, city: CityRow) -> str:
    """Everything an anonymous page may depend on; hashed, as a path may be long and of any characters."""
    meta = request.META
    parts = (
        f"{city.pk} {city.revision} {clock.today()} {request.scheme} {'HTTP_HX_REQUEST' in meta}",
        meta.get("HTTP_HOST", ""),
        request.path,
        meta.get("QUERY_STRING", ""),
    )
    return blake2b("\n".join(parts).encode(errors="surrogateescape"), digest_size=20).hexdigest()


def is_public_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Would everybody else have got the very same?"""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):  # a form with somebody's token
        return False
    session = getattr(request, "session", None)
    if session is not None and session.modified:
        return False
    control = response.get("Cache-Control", "")
    if "no-store" in control or "private" in control:
        return False
    variations = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    return variations <= KNOWN_VARIATIONS


def page_of(response: HttpResponse) -> Page:
    content = response.content
    headers = ResponseHeaders({name: value for name, value in response.items() if name.lower() not in NOT_KEPT})
    # Of the content, not of the revision: most changes leave most pages as they are.
    headers.setdefault("ETag", f'W/"{blake2b(content, digest_size=12).hexdigest()}"')
    headers.setdefault("Cache-Control", "no-cache")  # keep it, but ask every time
    headers.setdefault("Content-Length", str(len(content)))
    headers["Vary"] = "Cookie, HX-Request, Accept-Encoding"
    return Page(content, headers, headers["ETag"].removeprefix("W/"))


def pack(page: Page, key: str) -> Page:
    """The page compressed, when it is asked for the second time: whoever comes first waits for the page alone.

    What everybody gets holds no secret, so nothing can be guessed from the length of the compressed page.
    """
    if page.headers.get("Content-Encoding") or not page.tag.startswith('"') or "W/" not in page.headers["ETag"]:
        return page  # packed already, or promised byte by byte
    content = gzip.compress(page.content, compresslevel=6, mtime=0)
    headers = copy_headers(page.headers)
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(content))
    packed = Page(content, headers, page.tag)
    caches["pages"].set(key + PACKED, packed)
    return packed


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if known and page.tag in known:
        kept = {name: page.headers[name] for name in ALSO_ON_NOT_MODIFIED if name in page.headers}
        return HttpResponseNotModified(headers=kept)
    return KeptResponse(page, b"" if request.method == "HEAD" else page.content)


def copy_headers(headers: ResponseHeaders) -> ResponseHeaders:
    """The same headers once more; they are known to be well formed."""
    copied = ResponseHeaders({})
    copied._store.update(headers._store)
    return copied


def forbid_keeping(response: HttpResponseBase) -> HttpResponseBase:
    """What one person was shown is for nobody else, nor for the next person at the same computer."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, ("Cookie",))
    return response
