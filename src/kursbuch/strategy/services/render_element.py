"""Renditions: an element's text in another language or in plain language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kursbuch.chronicle.services import record
from kursbuch.domain.framework.codec import fields_to_json
from kursbuch.domain.framework.schema import PROSE, FieldError, Reason
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.strategy.models import Rendition, Strategy, Version
from kursbuch.strategy.rules import NotAllowed, may_render, may_review_rendition
from kursbuch.strategy.services.index_edition import index_rendition


@transaction.atomic
def render_element(
    *,
    strategy: Strategy,
    by: Membership,
    version: Version,
    language: str,
    fields: Mapping[str, Any],
    translator: str,
    reviewed: bool = False,
) -> Rendition:
    """Stores the rendition of this version; ``fields`` are raw texts of its prose fields.

    Raises ``FieldError`` for a text that cannot be taken. Only the strategy office marks a rendition as reviewed.
    """
    if strategy.city_id != by.city_id or version.strategy_id != strategy.pk or not may_render(by):
        raise NotAllowed(f"{by.role or 'visitor'} may not write renditions")
    if reviewed and not may_review_rendition(by):
        raise NotAllowed("only the strategy office reviews renditions")
    texts = {}
    for name, raw in fields.items():
        if strategy.schema.kind(version.kind).field(name).type not in PROSE:
            raise FieldError(name, Reason.NOT_TEXT)
        value = strategy.schema.value(version.kind, name, raw)
        if value is not None:
            texts[name] = value
    if not texts:
        raise FieldError("text", Reason.MISSING)
    rendition, _ = Rendition.objects.update_or_create(
        element_id=version.element_id,
        language=language,
        of_digest=version.digest,
        defaults={
            "fields": fields_to_json(texts),
            "translator": translator.strip(),
            "reviewed": reviewed,
            "updated_at": clock.now(),
            "updated_by": by.user,
        },
    )
    record(
        city_id=strategy.city_id,
        verb="element_rendered",
        thing=f"element:{version.key}",
        summary=str(texts.get("title") or version.fields.get("title") or version.key),
        actor=by.user,
        data={"language": language, "of": version.digest, "reviewed": reviewed, "fields": fields_to_json(texts)},
        on_behalf_of=by.acts_for,
    )
    index_rendition(rendition, strategy.city_id, version.key)
    return rendition
