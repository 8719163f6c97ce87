"""When a person leaves, what nobody else has ever seen goes with them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from kursbuch.identity.models import User
from kursbuch.strategy.models import Amendment


def forget_drafts(user: User) -> int:
    """Deletes the drafts that only this person wrote; what was handed in stays, without a name."""
    own = Amendment.objects.filter(submitted_at=None, authors__user=user).values("pk")
    alone = Amendment.objects.filter(pk__in=own).annotate(people=Count("authors")).filter(people=1)
    drafts = Amendment.objects.filter(pk__in=[amendment.pk for amendment in alone])
    count = drafts.count()
    drafts.delete()
    return count


def on_person_leaves(user: User, **kwargs: Any) -> None:
    """Receives ``identity.signals.person_leaves``."""
    forget_drafts(user)
