"""What a new edition would be: amendments laid on each other in order, with every conflict found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kursbuch.domain.framework.changes import Add, Change, Move, Retire, Revise, apply, is_provisional
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.rebase import Conflict, Rebased, rebase
from kursbuch.strategy.models import Amendment, Edition, Strategy
from kursbuch.strategy.queries.tree import LoadedEdition, load_edition


@dataclass(frozen=True)
class Draft:
    """The next edition before it is adopted."""

    before: LoadedEdition
    tree: Tree
    taken: Mapping[int, tuple[Change, ...]]  # by amendment: its changes as they enter, with final keys
    already: frozenset[int] = frozenset()  # amendments whose effect is in force anyway
    conflicts: Mapping[int, tuple[Conflict, ...]] = field(default_factory=dict)

    @property
    def changes(self) -> list[Change]:
        return [change for changes in self.taken.values() for change in changes]

    @property
    def replaced_by(self) -> dict[str, tuple[str, ...]]:
        return {change.key: change.replaced_by for change in self.changes if isinstance(change, Retire)}


def draft_edition(strategy: Strategy, before: LoadedEdition, amendments: Sequence[Amendment]) -> Draft:
    """Lays the amendments' changes on the edition, one after the other, each rebased onto those before it."""
    tree = before.tree
    keys = KeyMint(strategy)
    bases = Bases(before)
    taken: dict[int, tuple[Change, ...]] = {}
    conflicts: dict[int, tuple[Conflict, ...]] = {}
    already: set[int] = set()
    for amendment in amendments:
        rebased = rebase(amendment.domain_changes(), bases.tree(amendment.base), tree)
        if rebased.conflicts:
            conflicts[amendment.pk] = rebased.conflicts
            continue
        if rebased.already_in_force:
            already.add(amendment.pk)
            continue
        final = keys.mint(rebased.changes)
        tree = apply(tree, final)
        taken[amendment.pk] = final
    return Draft(before, tree, taken, frozenset(already), conflicts)


class Bases:
    """The trees that amendments were written against; nearly always the newest edition, loaded once each."""

    def __init__(self, newest: LoadedEdition) -> None:
        self._trees = {newest.edition.pk: newest.tree}

    def tree(self, edition: Edition) -> Tree:
        if edition.pk not in self._trees:
            self._trees[edition.pk] = load_edition(edition).tree
        return self._trees[edition.pk]


class KeyMint:
    """Gives new elements their keys: the next number of the kind's prefix, never one that was ever used."""

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy
        self._last: dict[str, tuple[int, int]] | None = None  # prefix -> (highest number, width)

    def mint(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """The changes with a final key in place of each provisional one."""
        changes = tuple(changes)
        new: dict[str, str] = {}
        for change in changes:
            if isinstance(change, Add) and is_provisional(change.key):
                new[change.key] = self._next(self._strategy.schema.kind(change.kind).prefix)
        return tuple(_rekeyed(change, new) for change in changes) if new else changes

    def _next(self, prefix: str) -> str:
        if self._last is None:
            self._last = {}
            for key in self._strategy.elements.values_list("key", flat=True):
                match = re.fullmatch(r"([A-Z]+)(\d+)", key)
                if match:
                    number, width = self._last.get(match[1], (0, 1))
                    self._last[match[1]] = max(number, int(match[2])), max(width, len(match[2]))
        number, width = self._last.get(prefix, (0, 3))
        self._last[prefix] = number + 1, width
        return f"{prefix}{number + 1:0{width}}"


def _rekeyed(change: Change, new: Mapping[str, str]) -> Change:
    def final(key: str | None) -> str | None:
        return new.get(key, key) if key is not None else None

    key = new.get(change.key, change.key)
    match change:
        case Add() | Move():
            return replace(change, key=key, parent=final(change.parent), after=final(change.after))
        case Retire():
            return replace(change, key=key, replaced_by=tuple(new.get(k, k) for k in change.replaced_by))
        case Revise():
            return replace(change, key=key)


def rebase_onto(amendment: Amendment, bases: Bases, tree: Tree) -> Rebased:
    """The pending amendment's changes carried from its base onto a newer tree."""
    return rebase(amendment.domain_changes(), bases.tree(amendment.base), tree)
