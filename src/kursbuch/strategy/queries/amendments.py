"""Amendments as readers look for them: the list with its filters, one with all it needs, and somebody's drafts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kursbuch.city.models import City
from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.domain.framework.element import Element
from kursbuch.identity.models import Membership
from kursbuch.kit import search
from kursbuch.strategy.models import (
    OPEN_END,
    Amendment,
    Change,
    Comment,
    Edition,
    State,
    Strategy,
    Version,
)

PAGE_SIZE = 20
MOST_FOUND = 500  # what a search for words may bring; more is not looked through anyway

GROUPS: Mapping[str, tuple[State, ...]] = {
    "open": (State.SUBMITTED, State.IN_DISCUSSION, State.RECOMMENDED, State.IN_CONFLICT),
    "accepted": (State.DECIDED, State.IN_FORCE, State.ALREADY_IN_FORCE),
    "rejected": (State.REJECTED,),
    "withdrawn": (State.WITHDRAWN,),
}
ORDERS: Mapping[str, tuple[str, ...]] = {
    "newest": ("-submitted_at", "-id"),
    "changed": ("-updated_at", "-id"),
    "oldest": ("submitted_at", "id"),
    "discussed": ("-comment_count", "-id"),
}
AUTHORS = ("residents", "offices", "groups")


@dataclass(frozen=True)
class Filters:
    """What a reader wants to see; an empty value does not restrict."""

    state: str = ""  # a group or a single state
    element: str = ""  # an element with all below it
    authors: str = ""
    words: str = ""
    order: str = "newest"


@dataclass(frozen=True)
class AmendmentPage:
    """One page of amendments with what its rows show; counts are by group, for the same other filters."""

    amendments: list[Amendment]
    counts: Mapping[str, int]
    total: int
    number: int
    elements: Mapping[str, Element] = field(default_factory=dict)  # that the rows' changes name
    themes: Mapping[str, Element] = field(default_factory=dict)  # the topmost ones of today, in their order

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def newest_edition(city: City) -> Edition | None:
    """The newest edition with its strategy and decision, in one query."""
    editions = Edition.objects.filter(strategy__city=city).select_related("strategy", "decision")
    return editions.order_by("-ordinal").first()


def list_amendments(strategy: Strategy, filters: Filters, number: int = 1) -> AmendmentPage:
    """At most five queries, whatever the number of rows; two more to search and one more below an element."""
    rows: QuerySet[Amendment] = _filtered(strategy, filters)
    by_state = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    counts = {name: sum(by_state.get(state, 0) for state in states) for name, states in GROUPS.items()}
    counts["all"] = sum(by_state.values())
    wanted = GROUPS.get(filters.state) or ((State(filters.state),) if filters.state in State.values else ())
    total = sum(by_state.get(state, 0) for state in wanted) if wanted else counts["all"]
    number = min(max(number, 1), max(1, -(-total // PAGE_SIZE)))
    if wanted:
        rows = rows.filter(state__in=wanted)
    start = (number - 1) * PAGE_SIZE
    shown = list(
        with_comment_count(rows)
        .select_related("edition")
        .order_by(*ORDERS.get(filters.order, ORDERS["newest"]))
        .prefetch_related("authors__user", "changes")[start : start + PAGE_SIZE]
    )
    keys = {key for amendment in shown for change in amendment.changes.all() for key in (change.key, change.below)}
    versions = list(_latest(strategy).filter(Q(key__in=keys) | Q(parent="")).order_by("rank", "key"))
    themes = elements_of(row for row in versions if not row.parent and row.until == OPEN_END)
    return AmendmentPage(shown, counts, total, number, elements_of(versions), themes)


def with_comment_count(rows: QuerySet[Amendment]) -> QuerySet[Amendment]:
    comments = Comment.objects.filter(amendment=OuterRef("pk"), removed_reason="").order_by()
    counted = comments.values("amendment").annotate(n=Count("pk")).values("n")
    return rows.annotate(comment_count=Coalesce(Subquery(counted), 0))


def _filtered(strategy: Strategy, filters: Filters) -> QuerySet[Amendment]:
    rows: QuerySet[Amendment] = Amendment.objects.public().filter(strategy=strategy)
    if filters.element:
        keys = keys_below(strategy, filters.element)
        touching = Change.objects.filter(amendment=OuterRef("pk")).filter(Q(key__in=keys) | Q(below__in=keys))
        rows = rows.filter(Exists(touching))
    if filters.authors in AUTHORS:
        rows = _written_by(rows, filters.authors)
    if filters.words:
        found = search.find(strategy.city_id, filters.words, kinds=["amendment"], size=MOST_FOUND)
        ids = [int(hit.thing.partition(":")[2]) for hit in found]
        named = Change.objects.filter(amendment=OuterRef("pk"), key__iexact=filters.words.strip()[:24])
        rows = rows.filter(Q(pk__in=ids) | Exists(named))
    return rows


def _written_by(rows: QuerySet[Amendment], authors: str) -> QuerySet[Amendment]:
    if authors == "offices":
        return rows.filter(official=True)
    others = rows.filter(official=False)
    return others.exclude(speaks_for="") if authors == "groups" else others.filter(speaks_for="")


def keys_below(strategy: Strategy, key: str) -> set[str]:
    """The element and all that stands or ever stood below it."""
    below: dict[str, set[str]] = {}
    for child, parent in Version.objects.filter(strategy=strategy).values_list("key", "parent").distinct():
        below.setdefault(parent, set()).add(child)
    found: set[str] = set()
    waiting = [key]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += below.get(one, ())
    return found


def latest_elements(strategy: Strategy, keys: Collection[str]) -> dict[str, Element]:
    """These elements as they are, or last were; one query."""
    return elements_of(_latest(strategy).filter(key__in=keys))


def _latest(strategy: Strategy) -> QuerySet[Version]:
    newest = Version.objects.filter(element=OuterRef("element")).order_by("-first").values("first")[:1]
    return Version.objects.filter(strategy=strategy, first=Subquery(newest))


def elements_at(edition: Edition, keys: Collection[str]) -> dict[str, Element]:
    """These elements as the edition has them; one query."""
    rows = Version.objects.at(edition.ordinal).filter(strategy=edition.strategy_id, key__in=keys)
    return elements_of(rows)


def elements_of(rows: Iterable[Version]) -> dict[str, Element]:
    return {row.key: Element(row.key, row.kind, fields_from_json(row.fields)) for row in rows}


def find_amendment(city: City, number: int) -> Amendment | None:
    """With all its page needs beside changes' elements and comments: three queries. Drafts too: mind who asks."""
    return (
        Amendment.objects.filter(strategy__city=city, pk=number)
        .select_related("strategy", "base", "decision", "edition", "split_from")
        .prefetch_related("authors__user", "changes")
        .first()
    )


def drafts_of(member: Membership) -> QuerySet[Amendment]:
    """What the person is still writing in this city, the last one touched first."""
    return unsubmitted_of(member).filter(state=State.DRAFT)


def unsubmitted_of(member: Membership) -> QuerySet[Amendment]:
    """The same with drafts in conflict, which are settled before they are written on."""
    return (
        Amendment.objects.filter(strategy__city=member.city_id, authors__user=member.user_id)
        .filter(state__in=[State.DRAFT, State.IN_CONFLICT], submitted_at=None)
        .select_related("strategy", "base")
        .prefetch_related("changes", "authors")
        .order_by(F("updated_at").desc(), "-id")
    )


def others_touching(strategy: Strategy, keys: Collection[str], but: int | None) -> list[Amendment]:
    """Public pending amendments of others that change one of these elements; three queries."""
    touching = Change.objects.filter(amendment=OuterRef("pk"), key__in=keys)
    rows = Amendment.objects.public().pending().filter(Exists(touching), strategy=strategy)
    if but is not None:
        rows = rows.exclude(pk=but)
    return list(
        rows.select_related("base").prefetch_related("changes", "authors__user").order_by("-submitted_at", "-id")
    )
