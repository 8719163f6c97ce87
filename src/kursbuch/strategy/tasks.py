"""What the strategy does by itself, by the clock."""

from __future__ import annotations

from datetime import timedelta

from kursbuch.kit.tasks import periodic
from kursbuch.strategy.models import Strategy
from kursbuch.strategy.services.bring_into_force import bring_into_force
from kursbuch.strategy.services.keep_upload import purge_uploads


@periodic(every=timedelta(minutes=10))
def bring_due_editions_into_force() -> None:
    """An edition holds from midnight by itself; this brings the search and the chronicle after it."""
    for strategy in Strategy.objects.order_by("pk"):
        bring_into_force(strategy=strategy)


@periodic(every=timedelta(hours=1))
def purge_abandoned_uploads() -> None:
    """Files that were uploaded for a preview and neither taken in nor given up."""
    purge_uploads()
