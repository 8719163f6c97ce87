"""Writes an edition as JSON, each element with its place and the digest of its content."""

from __future__ import annotations

import json
from typing import Any

from kursbuch.domain.framework.codec import fields_to_json
from kursbuch.domain.framework.digest import content_digest
from kursbuch.strategy.documents.publication import Publication


def write_json(publication: Publication) -> str:
    document = publication.document
    tree = document.tree
    decision = document.decision
    renditions: dict[str, list[dict[str, Any]]] = {}
    for one in document.renditions:
        renditions.setdefault(one.key, []).append(
            {
                "language": one.language,
                "translator": one.translator,
                "reviewed": one.reviewed,
                "fields": fields_to_json(one.fields),
            }
        )
    data = {
        "kursbuch": 1,
        "city": publication.city,
        "strategy": {
            "slug": document.slug,
            "title": document.title,
            "titles": dict(document.titles),
            "language": document.language,
            "horizon": document.horizon,
            "notice": dict(document.notice),
        },
        "edition": {
            "number": document.number,
            "in_force_from": document.in_force_from.isoformat() if document.in_force_from else None,
            "editorial": publication.editorial,
            "illustration": publication.illustration,
            "decision": {
                "body": decision.body,
                "day": decision.day.isoformat(),
                "paper": decision.paper,
                "result": decision.result,
                "source": decision.source,
            }
            if decision
            else None,
            "summary": dict(document.summary),
            "digest": publication.digest,
        },
        "offices": [{"id": one.id, "name": one.name, "name_en": one.name_en} for one in document.offices],
        "kinds": document.schema.to_data(),
        "elements": [
            {
                "key": element.key,
                "kind": element.kind,
                "parent": tree.parents[element.key],
                "depth": depth,
                "digest": content_digest(element),
                "fields": fields_to_json(element.fields),
                "renditions": renditions.get(element.key, []),
            }
            for depth, element in tree.walk()
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
