"""Settles an amendment's conflicts: for each disputed change one choice, and words or a place of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kursbuch.domain.framework.changes import Add, Change, Move, Retire, is_provisional
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.element import Value
from kursbuch.domain.framework.rebase import Conflict, ConflictKind, Rebased, settle
from kursbuch.domain.framework.schema import Schema
from kursbuch.strategy.forms.collecting import next_key
from kursbuch.strategy.forms.place import PlaceForm, last_place, place_value
from kursbuch.strategy.forms.wording import PartForm

Data = Mapping[str, Any] | None

OURS, THEIRS, OWN = "ours", "theirs", "own"
_WORDS = (ConflictKind.TEXT, ConflictKind.VALUE)
_PLACES = (ConflictKind.GONE_PARENT, ConflictKind.PLACE)


class ChoiceForm(forms.Form):
    choice = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], *, prefix: str, data: Data) -> None:
        only = choices[0][0] if len(choices) == 1 else None
        super().__init__(data, prefix=prefix, initial={"choice": only})
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.label, field.choices = label, choices


@dataclass(frozen=True)
class Dispute:
    """One change of the amendment that does not fit, with everything in dispute about it."""

    change: Change
    conflicts: Sequence[Conflict]
    choice: ChoiceForm
    words: PartForm | None = None
    place: PlaceForm | None = None

    @property
    def kind(self) -> ConflictKind:
        return self.conflicts[0].kind

    @property
    def chosen(self) -> str:
        return str(self.choice.cleaned_data.get("choice", "")) if self.choice.is_valid() else ""

    @property
    def own(self) -> PartForm | PlaceForm | None:
        return self.words or self.place

    def is_valid(self) -> bool:
        return bool(self.chosen) and (self.chosen != OWN or self.own is None or self.own.is_valid())

    def value(self) -> Value | None:
        """The field's value as it was chosen; only for disputes over words, after ``is_valid``."""
        conflict = self.conflicts[0]
        if self.chosen == OWN and self.words is not None:
            return self.words.element_fields.get(str(conflict.field))
        return conflict.ours if self.chosen == OURS else conflict.theirs

    def settled(self, newest: Tree, others: Sequence[Change]) -> Change | None:
        """The change that carries out what was chosen; ``None`` where nothing remains of it."""
        if self.chosen == OURS:
            return None
        if self.kind in _WORDS:
            return settle(self.conflicts[0], self.value())
        change = self.change
        if self.kind in _PLACES and isinstance(change, Add | Move):
            place = last_place(newest, change.parent)
            if self.chosen == OWN and self.place is not None:
                place = place_value(*self.place.parent_and_sibling)
            parent, _separator, after = place.partition("|")
            return replace(change, parent=parent or None, after=after or None)
        if isinstance(change, Retire):
            return replace(change, replaced_by=tuple(key for key in change.replaced_by if key in newest))
        if self.kind == ConflictKind.KEY_TAKEN:
            return replace(change, key=next_key([*others, change]))
        return change


class ResolutionForm:
    """All disputes of an amendment; what fits by itself is carried along untouched."""

    def __init__(
        self, schema: Schema, newest: Tree, rebased: Rebased, *, offices: Mapping[str, str], data: Data = None
    ) -> None:
        self.newest, self.carried = newest, rebased.changes
        grouped: list[tuple[Change, list[Conflict]]] = []
        for conflict in rebased.conflicts:
            if grouped and grouped[-1][0] == conflict.change:
                grouped[-1][1].append(conflict)
            else:
                grouped.append((conflict.change, [conflict]))
        self.disputes = [
            _dispute(schema, newest, change, conflicts, f"streit{at}", offices, data)
            for at, (change, conflicts) in enumerate(grouped)
        ]

    def is_valid(self) -> bool:
        return not [dispute for dispute in self.disputes if not dispute.is_valid()]  # each is judged

    def changes(self) -> tuple[Change, ...]:
        """Everything the amendment asks for now, against the newest edition; only after ``is_valid``."""
        changes = list(self.carried)
        for dispute in self.disputes:
            change = dispute.settled(self.newest, changes)
            if change is not None:
                changes.append(change)
        return tuple(changes)


def _dispute(
    schema: Schema,
    newest: Tree,
    change: Change,
    conflicts: Sequence[Conflict],
    prefix: str,
    offices: Mapping[str, str],
    data: Data,
) -> Dispute:
    kind = conflicts[0].kind
    choice = ChoiceForm(_("What shall stand?"), _choices(kind, change), prefix=prefix, data=data)
    own = f"{prefix}-{OWN}"
    if kind in _WORDS and conflicts[0].field is not None:
        field, theirs = conflicts[0].field, conflicts[0].theirs
        given = {field: theirs} if theirs is not None else {}
        element = schema.kind(newest[conflicts[0].key].kind)
        words = PartForm(schema, element, [field], prefix=own, offices=offices, fields=given, data=data)
        return Dispute(change, conflicts, choice, words=words)
    if kind in _PLACES and isinstance(change, Add | Move):
        adds = isinstance(change, Add)
        element = schema.kind(change.kind if isinstance(change, Add) else newest[change.key].kind)
        place = PlaceForm(newest, element, moving="" if adds else change.key, data=data)
        place.prefix = own
        return Dispute(change, conflicts, choice, place=place)
    return Dispute(change, conflicts, choice)


def _choices(kind: ConflictKind, change: Change) -> list[tuple[str, str]]:
    leave_out = (OURS, _("Leave this change out"))
    new = is_provisional(change.key)
    return {
        ConflictKind.TEXT: [
            (OURS, _("What the newest edition says")),
            (THEIRS, _("What the amendment proposes")),
            (OWN, _("Other words")),
        ],
        ConflictKind.VALUE: [
            (OURS, _("What the newest edition says")),
            (THEIRS, _("What the amendment proposes")),
            (OWN, _("Another value")),
        ],
        ConflictKind.RETIRED: [leave_out],
        ConflictKind.CHILDREN: [leave_out],
        ConflictKind.REVISED: [(OURS, _("The element stays")), (THEIRS, _("The element goes all the same"))],
        ConflictKind.KEY_TAKEN: [leave_out, (THEIRS, _("Add it under a new key"))],
        ConflictKind.DEPENDS: [leave_out, (THEIRS, _("Keep it, with the change it builds on"))],
        ConflictKind.GONE_PARENT: [leave_out, (OWN, _("It goes to another place"))],
        ConflictKind.PLACE: [
            (OURS, _("It goes nowhere") if new else _("It stays where it is now")),
            (THEIRS, _("It goes where the amendment wants it")),
            (OWN, _("It goes to another place")),
        ],
    }[kind]
