"""Reads people and their memberships."""

from __future__ import annotations

from django.db.models import QuerySet

from kursbuch.city.models import City
from kursbuch.identity.models import Membership, User


def membership_of(user: User, city: City) -> Membership | None:
    """A person's membership with office and second factor: one query, none for the person and the city."""
    member = Membership.objects.filter(user=user, city=city).select_related("office").with_second_factor().first()
    if member is not None:
        member.user = user
        member.city = city
    return member


def people_of(city: City) -> QuerySet[Membership]:
    return Membership.objects.filter(city=city).select_related("user", "office").order_by("user__email")
