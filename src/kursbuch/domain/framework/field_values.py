"""Reads what people and files give for a field (YAML scalars, form strings) into its canonical value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from kursbuch.domain.framework.element import Entry, Value
from kursbuch.domain.framework.fields import FieldError, FieldType, Reason
from kursbuch.domain.framework.markup import canonical

# What no text needs and a database may refuse: controls but for line breaks and tabs, lone surrogates.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

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


READERS: Mapping[FieldType, Callable[[str, Any], Value | None]] = {
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
    return _nfc(_UNSTORABLE.sub("", str(given)))


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
