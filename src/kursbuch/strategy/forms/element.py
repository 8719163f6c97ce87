"""The form of an element: one input for each part of each field that the schema gives its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kursbuch.domain.framework.element import Fields, Value
from kursbuch.domain.framework.schema import FieldError, FieldSpec, FieldType, Kind, Reason, Schema
from kursbuch.strategy.forms.inputs import build_inputs, initial_of, raw_of
from kursbuch.strategy.forms.reasons import in_words
from kursbuch.strategy.forms.rows import ROWS, RowSet

ONE_INPUT = frozenset({FieldType.LINE, FieldType.TEXT, FieldType.OFFICE, FieldType.PLACE, FieldType.RATING})


@dataclass(frozen=True)
class Group:
    """A field as the template draws it: one control, several side by side, or rows of them."""

    name: str
    label: str
    shape: str  # one | several | rows
    parts: list[BoundField] = field(default_factory=list)
    rows: list[list[BoundField]] = field(default_factory=list)
    type: str = ""
    standing: int = 0  # rows that stand there already
    is_open: bool = False


class ElementForm(forms.Form):
    """Bound to what was sent or filled with ``fields``; valid, ``element_fields`` holds the canonical values."""

    element_fields: Fields
    needs_head = True  # a whole element has a title or a text
    error_css_class = ""

    def __init__(
        self,
        schema: Schema,
        kind: Kind,
        *,
        offices: Mapping[str, str],
        fields: Fields | None = None,
        data: Mapping[str, Any] | None = None,
        more: str = "",
    ) -> None:
        super().__init__(data)
        self.schema, self.kind, self.spoken, self.growing = schema, kind, get_language() or "de", bool(more)
        self.rows: dict[str, RowSet] = {}
        given = fields or {}
        for spec in kind.fields:
            value = given.get(spec.name)
            if spec.type in ROWS:
                rows = RowSet(spec, value, data, self.spoken, more=more == spec.name)
                self.rows[spec.name] = rows
                self.fields.update(rows.inputs)
                self.initial.update(rows.initial)
            else:
                self.fields.update(build_inputs(spec, offices, value, self.spoken))
                self.initial.update(initial_of(spec, value, self.spoken))

    def full_clean(self) -> None:
        """Another row was asked for: nothing is judged yet."""
        if self.growing:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    @property
    def groups(self) -> list[Group]:
        return [self._group(spec) for spec in self.kind.fields]

    def _group(self, spec: FieldSpec) -> Group:
        label = spec.label(self.spoken)
        if spec.name in self.rows:
            rows = [[self[name] for name in names] for names in self.rows[spec.name].names]
            faulty = any(part.errors for row in rows for part in row)
            grown = self.rows[spec.name]
            return Group(
                spec.name,
                label,
                "rows",
                rows=rows,
                type=spec.type,
                standing=len(grown.entries),
                is_open=faulty or grown.touched,
            )
        names = [name for name in self.fields if name == spec.name or name.startswith(f"{spec.name}__")]
        shape = "one" if spec.type in ONE_INPUT else "several"
        return Group(spec.name, label, shape, [self[name] for name in names], type=spec.type)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        values: dict[str, Value] = {}
        for spec in self.kind.fields:
            try:
                value = self._value(spec, cleaned)
            except FieldError as error:
                self.add_error(self._culprit(spec, cleaned, error), in_words(error))
            else:
                if value is not None:
                    values[spec.name] = value
        heads = [name for name in ("title", "text") if name in self.fields]
        if self.needs_head and not self.errors and not any(name in values for name in heads):
            self.add_error(heads[0] if heads else None, _("Please give a title or a text."))
        self.element_fields = values
        return cleaned

    def _value(self, spec: FieldSpec, cleaned: Mapping[str, Any]) -> Value | None:
        if spec.name in self.rows:
            return self.schema.value(self.kind.slug, spec.name, self.rows[spec.name].raw(cleaned))
        return self.schema.value(self.kind.slug, spec.name, raw_of(spec, cleaned))

    def _culprit(self, spec: FieldSpec, cleaned: Mapping[str, Any], error: FieldError) -> str:
        """The input that the error is shown at."""
        if spec.name in self.rows:
            return self.rows[spec.name].culprit(cleaned, error)
        names = [name for name in self.fields if name == spec.name or name.startswith(f"{spec.name}__")]
        if error.reason == Reason.INCOMPLETE:
            return next((name for name in names if not cleaned.get(name)), names[0])
        if error.reason == Reason.END_BEFORE_START:
            return names[-1]
        found = next((name for name in names if error.detail and str(cleaned.get(name, "")) == error.detail), None)
        return found or names[0]
