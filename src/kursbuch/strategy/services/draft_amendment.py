"""Writing an amendment: draft, revise, submit, withdraw, discard."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from kursbuch.chronicle.services import Told, follow, record, record_many
from kursbuch.domain.framework.changes import Add, ChangeError, Move, Revise, apply, is_provisional
from kursbuch.domain.framework.changes import Change as DomainChange
from kursbuch.domain.framework.codec import change_to_json
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.schema import Schema
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.kit.limits import Limit
from kursbuch.strategy.models import Amendment, Author, Change, State, Strategy, Variant
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.rules import NotAllowed, Step, ensure, may_propose
from kursbuch.strategy.services.index_edition import index_amendment

SUBMISSIONS = Limit("submit_amendment", count=20, per=timedelta(hours=1))


class NothingProposed(ValueError):
    """An amendment without a change cannot be submitted."""


class ReasonMissing(ValueError):
    """A step that others must be able to understand needs a written reason."""


def check_changes(schema: Schema, tree: Tree, changes: Sequence[DomainChange]) -> Tree:
    """The tree after the changes; raises :class:`ChangeError` or ``FieldError`` where one does not fit."""
    running = tree
    for change in changes:
        running = apply(running, [change])
        match change:
            case Add(kind=kind, parent=parent, fields=fields):
                schema.check_place(kind, running[parent].kind if parent else None)
                schema.fields(kind, fields)
            case Move(key=key, parent=parent):
                schema.check_place(running[key].kind, running[parent].kind if parent else None)
            case Revise(key=key, field=field, after=after):
                kind = running[key].kind
                if after is not None and schema.value(kind, field, after) != after:
                    raise ChangeError(change, "the value is not in its canonical form")
                schema.fields(kind, running[key].fields)
    return running


@transaction.atomic
def draft_amendment(
    *,
    strategy: Strategy,
    by: Membership,
    title: str,
    rationale: str,
    changes: Sequence[DomainChange],
    token: uuid.UUID | None = None,
) -> Amendment:
    """A new draft against the newest edition. The same ``token`` again gives the draft that is already there."""
    if strategy.city_id != by.city_id or not may_propose(by) or by.user is None:
        raise NotAllowed("only people who are signed in propose changes")
    token = token or uuid.uuid4()
    known = _by_token(strategy, by, token)
    if known is not None:
        return known
    loaded = load_edition(latest_edition(strategy))
    check_changes(strategy.schema, loaded.tree, changes)
    now = clock.now()
    try:
        with transaction.atomic():
            amendment = Amendment.objects.create(
                strategy=strategy,
                token=token,
                title=title.strip(),
                rationale=rationale.strip(),
                base=loaded.edition,
                speaks_for=by.acts_for,
                official=by.is_staff,
                illustration=settings.DEMO,
                created_at=now,
                updated_at=now,
            )
    except IntegrityError:  # the same form arrived twice at the same moment
        known = _by_token(strategy, by, token)
        if known is None:
            raise
        return known
    Author.objects.create(amendment=amendment, user=by.user)
    store_changes(amendment, changes)
    thing = f"amendment:{amendment.pk}"
    follow(user=by.user, city_id=strategy.city_id, thing=thing)
    record(
        city_id=strategy.city_id,
        verb="amendment_drafted",
        thing=thing,
        summary=amendment.title,
        actor=by.user,
        public=False,
    )
    return amendment


def _by_token(strategy: Strategy, by: Membership, token: uuid.UUID) -> Amendment | None:
    return Amendment.objects.filter(strategy=strategy, token=token, authors__user=by.user).first()


def store_changes(amendment: Amendment, changes: Sequence[DomainChange], variant: Variant = Variant.PROPOSED) -> None:
    """Replaces the amendment's changes of one variant."""
    amendment.changes.filter(variant=variant).delete()
    Change.objects.bulk_create(
        Change.of(amendment, variant, position, change) for position, change in enumerate(changes)
    )
    getattr(amendment, "_prefetched_objects_cache", {}).pop("changes", None)


def locked(amendment: Amendment) -> Amendment:
    """The amendment as it is now, held until the transaction ends, so that two steps cannot both be taken."""
    return (
        Amendment.objects.select_for_update(of=("self",))
        .select_related("strategy", "base")
        .prefetch_related("authors", "changes")
        .get(pk=amendment.pk)
    )


