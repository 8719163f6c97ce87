"""Field values as people read them, in the language of the interface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kursbuch.domain.framework.element import Entry, Value
from kursbuch.domain.framework.markup import to_html
from kursbuch.domain.framework.schema import FieldSpec, FieldType
from kursbuch.kit.languages import written_in
from kursbuch.strategy import reference
from kursbuch.strategy.queries.offices import GermanName
from kursbuch.strategy.values_in_words import partial_date, value_in_words


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
            words = value_in_words(spec.type, value, terms.offices)
            return written_in(words, "de" if isinstance(words, GermanName) else "")


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
    day = partial_date(str(entry["date"])) if entry.get("date") else ""
    return format_html(
        '<span class="fact__text">{}</span> <cite class="fact__source">{}{}</cite>',
        entry["text"],
        entry["source"],
        f", {day}" if day else "",
    )


def reference_code(listed: str) -> str:
    name, _separator, code = listed.partition(":")
    return f"SDG {code}" if name == "sdg" else code if name not in {"charta"} else f"Charta {code}"


def _reference_label(listed: str, terms: Terms) -> str:
    try:
        return reference.label(listed, terms.spoken)
    except KeyError:
        return listed
