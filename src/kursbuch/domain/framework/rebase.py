"""Rebase: carrying an amendment's changes onto a newer edition, or saying where it can no longer be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from kursbuch.domain.framework.changes import Add, Change, Draft, Move, Retire, Revise, compact
from kursbuch.domain.framework.element import Edition, Element, Value
from kursbuch.domain.framework.merge import Merged, merge_value


class ConflictKind(Enum):
    """Why a change cannot simply be carried over."""

    TEXT = "text"  # both changed the same words
    VALUE = "value"  # both changed the same value, entry or absence
    RETIRED = "retired"  # the element was retired meanwhile
    REVISED = "revised"  # the element to be retired was revised meanwhile
    CHILDREN = "children"  # the element to be retired was given elements below it
    GONE_PARENT = "gone_parent"  # the place it should go to was retired
    KEY_TAKEN = "key_taken"  # the key of the addition now names something else
    PLACE = "place"  # both moved it to different places, or one below the other
    DEPENDS = "depends"  # it builds on a change that is itself in conflict


@dataclass(frozen=True, slots=True)
class Conflict:
    """One disputed change: ``base`` is where both began, ``ours`` the newer edition, ``theirs`` the amendment.

    For fields these are values, for places the keys of the parents (``None``: absent, or the root).
    ``change`` is the amendment's own change, as it was.
    """

    key: str
    field: str | None
    base: Value | None
    ours: Value | None
    theirs: Value | None
    kind: ConflictKind
    change: Change


@dataclass(frozen=True, slots=True)
class Rebased:
    """What became of an amendment: ``changes`` fit the newer edition, ``conflicts`` are left for people.

    ``in_force`` are the changes whose effect the newer edition already has.
    """

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...] = ()
    in_force: tuple[Change, ...] = ()

    @property
    def already_in_force(self) -> bool:
        """Whether all that was asked for has happened already."""
        return bool(self.in_force) and not self.changes and not self.conflicts


def rebase(changes: Iterable[Change], old: Edition, new: Edition) -> Rebased:
    """Carry ``changes``, which fit ``old``, onto ``new`` (three-way, word by word within text).

    ``apply(new, result.changes)`` always succeeds; changes in conflict are left out of it and listed. Raises
    :class:`ChangeError` if the changes do not fit ``old``. Onto the same edition, ``compact(changes)`` remains.
    The work grows with the changes, not with the editions.
    """
    carrier = _Carrier(old, new)
    for change in compact(changes):
        carrier.carry(change)
    return carrier.result()


def settle(conflict: Conflict, value: Value | None) -> Revise | None:
    """The change that gives a disputed field the value people agreed on; ``None`` if it has that value already.

    Only for conflicts over a field of an element that is still there (TEXT, VALUE).
    """
    if conflict.kind not in (ConflictKind.TEXT, ConflictKind.VALUE) or conflict.field is None:
        raise ValueError(f"{conflict.key}: a conflict of kind {conflict.kind.value} is not over a field's value")
    if value == conflict.ours:
        return None
    return Revise(conflict.key, conflict.field, conflict.ours, value)


class _Carrier:
    """Both editions side by side while the changes are made on the old one and carried over to the new one."""

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old = Draft(old)
        self.new = Draft(new)
        self.changes: list[Change] = []
        self.conflicts: list[Conflict] = []
        self.in_force: list[Change] = []
        self.names: dict[str, str] = {}  # an added key -> the key under which the same was added meanwhile
        self.disputed: set[str] = set()  # keys whose addition is in conflict

    def carry(self, change: Change) -> None:
        match change:
            case Revise():
                self._revise(change)
            case Add():
                self._add(change)
            case Move():
                self._move(change)
            case Retire():
                self._retire(change)
        self.old.make(change)

    def result(self) -> Rebased:
        changes = self.changes
        if (
            self.old.rearranged
            and not self.new.rearranged
            and all(isinstance(change, Move | Revise) for change in changes)
        ):
            # moves that cancel each other out: the order asked for is already there
            self.in_force += [change for change in changes if isinstance(change, Move)]
            changes = [change for change in changes if not isinstance(change, Move)]
        return Rebased(tuple(changes), tuple(self.conflicts), tuple(self.in_force))

    def _emit(self, change: Change) -> None:
        self.new.make(change)
        self.changes.append(change)

    def _dispute(
        self,
        kind: ConflictKind,
        change: Change,
        base: Value | None = None,
        ours: Value | None = None,
        theirs: Value | None = None,
        *,
        field: str | None = None,
    ) -> None:
        self.conflicts.append(Conflict(change.key, field, base, ours, theirs, kind, change))

    def _here(self, key: str) -> str:
        return self.names.get(key, key)

    def _missing(self, key: str, otherwise: ConflictKind) -> ConflictKind:
        return ConflictKind.DEPENDS if key in self.disputed else otherwise

    # fields

    def _revise(self, change: Revise) -> None:
        key = self._here(change.key)
        element = self.new.get(key)
        if element is None or change.key in self.disputed:
            kind = self._missing(change.key, ConflictKind.RETIRED)
            self._dispute(kind, change, change.before, None, change.after, field=change.field)
            return
        present = element.fields.get(change.field)
        if present == change.before:
            self._emit(replace(change, key=key))
            return
        merged = merge_value(change.before, present, change.after)
        if not isinstance(merged, Merged):
            texts = all(isinstance(value, str) for value in (change.before, present, change.after))
            kind = ConflictKind.TEXT if texts else ConflictKind.VALUE
            self._dispute(kind, change, change.before, present, change.after, field=change.field)
        elif merged.value == present:
            self.in_force.append(change)
        else:
            self._emit(Revise(key, change.field, present, merged.value))

    # places

    def _add(self, change: Add) -> None:
        standing = self.new.get(change.key)
        if standing is not None:
            if _same_content(standing, change):
                self.in_force.append(change)
            else:
                self.disputed.add(change.key)
                self._dispute(ConflictKind.KEY_TAKEN, change)
            return
        if not self._has_place(change):
            self.disputed.add(change.key)
            return
        parent = self._place_here(change.parent)
        twin = self._twin(change, parent)
        if twin is not None:
            self.names[change.key] = twin
            self.in_force.append(change)
            return
        after = self._behind_newcomers(change, parent, self._anchor(change, parent))
        self._emit(Add(change.key, change.kind, parent, after, change.fields))

    def _move(self, change: Move) -> None:
        key = self._here(change.key)
        if self.new.get(key) is None or change.key in self.disputed:
            self._dispute(self._missing(change.key, ConflictKind.RETIRED), change, theirs=change.parent)
            return
        if not self._has_place(change):
            return
        parent = self._place_here(change.parent)
        base = self.old.parent(change.key)
        here = self.new.parent(key)
        if here != self._place_here(base):
            if here == parent:
                self.in_force.append(change)
            else:
                self._dispute(ConflictKind.PLACE, change, base, here, change.parent)
            return
        if self.new.stands_below(parent, key):
            self._dispute(ConflictKind.PLACE, change, base, here, change.parent)
            return
        after = self._anchor(change, parent)
        if here == parent and not self._is_idle(change) and self._stands_behind(change, parent, after):
            self.in_force.append(change)
        else:
            self._emit(Move(key, parent, self._behind_newcomers(change, parent, after)))

    def _retire(self, change: Retire) -> None:
        key = self._here(change.key)
        standing = self.new.get(key)
        if standing is None or change.key in self.disputed:
            if change.key in self.disputed:
                self._dispute(ConflictKind.DEPENDS, change)
            else:
                self.in_force.append(change)
            return
        known = self.old.get(change.key)
        fields = known.fields if known else {}
        if self.new.children(key):
            self._dispute(ConflictKind.CHILDREN, change)
        elif standing is not known and standing.fields != fields:
            for field in sorted({*fields, *standing.fields}):
                was, now = fields.get(field), standing.fields.get(field)
                if was != now:
                    self._dispute(ConflictKind.REVISED, change, was, now, None, field=field)
        else:
            self._emit(Retire(key, tuple(self._here(name) for name in change.replaced_by)))

    def _place_here(self, parent: str | None) -> str | None:
        return None if parent is None else self._here(parent)

    def _has_place(self, change: Add | Move) -> bool:
        """Whether the wanted parent is there; if not, the conflict is recorded."""
        parent = change.parent
        if parent is None or (parent not in self.disputed and self.new.get(self._here(parent)) is not None):
            return True
        kind = self._missing(parent, ConflictKind.GONE_PARENT)
        self._dispute(kind, change, theirs=parent)
        return False

    def _twin(self, change: Add, parent: str | None) -> str | None:
        """What was added meanwhile in the same place with the same content."""
        for key in self.new.children(parent):
            if key in self.old.base or self.old.get(key) is not None or key in self.names.values():
                continue
            element = self.new.get(key)
            if element is not None and _same_content(element, change):
                return key
        return None

    def _anchor(self, change: Add | Move, parent: str | None) -> str | None:
        """The nearest earlier sibling, by the old order, that still stands below the parent."""
        if change.after is None:
            return None
        siblings = self.old.children(change.parent)
        for place in range(siblings.index(change.after) if change.after in siblings else -1, -1, -1):
            key = self._here(siblings[place])
            if siblings[place] != change.key and self.new.get(key) and self.new.parent(key) == parent:
                return key
        return None

    def _is_newcomer(self, key: str, change: Add | Move) -> bool:
        """Whether the newer edition, not this amendment, brought a sibling to this place."""
        if key in self.names.values():
            return False
        return self.old.get(key) is None or self.old.parent(key) != change.parent

    def _behind_newcomers(self, change: Add | Move, parent: str | None, after: str | None) -> str | None:
        """Two elements brought to one place stand in the order of their keys, whoever came first."""
        siblings = self.new.children(parent)
        key = self._here(change.key)
        place = 0 if after is None else siblings.index(after) + 1
        while place < len(siblings):
            sibling = siblings[place]
            if sibling != key and not (self._is_newcomer(sibling, change) and sibling < key):
                break
            after = after if sibling == key else sibling
            place += 1
        return after

    def _stands_behind(self, change: Move, parent: str | None, after: str | None) -> bool:
        """Whether the element already stands behind ``after``, newcomers between them aside."""
        siblings = self.new.children(parent)
        place = siblings.index(self._here(change.key)) - 1
        while place >= 0 and siblings[place] != after and self._is_newcomer(siblings[place], change):
            place -= 1
        return (siblings[place] if place >= 0 else None) == after

    def _is_idle(self, change: Move) -> bool:
        """Whether the move changed nothing in the old edition either."""
        siblings = self.old.children(change.parent)
        if change.key not in siblings:
            return False
        place = siblings.index(change.key)
        return (siblings[place - 1] if place else None) == change.after


def _same_content(element: Element, addition: Add) -> bool:
    return element.kind == addition.kind and element.fields == addition.fields
