"""The council's decision makes a new edition: adopt, correct, decide; everything pending is carried along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.db import transaction

from kursbuch.chronicle.services import record, seal_entries
from kursbuch.domain.framework.changes import Change as DomainChange
from kursbuch.domain.framework.codec import change_to_json
from kursbuch.domain.framework.rebase import Conflict
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.models import Amendment, Author, Edition, State, Strategy
from kursbuch.strategy.queries import LoadedEdition, latest_edition, load_edition
from kursbuch.strategy.queries.adoption import Draft, draft_edition
from kursbuch.strategy.queries.verify_records import told_of_decision
from kursbuch.strategy.rules import NotAllowed, Step, ensure, may_adopt, may_correct
from kursbuch.strategy.services.bring_into_force import bring_into_force
from kursbuch.strategy.services.draft_amendment import (
    ReasonMissing,
    check_changes,
    record_step,
    store_changes,
    touched,
)
from kursbuch.strategy.services.import_strategy import record_decision
from kursbuch.strategy.services.index_edition import index_amendment
from kursbuch.strategy.services.rebase_pending import rebase_pending
from kursbuch.strategy.services.store_edition import store_edition


class Overtaken(Exception):
    """Somebody else made a new edition since the preview; ``edition`` is theirs."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(f"edition {edition.number} came first")
        self.edition = edition


class ConflictsLeft(ValueError):
    """Amendments chosen together touch the same words; ``conflicts`` by amendment."""

    def __init__(self, conflicts: Mapping[int, tuple[Conflict, ...]]) -> None:
        super().__init__(f"conflicts in amendments {sorted(conflicts)}")
        self.conflicts = conflicts


class NothingToAdopt(ValueError):
    """A new edition needs at least one amendment that changes something."""


class TooEarly(ValueError):
    """An edition cannot take effect before the one it follows; ``earliest`` is the first possible day."""

    def __init__(self, earliest: date) -> None:
        super().__init__(f"not before {earliest.isoformat()}")
        self.earliest = earliest


@transaction.atomic
def adopt_edition(
    *,
    strategy: Strategy,
    by: Membership,
    amendments: Sequence[Amendment],
    decision: DecisionData,
    in_force_from: date,
    expected: Edition,
    summary: Mapping[str, str] | None = None,
) -> Edition:
    """Adopts the amendments, in this order, as the next edition.

    ``expected`` is the edition the preview was made on: if there is a newer one, :class:`Overtaken` is raised and
    nothing is written. The same transaction carries every other pending amendment onto the new edition.
    """
    if strategy.city_id != by.city_id or not may_adopt(by):
        raise NotAllowed(f"{by.role or 'visitor'} may not adopt editions")
    before = _hold(strategy, expected)
    _check_day(before.edition, in_force_from)
    amendments = _hold_amendments(amendments)
    for amendment in amendments:
        ensure(by, Step.ADOPT, amendment)
    draft = draft_edition(strategy, before, amendments)
    if draft.conflicts:
        raise ConflictsLeft(draft.conflicts)
    if not draft.taken:
        raise NothingToAdopt
    recorded = record_decision(strategy, decision, illustration=settings.DEMO)
    loaded = store_edition(
        strategy=strategy,
        before=before,
        tree=draft.tree,
        number=str(int(before.edition.number.split(".")[0]) + 1),
        in_force_from=in_force_from,
        decision=recorded,
        summary=summary or {},
        replaced_by=draft.replaced_by,
    )
    _record_edition(
        loaded, draft, by, "edition_adopted", {"decision": recorded.pk, "decided": told_of_decision(recorded)}
    )
    _take_in(amendments, draft, loaded.edition, by)
    _finish(strategy, loaded, before)
    return loaded.edition


@transaction.atomic
def correct_edition(
    *,
    strategy: Strategy,
    by: Membership,
    changes: Sequence[DomainChange],
    reason: str,
    expected: Edition,
) -> Edition:
    """An editorial correction: better wording without new meaning makes the minor edition n.1, marked as such."""
    if strategy.city_id != by.city_id or not may_correct(by) or by.user is None:
        raise NotAllowed(f"{by.role or 'visitor'} may not correct editions")
    if not reason.strip():
        raise ReasonMissing(strategy.pk)
    before = _hold(strategy, expected)
    check_changes(strategy.schema, before.tree, changes)
    now = clock.now()
    amendment = Amendment.objects.create(
        strategy=strategy,
        title=reason.strip()[:200],
        rationale=reason.strip(),
        state=State.SUBMITTED,
        base=before.edition,
        speaks_for=by.acts_for,
        official=by.is_staff,
        editorial=True,
        illustration=settings.DEMO,
        created_at=now,
        submitted_at=now,
        updated_at=now,
    )
    Author.objects.create(amendment=amendment, user=by.user)
    store_changes(amendment, changes)
    draft = draft_edition(strategy, before, [amendment])
    if not draft.taken:
        raise NothingToAdopt
    major, _, minor = before.edition.number.partition(".")
    loaded = store_edition(
        strategy=strategy,
        before=before,
        tree=draft.tree,
        number=f"{major}.{int(minor or 0) + 1}",
        in_force_from=max(clock.today(), before.edition.in_force_from),
        decision=None,
        summary={strategy.language: reason.strip()},
        editorial=True,
        replaced_by=draft.replaced_by,
    )
    _record_edition(loaded, draft, by, "edition_corrected", {})
    _take_in([amendment], draft, loaded.edition, by)
    _finish(strategy, loaded, before)
    return loaded.edition


