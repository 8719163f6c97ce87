"""The search can be filled anew: with all that is in force and proposed, and with nothing else."""

from __future__ import annotations

from django.core.management import call_command
from django.test import Client
from tests.strategy.amending import Cast, draft, submitted
from tests.strategy.reading_story import tell

from kursbuch.kit import clock
from kursbuch.kit.models import SearchDocument
from kursbuch.strategy.models import Strategy


def stored(city: int) -> set[tuple[str, str, str, str, str]]:
    rows = SearchDocument.objects.filter(scope=city)
    return set(rows.values_list("kind", "thing", "language", "folded", "body"))


def test_comes_out_as_it_was_written_step_by_step(strategy: Strategy, cast: Cast) -> None:
    tell(strategy, cast)
    before = stored(strategy.city_id)
    assert len({kind for kind, *_ in before}) > 1
    call_command("strategy", "reindex")
    assert stored(strategy.city_id) == before


def test_mends_what_is_stale_missing_or_too_much(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    submitted(strategy, cast.author, title="Mehr Bäume")
    draft(strategy, cast.author, title="Noch geheim")
    before = stored(strategy.city_id)
    documents = SearchDocument.objects.filter(scope=strategy.city_id)
    documents.filter(thing="element:M001").update(body="alt", folded=" alt ")
    documents.filter(kind="amendment").delete()
    documents.filter(thing="element:M002").update(thing="element:M999")
    assert "M999" in visitor.get("/suche/?q=Beete").content.decode()
    call_command("strategy", "reindex", "--city", strategy.city.slug)
    assert stored(strategy.city_id) == before
    assert "M999" not in visitor.get("/suche/?q=Beete").content.decode()  # no page of hits is kept


def test_leaves_other_cities_alone(strategy: Strategy) -> None:
    SearchDocument.objects.create(
        scope=strategy.city_id + 1, thing="element:M001", language="de", kind="element", updated=clock.now()
    )
    call_command("strategy", "reindex")
    assert SearchDocument.objects.filter(scope=strategy.city_id + 1).count() == 1
