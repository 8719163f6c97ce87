"""Reads of the chronicle: timelines, the audit log, what a person follows, and the check of its seals."""

from kursbuch.chronicle.queries.audit import AuditFilter, audit_log
from kursbuch.chronicle.queries.follows import followed_things, is_following, mode_of
from kursbuch.chronicle.queries.timeline import Page, latest_seal, timeline
from kursbuch.chronicle.queries.verify import Problem, verify_chronicle

__all__ = [
    "AuditFilter",
    "Page",
    "Problem",
    "audit_log",
    "followed_things",
    "is_following",
    "latest_seal",
    "mode_of",
    "timeline",
    "verify_chronicle",
]
