"""Reads people and their memberships."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from kursbuch.city.models import City
from kursbuch.identity.models import Membership, MembershipQuerySet, User, second_factors


def membership_of(user: User, city: City) -> Membership | None:
    """A person's membership with office and second factor: one query, none for the person and the city."""
    member = Membership.objects.filter(user=user, city=city).select_related("office").with_second_factor().first()
    if member is not None:
        member.user = user
        member.city = city
    return member


def people_of(city: City, *, text: str = "", role: str = "") -> MembershipQuerySet:
    """The people of a city by e-mail address; ``text`` is looked for in address and name."""
    people = Membership.objects.filter(city=city).select_related("user", "office").order_by("user__email")
    if text:
        people = people.filter(Q(user__email__icontains=text) | Q(user__name__icontains=text))
    return people.filter(role=role) if role else people


def second_factors_of(user: User) -> QuerySet[Authenticator]:
    return second_factors(user.pk)
