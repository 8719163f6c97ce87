"""Conflicts in words: which element and field, what both sides want, and why they do not go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kursbuch.domain.framework.changes import Add, is_provisional
from kursbuch.domain.framework.element import Element, Value
from kursbuch.domain.framework.rebase import Conflict, ConflictKind
from kursbuch.domain.framework.schema import FieldError, Schema
from kursbuch.strategy.presentation.changes import EMPTY, redlined_value, title_of
from kursbuch.strategy.presentation.values import Terms

NOTHING = SafeString("")


@dataclass(frozen=True)
class ShownConflict:
    """One dispute. ``ours`` is the newer edition or the other amendment, ``theirs`` the amendment at hand."""

    conflict: Conflict
    key: str  # "" for an element that has no key yet
    title: str
    label: str  # of the field, "" where the whole element is disputed
    reason: str
    ours: SafeString = NOTHING
    theirs: SafeString = NOTHING


def show_conflicts(
    conflicts: Sequence[Conflict], elements: Mapping[str, Element], schema: Schema, terms: Terms
) -> list[ShownConflict]:
    """``elements`` holds, by key, what the conflicts name; both sides are redlines against what was before."""
    return [_show(conflict, elements, schema, terms) for conflict in conflicts]


def why(kind: ConflictKind) -> str:
    return {
        ConflictKind.TEXT: _("Both change the same words."),
        ConflictKind.VALUE: _("Both change the same value."),
        ConflictKind.RETIRED: _("The element was taken out of the strategy."),
        ConflictKind.REVISED: _("The element that should go was changed."),
        ConflictKind.CHILDREN: _("Something new stands below the element that should go."),
        ConflictKind.GONE_PARENT: _("The place it should go to was taken out of the strategy."),
        ConflictKind.KEY_TAKEN: _("The key of the new element now stands for something else."),
        ConflictKind.PLACE: _("Both move the element to different places."),
        ConflictKind.DEPENDS: _("It builds on a change that is itself disputed."),
    }[kind]


def _show(conflict: Conflict, elements: Mapping[str, Element], schema: Schema, terms: Terms) -> ShownConflict:
    change = conflict.change
    element = elements.get(conflict.key, EMPTY)
    if element is EMPTY and isinstance(change, Add):
        element = Element(change.key, change.kind, change.fields)
    key = "" if is_provisional(conflict.key) else conflict.key
    title = title_of(element) if element is not EMPTY else conflict.key
    if conflict.field is None:
        return ShownConflict(conflict, key, title, "", why(conflict.kind))
    try:
        spec = schema.kind(element.kind).field(conflict.field)
    except FieldError:
        return ShownConflict(conflict, key, title, conflict.field, why(conflict.kind))

    def redlined(value: Value | None) -> SafeString:
        return redlined_value(spec, conflict.base, value, terms)

    return ShownConflict(
        conflict,
        key,
        title,
        spec.label(terms.spoken),
        why(conflict.kind),
        redlined(conflict.ours),
        redlined(conflict.theirs) if conflict.kind != ConflictKind.REVISED else NOTHING,
    )
