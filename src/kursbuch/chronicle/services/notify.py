"""From sealed entries to sent e-mails, in the order in which that has to happen."""

from __future__ import annotations

from kursbuch.chronicle.models import Notice, Seal
from kursbuch.chronicle.services.announce import announce_seals
from kursbuch.chronicle.services.mailing import gather_mailings, send_mailings


def send_notifications() -> int:
    """Announce new seals, gather what is due and send it, for all cities; the number of e-mails sent.

    May run as often, as late and as many times at once as it likes: each entry reaches each follower once.
    """
    for city_id in Seal.objects.filter(announced_at=None).values_list("city_id", flat=True).distinct():
        announce_seals(city_id)
    for city_id in Notice.objects.filter(mailing=None).values_list("city_id", flat=True).distinct():
        gather_mailings(city_id)
    return send_mailings()
