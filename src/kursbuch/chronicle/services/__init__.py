"""What can be done with the chronicle: write, seal, forget a person, follow, tell the followers."""

from kursbuch.chronicle.services.announce import announce_seals, keep_quiet
from kursbuch.chronicle.services.erase import erase_person
from kursbuch.chronicle.services.follow import follow, set_mode, unfollow
from kursbuch.chronicle.services.mailing import forget_mailings, gather_mailings, send_mailings
from kursbuch.chronicle.services.notify import send_notifications
from kursbuch.chronicle.services.record import Told, record, record_many
from kursbuch.chronicle.services.seal import seal_entries

__all__ = [
    "Told",
    "announce_seals",
    "erase_person",
    "follow",
    "forget_mailings",
    "gather_mailings",
    "keep_quiet",
    "record",
    "record_many",
    "seal_entries",
    "send_mailings",
    "send_notifications",
    "set_mode",
    "unfollow",
]
