"""Who somebody is in a city: the predicates on a membership that every rule elsewhere builds on."""

from __future__ import annotations

from kursbuch.identity.models import Membership, Role


def is_signed_in(member: Membership) -> bool:
    return member.is_signed_in


def is_staff(member: Membership) -> bool:
    """Works for the city: an office, the strategy office, the council's clerk or an administrator."""
    return member.is_staff


def is_office(member: Membership) -> bool:
    return member.role == Role.OFFICE


def is_editor(member: Membership) -> bool:
    """Looks after the strategy as a whole."""
    return member.role == Role.EDITOR


def is_clerk(member: Membership) -> bool:
    """Records what the council has decided."""
    return member.role == Role.CLERK


def is_admin(member: Membership) -> bool:
    return member.role == Role.ADMIN


def may_manage_city(member: Membership) -> bool:
    """Look, texts, languages and offices."""
    return is_admin(member)


def may_manage_people(member: Membership) -> bool:
    """Roles, offices and council groups of people."""
    return is_admin(member)


def may_read_audit_log(member: Membership) -> bool:
    return is_editor(member) or is_admin(member)
