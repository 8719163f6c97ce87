"""Which pending amendments of others touch the same elements, and where both want different words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kursbuch.domain.framework.changes import Change, ChangeError, apply
from kursbuch.domain.framework.rebase import Conflict, ConflictKind, rebase
from kursbuch.strategy.models import Amendment, Strategy
from kursbuch.strategy.queries.adoption import Bases, rebase_onto
from kursbuch.strategy.queries.amendments import others_touching
from kursbuch.strategy.queries.tree import LoadedEdition

# Both number their new elements neu-1, neu-2 …; that is no dispute.
_NO_DISPUTE = frozenset({ConflictKind.KEY_TAKEN, ConflictKind.DEPENDS})
MOST = 20  # amendments looked at; further ones on the same words would only repeat the hint


@dataclass(frozen=True)
class Rival:
    """Somebody else's pending amendment on the same element; without conflicts both can be adopted."""

    amendment: Amendment
    conflicts: tuple[Conflict, ...] = ()


def find_rivals(
    strategy: Strategy, newest: LoadedEdition, changes: Sequence[Change], but: int | None = None
) -> list[Rival]:
    """Lays the changes onto each other's result; those in dispute come first."""
    keys = {change.key for change in changes if change.key in newest.tree}
    if not keys:
        return []
    bases = Bases(newest)
    rivals = [
        Rival(amendment, _disputed(amendment, bases, newest, changes))
        for amendment in others_touching(strategy, keys, but)[:MOST]
    ]
    return sorted(rivals, key=lambda rival: not rival.conflicts)


def _disputed(
    amendment: Amendment, bases: Bases, newest: LoadedEdition, changes: Sequence[Change]
) -> tuple[Conflict, ...]:
    try:
        theirs = apply(newest.tree, rebase_onto(amendment, bases, newest.tree).changes)
        rebased = rebase(changes, newest.tree, theirs)
    except ChangeError:  # what is being written does not fit the edition (yet)
        return ()
    return tuple(conflict for conflict in rebased.conflicts if conflict.kind not in _NO_DISPUTE)
