"""Puts one element's changes into a draft's set of changes: the same form sent twice leaves the same set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kursbuch.domain.framework.changes import PROVISIONAL, Add, Change, Move, Retire, Revise, is_provisional
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.element import Fields

Changes = tuple[Change, ...]


def with_fields(changes: Sequence[Change], base: Tree, key: str, fields: Fields, order: Iterable[str]) -> Changes:
    """The element's fields are these: revisions against ``base``, or the content of an addition of the draft."""
    for at, change in enumerate(changes):
        if isinstance(change, Add) and change.key == key:
            return (*changes[:at], replace(change, fields=fields), *changes[at + 1 :])
    was = base[key].fields
    revisions = [
        Revise(key, name, was.get(name), fields.get(name)) for name in order if was.get(name) != fields.get(name)
    ]
    first = next((at for at, change in enumerate(changes) if isinstance(change, Revise) and change.key == key), None)
    rest = [change for change in changes if not (isinstance(change, Revise) and change.key == key)]
    at = len(rest) if first is None else min(first, len(rest))
    return (*rest[:at], *revisions, *rest[at:])


def with_addition(changes: Sequence[Change], addition: Add) -> Changes:
    """The new element, in the place of an addition with the same provisional key."""
    for at, change in enumerate(changes):
        if isinstance(change, Add) and change.key == addition.key:
            return (*changes[:at], addition, *changes[at + 1 :])
    return (*changes, addition)


def with_move(changes: Sequence[Change], base: Tree, move: Move) -> Changes:
    """The element goes there, wherever the draft sent it before; back to where it stands is no move."""
    for at, change in enumerate(changes):
        if isinstance(change, Add) and change.key == move.key:
            return (*changes[:at], replace(change, parent=move.parent, after=move.after), *changes[at + 1 :])
    rest = tuple(change for change in changes if not (isinstance(change, Move) and change.key == move.key))
    return rest if _stands_there(base, move) else (*rest, move)


def with_retirement(changes: Sequence[Change], retirement: Retire) -> Changes:
    """The element goes; what the draft did to it before is void. One that the draft added is just not added."""
    added = any(isinstance(change, Add) and change.key == retirement.key for change in changes)
    rest = tuple(change for change in changes if change.key != retirement.key)
    return rest if added else (*rest, retirement)


def without(changes: Sequence[Change], position: int) -> Changes:
    return tuple(change for at, change in enumerate(changes) if at != position)


def moved_up(changes: Sequence[Change], position: int) -> Changes:
    """The change at this position and the one before it swapped."""
    if not 0 < position < len(changes):
        return tuple(changes)
    swapped = list(changes)
    swapped[position - 1], swapped[position] = swapped[position], swapped[position - 1]
    return tuple(swapped)


def next_key(changes: Iterable[Change]) -> str:
    """A provisional key that the draft has not used."""
    numbers = [
        int(change.key.removeprefix(PROVISIONAL))
        for change in changes
        if is_provisional(change.key) and change.key.removeprefix(PROVISIONAL).isdecimal()
    ]
    return f"{PROVISIONAL}{max(numbers, default=0) + 1}"


def named_keys(changes: Iterable[Change]) -> set[str]:
    """Every element that the changes name: their own, parents, siblings and replacements."""
    keys: set[str] = set()
    for change in changes:
        keys.add(change.key)
        if isinstance(change, Add | Move):
            keys |= {other for other in (change.parent, change.after) if other is not None}
        elif isinstance(change, Retire):
            keys |= set(change.replaced_by)
    return keys


def _stands_there(base: Tree, move: Move) -> bool:
    if move.key not in base or base.parents[move.key] != move.parent:
        return False
    siblings = base.children[move.parent]
    at = siblings.index(move.key)
    return (siblings[at - 1] if at else None) == move.after
