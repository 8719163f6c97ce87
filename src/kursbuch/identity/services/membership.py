"""Joining a city, and the roles people have in it."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_noop

from kursbuch.chronicle.services import record
from kursbuch.city.models import City, Office, in_content_language
from kursbuch.identity.models import Membership, Role, User


class LastAdminError(ValueError):
    """A city always keeps an administrator; the first argument is the city's name."""


class OfficeMissingError(ValueError):
    """Whoever works for an office has to say for which."""


class ForeignOfficeError(ValueError):
    """The office belongs to another city."""


@transaction.atomic
def join_city(*, user: User, city: City) -> Membership:
    """Makes a person a resident of a city the first time they come there signed in."""
    member, is_new = Membership.objects.get_or_create(user=user, city=city, defaults={"role": Role.RESIDENT})
    if is_new:
        record(
            city_id=city.pk,
            verb="person_joined",
            thing=f"person:{user.uid}",
            about=["city"],
            summary=in_content_language(city, gettext_noop("A person joined.")),
            actor=user,
            personal={"name": user.name, "role": member.role},
            public=False,
        )
    return member


@transaction.atomic
def change_role(
    *, member: Membership, actor: User | None, role: Role, office: Office | None = None, group: str = ""
) -> Membership:
    """Gives somebody a role, an office and a council group to speak for.

    Raises :class:`LastAdminError`, :class:`OfficeMissingError` or :class:`ForeignOfficeError`.
    """
    # Two administrators who depose each other at the same moment must not both succeed.
    city = City.objects.select_for_update().get(pk=member.city_id)
    member = Membership.objects.select_related("user", "office").get(pk=member.pk)
    if member.role == Role.ADMIN != role:
        require_another_admin(member)
    if role == Role.OFFICE and office is None:
        raise OfficeMissingError
    if office is not None and office.city_id != city.pk:
        raise ForeignOfficeError(office.slug)
    before = _rights(member)
    member.role, member.office, member.group = role, office, group
    if _rights(member) == before:
        return member
    member.save(update_fields=["role", "office", "group"])
    person = member.person
    record(
        city_id=city.pk,
        verb="role_changed",
        thing=f"person:{person.uid}",
        about=["city"],
        summary=in_content_language(city, gettext_noop("A person's role was changed.")),
        actor=actor,
        data={"before": before, "after": _rights(member)},
        personal={"name": person.name, "email": person.email},
        public=False,
    )
    return member


@transaction.atomic
def appoint_admin(*, city: City, email: str) -> bool:
    """For operators: makes an address an administrator, and says whether an account had to be made for it."""
    user = User.objects.filter(email__iexact=email).first()
    is_new = user is None
    if user is None:
        user = User.objects.create_user(email, None, language=city.content_language)
        # The operator vouches for the address; the password is set by way of it.
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    member = join_city(user=user, city=city)
    change_role(member=member, actor=None, role=Role.ADMIN, office=member.office, group=member.group)
    return is_new


def require_another_admin(member: Membership) -> None:
    others = Membership.objects.filter(city=member.city_id, role=Role.ADMIN, user__is_active=True)
    if not others.exclude(pk=member.pk).exists():
        raise LastAdminError(member.city.name)


def _rights(member: Membership) -> dict[str, str]:
    office = member.office.slug if member.office else ""
    return {"role": str(member.role), "office": office, "group": member.group}
