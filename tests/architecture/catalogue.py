"""Finds what an app says to people: the texts marked for translation in its code and its templates."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

Message = tuple[str, str]  # context (mostly empty) and text


def messages_of(app: Path) -> dict[Message, str]:
    """Every text with the place where it was found first."""
    found: dict[Message, str] = {}
    for path in sorted([*app.rglob("*.py"), *app.rglob("templates/**/*.html"), *app.rglob("templates/**/*.txt")]):
        if "migrations" in path.parts:
            continue
        source = path.read_text()
        if path.suffix != ".py":
            # Django blanks what is not translated; Python's tokens mind its indentation, so that goes, too.
            source = "\n".join(map(str.lstrip, templatize(source, origin=str(path)).splitlines()))
        for line, text, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
            singular = text[0] if isinstance(text, tuple) else text
            found.setdefault((context or "", singular), f"{path.relative_to(app.parent)}:{line}")
    return found
