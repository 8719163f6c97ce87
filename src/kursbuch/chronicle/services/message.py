"""Writes the e-mail about new entries, in the language of whom it is for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from kursbuch.chronicle import things
from kursbuch.chronicle.models import Entry, Mailing, Mode
from kursbuch.chronicle.queries import mode_of
from kursbuch.chronicle.unsubscribe import make_token
from kursbuch.kit import mail

MOST = 50  # entries in one mail


def send_news(mailing: Mailing, connection: BaseEmailBackend) -> bool:
    """Send the mail; False if its reader is gone or has switched e-mail off meanwhile. Raises NotSent."""
    user = mailing.user
    if not user.is_active or not user.email or mode_of(user.pk, mailing.city_id) == Mode.NONE:
        return False
    found = Entry.objects.filter(pk__in=mailing.notices.values("entry_id")).select_related("actor")
    entries = list(found.order_by("-pk"))
    site = site_of(mailing.city)
    with translation.override(user.language):
        unsubscribe = site + reverse("unsubscribe", args=[make_token(user.uid, mailing.city_id)])
        context: dict[str, Any] = {
            "city": mailing.city,
            "rows": [(entry, _link(site, entry.thing)) for entry in entries[:MOST]],
            "more": max(0, len(entries) - MOST),
            "digest": mailing.mode != Mode.AT_ONCE,
            "chronicle": site + reverse("chronicle"),
            "settings": site + reverse("notification-settings"),
            "unsubscribe": unsubscribe,
        }
        mail.send(
            user.email,
            _subject(mailing, entries),
            "chronicle/mail/news",
            context,
            user.language,
            message_id=mail.message_id("mailing", mailing.pk),
            unsubscribe_url=unsubscribe,
            sender=f"Kursbuch {mailing.city}",
            connection=connection,
        )
    return True


def site_of(city: Any) -> str:
    """Scheme and host name of a city's site, for links that leave it."""
    host = city.hosts.order_by("pk").values_list("name", flat=True).first() or "localhost"
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{'https' if settings.HTTPS else 'http'}://{host}{port}"


def _link(site: str, thing: str) -> str:
    path = things.address(thing) or reverse("timeline", args=[thing])
    return site + path


def _subject(mailing: Mailing, entries: list[Entry]) -> str:
    if len(entries) == 1:
        text = gettext("%(city)s: news about %(thing)s")
        return text % {"city": mailing.city, "thing": things.label(entries[0].thing)}
    text = ngettext("%(city)s: %(count)s news item", "%(city)s: %(count)s news items", len(entries))
    return text % {"city": mailing.city, "count": len(entries)}
