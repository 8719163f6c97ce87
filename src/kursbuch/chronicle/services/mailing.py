"""Puts waiting notices into e-mails and sends them.

Two steps, each taken once only. *Gathering* binds a person's waiting notices to a mailing in one transaction;
a notice is never in two. *Sending* claims the mailing by a conditional update, so that of several workers one
sends it. A worker that dies between claim and note leaves the mailing to be claimed again after a while: then
the same mail with the same Message-ID may go out a second time, which mail systems recognise, rather than
never. Nothing else is sent twice.
"""

from __future__ import annotations

import logging
import uuid
from datetime import date, datetime, time, timedelta
from smtplib import SMTPException

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone

from kursbuch.chronicle.models import Mailing, Mode, Notice, NotificationSetting
from kursbuch.chronicle.services.message import send_news
from kursbuch.kit import clock
from kursbuch.kit.mail import NotSent

DIGEST_HOUR = time(7)
RETRY_AFTER = timedelta(minutes=15)
MAX_ATTEMPTS = 200  # two days of a mail server that is down
KEEP = timedelta(days=90)

log = logging.getLogger(__name__)


def latest_digest(mode: Mode, now: datetime) -> datetime:
    """The last moment up to ``now`` at which a digest was due: 7:00 local time, weekly on Monday."""
    zone = timezone.get_default_timezone()

    def due_on(day: date) -> datetime:
        return datetime.combine(day, DIGEST_HOUR, tzinfo=zone)

    day = now.astimezone(zone).date()
    if now < due_on(day):
        day -= timedelta(days=1)
    if mode == Mode.WEEKLY:
        day -= timedelta(days=day.weekday())
    return due_on(day)


def gather_mailings(city_id: int) -> int:
    """Bind what is due to mailings, at most one a person; their number. However late this runs, a digest
    holds everything that waits."""
    waiting = Notice.objects.filter(city_id=city_id, mailing=None).values("user_id")
    first = dict(waiting.annotate(first=Min("created_at")).values_list("user_id", "first"))
    if not first:
        return 0
    settings = NotificationSetting.objects.filter(city_id=city_id, user_id__in=list(first))
    modes = dict(settings.values_list("user_id", "mode"))
    now = clock.now()
    made = 0
    for user_id, oldest in sorted(first.items()):
        mode = Mode(modes.get(user_id, Mode.AT_ONCE))
        if mode == Mode.AT_ONCE or (mode != Mode.NONE and oldest < latest_digest(mode, now)):
            made += _gather(city_id, user_id, mode)
    return made


def _gather(city_id: int, user_id: int, mode: Mode) -> bool:
    with transaction.atomic():
        mailing = Mailing.objects.create(city_id=city_id, user_id=user_id, mode=mode, created_at=clock.now())
        notices = Notice.objects.filter(city_id=city_id, user_id=user_id, mailing=None)
        if notices.update(mailing=mailing):
            return True
        mailing.delete()  # another worker was quicker
        return False


def send_mailings() -> int:
    """Send every mailing that nobody is sending; their number. A mail server that fails is asked again: what
    had its turn after a while, everything else at the next run."""
    now = clock.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - RETRY_AFTER)
    unsent = Mailing.objects.filter(free, sent_at=None, given_up_at=None).order_by("created_at")
    keys = list(unsent.values_list("pk", flat=True))
    if not keys:
        return 0
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        log.warning("mail server cannot be reached: %s", type(error).__name__)
        return 0
    sent = 0
    try:
        for key in keys:
            if unsent.filter(pk=key).update(claimed_at=now, attempts=F("attempts") + 1):
                sent += _send(key, connection)
    except NotSent:  # the next mail would hardly fare better
        pass
    finally:
        connection.close()
    return sent


def _send(key: uuid.UUID, connection: BaseEmailBackend) -> bool:
    mailing = Mailing.objects.select_related("user", "city").get(pk=key)
    rows = Mailing.objects.filter(pk=key)
    try:
        sent = send_news(mailing, connection)
    except NotSent as error:
        if error.permanent or mailing.attempts >= MAX_ATTEMPTS:
            rows.update(given_up_at=clock.now())
        if error.permanent:  # the fault of this address alone
            return False
        raise
    rows.update(**{"sent_at" if sent else "given_up_at": clock.now()})
    return sent


def forget_mailings() -> int:
    """Delete what was settled long ago: who was told of what is nobody's business for ever."""
    limit = clock.now() - KEEP
    old = Mailing.objects.filter(Q(sent_at__lt=limit) | Q(given_up_at__lt=limit))
    deleted, _kinds = old.delete()
    return deleted
