"""Designed pages for what goes wrong: what happened, and what one can do now."""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

# Where not even the page for errors can be rendered (a missing static file, a broken translation).
LAST_RESORT = """<!doctype html><html lang="de"><meta charset="utf-8"><title>Fehler 500</title>
<h1>Bei uns ist etwas schiefgegangen</h1><p>Bitte laden Sie die Seite in einer Minute neu.</p>
<h2 lang="en">Something went wrong on our side</h2><p lang="en">Please load the page again in a minute.</p></html>"""

PROTECTED = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        HTTPStatus.BAD_REQUEST,
        _("We could not make sense of this request"),
        _("Something in the address or in what was sent has a form that we cannot read."),
        [_("Check the address for typing errors."), _("Go back and try again.")],
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    signed_in = getattr(getattr(request, "member", None), "is_signed_in", False)
    return _page(
        request,
        HTTPStatus.FORBIDDEN,
        _("You may not do this here"),
        _("Your account has no right to this page or this step.")
        if signed_in
        else _("This page is only for people who are signed in and have the right to it."),
        [_("If you think you should have this right, ask the strategy office of your city.")]
        if signed_in
        else [_("Sign in and try again.")],
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        HTTPStatus.NOT_FOUND,
        _("There is no such page"),
        _("Under this address there is nothing, and as far as we know there never was."),
        [_("Check the address for typing errors.")],
    )


def server_error(request: HttpRequest) -> HttpResponse:
    # If the outermost layer failed, no other has found the language or protected the page.
    language = translation.get_language_from_path(request.path_info) or translation.get_language()
    try:
        with translation.override(language):
            page: str = render_to_string("web/500.html")
    except Exception:  # whatever it is, the reader gets an answer
        logger.exception("the page for errors could not be rendered")
        page = LAST_RESORT
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR, headers=PROTECTED)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its secret: mostly cookies are off, or the page lay open for too long."""
    cookies_off = reason == REASON_NO_CSRF_COOKIE
    return _page(
        request,
        HTTPStatus.FORBIDDEN,
        _("The form could not be accepted"),
        _("Your browser did not send the cookie that protects this form against misuse.")
        if cookies_off
        else _("The form was open for too long, or you signed in or out in another window meanwhile."),
        [
            *([_("Allow cookies for this site.")] if cookies_off else []),
            _("Go back, load the page again and send the form once more. Copy longer texts first."),
        ],
    )


def _page(
    request: HttpRequest, status: HTTPStatus, heading: str, what_happened: str, what_to_do: list[str]
) -> HttpResponse:
    context = {
        "status": int(status),
        "heading": heading,
        "what_happened": what_happened,
        "what_to_do": what_to_do,
    }
    return render(request, "web/error.html", context, status=status)
