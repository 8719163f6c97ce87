"""The audit log: every entry of a city, also those that are not public, filtered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from kursbuch.chronicle.models import Entry, Mention


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for; whatever is left empty does not narrow the search. Both days are included."""

    verb: str = ""
    person: str = ""  # part of a name or an e-mail address
    thing: str = ""
    since: date | None = None
    until: date | None = None


def audit_log(city_id: int, wanted: AuditFilter) -> QuerySet[Entry]:
    """Matching entries, the newest first, with actor and seal."""
    rows = Entry.objects.of(city_id).select_related("actor", "seal").order_by("-pk")
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.person:
        name = Q(actor__name__icontains=wanted.person) | Q(actor__email__icontains=wanted.person)
        rows = rows.filter(name)
    if wanted.thing:
        mentioned = Mention.objects.filter(city_id=city_id, thing=wanted.thing)
        rows = rows.filter(pk__in=mentioned.values("entry_id"))
    if wanted.since:
        rows = rows.filter(at__gte=_start_of(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=_start_of(wanted.until + timedelta(days=1)))
    return rows


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())
