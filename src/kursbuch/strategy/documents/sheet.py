"""A publication made ready for reading: labels, values in words, heading levels. Writers only set it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kursbuch.domain.framework.element import Element, Value
from kursbuch.domain.framework.schema import FieldType
from kursbuch.strategy import reference
from kursbuch.strategy.documents.publication import Publication, entries_of
from kursbuch.strategy.documents.rich_text import Block, Line, blocks, plain
from kursbuch.strategy.values_in_words import day, partial_date, value_in_words


@dataclass(frozen=True, slots=True)
class Fact:
    text: str
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Alignment:
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Section:
    """One element. ``level`` is that of its heading, from 1; an element without a title has 0 and only text."""

    key: str
    kind: str
    depth: int
    level: int
    below: int  # the level of the next heading above it, for headings inside its text
    title: Line
    prose: tuple[tuple[str, tuple[Block, ...]], ...]  # label (empty for the text itself) and blocks
    details: tuple[tuple[str, str], ...]
    alignments: tuple[Alignment, ...]
    facts: tuple[Fact, ...]
    language: str
    remark: str  # on the rendition: not reviewed, or only in the original language

    @property
    def plain_title(self) -> str:
        return plain(self.title)


@dataclass(frozen=True)
class Sheet:
    city: str
    title: str
    language: str
    original: str  # the language of what was adopted
    number: str
    subtitle: str
    lead: tuple[tuple[str, str], ...]  # what the title page says of the edition: label and value
    notice: str
    summary: str
    digest: str
    labels: Mapping[str, str]
    sections: tuple[Section, ...]
    footer: str
    made_on: tuple[int, int, int] | None


def sheet_of(publication: Publication) -> Sheet:
    """Everything in the reader's language."""
    with translation.override(publication.interface_language):
        return _sheet(publication)


def _sheet(publication: Publication) -> Sheet:
    document = publication.document
    edition = _("Edition %(number)s") % {"number": document.number}
    in_force = document.in_force_from
    return Sheet(
        city=publication.city,
        title=publication.title,
        language=publication.interface_language,
        original=document.language,
        number=document.number,
        subtitle=edition,
        lead=tuple(_lead(publication)),
        notice=publication.notice,
        summary=publication.summary,
        digest=publication.digest,
        labels={
            "contents": pgettext("document", "Contents"),
            "facts": pgettext("document", "Facts with sources"),
            "fact": pgettext("document", "Fact"),
            "source": pgettext("document", "Source"),
            "date": pgettext("document", "Date"),
            "alignments": pgettext("document", "Alignments"),
            "summary": pgettext("document", "About this edition"),
            "page": pgettext("document", "Page"),
            "of": pgettext("document", "of"),
            "digest": pgettext("document", "Digest"),
        },
        sections=tuple(_sections(publication)),
        footer=f"{publication.city} · {edition}",
        made_on=(in_force.year, in_force.month, in_force.day) if in_force else None,
    )


def _lead(publication: Publication) -> list[tuple[str, str]]:
    document = publication.document
    number = document.number
    if publication.editorial:
        number += " (" + pgettext("document", "editorial correction") + ")"
    lead = [(pgettext("document", "Edition"), number)]
    if document.in_force_from:
        lead.append((pgettext("document", "In force from"), day(document.in_force_from)))
    decision = document.decision
    if decision:
        lead.append((pgettext("document", "Decision"), f"{decision.body}, {day(decision.day)}"))
        lead += [
            (label, text)
            for label, text in (
                (pgettext("document", "Council paper"), decision.paper),
                (pgettext("document", "Result"), decision.result),
                (pgettext("document", "Source"), decision.source),
            )
            if text
        ]
    lead.append((pgettext("document", "Horizon"), str(document.horizon)))
    if publication.illustration:
        lead.append((pgettext("document", "Note"), _("This edition is invented. It serves as an illustration.")))
    return lead


def _sections(publication: Publication) -> list[Section]:
    tree = publication.document.tree
    offices = {
        office.id: (office.name_en if publication.interface_language == "en" and office.name_en else office.name)
        for office in publication.document.offices
    }
    levels: dict[str | None, int] = {None: 0}
    sections = []
    for depth, element in tree.walk():
        above = levels[tree.parents[element.key]]
        section = _section(publication, element, depth, above, offices)
        levels[element.key] = section.level or above
        sections.append(section)
    return sections


def _section(publication: Publication, element: Element, depth: int, above: int, offices: Mapping[str, str]) -> Section:
    kind = publication.document.schema.kind(element.kind)
    fields = publication.fields(element.key)
    prose, details = [], []
    alignments: tuple[Alignment, ...] = ()
    facts: tuple[Fact, ...] = ()
    language = publication.interface_language
    for spec in kind.fields:
        value = fields.get(spec.name)
        if value is None or spec.name == "title":
            continue
        label = spec.label(language)
        if spec.type == FieldType.ALIGNMENTS:
            alignments += _alignments(value, language)
        elif spec.type == FieldType.FACTS:
            facts += _facts(value)
        elif spec.type in (FieldType.TEXT, FieldType.LINE):
            prose.append(("" if spec.name == "text" else label, tuple(blocks(str(value)))))
        else:
            details.append((label, value_in_words(spec.type, value, offices)))
    title = str(fields.get("title", ""))
    return Section(
        key=element.key,
        kind=kind.name(language),
        depth=depth,
        level=above + 1 if title else 0,
        below=above + 1 if title else above,
        title=_line(title),
        prose=tuple(prose),
        details=tuple(details),
        alignments=alignments,
        facts=facts,
        language=publication.language_of(element.key),
        remark=_remark(publication, element.key),
    )


def _line(title: str) -> Line:
    found = blocks(title)
    return found[0].lines[0] if found else ()


def _alignments(value: Value, language: str) -> tuple[Alignment, ...]:
    entries = sorted(entries_of(value), key=lambda one: _order(str(one["id"])))
    return tuple(Alignment(reference_name(str(one["id"]), language), str(one["reason"])) for one in entries)


def _order(ref: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    name, _colon, code = ref.partition(":")
    return name, reference.code_order(code)


def reference_name(ref: str, language: str) -> str:
    try:
        entry = reference.entry(ref)
    except KeyError:
        return ref
    names = next(one.names for one in reference.lists() if one.name == entry.list)
    return f"{names.get(language) or names['de']} {entry.code}: {entry.label(language)}"


def _facts(value: Value) -> tuple[Fact, ...]:
    entries = sorted(entries_of(value), key=lambda one: (len(str(one["id"])), str(one["id"])))
    return tuple(
        Fact(str(one["text"]), str(one["source"]), partial_date(str(one["date"])) if one.get("date") else "")
        for one in entries
    )


def _remark(publication: Publication, key: str) -> str:
    if publication.language == publication.document.language:
        return ""
    rendition = publication.rendition(key)
    if rendition is None:
        return _("Not yet available in this language; here is the original.")
    return "" if rendition.reviewed else _("This rendition has not been reviewed yet.")
