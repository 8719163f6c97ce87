"""Inputs by type of field: how a value is taken apart into controls, and what they send is put together again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kursbuch.domain.framework.element import Value
from kursbuch.domain.framework.schema import FieldSpec, FieldType

RATINGS = range(1, 6)


def build_inputs(
    spec: FieldSpec, offices: Mapping[str, str], value: Value | None, language: str
) -> dict[str, forms.Field]:
    """The form fields of one field of the schema, by name: "text", or "budget__amount" and "budget__currency"."""
    name, label = spec.name, spec.label(language)
    match spec.type:
        case FieldType.LINE | FieldType.PLACE:
            return {name: _text(label, 300 if spec.type == FieldType.LINE else 200)}
        case FieldType.TEXT:
            return {name: _prose(label, value)}
        case FieldType.OFFICE:
            return {name: _office(label, offices, value)}
        case FieldType.RATING:
            choices = [("", _("not rated")), *((str(n), _scale(n)) for n in RATINGS)]
            return {name: forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.RadioSelect)}
        case FieldType.NUMBER:
            return {f"{name}__value": _number(_("Value")), f"{name}__unit": _text(_("Unit"), 200)}
        case FieldType.MONEY:
            return {f"{name}__amount": _number(_("Amount")), f"{name}__currency": _text(_("Currency"), 3, "EUR")}
        case FieldType.PERIOD:
            return {f"{name}__start": _day(_("Beginning")), f"{name}__end": _day(_("End"))}
        case FieldType.TARGET:
            return {
                f"{name}__value": _number(_("Value")),
                f"{name}__unit": _text(_("Unit"), 200),
                f"{name}__year": _number(_("To be reached by (year)")),
                f"{name}__baseline": _number(_("Starting value")),
                f"{name}__baseline_year": _number(_("Year of the starting value")),
            }
    raise ValueError(f"{name} is made of rows, see forms.rows")


def initial_of(spec: FieldSpec, value: Value | None, language: str) -> dict[str, Any]:
    """What the inputs show for a value in force."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        return {spec.name: str(value)}
    if spec.type in {FieldType.OFFICE, FieldType.PLACE}:
        return {spec.name: str(next(iter(value.values())))}
    shown = {FieldType.PERIOD: as_written_date}.get(spec.type, as_written_number)
    return {
        f"{spec.name}__{part}": given if part in {"unit", "currency"} else shown(str(given), language)
        for part, given in value.items()
    }


def raw_of(spec: FieldSpec, cleaned: Mapping[str, Any]) -> Any:
    """What was sent for the field, in the shape the schema reads."""
    if spec.name in cleaned:
        return str(cleaned[spec.name] or "").replace("\r\n", "\n")
    prefix = f"{spec.name}__"
    raw = {name.removeprefix(prefix): given for name, given in cleaned.items() if name.startswith(prefix)}
    if spec.type == FieldType.NUMBER and not raw.get("value") and not raw.get("unit"):
        return None
    if spec.type == FieldType.TARGET and not any(raw.values()):
        return None
    return raw


class NumberField(forms.CharField):
    """A number as people write it. On German pages a point groups thousands: "1.433" is what it looks like."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        german = (get_language() or "de").startswith("de")
        return text.replace(".", "") if german and re.fullmatch(r"-?\d{1,3}(\.\d{3})+", text.strip()) else text


def as_written_number(canonical: str, language: str) -> str:
    return canonical.replace(".", ",") if language.startswith("de") else canonical


def as_written_date(canonical: str, language: str) -> str:
    """A partial ISO date as people write it in German; elsewhere as it is."""
    return ".".join(reversed(canonical.split("-"))) if language.startswith("de") else canonical


def _text(label: str, longest: int, initial: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, initial=initial)


def _number(label: str) -> NumberField:
    # text, not type=number: people write "1.433.000" and "12,5"
    return NumberField(
        label=label, required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )


def _day(label: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=10, help_text=_("A year, month or day: 2027, 5.2027 or 31.5.2027")
    )


def _prose(label: str, value: Value | None) -> forms.CharField:
    lines = sum(1 + len(line) // 75 for line in str(value or "").splitlines())
    return forms.CharField(
        label=label,
        required=False,
        max_length=100_000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": min(max(lines + 2, 6), 24)}),
        help_text=_("An empty line begins a new paragraph. *word* for italics, **word** for bold, - for a list."),
    )


def _office(label: str, offices: Mapping[str, str], value: Value | None) -> forms.ChoiceField:
    choices = dict(offices)
    if isinstance(value, Mapping):  # an office that the city no longer has stays as it is
        choices.setdefault(str(value["office"]), str(value["office"]))
    return forms.ChoiceField(label=label, required=False, choices=[("", _("none")), *choices.items()])


def _scale(n: int) -> str:
    return {1: _("1 – low"), 3: _("3 – medium"), 5: _("5 – high")}.get(n, str(n))
