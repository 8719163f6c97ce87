"""What can be done with the chronicle: write, seal, forget a person, follow, tell the followers."""

from kursbuch.chronicle.services.erase import erase_person
from kursbuch.chronicle.services.record import record
from kursbuch.chronicle.services.seal import seal_entries

__all__ = ["erase_person", "record", "seal_entries"]
