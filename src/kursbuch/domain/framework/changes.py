"""Typed changes: what an amendment consists of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from kursbuch.domain.framework.element import Edition, Element, Fields, Value
from kursbuch.domain.framework.increasing import longest_increasing


@dataclass(frozen=True, slots=True)
class Add:
    """A new element below ``parent``, behind its sibling ``after`` (``None``: in first place)."""

    key: str
    kind: str
    parent: str | None
    after: str | None
    fields: Fields


@dataclass(frozen=True, slots=True)
class Revise:
    """A field's new value; ``None`` stands for an absent field on either side."""

    key: str
    field: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Move:
    """An element, with all below it, goes below ``parent``, behind ``after`` (``None``: in first place)."""

    key: str
    parent: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Retire:
    """An element without children leaves the strategy; ``replaced_by`` names what stands for it now."""

    key: str
    replaced_by: tuple[str, ...] = ()


Change = Add | Revise | Move | Retire


PROVISIONAL = "neu-"  # how the key of an element begins that gets its own only when it is adopted


def is_provisional(key: str) -> bool:
    """Whether the element is only proposed as yet."""
    return key.startswith(PROVISIONAL)


class ChangeError(ValueError):
    """A change does not fit the edition; ``change`` is the one and ``reason`` says why, in plain English."""

    def __init__(self, change: Change, reason: str) -> None:
        super().__init__(f"{change.key}: {reason}")
        self.change = change
        self.reason = reason


def apply(edition: Edition, changes: Iterable[Change]) -> Edition:
    """The edition after the changes, taken in order.

    Raises :class:`ChangeError` when a change names an unknown key, an occupied one, a ``before`` that is not the
    present value, a place below itself, or retires an element that still has children.
    """
    draft = Draft(edition)
    for change in changes:
        draft.make(change)
    return draft.edition()


class Draft:
    """An edition in the making: changes made one by one, touching only what they name."""

    def __init__(self, base: Edition) -> None:
        self.base = base
        self._elements: dict[str, Element | None] = {}  # new contents; None: retired
        self._children: dict[str | None, list[str]] = {}
        self._parents: dict[str, str | None] = {}

    def get(self, key: str) -> Element | None:
        """The element, or ``None`` if it is not there (any more)."""
        if key in self._elements:
            return self._elements[key]
        return self.base.elements.get(key)

    def parent(self, key: str) -> str | None:
        """The parent of a key that is there."""
        return self._parents[key] if key in self._parents else self.base.parents[key]

    def children(self, parent: str | None) -> Sequence[str]:
        """The keys below a parent, in order; not to be changed."""
        changed = self._children.get(parent)
        return self.base.children.get(parent, ()) if changed is None else changed

    def holds(self, place: str | None) -> bool:
        """Whether something can stand below ``place``: the root or an element that is there."""
        return place is None or self.get(place) is not None

    def stands_below(self, key: str | None, above: str) -> bool:
        """Whether ``key`` is ``above`` or anywhere below it."""
        while key is not None and key != above:
            key = self.parent(key)
        return key is not None

    @property
    def rearranged(self) -> bool:
        """Whether any order or place differs from the base."""
        return any(tuple(keys) != self.base.children.get(parent, ()) for parent, keys in self._children.items())

    def make(self, change: Change) -> None:
        """Make one change, or raise :class:`ChangeError` and leave everything as it was."""
        match change:
            case Revise():
                self._revise(change)
            case Add():
                self._add(change)
            case Move():
                self._move(change)
            case Retire():
                self._retire(change)

    def edition(self) -> Edition:
        """The result; the base itself if nothing was changed."""
        if not self._elements and not self._children:
            return self.base
        elements = dict(self.base.elements)
        for key, element in self._elements.items():
            if element is None:
                elements.pop(key, None)
            else:
                elements[key] = element
        children = dict(self.base.children)
        for parent, keys in self._children.items():
            if keys:
                children[parent] = tuple(keys)
            else:
                children.pop(parent, None)
        return Edition._of_sound_parts(elements, children)

    def _siblings(self, parent: str | None) -> list[str]:
        if parent not in self._children:
            self._children[parent] = list(self.base.children.get(parent, ()))
        return self._children[parent]

    def _element(self, change: Change) -> Element:
        element = self.get(change.key)
        if element is None:
            raise ChangeError(change, "is not in the edition")
        return element

    def _check_place(self, change: Add | Move) -> None:
        if not self.holds(change.parent):
            raise ChangeError(change, f"its new parent {change.parent} is not in the edition")
        if change.after is not None and (
            self.get(change.after) is None or self.parent(change.after) != change.parent or change.after == change.key
        ):
            raise ChangeError(change, f"{change.after}, behind which it should stand, is not below its parent")

    def _put(self, change: Add | Move) -> None:
        siblings = self._siblings(change.parent)
        siblings.insert(0 if change.after is None else siblings.index(change.after) + 1, change.key)
        self._parents[change.key] = change.parent

    def _revise(self, change: Revise) -> None:
        element = self._element(change)
        if element.fields.get(change.field) != change.before:
            raise ChangeError(change, f"its {change.field} is not what the change assumes")
        fields = dict(element.fields)
        if change.after is None:
            fields.pop(change.field, None)
        else:
            fields[change.field] = change.after
        self._elements[change.key] = Element(change.key, element.kind, fields)

    def _add(self, change: Add) -> None:
        if self.get(change.key) is not None:
            raise ChangeError(change, "is in the edition already")
        self._check_place(change)
        self._put(change)
        self._elements[change.key] = Element(change.key, change.kind, change.fields)

    def _move(self, change: Move) -> None:
        self._element(change)
        self._check_place(change)
        if self.stands_below(change.parent, change.key):
            raise ChangeError(change, "cannot be moved below itself")
        self._siblings(self.parent(change.key)).remove(change.key)
        self._put(change)

    def _retire(self, change: Retire) -> None:
        self._element(change)
        if self.children(change.key):
            raise ChangeError(change, "still has elements below it")
        self._siblings(self.parent(change.key)).remove(change.key)
        self._elements[change.key] = None
        self._parents.pop(change.key, None)


