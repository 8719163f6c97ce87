"""A file into a strategy that is there: what it changes becomes a draft amendment of whoever brings it; offices and
renditions, which no council decides on, are taken in at once."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from kursbuch.city.services import add_office
from kursbuch.domain.framework.changes import diff
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.rebase import rebase
from kursbuch.identity.models import Membership
from kursbuch.strategy.documents.document import Problem
from kursbuch.strategy.documents.intake import Intake
from kursbuch.strategy.models import Amendment, Strategy
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.rules import NotAllowed, may_import, may_render
from kursbuch.strategy.services.draft_amendment import draft_amendment
from kursbuch.strategy.services.render_element import render_element


class NothingNew(Exception):
    """The file says what the newest edition says."""


class Outdated(Exception):
    """Meanwhile an edition was adopted that changes the same words: the file has to be laid over that one."""


def only_allowed(intake: Intake, by: Membership) -> Intake:
    """Without renditions where somebody may bring files in, but not write renditions."""
    if not intake.renditions or may_render(by):
        return intake
    left_out = Problem("file", "", "has translations, which only the strategy office takes in; left out")
    return replace(intake, renditions=(), remarks=(*intake.remarks, left_out))


@transaction.atomic
def take_in_file(
    *,
    strategy: Strategy,
    by: Membership,
    base: Tree,
    intake: Intake,
    title: str,
    rationale: str = "",
    token: uuid.UUID | None = None,
) -> Amendment | None:
    """Everything the file brings; the draft amendment, if anything of it needs one."""
    if not may_import(by):
        raise NotAllowed("only the strategy office and administrators bring files in")
    for office in intake.offices:
        add_office(city=strategy.city, actor=by.user, name=office.name, name_en=office.name_en, slug=office.id)
    _render(strategy, by, base, intake)
    try:
        return draft_from_document(
            strategy=strategy, by=by, base=base, tree=intake.tree, title=title, rationale=rationale, token=token
        )
    except NothingNew:
        if intake.offices or intake.renditions:
            return None
        raise


def _render(strategy: Strategy, by: Membership, base: Tree, intake: Intake) -> None:
    if not intake.renditions:
        return
    newest = load_edition(latest_edition(strategy))
    for one in intake.renditions:
        if one.key not in newest.tree or newest.tree[one.key] != base[one.key]:
            raise Outdated(strategy.slug)
        render_element(
            strategy=strategy,
            by=by,
            version=newest.version(one.key),
            language=one.language,
            fields=one.fields,
            translator=one.translator,
            reviewed=one.reviewed,
        )


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
