"""An edition with its offices, decision and renditions as plain values, for the writers of documents."""

from __future__ import annotations

from kursbuch.city.models import City, Office
from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.strategy.documents.document import DecisionData, Document, OfficeData, RenditionData
from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.models import Edition, Rendition, Strategy
from kursbuch.strategy.queries.tree import LoadedEdition, load_edition


def publication_of(city: City, edition: Edition, language: str) -> Publication:
    """Everything a document says about the edition, in four queries."""
    strategy = edition.strategy
    loaded = load_edition(edition)
    decision = edition.decision
    document = Document(
        slug=strategy.slug,
        title=strategy.title,
        titles=strategy.titles,
        language=strategy.language,
        horizon=strategy.horizon,
        notice=strategy.notice,
        schema=strategy.schema,
        tree=loaded.tree,
        offices=offices_of(city),
        renditions=renditions_of(strategy, loaded),
        number=edition.number,
        in_force_from=edition.in_force_from,
        decision=DecisionData(decision.body, decision.day, decision.paper, decision.result, decision.source)
        if decision
        else None,
        summary=edition.summary,
    )
    return Publication(
        city=city.name,
        document=document,
        digest=edition.digest,
        language=language,
        editorial=edition.editorial,
        illustration=edition.illustration,
    )


def offices_of(city: City) -> list[OfficeData]:
    rows = Office.objects.filter(city=city).order_by("slug").values_list("slug", "name", "name_en")
    return [OfficeData(*row) for row in rows]


def renditions_of(strategy: Strategy, loaded: LoadedEdition) -> list[RenditionData]:
    """The renditions of exactly these versions: what renders an older text is left out."""
    digests = {version.element_id: version for version in loaded.versions}
    rows = Rendition.objects.filter(element__strategy=strategy).order_by("element_id", "language", "pk")
    return [
        RenditionData(version.key, row.language, fields_from_json(row.fields), row.translator, row.reviewed)
        for row in rows
        if (version := digests.get(row.element_id)) is not None and row.of_digest == version.digest
    ]
