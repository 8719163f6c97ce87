"""Everything an element's page says: its place and text on a day, its past, what is proposed for it.

The number of queries is fixed; the number of rows read depends on the element, never on the strategy's age.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, F, JSONField, Q, Value, When
from django.db.models.fields.json import KT

from kursbuch.domain.framework.changes import Add, Revise
from kursbuch.domain.framework.codec import change_from_json, fields_from_json
from kursbuch.domain.framework.element import Fields
from kursbuch.domain.framework.origin import Step
from kursbuch.strategy.models import PENDING, Change, Element, Rendition, State, Strategy, Version
from kursbuch.strategy.queries.editions import EditionLine, EditionLines, Touch


@dataclass(frozen=True, slots=True)
class Node:
    """An element as its neighbours see it."""

    key: str
    kind: str
    title: str


@dataclass(frozen=True)
class Stand:
    """A version of the element: from which edition until before which."""

    first: int
    until: int
    parent: str
    fields: Fields
    digest: str


@dataclass(frozen=True)
class Place:
    """Where the element stands in an edition."""

    above: Sequence[Node] = ()  # from the top down
    before: Node | None = None
    after: Node | None = None
    below: Sequence[Node] = ()


@dataclass
class ElementHistory:
    """All versions of an element, oldest first, and the amendments that touch it."""

    element: Element
    lines: EditionLines
    stands: Sequence[Stand]
    touches: Sequence[Touch] = ()
    renditions: Sequence[Rendition] = ()

    @property
    def strategy(self) -> Strategy:
        return self.element.strategy

    def at(self, ordinal: int) -> Stand | None:
        return next((stand for stand in self.stands if stand.first <= ordinal < stand.until), None)

    @cached_property
    def taken_in(self) -> dict[int, list[Touch]]:
        """By an edition's ordinal: the amendments it took in that touch the element, in the edition's order."""
        places = {line.number: line.ordinal for line in self.lines.lines}
        found: dict[int, list[Touch]] = defaultdict(list)
        for touch in self.touches:
            if touch.amendment.state == State.IN_FORCE:
                found[places[touch.edition]].append(touch)
        for touches in found.values():
            touches.sort(key=lambda touch: touch.amendment.place_in_edition or 0)
        return found

    @property
    def pending(self) -> list[Touch]:
        """Newest first."""
        open_ones = [touch for touch in self.touches if touch.amendment.state in PENDING]
        return sorted(open_ones, key=lambda touch: -touch.amendment.pk)

    def steps(self, name: str, ordinal: int) -> list[tuple[Step, EditionLine | None, Touch | None]]:
        """The history of a text field up to an edition: every value it had, with what brought it."""
        steps: list[tuple[Step, EditionLine | None, Touch | None]] = []
        until: int | None = None
        for stand in self.stands:
            if stand.first > ordinal:
                break
            line = self.lines.at(stand.first)
            number = line.number if line else str(stand.first)
            if until is not None and until != stand.first:
                steps.append((Step(number, None, None), line, None))  # it was gone in between
            for touch in self.taken_in.get(stand.first, ()):
                values = _values(touch, self.element.key, name)
                steps += [(Step(number, touch.amendment.pk, value), line, touch) for value in values]
            text = stand.fields.get(name)
            value = text if isinstance(text, str) else None
            if (steps[-1][0].value if steps else None) != value:
                steps.append((Step(number, None, value), line, None))
            until = stand.until
        return steps


def _values(touch: Touch, key: str, name: str) -> list[str | None]:
    values: list[str | None] = []
    for row in touch.changes:
        change = change_from_json(row.data)
        if change.key != key:
            continue
        if isinstance(change, Revise) and change.field == name:
            values.append(change.after if isinstance(change.after, str) else None)
        elif isinstance(change, Add):
            given = change.fields.get(name)
            values.append(given if isinstance(given, str) else None)
    return values


def find_element(city_id: int, key: str) -> Element | None:
    return Element.objects.filter(strategy__city=city_id, key=key).select_related("strategy").first()


def element_stands(element: Element, ordinal: int) -> tuple[list[Stand], dict[str, tuple[str, str, str, str]]]:
    """All versions of the element, and the whole edition's skeleton: by key (parent, rank, kind, title).

    One query for both: they are rows of one table, and only the element's own need their content.
    """
    own = Q(element=element.pk)
    content = Case(When(own, then=F("fields")), default=Value(None, JSONField()), output_field=JSONField())
    rows = (
        Version.objects.filter(strategy=element.strategy_id)
        .filter(own | Q(first__lte=ordinal, until__gt=ordinal))
        .values_list("key", "parent", "rank", "kind", KT("fields__title"), "first", "until", "digest", content)
    )
    stands: list[Stand] = []
    skeleton: dict[str, tuple[str, str, str, str]] = {}
    for key, parent, rank, kind, title, first, until, digest, fields in rows:
        if key == element.key:
            stands.append(Stand(first, until, parent, fields_from_json(fields), digest))
        if first <= ordinal < until:
            skeleton[key] = (parent, rank, kind, title or "")
    return sorted(stands, key=lambda stand: stand.first), skeleton


def place_of(key: str, skeleton: Mapping[str, tuple[str, str, str, str]]) -> Place:
    if key not in skeleton:
        return Place()

    def node(other: str) -> Node:
        return Node(other, skeleton[other][2], skeleton[other][3])

    def children(parent: str) -> list[str]:
        return [k for _, k in sorted((row[1], k) for k, row in skeleton.items() if row[0] == parent)]

    above: list[str] = []
    parent = skeleton[key][0]
    while parent in skeleton and parent not in above:
        above.append(parent)
        parent = skeleton[parent][0]
    siblings = children(skeleton[key][0])
    at = siblings.index(key)
    return Place(
        [node(k) for k in reversed(above)],
        node(siblings[at - 1]) if at else None,
        node(siblings[at + 1]) if at + 1 < len(siblings) else None,
        [node(k) for k in children(key)],
    )


def amendments_touching(element: Element) -> list[Touch]:
    """Those in force and those still open, with their changes of the element and all authors: one query."""
    states = [State.IN_FORCE, *PENDING]
    rows = (
        Change.objects.filter(Q(key=element.key) | Q(below=element.key))
        .filter(
            amendment__strategy=element.strategy_id,
            amendment__state__in=states,
            amendment__submitted_at__isnull=False,
        )
        .select_related("amendment__decision")
        .annotate(
            author=F("amendment__authors__pk"),
            author_user=F("amendment__authors__user"),
            author_name=F("amendment__authors__user__name"),
            edition_number=F("amendment__edition__number"),
        )
        .order_by("amendment", "position", "author")
    )
    touches: dict[int, Touch] = {}
    seen: set[tuple[int, int | None]] = set()
    for row in rows:
        amendment = row.amendment
        touch = touches.setdefault(amendment.pk, Touch(amendment, row.edition_number or ""))
        if row.variant == touch.amendment.variant and all(known.pk != row.pk for known in touch.changes):
            touch.changes.append(row)
        author = (amendment.pk, row.author)
        if row.author is not None and author not in seen:
            seen.add(author)
            touch.authors.append(row.author_name if row.author_user is not None else None)
    return list(touches.values())


def renditions_of(element: Element) -> list[Rendition]:
    """Newest first."""
    return list(element.renditions.order_by("language", "-updated_at"))


def nodes_of(strategy: Strategy, keys: Sequence[str]) -> list[dict[str, Any]]:
    """The last title of each of these elements, in this order: what took a retired element's place."""
    rows = (
        Version.objects.filter(strategy=strategy, key__in=keys)
        .order_by("key", "first")
        .values_list("key", KT("fields__title"))
    )
    titles = {key: title or "" for key, title in rows}  # the last one counts
    return [{"key": key, "title": titles[key]} for key in keys if key in titles]
