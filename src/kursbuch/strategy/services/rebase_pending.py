"""Carries every pending amendment onto a new edition, and settles those that conflict with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from kursbuch.chronicle.services import Told, record_many
from kursbuch.domain.framework.changes import Change as DomainChange
from kursbuch.domain.framework.codec import change_to_json, conflict_to_json
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.strategy.models import PENDING, Amendment, State, Strategy
from kursbuch.strategy.queries import LoadedEdition, latest_edition, load_edition
from kursbuch.strategy.queries.adoption import Bases, rebase_onto
from kursbuch.strategy.rules import Step, ensure
from kursbuch.strategy.services.draft_amendment import (
    NothingProposed,
    check_changes,
    locked,
    record_step,
    store_changes,
    told_step,
)
from kursbuch.strategy.services.index_edition import index_amendment

# An amendment that had come further than this goes back into discussion when its words changed by hand.
_RETURNS_TO = {State.DRAFT: State.DRAFT, State.SUBMITTED: State.SUBMITTED}


def rebase_pending(*, strategy: Strategy, newest: LoadedEdition, before: LoadedEdition) -> None:
    """Within the adoption's transaction: every pending amendment fits the new edition, or says why it does not.

    What is the same for all of them is written at once: there may be hundreds.
    """
    pending = (
        Amendment.objects.select_for_update(of=("self",))
        .filter(strategy=strategy, state__in=PENDING)
        .order_by("pk")
        .select_related("base")
        .prefetch_related("changes", "authors__user")
    )
    bases = Bases(before)
    carried: list[Amendment] = []
    told: list[Told] = []
    for amendment in pending:
        amendment.strategy = strategy
        rebased = rebase_onto(amendment, bases, newest.tree)
        if rebased.conflicts:
            told.append(_mark_conflict(amendment, [conflict_to_json(c) for c in rebased.conflicts], newest))
        elif rebased.already_in_force:
            told.append(_mark_in_force(amendment, newest))
        else:
            carried.append(amendment)
            told.append(_carry(amendment, rebased.changes, newest))
    keys = [amendment.pk for amendment in carried]
    Amendment.objects.filter(pk__in=keys).update(base=newest.edition, updated_at=clock.now())
    record_many(told)


def _carry(amendment: Amendment, changes: Sequence[DomainChange], newest: LoadedEdition) -> Told:
    previous = amendment.domain_changes()
    if amendment.state == State.IN_CONFLICT:  # nobody had to settle it: the new edition did
        amendment.state, amendment.before_conflict, amendment.conflicts = amendment.before_conflict, "", []
        amendment.save(update_fields=["state", "before_conflict", "conflicts"])
        index_amendment(amendment)
    amendment.base = newest.edition
    data: dict[str, Any] = {}
    if tuple(changes) != previous:
        data["before"] = [change_to_json(change) for change in previous]
        store_changes(amendment, changes, amendment.variant)
    return told_step(amendment, "amendment_rebased", None, because=f"edition:{newest.edition.number}", data=data)


def _mark_conflict(amendment: Amendment, conflicts: list[Any], newest: LoadedEdition) -> Told:
    if amendment.state != State.IN_CONFLICT:
        amendment.before_conflict = amendment.state
        amendment.state = State.IN_CONFLICT
    amendment.conflicts = conflicts
    amendment.updated_at = clock.now()
    amendment.save(update_fields=["state", "before_conflict", "conflicts", "updated_at"])
    index_amendment(amendment)
    return told_step(
        amendment,
        "amendment_in_conflict",
        None,
        because=f"edition:{newest.edition.number}",
        data={"conflicts": len(conflicts)},
    )


def _mark_in_force(amendment: Amendment, newest: LoadedEdition) -> Told:
    amendment.state = State.ALREADY_IN_FORCE
    amendment.edition = newest.edition
    amendment.conflicts = []
    amendment.updated_at = clock.now()
    amendment.save(update_fields=["state", "edition", "conflicts", "updated_at"])
    index_amendment(amendment)
    verb = "amendment_already_in_force"
    data: dict[str, object] = {}
    if amendment.takes_effect:
        verb, data = "amendment_taken_up", {"in_force_from": newest.edition.in_force_from.isoformat()}
    return told_step(amendment, verb, None, because=f"edition:{newest.edition.number}", data=data)


@transaction.atomic
def resolve_conflicts(*, amendment: Amendment, by: Membership, changes: Sequence[DomainChange]) -> Amendment:
    """The amendment's new wording against the newest edition; its authors or the strategy office settle it so."""
    amendment = locked(amendment)
    ensure(by, Step.RESOLVE, amendment)
    if not changes:
        raise NothingProposed(amendment.pk)
    newest = load_edition(latest_edition(amendment.strategy))
    check_changes(amendment.strategy.schema, newest.tree, changes)
    variant = amendment.variant
    previous = amendment.domain_changes()
    amendment.state = _RETURNS_TO.get(State(amendment.before_conflict), State.IN_DISCUSSION)
    amendment.before_conflict, amendment.conflicts = "", []
    amendment.base = newest.edition
    amendment.updated_at = clock.now()
    amendment.save(update_fields=["state", "before_conflict", "conflicts", "base", "updated_at"])
    store_changes(amendment, changes, variant)
    record_step(
        amendment,
        "amendment_resolved",
        by,
        data={"before": [change_to_json(change) for change in previous]},
    )
    index_amendment(amendment)
    return amendment
