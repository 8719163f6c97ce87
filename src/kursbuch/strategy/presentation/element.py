"""An element's page in parts: its fields, its versions with what changed, its renditions, its linked data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _

from kursbuch.domain.framework.changes import diff_fields
from kursbuch.domain.framework.element import Fields
from kursbuch.domain.framework.markup import to_plain
from kursbuch.domain.framework.schema import PROSE, FieldSpec, FieldType, Kind
from kursbuch.strategy.models import Rendition
from kursbuch.strategy.presentation.changes import ShownField, redlined_value
from kursbuch.strategy.presentation.values import Terms, show_entries, show_value
from kursbuch.strategy.queries.editions import EditionLine, Touch
from kursbuch.strategy.queries.element import ElementHistory, Stand

ENTRIES = {FieldType.ALIGNMENTS, FieldType.FACTS}


@dataclass(frozen=True)
class ShownStand:
    """A version in the list of versions."""

    line: EditionLine
    until: date | None  # the last day on which it is valid; none without an end
    is_current: bool
    is_future: bool
    fields: Sequence[ShownField] = ()  # redlined against the version before
    moved_from: str = ""  # keys of parents
    moved_to: str = ""
    is_first: bool = False
    touches: Sequence[Touch] = ()


@dataclass(frozen=True)
class ShownRendition:
    language: str
    name: str
    title: str
    html: SafeString
    stale: bool
    reviewed: bool
    translator: str
    is_shown: bool = False


@dataclass(frozen=True)
class Texts:
    """What stands at the top of the page: title and text, in which language, how sound."""

    title: str
    html: SafeString
    language: str
    rendition: ShownRendition | None = None


@dataclass
class ShownFields:
    """All fields but title and text, by how they are laid out."""

    single: list[tuple[str, SafeString]] = field(default_factory=list)
    alignments: list[SafeString] = field(default_factory=list)
    facts: list[SafeString] = field(default_factory=list)


def show_fields(kind: Kind, fields: Fields, terms: Terms) -> ShownFields:
    shown = ShownFields()
    for spec in kind.fields:
        value = fields.get(spec.name)
        if value is None or spec.name in ("title", "text"):
            continue
        if spec.type in ENTRIES and isinstance(value, tuple):
            lines = show_entries(spec, value, terms)
            (shown.alignments if spec.type == FieldType.ALIGNMENTS else shown.facts).extend(lines)
        else:
            shown.single.append((spec.label(terms.spoken), show_value(spec, value, terms)))
    return shown


def show_stands(
    history: ElementHistory, kind: Kind, terms: Terms, ordinal: int, in_force: int, limit: int | None
) -> list[ShownStand]:
    """The versions, newest first, each with its difference to the one before it."""
    shown = []
    numbered = list(enumerate(history.stands))[::-1][:limit]
    for place, stand in numbered:
        line = history.lines.at(stand.first)
        if line is None:
            continue
        before = history.stands[place - 1] if place else None
        shown.append(
            ShownStand(
                line,
                _last_day(history, stand, line),
                is_current=stand.first <= ordinal < stand.until,
                is_future=stand.first > in_force,
                fields=show_difference(kind, history.element.key, before, stand, terms) if before else (),
                moved_from=before.parent if before and before.parent != stand.parent else "",
                moved_to=stand.parent if before and before.parent != stand.parent else "",
                is_first=before is None,
                touches=history.taken_in.get(stand.first, ()),
            )
        )
    return shown


def _last_day(history: ElementHistory, stand: Stand, line: EditionLine) -> date | None:
    later = history.lines.at(stand.until)
    if later is None or later.in_force_from <= line.in_force_from:
        return None
    return later.in_force_from - timedelta(days=1)


def show_difference(kind: Kind, key: str, before: Stand, after: Stand, terms: Terms) -> list[ShownField]:
    specs = {spec.name: spec for spec in kind.fields}
    fields = []
    for change in diff_fields(key, before.fields, after.fields):
        spec = specs.get(change.field) or FieldSpec(change.field, FieldType.LINE, {})
        html = redlined_value(spec, change.before, change.after, terms)
        fields.append(ShownField(change.field, spec.label(terms.spoken), html))
    order = [spec.name for spec in kind.fields]
    return sorted(fields, key=lambda one: order.index(one.name) if one.name in order else len(order))


def show_renditions(history: ElementHistory, stand: Stand) -> list[ShownRendition]:
    """One a language: that of this very version, else that of the last one before it."""
    since = {one.digest: one.first for one in reversed(history.stands)}
    best: dict[str, Rendition] = {}

    def place(rendition: Rendition) -> int:
        return stand.first if rendition.of_digest == stand.digest else since.get(rendition.of_digest, stand.until)

    for rendition in history.renditions:
        if place(rendition) > stand.first:
            continue  # written for a later version
        present = best.get(rendition.language)
        if present is None or place(rendition) > place(present):
            best[rendition.language] = rendition
    return [_show_rendition(rendition, rendition.of_digest != stand.digest) for rendition in best.values()]


def _show_rendition(rendition: Rendition, stale: bool) -> ShownRendition:
    texts: Mapping[str, Any] = rendition.fields
    return ShownRendition(
        rendition.language,
        language_name(rendition.language),
        str(texts.get("title") or ""),
        show_value(FieldSpec("text", FieldType.TEXT, {}), str(texts.get("text") or ""), Terms()),
        stale,
        rendition.reviewed,
        rendition.translator,
    )


def language_name(code: str) -> str:
    if code.endswith("-simple"):
        return _("Plain language")
    try:
        return str(get_language_info(code)["name_translated"]).capitalize()
    except KeyError:
        return code


def show_texts(fields: Fields, original: str, renditions: Sequence[ShownRendition], language: str) -> Texts:
    """Title and text in the language asked for, or in the original's where there is no rendition."""
    title, text = str(fields.get("title") or ""), str(fields.get("text") or "")
    html = show_value(FieldSpec("text", FieldType.TEXT, {}), text, Terms())
    if language == original:
        return Texts(title, html, original)
    for rendition in renditions:
        if rendition.language == language:
            return Texts(rendition.title or title, rendition.html or html, language, rendition)
    return Texts(title, html, original)


