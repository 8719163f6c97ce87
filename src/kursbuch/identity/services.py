"""What happens to accounts and memberships; every step is told to the chronicle."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop

from kursbuch.city.models import City, in_content_language
from kursbuch.identity.models import Membership, Role, User


@transaction.atomic
def join_city(*, user: User, city: City) -> Membership:
    """Makes a person a resident of a city the first time they come there signed in."""
    member, is_new = Membership.objects.get_or_create(user=user, city=city, defaults={"role": Role.RESIDENT})
    if is_new:
        from kursbuch.chronicle.services import record

        record(
            city_id=city.pk,
            verb="person_joined",
            thing="city",
            summary=in_content_language(city, gettext_noop("A person joined.")),
            actor=user,
            personal={"person": str(user.uid), "name": user.name, "role": member.role},
            public=False,
        )
    return member
