"""The types of field there are, the fields every strategy may use by name, and what can be wrong with a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    LINE = "line"  # one line of prose
    TEXT = "text"  # prose in the Markdown subset
    NUMBER = "number"  # {"value", "unit"}
    MONEY = "money"  # {"amount", "currency"}
    PERIOD = "period"  # {"start", "end"}: ISO dates, or only a year or month; either may be missing
    OFFICE = "office"  # {"office": slug}
    PLACE = "place"  # {"place"}
    RATING = "rating"  # 1 (low) to 5 (high)
    TARGET = "target"  # {"value", "unit", "year"} and perhaps {"baseline", "baseline_year"}
    ALIGNMENTS = "alignments"  # entries {"id": reference, "reason"}
    FACTS = "facts"  # entries {"id", "text", "source", "date"}


PROSE = frozenset({FieldType.LINE, FieldType.TEXT})


class FieldError(ValueError):
    """A field's value makes no sense. ``reason`` is a code of :class:`Reason`; ``detail`` what was found."""

    def __init__(self, field: str, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{field}: {reason.value}" + (f" ({detail})" if detail else ""))
        self.field = field
        self.reason = reason
        self.detail = detail


class Reason(StrEnum):
    UNKNOWN_KIND = "no such kind of element"
    UNKNOWN_FIELD = "this kind of element has no such field"
    MISSING = "is required"
    NOT_TEXT = "must be text"
    NOT_NUMBER = "must be a number"
    NOT_YEAR = "must be a year between 1900 and 2200"
    NOT_DATE = "must be a date such as 2024, 2024-05 or 2024-05-31"
    END_BEFORE_START = "ends before it starts"
    NOT_RATING = "must be a whole number from 1 to 5"
    NOT_CURRENCY = "must be a currency code such as EUR"
    INCOMPLETE = "is incomplete"
    TWICE = "names the same thing twice"
    WRONG_SHAPE = "has the wrong shape"
    WRONG_PARENT = "may not stand there"
    TOO_LONG = "is too long"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    name: str
    type: FieldType
    labels: Mapping[str, str]

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels.get("de") or self.name


def _spec(name: str, type_: FieldType, de: str, en: str) -> FieldSpec:
    return FieldSpec(name, type_, {"de": de, "en": en})


# The fields every strategy may use by name; a strategy can define further ones with a type and labels.
STANDARD_FIELDS: Mapping[str, FieldSpec] = {
    spec.name: spec
    for spec in (
        _spec("title", FieldType.LINE, "Titel", "Title"),
        _spec("text", FieldType.TEXT, "Text", "Text"),
        _spec("target", FieldType.TARGET, "Zielwert", "Target value"),
        _spec("quantity", FieldType.NUMBER, "Menge", "Quantity"),
        _spec("budget", FieldType.MONEY, "Mittel", "Budget"),
        _spec("period", FieldType.PERIOD, "Zeitraum", "Period"),
        _spec("office", FieldType.OFFICE, "Zuständig", "Responsible"),
        _spec("place", FieldType.PLACE, "Raumbezug", "Place"),
        _spec("importance", FieldType.RATING, "Wichtigkeit", "Importance"),
        _spec("urgency", FieldType.RATING, "Dringlichkeit", "Urgency"),
        _spec("precision", FieldType.RATING, "Zielgenauigkeit", "Precision"),
        _spec("feasibility", FieldType.RATING, "Umsetzbarkeit", "Feasibility"),
        _spec("alignments", FieldType.ALIGNMENTS, "Ausrichtung", "Alignments"),
        _spec("facts", FieldType.FACTS, "Belegte Angaben", "Facts with sources"),
    )
}
