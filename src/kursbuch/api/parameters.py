"""What parameters look like: strict readers, so that a mistyped day or number is an error and never a guess."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext_noop as _
from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from kursbuch.api.cursors import MOST
from kursbuch.api.cursors import PATTERN as CURSOR
from kursbuch.chronicle.things import MAX_LENGTH, PATTERN

MOST_ITEMS = 200
NUMBER = r"[0-9]{1,6}(\.[0-9]{1,5})?"


def _whole_number(given: Any) -> Any:
    if isinstance(given, str) and not re.fullmatch(r"0|-?[1-9][0-9]{0,18}", given, re.ASCII):
        raise ValueError("must be a whole number")
    return given


def _day(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given, re.ASCII):
        raise ValueError("must be a day such as 2024-05-31")
    return date.fromisoformat(given)  # a ValueError says what is wrong


def _edition_or_day(given: Any) -> Any:
    if isinstance(given, str) and re.fullmatch(NUMBER, given, re.ASCII):
        return given
    return _day(given)


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Number = Annotated[str, StringConstraints(pattern=f"^{NUMBER}$")]
Key = Annotated[str, StringConstraints(pattern="^[A-Z]{1,3}[0-9]{1,6}$")]
Slug = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_-]{0,39}$")]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$")]
Thing = Annotated[str, StringConstraints(pattern=f"^{PATTERN}$", max_length=MAX_LENGTH)]
Cursor = Annotated[
    str,
    StringConstraints(pattern=f"^{CURSOR}$"),
    WithJsonSchema({"type": "string", "format": "cursor"}),  # opaque: the pattern is nobody's business
]


def _between(least: int, most: int) -> tuple[object, ...]:
    """Said twice: behind a reader of our own pydantic no longer writes the bounds into the schema."""
    return Field(ge=least, le=most), WithJsonSchema({"type": "integer", "minimum": least, "maximum": most})


Limit = Annotated[int, BeforeValidator(_whole_number), *_between(1, MOST_ITEMS)]
Id = Annotated[int, BeforeValidator(_whole_number), *_between(1, MOST)]
EditionOrDay = Annotated[
    str | date,
    BeforeValidator(_edition_or_day),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": f"^{NUMBER}$"}, {"type": "string", "format": "date"}]}),
]

CURSOR_TEXT = _("Where to go on, as the answer before gave it in next.")
LIMIT_TEXT = _("How many at most.")