@transaction.atomic
def decide_amendments(
    *, strategy: Strategy, by: Membership, amendments: Sequence[Amendment], accept: bool, decision: DecisionData
) -> list[Amendment]:
    """Records what the council decided on recommended amendments; accepted ones wait for the next edition."""
    held = _hold_amendments(amendments)
    for amendment in held:
        ensure(by, Step.DECIDE, amendment)
    recorded = record_decision(strategy, decision, illustration=settings.DEMO)
    now = clock.now()
    for amendment in held:
        amendment.state = State.DECIDED if accept else State.REJECTED
        amendment.decision = recorded
        amendment.updated_at = now
        amendment.save(update_fields=["state", "decision", "updated_at"])
        verb = "amendment_accepted" if accept else "amendment_rejected"
        record_step(amendment, verb, by, data={"decision": recorded.pk})
        index_amendment(amendment)
    return held


def _hold(strategy: Strategy, expected: Edition) -> LoadedEdition:
    """Takes the strategy's lock and makes sure that the edition of the preview is still the newest."""
    Strategy.objects.select_for_update().get(pk=strategy.pk)
    newest = latest_edition(strategy)
    if newest.pk != expected.pk:
        raise Overtaken(newest)
    return load_edition(newest)


def _hold_amendments(amendments: Sequence[Amendment]) -> list[Amendment]:
    """The amendments as they are now, locked, in the order they were chosen."""
    keys = [amendment.pk for amendment in amendments]
    held = {
        amendment.pk: amendment
        for amendment in Amendment.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .order_by("pk")
        .select_related("strategy", "base")
        .prefetch_related("changes", "authors")
    }
    return [held[key] for key in dict.fromkeys(keys)]


def _check_day(before: Edition, in_force_from: date) -> None:
    if in_force_from < before.in_force_from:
        raise TooEarly(before.in_force_from)


def _record_edition(loaded: LoadedEdition, draft: Draft, by: Membership, verb: str, data: Mapping[str, object]) -> None:
    edition = loaded.edition
    record(
        city_id=edition.strategy.city_id,
        verb=verb,
        thing=f"edition:{edition.number}",
        summary=edition.summary_in(edition.strategy.language)[:500] or edition.strategy.title,
        actor=by.user,
        about=["strategy", *touched(draft.changes)],
        data={
            "digest": edition.digest,
            "in_force_from": edition.in_force_from.isoformat(),
            "amendments": sorted(draft.taken),
            **data,
        },
        on_behalf_of=by.acts_for,
    )


def _take_in(amendments: Sequence[Amendment], draft: Draft, edition: Edition, by: Membership) -> None:
    now = clock.now()
    for place, amendment in enumerate(amendments):
        final = draft.taken.get(amendment.pk)
        amendment.state = State.IN_FORCE if final else State.ALREADY_IN_FORCE
        amendment.decision = edition.decision
        amendment.edition = edition
        amendment.place_in_edition = place
        amendment.updated_at = now
        amendment.save(update_fields=["state", "decision", "edition", "place_in_edition", "updated_at"])
        if final:
            store_changes(amendment, final, amendment.variant)
        data: dict[str, object] = {"changes": [change_to_json(change) for change in final or ()]}
        verb = "amendment_in_force" if final else "amendment_already_in_force"
        if amendment.takes_effect:
            verb = "amendment_taken_up"
            data["in_force_from"] = edition.in_force_from.isoformat()
        record_step(amendment, verb, by, because=f"edition:{edition.number}", data=data)
        index_amendment(amendment)


def _finish(strategy: Strategy, loaded: LoadedEdition, before: LoadedEdition) -> None:
    rebase_pending(strategy=strategy, newest=loaded, before=before)
    bring_into_force(strategy=strategy)
    city_id = strategy.city_id
    transaction.on_commit(lambda: seal_entries(city_id))
