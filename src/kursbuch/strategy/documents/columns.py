"""Which column of a table is which field: guessed by the names people use, checked, changed in the preview."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kursbuch.domain.framework.schema import FieldType, Kind, Schema

IGNORE = ""
KEY = "key"
KIND = "kind"
PARENT = "parent"
LEVEL = "level:"  # "level:theme": the title of the theme the row stands under, made if it is not there yet

PARTS: Mapping[FieldType, tuple[str, ...]] = {
    FieldType.NUMBER: ("value", "unit"),
    FieldType.MONEY: ("amount", "currency"),
    FieldType.PERIOD: ("start", "end"),
    FieldType.TARGET: ("value", "unit", "year", "baseline", "baseline_year"),
}

# Synonyms that heads of tables use; names and labels of kinds and fields are known anyway. Folded as in _fold.
SYNONYMS: Mapping[str, str] = {
    "kennung": KEY,
    "nr": KEY,
    "nummer": KEY,
    "lfdnr": KEY,
    "laufendenummer": KEY,
    "id": KEY,
    "schluessel": KEY,
    "number": KEY,
    "no": KEY,
    "art": KIND,
    "ebene": KIND,
    "typ": KIND,
    "type": KIND,
    "level": KIND,
    "uebergeordnet": PARENT,
    "oberpunkt": PARENT,
    "gehoertzu": PARENT,
    "teilvon": PARENT,
    "uebergeordneterbaustein": PARENT,
    "belongsto": PARENT,
    "partof": PARENT,
    "name": "title",
    "bezeichnung": "title",
    "massnahmentitel": "title",
    "titeldermassnahme": "title",
    "massnahmenname": "title",
    "projekt": "title",
    "projekttitel": "title",
    "ueberschrift": "title",
    "heading": "title",
    "beschreibung": "text",
    "kurzbeschreibung": "text",
    "inhalt": "text",
    "erlaeuterung": "text",
    "massnahmenbeschreibung": "text",
    "description": "text",
    "content": "text",
    "kosten": "budget",
    "mittel": "budget",
    "budget": "budget",
    "finanzierung": "budget",
    "finanzvolumen": "budget",
    "kostenineuro": "budget",
    "kosteneur": "budget",
    "cost": "budget",
    "costs": "budget",
    "zeitraum": "period",
    "laufzeit": "period",
    "umsetzungszeitraum": "period",
    "zeitplan": "period",
    "zeitrahmen": "period",
    "duration": "period",
    "timeframe": "period",
    "beginn": "period.start",
    "start": "period.start",
    "von": "period.start",
    "startdatum": "period.start",
    "begin": "period.start",
    "ende": "period.end",
    "bis": "period.end",
    "end": "period.end",
    "enddatum": "period.end",
    "fertigstellung": "period.end",
    "zustaendig": "office",
    "zustaendigkeit": "office",
    "verantwortlich": "office",
    "verantwortung": "office",
    "federfuehrung": "office",
    "amt": "office",
    "fachbereich": "office",
    "dienststelle": "office",
    "responsible": "office",
    "department": "office",
    "owner": "office",
    "ort": "place",
    "raum": "place",
    "stadtteil": "place",
    "quartier": "place",
    "raumbezug": "place",
    "location": "place",
    "prioritaet": "importance",
    "wichtigkeit": "importance",
    "priority": "importance",
    "dringlichkeit": "urgency",
    "zielgenauigkeit": "precision",
    "umsetzbarkeit": "feasibility",
    "machbarkeit": "feasibility",
    "zielwert": "target",
    "ziel2030": "target",
    "targetvalue": "target",
    "zieljahr": "target.year",
    "einheit": "target.unit",
    "ausgangswert": "target.baseline",
    "ausgangsjahr": "target.baseline_year",
    "menge": "quantity",
    "anzahl": "quantity",
    "amount": "quantity",
    "waehrung": "budget.currency",
    "currency": "budget.currency",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a column can be: what it is called in the mapping, and for people."""

    target: str
    label: str


