"""Finds what an address names within the request's city, or answers 404."""

from __future__ import annotations

from django.http import Http404

from kursbuch.identity.access import MemberRequest
from kursbuch.strategy.models import Amendment, Strategy
from kursbuch.strategy.queries.amendments import find_amendment
from kursbuch.strategy.rules import may_see_amendment


def strategy_of(request: MemberRequest) -> Strategy:
    strategy = Strategy.objects.filter(city=request.city).first()
    if strategy is None:
        raise Http404
    return strategy


def amendment_of(request: MemberRequest, number: int) -> Amendment:
    amendment = find_amendment(request.city, number)
    if amendment is None or not may_see_amendment(request.member, amendment):
        raise Http404
    return amendment
