"""A file into a strategy that is there: what it changes becomes a draft amendment of whoever brings it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kursbuch.domain.framework.changes import diff
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.identity.models import Membership
from kursbuch.strategy.models import Amendment, Strategy
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.rules import NotAllowed, may_import
from kursbuch.strategy.services.draft_amendment import draft_amendment


class NothingNew(Exception):
    """The file says what the newest edition says."""


@transaction.atomic
def draft_from_document(
    *, strategy: Strategy, by: Membership, tree: Tree, title: str, rationale: str = ""
) -> Amendment:
    """The differences between the newest edition and ``tree``, which the file was laid over, as a draft."""
    if not may_import(by):
        raise NotAllowed("only the strategy office and administrators bring files in")
    newest = load_edition(latest_edition(strategy))
    changes = diff(newest.tree, tree)
    if not changes:
        raise NothingNew(strategy.slug)
    return draft_amendment(
        strategy=strategy,
        by=by,
        title=(title.strip() or _("Changes from a file"))[:200],
        rationale=rationale,
        changes=changes,
    )
