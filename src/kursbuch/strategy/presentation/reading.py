"""The whole strategy as one piece of HTML, made in one pass: two thousand template includes would take a second."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kursbuch.domain.framework.schema import FieldSpec, FieldType, Kind, Schema
from kursbuch.strategy.presentation.prose import prose_html
from kursbuch.strategy.presentation.values import Terms, reference_code, show_value
from kursbuch.strategy.queries.editions import EditionLine
from kursbuch.strategy.queries.reading import ReadElement, ReadStrategy
from kursbuch.strategy.values_in_words import value_in_words

PROSE = {"title", "text"}
SHOWN = {
    FieldType.LINE,
    FieldType.TARGET,
    FieldType.NUMBER,
    FieldType.MONEY,
    FieldType.PERIOD,
    FieldType.OFFICE,
    FieldType.PLACE,
}
_in_words: dict[tuple[FieldType, str, object], str] = {}


class StrategyWriter:
    """Writes elements; everything that repeats is worked out once."""

    def __init__(self, schema: Schema, terms: Terms, original: str, read: ReadStrategy, query: str = "") -> None:
        self._schema = schema
        self._terms = terms
        self._original = original
        self._read = read
        self._query = query  # what keeps the day and the language on the way to an element
        self._address = reverse("element", args=["X1"])
        self._kinds: dict[str, Kind | None] = {}
        self._names: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._pending: dict[int, str] = {}
        self._untold = _untold(read.language, original)
        self._stale = escape(_("Translation older than the original")) if read.language else ""
        self._unreviewed = escape(_("not reviewed yet")) if read.language else ""

    def html(self) -> SafeString:
        out: list[str] = []
        for element in self._read.elements:
            self._write(element, out)
        return SafeString("".join(out))

    def address(self, key: str) -> str:
        return self._address.replace("X1", key)

    def kind(self, slug: str) -> Kind | None:
        if slug not in self._kinds:
            self._kinds[slug] = kind = self._schema.kinds.get(slug)
            self._names[slug] = escape(kind.name(self._terms.spoken) if kind else slug)
        return self._kinds[slug]

    def _write(self, element: ReadElement, out: list[str]) -> None:
        key, depth = element.key, min(element.depth, 4)
        kind = self.kind(element.kind)
        title, text = element.title, element.text_of("text")
        out.append(
            f'<section class="element element--{depth}" id="{key}"><p class="element__line">'
            f'<a class="element__key" href="{self.address(key)}{self._query}">{key}</a> '
            f'<span class="element__kind">{self._names[element.kind]}</span>{self._marks(element)}</p>'
        )
        lang = self._lang(element)
        if title:
            out.append(f'<h{depth + 2} class="element__title"{lang}>{escape(title, quote=False)}</h{depth + 2}>')
        if text:
            out.append(f'<div class="element__text prose"{lang}>{prose_html(text)}</div>')
        if kind:
            self._write_fields(element, kind, out)
        out.append("</section>")

    def _lang(self, element: ReadElement) -> str:
        """Only where it differs from the page's own language."""
        language = self._read.language if element.rendered else self._original
        return "" if language == self._terms.spoken else f' lang="{escape(language)}"'

    def _marks(self, element: ReadElement) -> str:
        marks = ""
        count = self._read.pending.get(element.key)
        if count:
            marks += (
                f'<a class="element__mark element__mark--pending" href="{self.address(element.key)}#amendments">'
                f"{self._count(count)}</a>"
            )
        if not self._read.language:
            return marks
        rendered = element.rendered
        if rendered is None:
            return marks + f'<span class="element__mark">{self._untold}</span>'
        if rendered.stale:
            marks += f'<span class="element__mark element__mark--stale">{self._stale}</span>'
        if not rendered.reviewed:
            marks += f'<span class="element__mark">{self._unreviewed}</span>'
        return marks

    def _count(self, count: int) -> str:
        if count not in self._pending:
            words = ngettext("%(count)s amendment", "%(count)s amendments", count) % {"count": count}
            self._pending[count] = escape(words)
        return self._pending[count]

    def _write_fields(self, element: ReadElement, kind: Kind, out: list[str]) -> None:
        rows: list[str] = []
        fields = element.fields
        for spec in kind.fields:
            name = spec.name
            if name in PROSE or name not in fields:
                continue
            if spec.type in SHOWN:
                rows.append(self._field(spec, fields[name]))
            elif spec.type == FieldType.ALIGNMENTS:
                rows.append(self._alignments(spec, fields[name]))
        if rows:
            out.append(f'<dl class="element__fields">{"".join(rows)}</dl>')

    def _field(self, spec: FieldSpec, value: Any) -> str:
        if spec.name not in self._labels:
            self._labels[spec.name] = escape(spec.label(self._terms.spoken))
        return f"<div><dt>{self._labels[spec.name]}</dt><dd>{self._value(spec, value)}</dd></div>"

    def _value(self, spec: FieldSpec, value: Any) -> str:
        """In words; numbers and dates are put into words once for all pages, as that takes longest."""
        if spec.type == FieldType.OFFICE:
            return show_value(spec, value, self._terms)
        content = tuple(value.items()) if isinstance(value, dict) else value
        memo = (spec.type, self._terms.spoken, content)
        words = _in_words.get(memo)
        if words is None:
            if len(_in_words) >= 50_000:
                _in_words.clear()
            words = _in_words[memo] = escape(value_in_words(spec.type, value, self._terms.offices), quote=False)
        return words

    def _alignments(self, spec: FieldSpec, entries: Sequence[Mapping[str, str]]) -> str:
        codes = " · ".join([escape(reference_code(entry["id"]), quote=False) for entry in entries])
        return f"<div><dt>{escape(spec.label(self._terms.spoken))}</dt><dd>{codes}</dd></div>"

    def contents(self) -> SafeString:
        """The table of contents: what stands at the top, and what has something below it one level down."""
        parents = {element.parent for element in self._read.elements}
        entries = [
            element
            for element in self._read.elements
            if element.title and (element.depth == 0 or (element.depth == 1 and element.key in parents))
        ]
        return SafeString("".join(self._nested(entries)))

    def _nested(self, entries: Iterable[ReadElement]) -> Iterable[str]:
        depth = -1
        for element in entries:
            level = min(element.depth, depth + 1)
            if level > depth:
                yield '<ul class="toc__list">' * (level - depth)
            else:
                yield "</li>" + "</ul></li>" * (depth - level)
            depth = level
            yield (
                f'<li class="toc__item"><a class="toc__link" href="#{element.key}"{self._lang(element)}>'
                f"{escape(element.title, quote=False)}</a>"
            )
        yield "</li></ul>" * (depth + 1)


def _untold(language: str, original: str) -> str:
    """What stands beside an element that has no text in the language asked for."""
    if language.endswith("-simple"):
        return escape(_("not yet in plain language"))
    return escape(_("only in German") if original == "de" else _("only in the original language"))


def edition_options(lines: Iterable[EditionLine], chosen: EditionLine | None) -> SafeString:
    """The editions as options of a select, newest first. A template would take a while for hundreds of them."""
    label, spoken = escape(_("Edition %(number)s (%(since)s)")), get_language()
    options = [
        f'<option value="{line.number}"{" selected" if line == chosen else ""}>'
        f"{label % {'number': line.number, 'since': _short_day(line.in_force_from, spoken)}}</option>"
        for line in lines
    ]
    return SafeString("".join(reversed(options)))


@lru_cache(maxsize=4096)
def _short_day(day: date, spoken: str | None) -> str:
    """The language is in force already; it is named so that each keeps its own."""
    return date_format(day, "SHORT_DATE_FORMAT")
