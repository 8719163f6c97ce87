"""What people write into the cells of a table, as the schema understands it: German numbers, money, periods, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kursbuch.domain.framework.field_values import decimal
from kursbuch.domain.framework.schema import FieldError, FieldType, Reason
from kursbuch.strategy.documents.columns import fold

_MONTHS = {
    **dict(zip("jan feb mar apr mai jun jul aug sep okt nov dez".split(), range(1, 13), strict=True)),  # noqa: SIM905
    "maerz": 3,
    "mrz": 3,
    "may": 5,
    "oct": 10,
    "dec": 12,
}
_FACTORS = {"tsd": 1_000, "t": 1_000, "k": 1_000, "mio": 1_000_000, "m": 1_000_000, "mrd": 1_000_000_000}
_CURRENCIES = {"€": "EUR", "euro": "EUR", "eur": "EUR", "$": "USD", "£": "GBP", "chf": "CHF", "usd": "USD"}
_ROUGHLY = re.compile(r"^\s*(?:ca\.?|circa|rund|etwa|about|approx\.?|~)\s*", re.IGNORECASE)
_MONEY = re.compile(
    r"(?P<before>[€$£]|EUR|USD|CHF)?\s*(?P<number>[-−]?[\d.,' \u00a0\u202f]*\d)(?:,-{1,2}|,—)?\s*"
    r"(?P<factor>Tsd\.?|Mio\.?|Mrd\.?|Millionen|Million|Milliarden|Tausend|T(?=€|EUR)|k(?=€)|)\s*"
    r"(?P<after>€|EUR|Euro|USD|\$|£|CHF)?",
    re.IGNORECASE,
)
_QUANTITY = re.compile(r"(?P<number>[-−]?\d[\d.,' \u00a0\u202f]*\d|[-−]?\d)\s*(?P<unit>\D.*)?", re.DOTALL)
_TARGET = re.compile(
    r"(?:auf\s+|to\s+|mindestens\s+|at least\s+)?(?P<quantity>.+?)\s*,?\s+(?:bis(?:\s+zum\s+jahr)?|by|until|in)\s+"
    r"(?:ende\s+)?(?P<year>\d{4})",
    re.IGNORECASE,
)
_RATINGS = {
    "sehrhoch": 5,
    "hoch": 4,
    "mittel": 3,
    "niedrig": 2,
    "gering": 2,
    "sehrniedrig": 1,
    "sehrgering": 1,
    "veryhigh": 5,
    "high": 4,
    "medium": 3,
    "low": 2,
    "verylow": 1,
}


def from_cell(field: str, type_: FieldType, cell: Any, offices: Mapping[str, str]) -> Any:
    """A cell as input of the schema; ``offices`` maps folded names and ids to ids."""
    text = _shown(cell)
    if type_ == FieldType.OFFICE:
        return offices.get(fold(text), text)
    if type_ in _OF_TEXT:
        return _OF_TEXT[type_](text)
    if type_ in _OF_CELL:
        return _OF_CELL[type_](field, cell)
    names = {FieldType.ALIGNMENTS: ("ref", "reason"), FieldType.FACTS: ("text", "source", "date")}.get(type_)
    return _rows(text, names, field) if names else text


def from_part(field: str, part: str, cell: Any) -> Any:
    """A cell that holds one part of a value: the end of a period, the unit of a target."""
    if part in ("start", "end"):
        return partial_date(cell)
    if part in ("value", "amount", "baseline"):
        return german_number(field, cell)
    return _shown(cell)


def prose(text: str) -> str:
    """Line ends in a cell are meant: as paragraphs, or as items of a list."""
    lines = [re.sub(r"^\s*[•·▪‣●*–-]\s+", "- ", line).strip() for line in text.splitlines()]
    out = ""
    for before, line in zip(["", *lines], lines, strict=False):
        both_items = line.startswith("- ") and before.startswith("- ")
        out += ("\n" if both_items else "\n\n") + line
    return out.strip()


def german_number(field: str, cell: Any) -> str:
    """A number as people write it here: "1.500" has a thousand in it, "1,5" has not."""
    if isinstance(cell, bool):
        raise FieldError(field, Reason.NOT_NUMBER, str(cell))
    if isinstance(cell, int | float):
        return f"{cell:.9f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
    text = re.sub(r"[\s\u00a0\u202f']", "", _ROUGHLY.sub("", _shown(cell)))
    if re.fullmatch(r"[-−]?\d{1,3}(\.\d{3})+", text):
        text = text.replace(".", "")
    return text


def quantity(field: str, cell: Any) -> Mapping[str, str]:
    if isinstance(cell, int | float):
        return {"value": german_number(field, cell)}
    match = _QUANTITY.fullmatch(_ROUGHLY.sub("", _shown(cell)))
    if not match:
        raise FieldError(field, Reason.NOT_NUMBER, _shown(cell))
    return {"value": german_number(field, match["number"]), "unit": (match["unit"] or "").strip()}


def money(field: str, cell: Any) -> Mapping[str, str]:
    if isinstance(cell, int | float):
        return {"amount": german_number(field, cell), "currency": "EUR"}
    match = _MONEY.fullmatch(_ROUGHLY.sub("", _shown(cell)))
    if not match or (match["before"] and match["after"]):
        raise FieldError(field, Reason.NOT_NUMBER, _shown(cell))
    amount = german_number(field, match["number"])
    factor = _factor(match["factor"] or "")
    if factor > 1:
        amount = _times(field, amount, factor)
    sign = (match["before"] or match["after"] or "€").lower()
    return {"amount": amount, "currency": _CURRENCIES.get(sign, sign.upper())}


def _factor(word: str) -> int:
    short = {"tausend": "tsd", "million": "mio", "millionen": "mio", "milliarden": "mrd"}
    name = word.lower().rstrip(".")
    return _FACTORS.get(short.get(name, name), 1)


def _times(field: str, amount: str, factor: int) -> str:
    return format(Decimal(decimal(field, amount)) * factor, "f")


def period(field: str, cell: Any) -> Mapping[str, str]:
    """ "2021–2024", "ab 2023", "bis Ende 2025", "03/2021 bis 12/2024"; a single date is both ends."""
    if isinstance(cell, date | int):
        return {"start": partial_date(cell), "end": partial_date(cell)}
    text = re.sub(r"\b(ende|anfang|mitte|end of|early|late)\s+", "", _shown(cell), flags=re.IGNORECASE)
    if match := re.fullmatch(r"(?:ab|seit|from|since)\s+(.+)", text, re.IGNORECASE):
        return {"start": partial_date(match[1])}
    if match := re.fullmatch(r"(?:bis|until|by)\s+(.+)", text, re.IGNORECASE):
        return {"end": partial_date(match[1])}
    if re.fullmatch(r"\d{4}(-\d{2}){1,2}", text):
        return {"start": text, "end": text}
    sides = re.split(
        r"\s*(?:–|—|\bbis\b|\bto\b|\s-\s)\s*|(?<=\d{4})\s*-\s*(?=\d)|(?<=\d)\s*/\s*(?=\d{4}\s*$)(?<=\d{4}/)", text
    )
    sides = [side for side in sides if side]
    if len(sides) == 1:
        return {"start": partial_date(sides[0]), "end": partial_date(sides[0])}
    if len(sides) != 2:
        raise FieldError(field, Reason.NOT_DATE, text)
    return {"start": partial_date(sides[0]), "end": partial_date(sides[1])}


def partial_date(given: Any) -> str:
    """A day, month or year as the schema reads it; what is none stays as it is, for the schema to refuse."""
    if isinstance(given, datetime):
        return given.date().isoformat()
    if isinstance(given, date):
        return given.isoformat()
    text = _shown(given).strip(" .")
    if match := re.fullmatch(r"(\d{1,2})\s*[/.]\s*(\d{4})", text):
        return f"{match[2]}-{int(match[1]):02}"
    if match := re.fullmatch(r"([^\W\d]+)\.?\s+(\d{4})", text):
        name = fold(match[1])
        month = _MONTHS.get(name) or _MONTHS.get(name[:3])
        return f"{match[2]}-{month:02}" if month else text
    return text


def rating(text: str) -> str:
    known = _RATINGS.get(fold(text))
    if known:
        return str(known)
    match = re.fullmatch(r"([1-5])\s*(?:/|von|of)\s*5", text)
    return match[1] if match else text


def target(field: str, cell: Any) -> Mapping[str, str]:
    """ "30 % bis 2030", or the value alone where other columns hold the rest."""
    if match := _TARGET.fullmatch(_shown(cell)):
        return {**quantity(field, match["quantity"]), "year": match["year"]}
    return quantity(field, cell)


def _rows(text: str, names: tuple[str, ...], field: str) -> list[dict[str, str]]:
    """One entry a line, its parts divided by "|"."""
    rows = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.split("|")]
        if not line.strip():
            continue
        if len(parts) > len(names):
            raise FieldError(field, Reason.WRONG_SHAPE, line[:60])
        rows.append(dict(zip(names, parts, strict=False)))
    return rows


def _shown(cell: Any) -> str:
    return cell.isoformat() if isinstance(cell, date) else "" if cell is None else str(cell).strip()


_OF_TEXT: Mapping[FieldType, Callable[[str], Any]] = {FieldType.TEXT: prose, FieldType.RATING: rating}
_OF_CELL: Mapping[FieldType, Callable[[str, Any], Any]] = {
    FieldType.NUMBER: quantity,
    FieldType.MONEY: money,
    FieldType.PERIOD: period,
    FieldType.TARGET: target,
}
