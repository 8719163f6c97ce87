"""Puts a city's strategy in: its first edition and its renditions, from a document that is all good."""

from __future__ import annotations

from django.db import transaction

from kursbuch.chronicle.services import record
from kursbuch.city.models import City, Office
from kursbuch.domain.framework.codec import fields_to_json
from kursbuch.identity.models import User
from kursbuch.kit import clock
from kursbuch.strategy.documents.document import DecisionData, Document
from kursbuch.strategy.models import Decision, Edition, Rendition, Strategy
from kursbuch.strategy.queries import LoadedEdition
from kursbuch.strategy.queries.verify_records import told_of_decision
from kursbuch.strategy.services.bring_into_force import bring_into_force
from kursbuch.strategy.services.store_edition import store_edition


class AlreadyThere(Exception):
    """The city has a strategy: what a further file changes becomes an amendment."""


@transaction.atomic
def import_strategy(*, city: City, document: Document, by: User | None = None) -> Edition:
    """Makes the document the city's strategy, in force from its day or that of its decision, else from today."""
    City.objects.select_for_update().get(pk=city.pk)
    if Strategy.objects.filter(city=city).exists():
        raise AlreadyThere(city.slug)
    strategy = Strategy.objects.create(
        city=city,
        slug=document.slug,
        title=document.title,
        titles=dict(document.titles),
        language=document.language,
        horizon=document.horizon,
        notice=dict(document.notice),
        kinds=document.schema.to_data(),
    )
    for office in document.offices:
        Office.objects.get_or_create(
            city=city, slug=office.id, defaults={"name": office.name, "name_en": office.name_en}
        )
    given = document.decision
    day = document.in_force_from or (given.day if given else clock.today())
    decision = record_decision(strategy, given or DecisionData(body=city.name, day=day), illustration=False)
    loaded = store_edition(
        strategy=strategy,
        before=None,
        tree=document.tree,
        number=document.number,
        in_force_from=day,
        decision=decision,
        summary=document.summary,
    )
    _store_renditions(loaded, document)
    record(
        city_id=city.pk,
        verb="strategy_imported",
        thing=f"edition:{loaded.edition.number}",
        summary=strategy.title,
        actor=by,
        about=["strategy", *(f"element:{version.key}" for version in loaded.versions)],
        data={
            "digest": loaded.edition.digest,
            "elements": loaded.edition.size,
            "in_force_from": day.isoformat(),
            "decided": told_of_decision(decision),
        },
    )
    bring_into_force(strategy=strategy)
    return loaded.edition


def record_decision(strategy: Strategy, given: DecisionData, *, illustration: bool) -> Decision:
    return Decision.objects.create(
        strategy=strategy,
        body=given.body,
        day=given.day,
        paper=given.paper,
        result=given.result,
        source=given.source,
        illustration=illustration,
    )


def _store_renditions(loaded: LoadedEdition, document: Document) -> None:
    now = clock.now()
    versions = loaded.by_key
    Rendition.objects.bulk_create(
        [
            Rendition(
                element_id=versions[rendition.key].element_id,
                language=rendition.language,
                of_digest=versions[rendition.key].digest,
                fields=fields_to_json(rendition.fields),
                translator=rendition.translator,
                reviewed=rendition.reviewed,
                updated_at=now,
            )
            for rendition in document.renditions
        ],
        batch_size=500,
    )
