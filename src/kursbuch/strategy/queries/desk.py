"""What waits for whom: the lists of the office desk, oldest first, each with its full number of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from kursbuch.chronicle.models import Entry
from kursbuch.city.models import Office
from kursbuch.strategy.models import OPEN_END, Amendment, Change, Recommendation, State, Strategy, Version

SHOWN = 12


@dataclass(frozen=True)
class Waiting:
    """The amendments that wait for one step: the oldest ones, and how many there are."""

    total: int = 0
    amendments: Sequence[Amendment] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.total - len(self.amendments)


def amendments_by_state(strategy: Strategy) -> Mapping[str, int]:
    """How many public amendments stand where; those that are to be rejected count as ``to_reject``."""
    public = Amendment.objects.public().filter(strategy=strategy).order_by()
    counts = dict(public.values_list("state").annotate(n=Count("pk")))
    rejected = public.filter(state=State.RECOMMENDED, recommendation=Recommendation.REJECT).count()
    return {**counts, "to_reject": rejected}


def waiting(strategy: Strategy, state: State, total: int) -> Waiting:
    """Each with ``since``: the moment it came there, or was handed in."""
    if not total:
        return Waiting()
    verbs = {
        State.IN_DISCUSSION: "amendment_discussed",
        State.RECOMMENDED: "amendment_recommended",
        State.DECIDED: "amendment_accepted",
        State.IN_CONFLICT: "amendment_in_conflict",
    }
    rows = Amendment.objects.public().filter(strategy=strategy, state=state).prefetch_related("authors__user")
    return Waiting(total, list(_since(rows, verbs.get(state)).order_by("since", "pk")[:SHOWN]))


def _since(rows: QuerySet[Amendment], verb: str | None) -> QuerySet[Any]:
    """With the annotation ``since``, which the type of the rows cannot name."""
    if verb is None:
        return rows.annotate(since=Coalesce("submitted_at", "updated_at"))
    thing = Concat(Value("amendment:"), Cast(OuterRef("pk"), CharField()))
    told = Entry.objects.filter(mentions__city_id=OuterRef("strategy__city_id"), mentions__thing=thing, verb=verb)
    came = told.order_by("-pk").values("at")[:1]
    return rows.annotate(since=Coalesce(Subquery(came), "submitted_at", "updated_at"))


def awaiting_decision(strategy: Strategy) -> list[Amendment]:
    """Recommended amendments, the oldest first."""
    rows = Amendment.objects.public().filter(strategy=strategy, state=State.RECOMMENDED)
    return list(rows.select_related("strategy", "base").order_by("submitted_at", "pk"))


def touching_office(strategy: Strategy, office: Office) -> Waiting:
    """Pending amendments that change something the office is responsible for, or put it in charge."""
    carried = Version.objects.filter(strategy=strategy, until=OPEN_END, fields__office__office=office.slug)
    touched = Change.objects.filter(amendment=OuterRef("pk")).filter(
        Q(key__in=carried.values("key"))
        | Q(data__fields__office__office=office.slug)
        | Q(field="office", data__after__office=office.slug)
    )
    rows = Amendment.objects.public().pending().filter(Exists(touched), strategy=strategy)
    found = list(_since(rows, None).prefetch_related("authors__user").order_by("since", "pk"))
    return Waiting(len(found), found[:SHOWN])
