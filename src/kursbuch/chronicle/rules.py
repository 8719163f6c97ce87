"""Who may do what with the chronicle."""

from __future__ import annotations

from kursbuch.chronicle.surroundings import Member

AUDITORS = frozenset({"editor", "admin"})


def may_read_audit_log(member: Member) -> bool:
    """See the entries that are not public and who is behind an office's act."""
    return member.role in AUDITORS


def may_follow(member: Member) -> bool:
    return member.is_signed_in