def diff(a: Edition, b: Edition) -> tuple[Change, ...]:
    """The changes that lead from ``a`` to ``b``: ``apply(a, diff(a, b)) == b`` and ``diff(a, a) == ()``.

    Only elements whose place among their siblings really changed are reported as moved (the longest run of
    siblings that kept their order stays put), and a moved element that was also edited is a move and a revision.
    Places come first, from the top down, then revisions in reading order, then retirements from the leaves up.
    An element whose kind changed is retired and added anew.
    """
    if a is b:
        return ()
    recast = [key for key, element in a.elements.items() if key in b.elements and b.elements[key].kind != element.kind]
    if not recast:
        return tuple(_differences(a, b))
    cleared = _clear_way(a, b, set(recast))
    return (*cleared, *_differences(apply(a, cleared), b))


def diff_fields(key: str, a_fields: Fields, b_fields: Fields) -> tuple[Revise, ...]:
    """The revisions that lead from one content to the other, by field name."""
    if a_fields is b_fields or a_fields == b_fields:
        return ()
    return tuple(
        Revise(key, field, a_fields.get(field), b_fields.get(field))
        for field in sorted({*a_fields, *b_fields})
        if a_fields.get(field) != b_fields.get(field)
    )


def compact(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The same effect said once: revisions of one field become one, of an added element part of its addition."""
    kept: list[Change | None] = []
    revised: dict[tuple[str, str], int] = {}
    added: dict[str, int] = {}
    for change in changes:
        if isinstance(change, Revise):
            at = added.get(change.key)
            addition = kept[at] if at is not None else None
            if at is not None and isinstance(addition, Add):
                fields = {**addition.fields}
                fields.pop(change.field, None)
                if change.after is not None:
                    fields[change.field] = change.after
                kept[at] = replace(addition, fields=fields)
                continue
            at = revised.get((change.key, change.field))
            earlier = kept[at] if at is not None else None
            if at is not None and isinstance(earlier, Revise):
                kept[at] = replace(earlier, after=change.after) if earlier.before != change.after else None
                if kept[at] is None:
                    del revised[change.key, change.field]
                continue
            revised[change.key, change.field] = len(kept)
        elif isinstance(change, Add):
            added[change.key] = len(kept)
        elif isinstance(change, Retire):
            added.pop(change.key, None)
            revised = {place: at for place, at in revised.items() if place[0] != change.key}
        kept.append(change)
    return tuple(change for change in kept if change is not None)


def _differences(a: Edition, b: Edition) -> Iterator[Change]:
    yield from _placements(a, b)
    old = a.elements
    revised = [
        key
        for key, element in b.elements.items()
        if (was := old.get(key)) is not None and was is not element and was.fields != element.fields
    ]
    if len(revised) > 1:
        order = {element.key: place for place, (_, element) in enumerate(b.walk())}
        revised.sort(key=order.__getitem__)
    for key in revised:
        yield from diff_fields(key, old[key].fields, b.elements[key].fields)
    gone = old.keys() - b.elements.keys()
    if gone:
        yield from (Retire(key) for key in _leaves_first(a, gone))


def _placements(a: Edition, b: Edition) -> Iterator[Add | Move]:
    """Additions and moves, so that each parent already stands where it belongs."""
    pending: list[str | None] = [None]
    while pending:
        parent = pending.pop()
        order = b.children.get(parent, ())
        pending += [key for key in reversed(order) if key in b.children]
        was = a.children.get(parent, ())
        if order is was or order == was:
            continue
        index = {key: place for place, key in enumerate(was)}
        stayed = [key for key in order if key in index]
        steady = {stayed[place] for place in longest_increasing([index[key] for key in stayed])}
        after: str | None = None
        for key in order:
            if key not in a.elements:
                element = b.elements[key]
                yield Add(key, element.kind, parent, after, element.fields)
            elif key not in steady:
                yield Move(key, parent, after)
            after = key


def _leaves_first(a: Edition, keys: AbstractSet[str]) -> list[str]:
    return [element.key for _, element in a.walk() if element.key in keys][::-1]


def _clear_way(a: Edition, b: Edition, recast: set[str]) -> list[Change]:
    """Retire what changed its kind; what stood below and stays waits at the root meanwhile."""
    going = recast | (a.elements.keys() - b.elements.keys())
    moves = [
        Move(element.key, None, None)
        for _, element in a.walk()
        if element.key not in going and a.parents[element.key] in going
    ]
    return [*moves, *(Retire(key) for key in _leaves_first(a, going))]
