"""Values in words: numbers, money, days and periods as people write them, on pages and in files alike, in the active
language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kursbuch.domain.framework.schema import FieldType

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}


def number(text: str) -> str:
    """A canonical decimal with the separators of the active language."""
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, _point, fraction = digits.partition(".")
    german = not (get_language() or "de").startswith("en")
    group, point = (".", ",") if german else (",", ".")
    grouped = f"{int(whole):,}".replace(",", group) if len(whole) > 4 or group == "," else whole
    return sign + grouped + (point + fraction if fraction else "")


def quantity(value: object, unit: object) -> str:
    shown = number(str(value))
    return f"{shown}\N{NO-BREAK SPACE}{unit}" if unit else shown


def money(amount: str, currency: str) -> str:
    return quantity(amount, _SYMBOLS.get(currency, currency))


def day(value: date) -> str:
    return date_format(value, "DATE_FORMAT")


def partial_date(text: str) -> str:
    """ "2024", "2024-05" or "2024-05-31" in words."""
    if len(text) == 4:
        return text
    if len(text) == 7:
        return date_format(date.fromisoformat(f"{text}-01"), "YEAR_MONTH_FORMAT")
    return day(date.fromisoformat(text))


def period(value: Mapping[str, Any]) -> str:
    start, end = (partial_date(str(value[side])) if value.get(side) else "" for side in ("start", "end"))
    if start and end:
        return start if start == end else f"{start} – {end}"
    return _("from %(start)s") % {"start": start} if start else _("until %(end)s") % {"end": end}


def target(value: Mapping[str, Any]) -> str:
    shown = _("%(value)s by %(year)s") % {
        "value": quantity(value["value"], value.get("unit")),
        "year": value["year"],
    }
    if "baseline" not in value:
        return shown
    baseline = quantity(value["baseline"], value.get("unit"))
    if "baseline_year" in value:
        baseline = _("%(value)s in %(year)s") % {"value": baseline, "year": value["baseline_year"]}
    return _("%(target)s (from %(baseline)s)") % {"target": shown, "baseline": baseline}


def value_in_words(type_: FieldType, value: Any, offices: Mapping[str, str]) -> str:
    """One line for a value that is neither prose nor a list of entries."""
    match type_:
        case FieldType.NUMBER:
            return quantity(value["value"], value.get("unit"))
        case FieldType.MONEY:
            return money(str(value["amount"]), str(value["currency"]))
        case FieldType.PERIOD:
            return period(value)
        case FieldType.OFFICE:
            return offices.get(str(value["office"]), str(value["office"]))
        case FieldType.PLACE:
            return str(value["place"])
        case FieldType.RATING:
            return _("%(rating)s of 5") % {"rating": value}
        case FieldType.TARGET:
            return target(value)
    return str(value)
