"""An edition's day has come: the search shows it, and the chronicle says so."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from kursbuch.chronicle.services import record, record_many
from kursbuch.kit import clock
from kursbuch.strategy.models import Amendment, Edition, State, Strategy
from kursbuch.strategy.queries import edition_on, load_edition
from kursbuch.strategy.services.draft_amendment import told_step
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
    due = [*strategy.editions.filter(ordinal__gt=strategy.searchable, ordinal__lte=edition.ordinal)]
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
    _tell_of_amendments(strategy, [one for one in due if one.was_adopted_ahead])
    return edition


def _tell_of_amendments(strategy: Strategy, editions: Sequence[Edition]) -> None:
    """At the adoption it was said that these wait for this day."""
    waited = Amendment.objects.filter(edition__in=editions, state=State.IN_FORCE).select_related("edition")
    told = []
    for amendment in waited.prefetch_related("changes").order_by("edition__ordinal", "place_in_edition"):
        amendment.strategy = strategy
        assert amendment.edition is not None  # noqa: S101 - what is in force has its edition
        told.append(told_step(amendment, "amendment_in_force", None, because=amendment.edition.thing))
    record_many(told)
