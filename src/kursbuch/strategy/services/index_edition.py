"""Keeps the search up to date with what is in force and what is proposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import transaction

from kursbuch.chronicle.services import record
from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.domain.framework.element import Fields
from kursbuch.domain.framework.markup import to_plain
from kursbuch.kit import search
from kursbuch.strategy.models import Amendment, Edition, Rendition, Strategy
from kursbuch.strategy.queries import LoadedEdition, load_edition


def index_edition(loaded: LoadedEdition, since: Edition | None = None) -> None:
    """Indexes the edition that is in force now: what changed since the one before it, or all of it."""
    strategy = loaded.edition.strategy
    after = since.ordinal if since else 0
    search.index_many(
        _document(strategy.city_id, version.key, strategy.language, "element", fields_from_json(version.fields))
        for version in loaded.versions
        if version.first > after
    )
    ended = strategy.versions.filter(until__gt=after, until__lte=loaded.edition.ordinal)
    for key in set(ended.values_list("key", flat=True)):
        if key not in loaded.tree:
            search.remove(strategy.city_id, f"element:{key}")
    if since is None:
        keys = {version.element_id: version.key for version in loaded.versions}
        search.index_many(_renditions(strategy.city_id, strategy.pk, keys))


@transaction.atomic
def index_anew(*, strategy: Strategy) -> None:
    """Indexes all of a strategy: after an update of the software that stores other texts or folds words otherwise."""
    strategy = Strategy.objects.select_for_update().get(pk=strategy.pk)  # no edition comes into force meanwhile
    search.remove_all(strategy.city_id, kinds=["element", "rendition", "amendment"])
    edition = strategy.editions.filter(ordinal=strategy.searchable).first()
    if edition is not None:
        index_edition(load_edition(edition))
    public = Amendment.objects.public().filter(strategy=strategy)
    search.index_many(_amendment_document(amendment, strategy) for amendment in public.iterator(chunk_size=500))
    # The entry moves the city's revision on, so that no page of hits is kept.
    record(city_id=strategy.city_id, verb="strategy_indexed", thing="strategy", summary=strategy.title, public=False)


def index_rendition(rendition: Rendition, scope: int, key: str) -> None:
    search.index_many([_document(scope, key, rendition.language, "rendition", fields_from_json(rendition.fields))])


def index_amendment(amendment: Amendment) -> None:
    if amendment.is_public:
        search.index_many([_amendment_document(amendment, amendment.strategy)])


def _amendment_document(amendment: Amendment, strategy: Strategy) -> search.Document:
    return search.Document(
        scope=strategy.city_id,
        thing=f"amendment:{amendment.pk}",
        kind="amendment",
        language=strategy.language,
        title=amendment.title,
        body=amendment.rationale,
    )


def _renditions(scope: int, strategy: int, keys: dict[int, str]) -> Iterator[search.Document]:
    for rendition in Rendition.objects.filter(element__strategy=strategy).order_by("updated_at"):
        if rendition.element_id in keys:
            fields = fields_from_json(rendition.fields)
            yield _document(scope, keys[rendition.element_id], rendition.language, "rendition", fields)


def _document(scope: int, key: str, language: str, kind: str, fields: Fields) -> search.Document:
    title = fields.get("title")
    return search.Document(
        scope=scope,
        thing=f"element:{key}",
        kind=kind,
        language=language,
        title=title if isinstance(title, str) else key,
        body=_prose(fields),
        keywords=f"{key} {_values(fields)}",
    )


def _prose(fields: Fields) -> str:
    """What can be read as sentences in an element beside its title: text, reasons, facts."""
    parts: list[str] = []
    for name, value in fields.items():
        if isinstance(value, str):
            parts += [] if name == "title" else [to_plain(value)]
        elif isinstance(value, tuple):
            parts += [str(entry.get(part, "")) for entry in value for part in ("text", "reason")]
    return " ".join(part for part in parts if part)


def _values(fields: Fields) -> str:
    """What stands in its other fields: numbers, units, places."""
    values = [value for value in fields.values() if isinstance(value, Mapping)]
    return " ".join(str(part) for value in values for part in value.values())
