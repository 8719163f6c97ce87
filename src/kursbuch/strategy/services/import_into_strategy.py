"""A file into a strategy that is there: what it changes becomes a draft amendment of whoever brings it."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from kursbuch.domain.framework.changes import diff
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.rebase import rebase
from kursbuch.identity.models import Membership
from kursbuch.strategy.models import Amendment, Strategy
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.rules import NotAllowed, may_import
from kursbuch.strategy.services.draft_amendment import draft_amendment


class NothingNew(Exception):
    """The file says what the newest edition says."""


class Outdated(Exception):
    """Meanwhile an edition was adopted that changes the same words: the file has to be laid over that one."""


@transaction.atomic
def draft_from_document(
    *,
    strategy: Strategy,
    by: Membership,
    base: Tree,
    tree: Tree,
    title: str,
    rationale: str = "",
    token: uuid.UUID | None = None,
) -> Amendment:
    """The differences between ``base``, the newest edition's tree, and ``tree``, what the file makes of it."""
    if not may_import(by):
        raise NotAllowed("only the strategy office and administrators bring files in")
    changes = diff(base, tree)
    newest = load_edition(latest_edition(strategy)).tree
    if newest != base:  # an edition was adopted since the file was laid over the one before
        rebased = rebase(changes, base, newest)
        if rebased.conflicts:
            raise Outdated(strategy.slug)
        changes = rebased.changes
    if not changes:
        raise NothingNew(strategy.slug)
    return draft_amendment(
        strategy=strategy,
        by=by,
        title=(title.strip() or _("Changes from a file"))[:200],
        rationale=rationale,
        changes=changes,
        token=token,
    )
