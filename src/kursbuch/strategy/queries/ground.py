"""What a file is laid over: the newest edition's tree with the strategy's schema, or nothing yet."""

from __future__ import annotations

from kursbuch.city.models import City
from kursbuch.strategy.documents.intake import Ground
from kursbuch.strategy.models import Strategy
from kursbuch.strategy.queries.publication import offices_of, renditions_of
from kursbuch.strategy.queries.tree import latest_edition, load_edition


def ground_of(city: City) -> tuple[Strategy | None, Ground]:
    strategy = Strategy.objects.filter(city=city).first()
    if strategy is None:
        return None, Ground(offices=offices_of(city))
    loaded = load_edition(latest_edition(strategy))
    return strategy, Ground(strategy.schema, offices_of(city), loaded.tree, renditions_of(strategy, loaded))