@transaction.atomic
def revise_draft(
    *, amendment: Amendment, by: Membership, title: str, rationale: str, changes: Sequence[DomainChange]
) -> Amendment:
    amendment = locked(amendment)
    ensure(by, Step.EDIT, amendment)
    check_changes(amendment.strategy.schema, load_edition(amendment.base).tree, changes)
    amendment.title, amendment.rationale = title.strip(), rationale.strip()
    amendment.updated_at = clock.now()
    amendment.save(update_fields=["title", "rationale", "updated_at"])
    store_changes(amendment, changes)
    return amendment


@transaction.atomic
def discard_draft(*, amendment: Amendment, by: Membership) -> None:
    """A draft that was never handed in is its author's own: it goes without a trace for others."""
    amendment = locked(amendment)
    ensure(by, Step.EDIT, amendment)
    record(
        city_id=amendment.strategy.city_id,
        verb="amendment_discarded",
        thing=f"amendment:{amendment.pk}",
        summary=amendment.title,
        actor=by.user,
        public=False,
    )
    amendment.delete()


@transaction.atomic
def submit_amendment(*, amendment: Amendment, by: Membership) -> Amendment:
    """Hands the draft in. Again on one already handed in does nothing: people press buttons twice."""
    amendment = locked(amendment)
    if amendment.state == State.SUBMITTED:
        return amendment
    ensure(by, Step.SUBMIT, amendment)
    changes = amendment.domain_changes()
    if not changes:
        raise NothingProposed(amendment.pk)
    if not amendment.rationale:
        raise ReasonMissing(amendment.pk)
    SUBMISSIONS.hit(f"{by.city_id}/{by.user_id}")
    amendment.state = State.SUBMITTED
    amendment.submitted_at = amendment.updated_at = clock.now()
    amendment.save(update_fields=["state", "submitted_at", "updated_at"])
    record_step(amendment, "amendment_submitted", by, data={"changes": [change_to_json(c) for c in changes]})
    index_amendment(amendment)
    return amendment


@transaction.atomic
def withdraw_amendment(*, amendment: Amendment, by: Membership, reason: str = "") -> Amendment:
    amendment = locked(amendment)
    ensure(by, Step.WITHDRAW, amendment)
    amendment.state = State.WITHDRAWN
    amendment.updated_at = clock.now()
    amendment.save(update_fields=["state", "updated_at"])
    record_step(amendment, "amendment_withdrawn", by, data={"reason": reason.strip()} if reason.strip() else {})
    index_amendment(amendment)
    return amendment


def touched(changes: Sequence[DomainChange]) -> list[str]:
    """The things that changes are about: every element they name that is not still to be added."""
    keys = {change.key for change in changes if not isinstance(change, Add)}
    keys |= {change.parent for change in changes if isinstance(change, Add | Move) and change.parent}
    return [f"element:{key}" for key in sorted(keys) if not is_provisional(key)]


def record_step(
    amendment: Amendment,
    verb: str,
    by: Membership | None,
    *,
    data: dict[str, object] | None = None,
    because: str = "",
    about: Sequence[str] = (),
) -> None:
    """A chronicle entry of a step: about the amendment and all it touches; a draft's is not public."""
    record_many([told_step(amendment, verb, by, data=data, because=because, about=about)])


def told_step(
    amendment: Amendment,
    verb: str,
    by: Membership | None,
    *,
    data: dict[str, object] | None = None,
    because: str = "",
    about: Sequence[str] = (),
) -> Told:
    """The same, to be recorded with others. An entry of a draft names its authors, whom alone it concerns."""
    authors: list[str] = []
    if not amendment.is_public:
        authors = [f"person:{author.user.uid}" for author in amendment.authors.all() if author.user]
    return Told(
        city_id=amendment.strategy.city_id,
        verb=verb,
        thing=f"amendment:{amendment.pk}",
        summary=amendment.title,
        actor=by.user if by else None,
        because=because,
        about=[*touched(amendment.domain_changes()), *about, *authors],
        data=data or {},
        on_behalf_of=by.acts_for if by else "",
        public=amendment.is_public,
    )
