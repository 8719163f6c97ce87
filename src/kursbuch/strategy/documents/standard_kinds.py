"""The levels that a strategy begins with when its file, a table or a Word document, does not say its own."""

from __future__ import annotations

from typing import Any

from kursbuch.domain.framework.schema import Schema

_PROSE = ["title", "text", "alignments", "facts"]
STANDARD_KINDS: list[dict[str, Any]] = [
    {
        "slug": "theme",
        "prefix": "L",
        "names": {"de": ["Leitthema", "Leitthemen"], "en": ["Theme", "Themes"]},
        "parents": [""],
        "fields": _PROSE,
    },
    {
        "slug": "field",
        "prefix": "F",
        "names": {"de": ["Handlungsfeld", "Handlungsfelder"], "en": ["Field of action", "Fields of action"]},
        "parents": ["", "theme"],
        "fields": _PROSE,
    },
    {
        "slug": "goal",
        "prefix": "Z",
        "names": {"de": ["Ziel", "Ziele"], "en": ["Goal", "Goals"]},
        "parents": ["", "theme", "field"],
        "fields": _PROSE,
    },
    {
        "slug": "measure",
        "prefix": "M",
        "names": {"de": ["Maßnahme", "Maßnahmen"], "en": ["Measure", "Measures"]},
        "parents": ["", "theme", "field", "goal"],
        "fields": [
            *("title", "text", "quantity", "budget", "period", "office", "place"),
            *("importance", "urgency", "precision", "feasibility", "alignments", "facts"),
        ],
    },
    {
        "slug": "target",
        "prefix": "W",
        "names": {"de": ["Zielwert", "Zielwerte"], "en": ["Target", "Targets"]},
        "parents": ["", "theme", "field", "goal", "measure"],
        "fields": ["title", "text", "target", "office", "alignments", "facts"],
    },
    {
        "slug": "passage",
        "prefix": "P",
        "names": {"de": ["Absatz", "Absätze"], "en": ["Passage", "Passages"]},
        "parents": ["", "theme", "field", "passage"],
        "fields": ["title", "text", "facts"],
    },
]


def standard_schema() -> Schema:
    return Schema.from_data(STANDARD_KINDS)
