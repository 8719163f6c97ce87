"""An edition's day has come: the search shows it, and the chronicle says so."""

from __future__ import annotations

from django.db import transaction

from kursbuch.chronicle.services import record
from kursbuch.kit import clock
from kursbuch.strategy.models import Edition, Strategy
from kursbuch.strategy.queries import edition_on, load_edition
from kursbuch.strategy.services.index_edition import index_edition


@transaction.atomic
def bring_into_force(*, strategy: Strategy) -> Edition | None:
    """Does what is due today and nothing if it was done: run at every adoption and soon after midnight.

    Returns the edition that came into force now, if one did.
    """
    strategy = Strategy.objects.select_for_update().get(pk=strategy.pk)
    edition = edition_on(strategy, clock.today())
    if edition is None or edition.ordinal <= strategy.searchable:
        return None
    since = strategy.editions.filter(ordinal=strategy.searchable).first()
    index_edition(load_edition(edition), since)
    strategy.searchable = edition.ordinal
    strategy.save(update_fields=["searchable"])
    record(
        city_id=strategy.city_id,
        verb="edition_in_force",
        thing=edition.thing,
        summary=strategy.title,
        data={"in_force_from": edition.in_force_from.isoformat()},
    )
    return edition