def choices(schema: Schema, kind: str, language: str) -> list[Choice]:
    """All that a column of a table of this kind can be."""
    found = [
        Choice(IGNORE, _("leave out")),
        Choice(KEY, pgettext("of an element", "Key")),
        Choice(KIND, _("Kind of element")),
        Choice(PARENT, _("Stands under (key or title)")),
    ]
    for above in levels_above(schema, kind):
        label = _("Stands under: %(kind)s") % {"kind": above.name(language)}
        found.append(Choice(LEVEL + above.slug, label))
    for spec in schema.kind(kind).fields:
        found.append(Choice(spec.name, spec.label(language)))
        found += [
            Choice(f"{spec.name}.{part}", f"{spec.label(language)}: {part_label(part)}")
            for part in PARTS.get(spec.type, ())
        ]
    return found


def part_label(part: str) -> str:
    return {
        "value": pgettext("part of a value", "value"),
        "unit": pgettext("part of a value", "unit"),
        "amount": pgettext("part of a value", "amount"),
        "currency": pgettext("part of a value", "currency"),
        "start": pgettext("part of a value", "from"),
        "end": pgettext("part of a value", "until"),
        "year": pgettext("part of a value", "year"),
        "baseline": pgettext("part of a value", "starting value"),
        "baseline_year": pgettext("part of a value", "starting year"),
    }[part]


def guess(columns: Sequence[str], schema: Schema, kind: str) -> list[str]:
    """For every column what it most likely is; nothing is guessed twice."""
    names = _known_names(schema, kind)
    possible = {choice.target for choice in choices(schema, kind, "de")}
    found: list[str] = []
    for column in columns:
        target = next((names[name] for name in _spellings(column) if names.get(name) in possible), IGNORE)
        found.append(IGNORE if target in found else target)
    if "title" in possible and "title" not in found:
        _use_own_name(columns, found, schema.kind(kind))
    return found


def _use_own_name(columns: Sequence[str], found: list[str], kind: Kind) -> None:
    """A column called "Maßnahme" holds the titles of a table of measures."""
    own = {fold(name) for names in kind.names.values() for name in names}
    for place, column in enumerate(columns):
        if found[place] == IGNORE and fold(column) in own:
            found[place] = "title"
            return


def _known_names(schema: Schema, kind: str) -> dict[str, str]:
    names = dict(SYNONYMS)
    for above in levels_above(schema, kind):
        for pair in above.names.values():
            names.update({fold(name): LEVEL + above.slug for name in pair})
        names[fold(above.slug)] = LEVEL + above.slug
    for spec in schema.kind(kind).fields:
        for name in (spec.name, *spec.labels.values()):
            names[fold(name)] = spec.name
        for part in PARTS.get(spec.type, ()):
            names[fold(f"{spec.name}{part}")] = f"{spec.name}.{part}"
    names.update({fold(name): name for name in (KEY, KIND, PARENT)})
    return names


def levels_above(schema: Schema, kind: str) -> list[Kind]:
    """The kinds that can stand anywhere above this one, topmost first; not itself."""
    above: set[str] = set()
    pending = [kind]
    while pending:
        for parent in schema.kind(pending.pop()).parents:
            if parent and parent not in above and parent != kind:
                above.add(parent)
                pending.append(parent)
    return [one for one in schema.kinds.values() if one.slug in above and "title" in {f.name for f in one.fields}]


def _spellings(column: str) -> Iterator[str]:
    """The whole name, then without what stands in brackets or behind a stroke."""
    yield fold(column)
    yield fold(re.sub(r"[(\[].*?[)\]]", "", column))
    yield fold(re.split(r"[/|,:–]", column)[0])


def fold(name: str) -> str:
    """Letters and digits alone, small, umlauts written out: "Zuständig:" is "zustaendig"."""
    text = name.lower()
    for sign, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(sign, plain)
    return re.sub(r"[^a-z0-9]", "", text)
