"""What the worker does for the chronicle; each task may run twice or late without harm."""

from __future__ import annotations

from datetime import timedelta

from kursbuch.chronicle.models import Entry
from kursbuch.chronicle.services import forget_mailings, seal_entries, send_notifications
from kursbuch.kit.tasks import periodic


@periodic(every=timedelta(seconds=30))
def seal_chronicles() -> None:
    """Seal the new entries of every city, twice a minute."""
    for city_id in Entry.objects.filter(seal=None).values_list("city_id", flat=True).distinct():
        seal_entries(city_id)


@periodic(every=timedelta(minutes=1))
def tell_followers() -> None:
    """Send what is due at once, and digests in the minute after 7:00 or whenever the worker is back."""
    send_notifications()


@periodic(every=timedelta(days=1))
def forget_old_mailings() -> None:
    forget_mailings()
