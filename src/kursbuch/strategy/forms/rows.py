"""Repeatable rows in the form of an element: alignments with their reasons, facts with their sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kursbuch.domain.framework.element import Entry, Value
from kursbuch.domain.framework.schema import FieldError, FieldSpec, FieldType, Reason
from kursbuch.strategy import reference
from kursbuch.strategy.forms.inputs import as_written_date
from kursbuch.strategy.presentation.values import reference_code

ROWS = frozenset({FieldType.ALIGNMENTS, FieldType.FACTS})
MOST = 200  # rows that a form may claim to hold

PARTS = {FieldType.ALIGNMENTS: ("id", "reason"), FieldType.FACTS: ("id", "text", "source", "date")}


class RowSet:
    """The rows of one field: those that stand there, and one empty row where another may be written."""

    def __init__(
        self, spec: FieldSpec, value: Value | None, data: Mapping[str, Any] | None, language: str, *, more: bool
    ) -> None:
        self.spec, self.language = spec, language
        self.entries = self._ordered(value)
        self.counter = f"{spec.name}-rows"
        self.names: list[list[str]] = []
        self.inputs: dict[str, forms.Field] = {}
        self.initial: dict[str, Any] = {}
        count = self._sent(data) if data is not None else len(self.entries) + 1
        for at in range(min(count + more, MOST)):
            self._row(at, self.entries[at] if at < len(self.entries) else None)
        self.touched = data is not None and (more or self._differs(data))
        self.inputs[self.counter] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.initial[self.counter] = len(self.names)

    @property
    def count(self) -> int:
        return len(self.names)

    def _differs(self, data: Mapping[str, Any]) -> bool:
        """Whether what was sent says anything else than what stands there."""
        return any(
            str(data.get(name, "")).strip() != str(self.initial.get(name, "")) for names in self.names for name in names
        )

    def raw(self, cleaned: Mapping[str, Any]) -> list[dict[str, str]]:
        """The rows that were filled in and not struck out."""
        rows = []
        for at in range(self.count):
            row = self._given(at, cleaned)
            written = any(text for part, text in row.items() if part != "id" or self.spec.type != FieldType.FACTS)
            if written and not cleaned.get(self._name(at, "remove")):
                rows.append(row)
        return rows

    def culprit(self, cleaned: Mapping[str, Any], error: FieldError) -> str:
        """The input of the row that the schema refused."""
        for at in range(self.count):
            row = self._given(at, cleaned)
            if not any(row.values()) or cleaned.get(self._name(at, "remove")):
                continue
            if error.reason == Reason.INCOMPLETE:
                if empty := next((part for part in self._demanded(at) if not row[part]), ""):
                    return self._name(at, empty)
            elif error.reason == Reason.NOT_DATE and row.get("date") == error.detail:
                return self._name(at, "date")
            elif error.reason == Reason.TWICE and row["id"] == error.detail and at >= len(self.entries):
                return self._name(at, "id")
        return self._name(0, PARTS[self.spec.type][1])

    def _demanded(self, at: int) -> tuple[str, ...]:
        """The parts a row cannot do without; the reference of a standing row is not written by anybody."""
        if self.spec.type == FieldType.FACTS:
            return ("text", "source")
        return ("reason",) if at < len(self.entries) else ("id", "reason")

    def _given(self, at: int, cleaned: Mapping[str, Any]) -> dict[str, str]:
        return {part: str(cleaned.get(self._name(at, part)) or "").strip() for part in PARTS[self.spec.type]}

    def _name(self, at: int, part: str) -> str:
        return f"{self.spec.name}-{at}-{part}"

    def _sent(self, data: Mapping[str, Any]) -> int:
        sent = str(data.get(self.counter, ""))
        return max(int(sent) if sent.isdecimal() else 0, len(self.entries) + 1)

    def _ordered(self, value: Value | None) -> list[Entry]:
        entries: Iterable[Entry] = value if isinstance(value, tuple) else ()
        return sorted(entries, key=lambda entry: reference.code_order(str(entry["id"]).rpartition(":")[2]))

    def _row(self, at: int, entry: Entry | None) -> None:
        build = self._alignment if self.spec.type == FieldType.ALIGNMENTS else self._fact
        inputs = build(entry)
        if entry is not None:
            inputs["remove"] = forms.BooleanField(label=_("Take this out"), required=False)
        self.names.append([self._name(at, part) for part in inputs])
        for part, built in inputs.items():
            self.inputs[self._name(at, part)] = built
        for part, given in (entry or {}).items():
            shown = as_written_date(str(given), self.language) if part == "date" else given
            self.initial[self._name(at, part)] = shown

    def _alignment(self, entry: Entry | None) -> dict[str, forms.Field]:
        if entry is None:
            listed: forms.Field = forms.ChoiceField(
                label=_("Goal or guideline"),
                required=False,
                choices=reference_choices(self.language),
                widget=forms.Select(attrs={"data-filter": _("Search in this list")}),
            )
        else:
            label = f"{reference_code(str(entry['id']))} {_label(str(entry['id']), self.language)}"
            listed = forms.ChoiceField(
                label=label, required=False, choices=[(str(entry["id"]), label)], widget=forms.HiddenInput
            )
        reason = forms.CharField(
            label=_("How does it contribute?"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
        )
        return {"id": listed, "reason": reason}

    def _fact(self, entry: Entry | None) -> dict[str, forms.Field]:
        number = str(entry["id"]) if entry else ""
        return {
            "id": forms.ChoiceField(required=False, choices=[(number, number)], widget=forms.HiddenInput),
            "text": forms.CharField(
                label=_("What is the case"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
            ),
            "source": forms.CharField(label=_("Source"), required=False, max_length=500),
            "date": forms.CharField(
                label=_("As of"), required=False, max_length=10, help_text=_("For example 2027 or 5.2027")
            ),
        }


def reference_choices(language: str) -> list[tuple[str, Any]]:
    """All entries of all lists, grouped by list and, where it is long, by goal."""
    groups: list[tuple[str, Any]] = [("", _("Please choose"))]
    for listing in reference.lists():
        name = listing.names.get(language) or listing.names.get(reference.FALLBACK) or listing.name
        by_parent: dict[str, list[tuple[str, str]]] = {}
        for entry in listing.entries:
            group = name if entry.parent is None else f"{reference_code(entry.parent)} {_label(entry.parent, language)}"
            if entry.parent is None and any(other.parent == entry.ref for other in listing.entries):
                group = f"{reference_code(entry.ref)} {entry.label(language)}"
            by_parent.setdefault(group, []).append((entry.ref, f"{reference_code(entry.ref)} {entry.label(language)}"))
        groups += list(by_parent.items())
    return groups


def _label(ref: str, language: str) -> str:
    try:
        return reference.label(ref, language)
    except KeyError:
        return ref
