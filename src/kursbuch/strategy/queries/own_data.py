"""Everything the strategy's tables hold about one person in one city."""

from __future__ import annotations

from typing import Any

from kursbuch.city.models import City
from kursbuch.domain.framework.codec import changes_to_json
from kursbuch.identity.models import User
from kursbuch.strategy.models import Amendment, Comment, Rendition, Variant


def own_strategy_data(user: User, city: City) -> dict[str, Any]:
    amendments = (
        Amendment.objects.filter(strategy__city=city, authors__user=user).order_by("pk").prefetch_related("changes")
    )
    comments = Comment.objects.filter(amendment__strategy__city=city, author=user).order_by("pk")
    renditions = (
        Rendition.objects.filter(element__strategy__city=city, updated_by=user).order_by("pk").select_related("element")
    )
    return {
        "amendments": [
            {
                "number": amendment.pk,
                "title": amendment.title,
                "rationale": amendment.rationale,
                "state": amendment.state,
                "speaks_for": amendment.speaks_for,
                "created_at": amendment.created_at.isoformat(),
                "submitted_at": amendment.submitted_at.isoformat() if amendment.submitted_at else None,
                "changes": changes_to_json(amendment.domain_changes(Variant.PROPOSED)),
            }
            for amendment in amendments
        ],
        "comments": [
            {"amendment": comment.amendment_id, "text": comment.text, "at": comment.at.isoformat()}
            for comment in comments
        ],
        "renditions": [
            {
                "element": rendition.element.key,
                "language": rendition.language,
                "fields": rendition.fields,
                "updated_at": rendition.updated_at.isoformat(),
            }
            for rendition in renditions
        ],
    }
