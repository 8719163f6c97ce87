"""Typed changes as people read them: what happens to which element, with the redline of every field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kursbuch.domain.framework.changes import Add, Change, Move, Retire, Revise, is_provisional
from kursbuch.domain.framework.element import Element, Entry, Value
from kursbuch.domain.framework.redline import redline
from kursbuch.domain.framework.render import Labels, redline_html
from kursbuch.domain.framework.schema import PROSE, FieldError, FieldSpec, FieldType, Schema
from kursbuch.strategy.presentation.values import Terms, show_entry, show_value

EMPTY = Element("", "", {})


@dataclass(frozen=True)
class ShownField:
    """One field within a change: its label and its redline."""

    name: str
    label: str
    html: SafeString


@dataclass(frozen=True)
class ShownChange:
    """One change in words. ``verb`` is add, revise, move or retire."""

    change: Change
    position: int
    verb: str
    key: str  # "" for an element that has no key yet
    kind: str  # "Maßnahme"
    title: str
    fields: Sequence[ShownField] = ()
    place: str = ""  # where it goes: title of the parent
    behind: str = ""  # title of the sibling before it
    replaced_by: Sequence[tuple[str, str]] = ()  # (key, title)


def show_changes(
    changes: Sequence[Change], elements: Mapping[str, Element], schema: Schema, terms: Terms
) -> list[ShownChange]:
    """``elements`` holds, by key, every element that the changes name (of the edition they are written against)."""
    known = dict(elements)
    shown = []
    for position, change in enumerate(changes):
        if isinstance(change, Add):
            known[change.key] = Element(change.key, change.kind, change.fields)
        shown.append(_show(change, position, known, schema, terms))
    return shown


def title_of(element: Element) -> str:
    """What an element is called: its title, else the beginning of its text."""
    title = element.fields.get("title")
    if isinstance(title, str):
        return title
    text = element.fields.get("text")
    if isinstance(text, str):
        words = text.split()
        return " ".join(words[:8]) + (" …" if len(words) > 8 else "")
    return element.key


def redline_labels() -> Labels:
    return Labels(
        inserted=_("inserted:"),
        deleted=_("deleted:"),
        moved_here=_("moved here:"),
        moved_away=_("moved away:"),
    )


def redlined_value(spec: FieldSpec, before: Value | None, after: Value | None, terms: Terms) -> SafeString:
    """A field's change as HTML: prose word by word, entries one by one, other values as a whole."""
    if spec.type in PROSE:
        spans = redline(str(before or ""), str(after or ""))
        return mark_safe(redline_html(spans, redline_labels()))  # noqa: S308 - escaped by construction
    if spec.type in {FieldType.ALIGNMENTS, FieldType.FACTS}:
        return _redlined_entries(spec, before, after, terms)
    old, new = show_value(spec, before, terms), show_value(spec, after, terms)
    if before == after:
        return format_html("<p>{}</p>", new)
    parts = []
    if before is not None:
        parts.append(format_html("<del>{}</del>", old))
    if after is not None:
        parts.append(format_html("<ins>{}</ins>", new))
    return format_html("<p>{}</p>", mark_safe(" ".join(parts)))  # noqa: S308 - both were escaped


def _redlined_entries(spec: FieldSpec, before: Value | None, after: Value | None, terms: Terms) -> SafeString:
    old, new = (_by_id(value) for value in (before, after))
    rows: list[tuple[SafeString]] = []
    for one in dict.fromkeys((*old, *new)):
        was, becomes = old.get(one), new.get(one)
        if was == becomes and was is not None:
            rows.append((show_entry(spec, was, terms),))
            continue
        if was is not None:
            rows.append((format_html("<del>{}</del>", show_entry(spec, was, terms)),))
        if becomes is not None:
            rows.append((format_html("<ins>{}</ins>", show_entry(spec, becomes, terms)),))
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", rows))


def _by_id(value: Value | None) -> dict[str, Entry]:
    return {str(entry["id"]): entry for entry in value} if isinstance(value, tuple) else {}


def _show(change: Change, position: int, elements: Mapping[str, Element], schema: Schema, terms: Terms) -> ShownChange:
    element = elements.get(change.key, EMPTY)
    kind = schema.kinds.get(element.kind)
    kind_name = kind.name(terms.spoken) if kind else element.kind
    key = "" if is_provisional(change.key) else change.key

    def named(other: str | None) -> str:
        return title_of(elements[other]) if other is not None and other in elements else other or ""

    def field(name: str, before: Value | None, after: Value | None) -> ShownField:
        try:
            spec = schema.kind(element.kind).field(name)
        except FieldError:  # an element of another edition's schema
            spec = FieldSpec(name, FieldType.LINE if isinstance(after or before, str) else FieldType.PLACE, {})
        return ShownField(name, spec.label(terms.spoken), redlined_value(spec, before, after, terms))

    match change:
        case Add(parent=parent, after=after, fields=fields):
            order = [spec.name for spec in kind.fields] if kind else []
            names = sorted(fields, key=lambda name: order.index(name) if name in order else len(order))
            shown = [field(name, None, fields[name]) for name in names]
            place = named(parent)
            return ShownChange(change, position, "add", key, kind_name, title_of(element), shown, place, named(after))
        case Revise(field=name, before=before, after=new):
            one = [field(name, before, new)]
            return ShownChange(change, position, "revise", key, kind_name, title_of(element), one)
        case Move(parent=parent, after=after):
            title = title_of(element)
            return ShownChange(change, position, "move", key, kind_name, title, (), named(parent), named(after))
        case Retire(replaced_by=others):
            return ShownChange(
                change,
                position,
                "retire",
                key,
                kind_name,
                title_of(element),
                replaced_by=[(other, named(other)) for other in others],
            )
