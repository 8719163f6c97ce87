"""Writes a new edition: only the versions of elements that changed, the digest over all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kursbuch.domain.framework.changes import diff
from kursbuch.domain.framework.codec import fields_to_json
from kursbuch.domain.framework.digest import content_digest, digest
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.rank import ranks, reassign
from kursbuch.domain.framework.summary import Summary, summarise
from kursbuch.kit import clock
from kursbuch.strategy.models import Decision, Edition, Element, Strategy, Version
from kursbuch.strategy.queries import LoadedEdition


def store_edition(
    *,
    strategy: Strategy,
    before: LoadedEdition | None,
    tree: Tree,
    number: str,
    in_force_from: date,
    decision: Decision | None,
    summary: Mapping[str, str],
    editorial: bool = False,
    replaced_by: Mapping[str, tuple[str, ...]] | None = None,
) -> LoadedEdition:
    """Stores ``tree`` as the edition after ``before``. The caller holds the strategy's lock."""
    old = before.tree if before else Tree()
    changes = diff(old, tree)
    edition = Edition(
        strategy=strategy,
        ordinal=before.edition.ordinal + 1 if before else 1,
        number=number,
        in_force_from=in_force_from,
        editorial=editorial,
        decision=decision,
        summary=dict(summary),
        counts=_counts(summarise(changes, old, tree)),
        size=len(tree),
        digest=digest(tree),
        adopted_at=clock.now(),
    )
    edition.save()
    versions = _store_versions(edition, before, tree, replaced_by or {})
    return LoadedEdition(edition, tree, versions)


def _counts(summary: Summary) -> dict[str, Any]:
    """What the list of editions says of one without loading it."""
    return {
        "added": dict(summary.added),
        "revised": dict(summary.revised),
        "moved": dict(summary.moved),
        "retired": dict(summary.retired),
        "targets": len(summary.targets),
        "words": [summary.words_inserted, summary.words_deleted],
    }


def _store_versions(
    edition: Edition, before: LoadedEdition | None, tree: Tree, replaced_by: Mapping[str, tuple[str, ...]]
) -> list[Version]:
    strategy = edition.strategy
    old = before.by_key if before else {}
    new_keys = [key for key in tree.elements if key not in old]
    Element.objects.bulk_create(
        [Element(strategy=strategy, key=key, kind=tree[key].kind) for key in new_keys], batch_size=500
    )
    rows: dict[str, int] = {version.key: version.element_id for version in old.values()}
    rows.update(Element.objects.filter(strategy=strategy, key__in=new_keys).values_list("key", "pk"))

    rank = _ranks(tree, old)
    parents = tree.parents
    made: list[Version] = []
    kept: dict[str, Version] = {}
    for key, element in tree.elements.items():
        content = content_digest(element)
        present = old.get(key)
        place = (parents[key] or "", rank[key])
        if present and present.digest == content and (present.parent, present.rank) == place:
            kept[key] = present
            continue
        made.append(
            Version(
                strategy=strategy,
                element_id=rows[key],
                key=key,
                kind=element.kind,
                first=edition.ordinal,
                parent=place[0],
                rank=place[1],
                fields=fields_to_json(element.fields),
                digest=content,
            )
        )
    gone = [key for key in old if key not in tree.elements]
    superseded = [version.key for version in made if version.key in old]
    Version.objects.close([rows[key] for key in (*gone, *superseded)], edition.ordinal)
    Version.objects.bulk_create(made, batch_size=500)
    for key in gone:
        if replaced_by.get(key):
            Element.objects.filter(pk=rows[key]).update(replaced_by=list(replaced_by[key]))
    by_key: dict[str, Any] = kept | {version.key: version for version in made}
    return [by_key[element.key] for _, element in tree.walk()]


def _ranks(tree: Tree, old: Mapping[str, Version]) -> dict[str, str]:
    """A rank for every element: siblings that kept their order keep theirs, so that they need no new version."""
    rank: dict[str, str] = {}
    for parent, order in tree.children.items():
        current = {key: old[key].rank for key in order if key in old and old[key].parent == (parent or "")}
        rank.update(reassign(order, current) if current else zip(order, ranks(len(order)), strict=True))
    return rank
