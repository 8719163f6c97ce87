"""Field values as people read them, in the language of the interface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kursbuch.domain.framework.element import Entry, Value
from kursbuch.domain.framework.markup import to_html
from kursbuch.domain.framework.schema import FieldSpec, FieldType
from kursbuch.strategy import reference


@dataclass(frozen=True)
class Terms:
    """What values refer to by a short name: the city's offices, in the language of the interface."""

    offices: Mapping[str, str] = field(default_factory=dict)
    language: str = ""

    @property
    def spoken(self) -> str:
        return self.language or (get_language() or "de")


def show_value(spec: FieldSpec, value: Value | None, terms: Terms) -> SafeString:
    """A field's value as HTML; an absent one as nothing."""
    if value is None:
        return SafeString("")
    match spec.type:
        case FieldType.TEXT:
            return mark_safe(to_html(str(value)))  # noqa: S308 - to_html escapes everything but its own tags
        case FieldType.ALIGNMENTS | FieldType.FACTS:
            assert isinstance(value, tuple)  # noqa: S101 - the schema made it so
            return format_html_join("", "<li>{}</li>", ((line,) for line in show_entries(spec, value, terms)))
        case _:
            return format_html("{}", plain_value(spec, value, terms))


def plain_value(spec: FieldSpec, value: Value, terms: Terms) -> str:
    """A single value in words: "1.433.000 EUR", "75 % bis 2028", "September 2019 – Juni 2022"."""
    if isinstance(value, str):
        return value
    if spec.type == FieldType.RATING:
        return _("%(rating)s of 5") % {"rating": value}
    if not isinstance(value, Mapping):
        return str(value)
    match spec.type:
        case FieldType.NUMBER:
            return f"{show_number(value['value'])} {value.get('unit', '')}".strip()
        case FieldType.MONEY:
            currency = str(value["currency"])
            return f"{show_number(value['amount'])} {'€' if currency == 'EUR' else currency}"
        case FieldType.PERIOD:
            return show_period(value)
        case FieldType.OFFICE:
            return terms.offices.get(str(value["office"]), str(value["office"]))
        case FieldType.TARGET:
            return _target(value)
        case _:
            return " ".join(str(part) for part in value.values())


def show_entries(spec: FieldSpec, entries: Iterable[Entry], terms: Terms) -> list[SafeString]:
    """Alignments and facts, one line each, in their natural order."""
    ordered = sorted(entries, key=lambda entry: reference.code_order(str(entry["id"]).rpartition(":")[2]))
    return [show_entry(spec, entry, terms) for entry in ordered]


def show_entry(spec: FieldSpec, entry: Entry, terms: Terms) -> SafeString:
    if spec.type == FieldType.ALIGNMENTS:
        listed = str(entry["id"])
        return format_html(
            '<span class="alignment__target"><span class="alignment__code">{}</span> {}</span>'
            '<span class="alignment__reason">{}</span>',
            reference_code(listed),
            _reference_label(listed, terms),
            entry["reason"],
        )
    day = show_partial_date(str(entry["date"])) if entry.get("date") else ""
    return format_html(
        '<span class="fact__text">{}</span> <cite class="fact__source">{}{}</cite>',
        entry["text"],
        entry["source"],
        f", {day}" if day else "",
    )


def show_number(number: object) -> str:
    return number_format(Decimal(str(number)), use_l10n=True, force_grouping=True)


def show_period(period: Entry) -> str:
    start, end = (show_partial_date(str(period[side])) if period.get(side) else "" for side in ("start", "end"))
    if start and end:
        return start if start == end else f"{start} – {end}"
    if start:
        return _("from %(start)s") % {"start": start}
    return _("until %(end)s") % {"end": end}


def show_partial_date(text: str) -> str:
    """An ISO date, month or year in words."""
    if len(text) == 4:
        return text
    if len(text) == 7:
        return date_format(date.fromisoformat(text + "-01"), "YEAR_MONTH_FORMAT")
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def _target(target: Entry) -> str:
    unit = str(target.get("unit", ""))
    wanted = _("%(value)s by %(year)s") % {
        "value": f"{show_number(target['value'])} {unit}".strip(),
        "year": target["year"],
    }
    if "baseline" not in target:
        return wanted
    baseline = f"{show_number(target['baseline'])} {unit}".strip()
    if "baseline_year" in target:
        baseline = _("%(value)s in %(year)s") % {"value": baseline, "year": target["baseline_year"]}
    return _("%(target)s (from %(baseline)s)") % {"target": wanted, "baseline": baseline}


def reference_code(listed: str) -> str:
    name, _separator, code = listed.partition(":")
    return f"SDG {code}" if name == "sdg" else code if name not in {"charta"} else f"Charta {code}"


def _reference_label(listed: str, terms: Terms) -> str:
    try:
        return reference.label(listed, terms.spoken)
    except KeyError:
        return listed
