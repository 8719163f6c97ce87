"""Edits the wording of an amendment's changes in place: one element form a changed or added element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kursbuch.domain.framework.changes import Add, Change, Revise, apply, is_provisional
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.element import Fields
from kursbuch.domain.framework.schema import Kind, Schema
from kursbuch.strategy.forms.collecting import with_fields
from kursbuch.strategy.forms.element import ElementForm
from kursbuch.strategy.presentation.changes import title_of

Data = Mapping[str, Any] | None


class PartForm(ElementForm):
    """Some fields of one element, beside others on the same page: every name begins with ``prefix``."""

    needs_head = False

    def __init__(
        self,
        schema: Schema,
        kind: Kind,
        names: Sequence[str],
        *,
        prefix: str,
        offices: Mapping[str, str],
        fields: Fields,
        data: Data = None,
    ) -> None:
        begin = f"{prefix}-"
        own = None
        if data is not None:
            own = {name.removeprefix(begin): data[name] for name in data if name.startswith(begin)}
        part = replace(kind, fields=tuple(spec for spec in kind.fields if spec.name in set(names)))
        super().__init__(schema, part, offices=offices, fields=fields, data=own)
        self.prefix = prefix
        if data is not None:
            self.data = data


class LeaveOutForm(forms.Form):
    """Whether everything that happens to an element stays out of what is recommended."""

    leave_out = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leave_out"].label = _("Leave this out")


@dataclass(frozen=True)
class Part:
    """All that the amendment does to one element."""

    key: str  # "" for one that has no key yet
    kind: str
    title: str
    leave: LeaveOutForm
    form: PartForm | None  # where there are words to edit

    @property
    def is_left_out(self) -> bool:
        return bool(self.leave.is_bound and self.leave.is_valid() and self.leave.cleaned_data["leave_out"])


class WordingForm:
    """The proposed changes to be edited; ``written`` is what the office recommended before, if it did."""

    def __init__(
        self,
        schema: Schema,
        base: Tree,
        proposed: Sequence[Change],
        *,
        offices: Mapping[str, str],
        written: Sequence[Change] = (),
        data: Data = None,
    ) -> None:
        self.base, self.proposed = base, tuple(proposed)
        self._after = apply(base, self.proposed)
        self._start = apply(base, tuple(written)) if written else self._after
        kept = {change.key for change in written or proposed}
        self.keys = list(dict.fromkeys(change.key for change in self.proposed))
        self._parts: dict[str, Part] = {}
        for at, key in enumerate(self.keys):
            self._parts[key] = self._part(schema, key, f"teil{at}", offices, data, left_out=key not in kept)

    @property
    def parts(self) -> list[Part]:
        return list(self._parts.values())

    def is_valid(self) -> bool:
        return not self._invalid()

    def _invalid(self) -> list[Part]:
        """Every form is judged, so that all errors are shown at once."""
        return [
            part for part in self.parts if part.form is not None and not part.is_left_out and not part.form.is_valid()
        ]

    def changes(self) -> tuple[Change, ...]:
        """The changes in the office's wording; only after ``is_valid``."""
        changes = tuple(change for change in self.proposed if not self._parts[change.key].is_left_out)
        for key, part in self._parts.items():
            if part.form is None or part.is_left_out:
                continue
            names = [spec.name for spec in part.form.kind.fields]
            others = {name: value for name, value in self._after[key].fields.items() if name not in names}
            order = [*others, *names]
            changes = with_fields(changes, self.base, key, {**others, **part.form.element_fields}, order)
        return changes

    def _part(
        self, schema: Schema, key: str, prefix: str, offices: Mapping[str, str], data: Data, *, left_out: bool
    ) -> Part:
        tree = self._after if key in self._after else self.base
        element = tree[key]
        kind = schema.kind(element.kind)
        leave = LeaveOutForm(data, prefix=prefix, initial={"leave_out": left_out})
        names = self._touched(key, kind)
        form = None
        if names:
            start = self._start[key].fields if key in self._start else element.fields
            form = PartForm(schema, kind, names, prefix=prefix, offices=offices, fields=start, data=data)
        shown = "" if is_provisional(key) else key
        return Part(shown, kind.name(get_language() or "de"), title_of(element), leave, form)

    def _touched(self, key: str, kind: Kind) -> list[str]:
        names: set[str] = set()
        for change in self.proposed:
            if change.key == key and isinstance(change, Add):
                names |= {*change.fields, "title", "text"}
            elif change.key == key and isinstance(change, Revise):
                names.add(change.field)
        return [spec.name for spec in kind.fields if spec.name in names]
