"""Opens views to those who may use them: sign-in, rules, and the second factor of staff."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kursbuch.city.request import CityRequest
from kursbuch.identity.models import Membership

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

P = ParamSpec("P")


class MemberRequest(CityRequest):
    """What every view gets: the city and the person's membership in it."""

    member: Membership


View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]
Rule = Callable[[Membership], bool]


def signed_in(view: View[P]) -> View[P]:
    """Whoever is not signed in signs in first and then comes back."""

    @wraps(view)
    def guarded(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return sign_in_page(request) or view(request, *args, **kwargs)

    return guarded


def requires(rule: Rule) -> Callable[[View[P]], View[P]]:
    """Those to whom ``rule`` does not apply get the page "not allowed", visitors the sign-in; staff need
    their second factor."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not rule(request.member):
                away = sign_in_page(request)
                if away is None:
                    raise PermissionDenied
                return away
            return second_factor_page(request) or view(request, *args, **kwargs)

        return guarded

    return decorate


def sign_in_page(request: MemberRequest) -> HttpResponse | None:
    """The way to the sign-in, or nothing for those who are signed in."""
    if request.member.is_signed_in:
        return None
    # A form that was sent is not sent again after signing in: come back to the page it was on.
    back = request.get_full_path() if request.method in SAFE_METHODS else request.path
    return _send_to(request, f"{reverse('account_login')}?{urlencode({'next': back})}")


def second_factor_page(request: MemberRequest) -> HttpResponse | None:
    """The way to the second factor for staff who have none, with the reason; else nothing."""
    if settings.DEMO or not request.member.is_staff or request.member.has_second_factor:
        return None
    messages.warning(
        request,
        _(
            "Staff protect their account with a second factor. Please set up a passkey or "
            "one-time codes first; then you can go on."
        ),
    )
    return _send_to(request, reverse("mfa_index"))


def _send_to(request: MemberRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):  # a part of a page was asked for: the whole page has to go
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