def linked_data(
    *, history: ElementHistory, stand: Stand, line: EditionLine, address: str, strategy_address: str, is_in_force: bool
) -> SafeString:
    """The element as schema.org Legislation, safe to stand inside a <script> of a type that no browser runs."""
    strategy = history.strategy
    since = history.lines.at(stand.first) or line
    prose = {spec.name for spec in strategy.schema.kind(history.element.kind).fields if spec.type in PROSE}
    text = to_plain(str(stand.fields.get("text") or "")) if "text" in prose else ""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": address,
        "url": address,
        "identifier": history.element.key,
        "legislationIdentifier": history.element.key,
        "name": str(stand.fields.get("title") or history.element.key),
        "legislationDateVersion": since.in_force_from.isoformat(),
        "legislationLegalForce": "https://schema.org/InForce" if is_in_force else "https://schema.org/NotInForce",
        "inLanguage": strategy.language,
        "version": line.number,
        "isPartOf": {"@type": "Legislation", "@id": strategy_address, "name": strategy.title},
    }
    if text:
        data["text"] = text
    if since.body and since.day:
        data["legislationDate"] = since.day.isoformat()
        data["legislationPassedBy"] = {"@type": "GovernmentOrganization", "name": since.body}
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign, escaped in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026"), ("\u2028", ""), ("\u2029", "")):
        written = written.replace(sign, escaped)
    return SafeString(written)


def names(touch: Touch) -> list[str]:
    """The authors by name; an account that is gone has none."""
    return [_("Deleted account") if name is None else name or _("Person without a name") for name in touch.authors]


def in_default_language() -> override:
    """For permanent addresses, which carry no language."""
    return override(settings.LANGUAGE_CODE)
