"""Typed changes: what an amendment consists of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kursbuch.domain.framework.element import Edition, Fields, Value


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
    raise NotImplementedError


def diff(a: Edition, b: Edition) -> tuple[Change, ...]:
    """The changes that lead from ``a`` to ``b``: ``apply(a, diff(a, b)) == b`` and ``diff(a, a) == ()``.

    Only elements whose place among their siblings really changed are reported as moved (the longest run of
    siblings that kept their order stays put), and a moved element that was also edited is a move and a revision.
    """
    raise NotImplementedError
