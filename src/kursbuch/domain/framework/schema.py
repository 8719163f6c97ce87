"""What a strategy calls its levels and which fields each kind of element has; raw input becomes field values here.

The schema is data of the strategy (a JSON document). ``Schema.fields`` turns what people and files give (YAML
scalars, form strings) into the canonical values of :mod:`.element`, or names the field and the reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from kursbuch.domain.framework.element import Entry, Fields, Value
from kursbuch.domain.framework.markup import canonical

TOP = ""  # among a kind's parents: it may stand at the top of the tree


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


@dataclass(frozen=True, slots=True)
class Kind:
    """A level of the strategy: its names (one, many) by language, key prefix, possible parents and fields."""

    slug: str
    prefix: str
    names: Mapping[str, tuple[str, str]]
    parents: tuple[str, ...]
    fields: tuple[FieldSpec, ...]

    def name(self, language: str) -> str:
        return self._names(language)[0]

    def plural(self, language: str) -> str:
        return self._names(language)[1]

    def _names(self, language: str) -> tuple[str, str]:
        return self.names.get(language) or self.names.get("de") or (self.slug, self.slug)

    def field(self, name: str) -> FieldSpec:
        for spec in self.fields:
            if spec.name == name:
                return spec
        raise FieldError(name, Reason.UNKNOWN_FIELD, self.slug)


@dataclass(frozen=True, slots=True)
class Schema:
    kinds: Mapping[str, Kind]

    @classmethod
    def from_data(cls, data: Sequence[Mapping[str, Any]]) -> Schema:
        """Reads the kinds as they stand in the YAML format; raises :class:`FieldError` naming the place."""
        kinds: dict[str, Kind] = {}
        for number, raw in enumerate(data, 1):
            kind = _kind(raw, f"kinds[{number}]")
            if kind.slug in kinds:
                raise FieldError(f"kinds[{number}].slug", Reason.TWICE, kind.slug)
            kinds[kind.slug] = kind
        prefixes = [kind.prefix for kind in kinds.values()]
        for kind in kinds.values():
            if prefixes.count(kind.prefix) > 1:
                raise FieldError(f"{kind.slug}.prefix", Reason.TWICE, kind.prefix)
            for parent in kind.parents:
                if parent != TOP and parent not in kinds:
                    raise FieldError(f"{kind.slug}.parents", Reason.UNKNOWN_KIND, parent)
        return cls(kinds)

    def to_data(self) -> list[dict[str, Any]]:
        return [
            {
                "slug": kind.slug,
                "prefix": kind.prefix,
                "names": {language: list(names) for language, names in kind.names.items()},
                "parents": list(kind.parents),
                "fields": [
                    spec.name
                    if STANDARD_FIELDS.get(spec.name) == spec
                    else {"name": spec.name, "type": spec.type.value, "labels": dict(spec.labels)}
                    for spec in kind.fields
                ],
            }
            for kind in self.kinds.values()
        ]

    def kind(self, slug: str) -> Kind:
        try:
            return self.kinds[slug]
        except KeyError:
            raise FieldError("kind", Reason.UNKNOWN_KIND, slug) from None

    def fields(self, kind: str, raw: Mapping[str, Any]) -> Fields:
        """Canonical fields of an element of this kind; every element needs a title or a text."""
        known = self.kind(kind)
        fields: dict[str, Value] = {}
        for name, given in raw.items():
            value = self.value(kind, name, given)
            if value is not None:
                fields[name] = value
        names = {spec.name for spec in known.fields}
        if not ({"title", "text"} & names & fields.keys()):
            raise FieldError("title", Reason.MISSING)
        return {spec.name: fields[spec.name] for spec in known.fields if spec.name in fields}

    def value(self, kind: str, name: str, given: Any) -> Value | None:
        """The canonical value of one field, or ``None`` where nothing was given."""
        spec = self.kind(kind).field(name)
        if given is None or given == "" or given == [] or given == {}:
            return None
        return _READERS[spec.type](name, given)

    def check_place(self, kind: str, parent_kind: str | None) -> None:
        """Raises :class:`FieldError` when an element of ``kind`` may not stand below ``parent_kind``."""
        if (parent_kind or TOP) not in self.kind(kind).parents:
            raise FieldError("parent", Reason.WRONG_PARENT, f"{kind} < {parent_kind or 'top'}")


def _kind(raw: Mapping[str, Any], place: str) -> Kind:
    if not isinstance(raw, Mapping):
        raise FieldError(place, Reason.WRONG_SHAPE)
    for name in ("slug", "prefix", "names", "fields"):
        if not raw.get(name):
            raise FieldError(f"{place}.{name}", Reason.MISSING)
    prefix = str(raw["prefix"])
    if not re.fullmatch(r"[A-Z]{1,3}", prefix):
        raise FieldError(f"{place}.prefix", Reason.WRONG_SHAPE, prefix)
    names: dict[str, tuple[str, str]] = {}
    for language, pair in raw["names"].items():
        if isinstance(pair, str):
            pair = [pair, pair]
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise FieldError(f"{place}.names.{language}", Reason.WRONG_SHAPE)
        names[str(language)] = (str(pair[0]), str(pair[1]))
    specs = tuple(_field_spec(item, f"{place}.fields") for item in raw["fields"])
    return Kind(str(raw["slug"]), prefix, names, tuple(str(p) for p in raw.get("parents") or [TOP]), specs)


def _field_spec(raw: Any, place: str) -> FieldSpec:
    if isinstance(raw, str):
        if raw not in STANDARD_FIELDS:
            raise FieldError(place, Reason.UNKNOWN_FIELD, raw)
        return STANDARD_FIELDS[raw]
    try:
        return FieldSpec(str(raw["name"]), FieldType(raw["type"]), dict(raw["labels"]))
    except (KeyError, TypeError, ValueError):
        raise FieldError(place, Reason.WRONG_SHAPE, str(raw)) from None


# ---- one reader a type: (field, given) -> canonical value ---------------------------------------------


def _line(field: str, given: Any) -> Value | None:
    text = " ".join(_string(field, given).split())
    if len(text) > 300:
        raise FieldError(field, Reason.TOO_LONG, f"{len(text)} > 300")
    return text or None


def _text(field: str, given: Any) -> Value | None:
    text = _string(field, given)
    if len(text) > 100_000:
        raise FieldError(field, Reason.TOO_LONG, f"{len(text)} > 100000")
    return canonical(text) or None


def _number(field: str, given: Any) -> Value | None:
    raw = _mapping(field, given, "value")
    if not any(raw.values()):
        return None
    return {"value": decimal(field, raw.get("value")), "unit": _short(field, raw.get("unit", ""))}


def _money(field: str, given: Any) -> Value | None:
    raw = _mapping(field, given, "amount")
    if raw.get("amount") in (None, ""):
        return None
    currency = str(raw.get("currency") or "EUR").upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise FieldError(field, Reason.NOT_CURRENCY, currency)
    return {"amount": decimal(field, raw["amount"]), "currency": currency}


def _period(field: str, given: Any) -> Value | None:
    raw = _mapping(field, given, "start")
    period = {side: _partial_date(field, raw[side]) for side in ("start", "end") if raw.get(side)}
    if not period:
        return None
    start, end = period.get("start", ""), period.get("end", "")
    if start and end and end < start[: len(end)]:
        raise FieldError(field, Reason.END_BEFORE_START, f"{start} – {end}")
    return dict(period)


def _office(field: str, given: Any) -> Value | None:
    slug = _short(field, _mapping(field, given, "office").get("office", ""))
    return {"office": slug} if slug else None


def _place(field: str, given: Any) -> Value | None:
    place = _short(field, _mapping(field, given, "place").get("place", ""))
    return {"place": place} if place else None


def _rating(field: str, given: Any) -> Value | None:
    try:
        rating = int(str(given))
    except ValueError:
        rating = 0
    if isinstance(given, bool) or not 1 <= rating <= 5:
        raise FieldError(field, Reason.NOT_RATING, str(given))
    return rating


def _target(field: str, given: Any) -> Value | None:
    raw = _mapping(field, given, "value")
    if not any(value not in (None, "") for value in raw.values()):
        return None
    if raw.get("value") in (None, "") or raw.get("year") in (None, ""):
        raise FieldError(field, Reason.INCOMPLETE)
    target: dict[str, str | int] = {
        "value": decimal(field, raw["value"]),
        "unit": _short(field, raw.get("unit", "")),
        "year": _year(field, raw["year"]),
    }
    if raw.get("baseline") not in (None, ""):
        target["baseline"] = decimal(field, raw["baseline"])
        if raw.get("baseline_year") not in (None, ""):
            target["baseline_year"] = _year(field, raw["baseline_year"])
    return target


def _alignments(field: str, given: Any) -> Value | None:
    entries = []
    for raw in _entries(field, given):
        reference = str(raw.get("ref") or raw.get("id") or "").strip()
        reason = " ".join(str(raw.get("reason") or "").split())
        if not reference and not reason:
            continue
        if not reference or not reason:
            raise FieldError(field, Reason.INCOMPLETE, reference or reason)
        entries.append({"id": reference, "reason": _nfc(reason)})
    return _unique(field, entries)


def _facts(field: str, given: Any) -> Value | None:
    entries: list[dict[str, str]] = []
    rows = [raw for raw in _entries(field, given) if any(str(v or "").strip() for k, v in raw.items() if k != "id")]
    taken = {str(raw["id"]) for raw in rows if raw.get("id")}
    numbers = (str(n) for n in range(1, 10_000) if str(n) not in taken)
    for raw in rows:
        text = _nfc(" ".join(str(raw.get("text") or "").split()))
        source = _nfc(" ".join(str(raw.get("source") or "").split()))
        if not text or not source:
            raise FieldError(field, Reason.INCOMPLETE, text or source)
        entry = {"id": str(raw.get("id") or next(numbers)), "text": text, "source": source}
        if raw.get("date"):
            entry["date"] = _partial_date(field, raw["date"])
        entries.append(entry)
    return _unique(field, entries)


_READERS = {
    FieldType.LINE: _line,
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _money,
    FieldType.PERIOD: _period,
    FieldType.OFFICE: _office,
    FieldType.PLACE: _place,
    FieldType.RATING: _rating,
    FieldType.TARGET: _target,
    FieldType.ALIGNMENTS: _alignments,
    FieldType.FACTS: _facts,
}


# ---- parts of values ----------------------------------------------------------------------------------


def decimal(field: str, given: Any) -> str:
    """A number as a canonical string: plain digits, no exponent, no trailing zeros.

    Text is read as people write it: "1.433.000", "12,5", "12.5", "1 200"; a lone point followed by exactly three
    digits groups thousands only where a comma or a second point says so.
    """
    if isinstance(given, bool) or given in (None, ""):
        raise FieldError(field, Reason.NOT_NUMBER, str(given))
    text = re.sub(r"[\s   ']", "", str(given)).replace("−", "-")
    if "," in text:
        text = text.replace(".", "").replace(",", ".") if text.rfind(",") > text.rfind(".") else text.replace(",", "")
    elif text.count(".") > 1:
        text = text.replace(".", "")
    if not re.fullmatch(r"-?(\d{1,18})(\.\d{1,9})?", text):
        raise FieldError(field, Reason.NOT_NUMBER, str(given))
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise FieldError(field, Reason.NOT_NUMBER, str(given)) from None
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"-0", ""} else plain


def _year(field: str, given: Any) -> int:
    try:
        year = int(str(given))
    except ValueError:
        year = 0
    if not 1900 <= year <= 2200:
        raise FieldError(field, Reason.NOT_YEAR, str(given))
    return year


def _partial_date(field: str, given: Any) -> str:
    text = given.isoformat()[:10] if isinstance(given, date) else str(given).strip()
    german = re.fullmatch(r"(?:(\d{1,2})\.)?(?:(\d{1,2})\.)?(\d{4})", text)
    if german and not german.group(2) and german.group(1):  # "5.2024"
        text = f"{german.group(3)}-{int(german.group(1)):02}"
    elif german and german.group(1):  # "31.5.2024"
        text = f"{german.group(3)}-{int(german.group(2)):02}-{int(german.group(1)):02}"
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise FieldError(field, Reason.NOT_DATE, str(given))
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        raise FieldError(field, Reason.NOT_DATE, str(given)) from None
    return text


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _string(field: str, given: Any) -> str:
    if not isinstance(given, str | int | float) or isinstance(given, bool):
        raise FieldError(field, Reason.NOT_TEXT, type(given).__name__)
    return _nfc(str(given))


def _short(field: str, given: Any) -> str:
    text = " ".join(_string(field, given).split())
    if len(text) > 200:
        raise FieldError(field, Reason.TOO_LONG, f"{len(text)} > 200")
    return text


def _mapping(field: str, given: Any, main: str) -> Mapping[str, Any]:
    """A mapping as it is; a plain scalar stands for its main part."""
    if isinstance(given, Mapping):
        return given
    if isinstance(given, str | int | float | date) and not isinstance(given, bool):
        return {main: given}
    raise FieldError(field, Reason.WRONG_SHAPE, type(given).__name__)


def _entries(field: str, given: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(given, list | tuple) or not all(isinstance(item, Mapping) for item in given):
        raise FieldError(field, Reason.WRONG_SHAPE, type(given).__name__)
    return given


def _unique(field: str, entries: Sequence[Entry]) -> Value | None:
    ids = [str(entry["id"]) for entry in entries]
    for one in ids:
        if ids.count(one) > 1:
            raise FieldError(field, Reason.TWICE, one)
    return tuple(sorted(entries, key=lambda entry: str(entry["id"]))) or None
