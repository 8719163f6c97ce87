"""What the adoption assistant shows: the next edition, and what it does to everything that is still pending."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kursbuch.domain.framework.changes import diff
from kursbuch.domain.framework.rebase import Conflict
from kursbuch.domain.framework.summary import Summary, summarise
from kursbuch.strategy.models import Amendment, Recommendation, State, Strategy
from kursbuch.strategy.queries.adoption import Bases, Draft, draft_edition, rebase_onto
from kursbuch.strategy.queries.tree import LoadedEdition, latest_edition, load_edition


@dataclass(frozen=True)
class Fate:
    """What becomes of a pending amendment that is not chosen: carried, conflict, still_conflict or in_force."""

    amendment: Amendment
    outcome: str


@dataclass(frozen=True)
class Preview:
    draft: Draft
    chosen: Sequence[Amendment]
    conflicts: Sequence[tuple[Amendment, Sequence[Conflict]]]
    already: Sequence[Amendment]
    fates: Sequence[Fate]
    summary: Summary

    @property
    def before(self) -> LoadedEdition:
        return self.draft.before

    @property
    def can_be_adopted(self) -> bool:
        return bool(self.draft.taken) and not self.conflicts


def adoptable(strategy: Strategy) -> list[Amendment]:
    """Accepted by the council, or recommended for it; the decided ones first, then the oldest."""
    rows = (
        Amendment.objects.filter(strategy=strategy, state__in=[State.DECIDED, State.RECOMMENDED])
        .exclude(state=State.RECOMMENDED, recommendation=Recommendation.REJECT)
        .select_related("strategy", "base", "decision")
        .prefetch_related("changes", "authors__user")
        .order_by("state", "submitted_at", "pk")
    )
    return list(rows)


def left_out(strategy: Strategy, wanted: Collection[int], waiting: Sequence[Amendment]) -> list[Amendment]:
    """Public amendments among the wanted ones that cannot be adopted now."""
    others = set(wanted) - {amendment.pk for amendment in waiting}
    if not others:
        return []
    rows = Amendment.objects.public().filter(strategy=strategy, pk__in=others)
    return list(rows.select_related("edition").order_by("pk"))


def preview_adoption(strategy: Strategy, chosen: Sequence[Amendment]) -> Preview:
    """Lays the chosen amendments on the newest edition and looks what all others would meet there."""
    before = load_edition(latest_edition(strategy))
    draft = draft_edition(strategy, before, chosen)
    by_pk = {amendment.pk: amendment for amendment in chosen}
    others = (
        Amendment.objects.public()
        .pending()
        .filter(strategy=strategy)
        .exclude(pk__in=by_pk)
        .select_related("base")
        .prefetch_related("changes")
        .order_by("pk")
    )
    bases = Bases(before)
    return Preview(
        draft=draft,
        chosen=chosen,
        conflicts=[(by_pk[pk], found) for pk, found in draft.conflicts.items()],
        already=[by_pk[pk] for pk in sorted(draft.already)],
        fates=[Fate(amendment, _outcome(amendment, bases, draft)) for amendment in others],
        summary=summarise(diff(before.tree, draft.tree), before.tree, draft.tree),
    )


def _outcome(amendment: Amendment, bases: Bases, draft: Draft) -> str:
    rebased = rebase_onto(amendment, bases, draft.tree)
    if rebased.conflicts:
        return "still_conflict" if amendment.state == State.IN_CONFLICT else "conflict"
    return "in_force" if rebased.already_in_force else "carried"
