"""Gives every request the person's membership in the city it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from kursbuch.identity.access import SAFE_METHODS, MemberRequest, second_factor_page
from kursbuch.identity.models import Membership, User
from kursbuch.identity.queries import membership_of
from kursbuch.identity.services import join_city


class MemberMiddleware:
    """Sets ``request.member``, loaded when first asked for: a page that does not ask costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member = SimpleLazyObject(lambda: load_member(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Staff write nothing before they have a second factor, whatever the view."""
        if request.method in SAFE_METHODS or settings.DEMO or is_about_own_account(request):
            return None
        return second_factor_page(cast(MemberRequest, request))


def load_member(request: HttpRequest) -> Membership:
    """The person's membership; the first time somebody comes to a city signed in, they join as a resident."""
    city = cast(MemberRequest, request).city
    # Without a session's cookie nobody can be signed in, unless this very request signs somebody in.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and not request.session.modified:
        return Membership.visitor(city)
    if not request.user.is_authenticated:
        return Membership.visitor(city)
    user = cast(User, request.user._wrapped if hasattr(request.user, "_wrapped") else request.user)
    return membership_of(user, city) or join_city(user=user, city=city)


def is_about_own_account(request: HttpRequest) -> bool:
    """Signing in and out, setting up the second factor itself, and leaving."""
    match = request.resolver_match
    name = (match.url_name or "") if match is not None else ""
    return name.startswith(("account_", "mfa_")) or name in {"own-data", "account-delete"}
