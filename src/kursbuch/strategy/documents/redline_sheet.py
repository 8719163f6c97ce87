"""What changed between two editions, made ready for reading: a summary, then element by element."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kursbuch.domain.framework.changes import Add, Change, Move, Retire, Revise, diff
from kursbuch.domain.framework.element import Element, Entry, Fields, Value
from kursbuch.domain.framework.markup import to_plain
from kursbuch.domain.framework.redline import redline
from kursbuch.domain.framework.schema import PROSE, FieldSpec, FieldType, Kind
from kursbuch.domain.framework.summary import Summary, summarise
from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.redline_text import MarkedBlock, marked_blocks
from kursbuch.strategy.documents.sheet import reference_name
from kursbuch.strategy.values_in_words import day, partial_date, value_in_words


@dataclass(frozen=True, slots=True)
class Part:
    """One field: prose as marked blocks, anything else as what it was and what it is."""

    label: str
    blocks: tuple[MarkedBlock, ...] = ()
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class ChangedElement:
    key: str
    kind: str
    title: str
    path: str  # the titles above it
    fate: str  # "new", "retired", "moved …", in words; several joined
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class RedlineSheet:
    city: str
    title: str
    subtitle: str
    language: str
    lead: tuple[tuple[str, str], ...]
    notice: str
    labels: Mapping[str, str]
    counts: tuple[tuple[str, str, str, str, str], ...]  # kind, added, revised, moved, retired
    words: str
    targets: tuple[Part, ...]
    elements: tuple[ChangedElement, ...]
    footer: str


def redline_sheet(before: Publication, after: Publication) -> RedlineSheet:
    with translation.override(after.interface_language):
        return _Comparison(before, after).sheet()


class _Comparison:
    def __init__(self, before: Publication, after: Publication) -> None:
        self.before = before
        self.after = after
        self.language = after.interface_language
        self.schema = after.document.schema
        self.old = before.document.tree
        self.new = after.document.tree
        self.changes = diff(self.old, self.new)
        self.offices = {
            one.id: (one.name_en if self.language == "en" and one.name_en else one.name)
            for one in (*before.document.offices, *after.document.offices)
        }

    def sheet(self) -> RedlineSheet:
        summary = summarise(self.changes, self.old, self.new)
        numbers = {"old": self.before.document.number, "new": self.after.document.number}
        kinds = [
            kind
            for slug, kind in self.schema.kinds.items()
            if any(slug in column for column in (summary.added, summary.revised, summary.moved, summary.retired))
        ]
        return RedlineSheet(
            city=self.after.city,
            title=self.after.title,
            subtitle=_("Redline: edition %(old)s to edition %(new)s") % numbers,
            language=self.language,
            lead=tuple(self._lead(self.before)) + tuple(self._lead(self.after)),
            notice=self.after.notice,
            labels=_labels(),
            counts=tuple(self._count(kind, summary) for kind in kinds),
            words=_("Words inserted: %(inserted)s, deleted: %(deleted)s")
            % {"inserted": summary.words_inserted, "deleted": summary.words_deleted},
            targets=tuple(
                Part(self._name(one.key), before=self._plain(one.before), after=self._plain(one.after))
                for one in summary.targets
                if one.field is None or not isinstance(one.before or one.after, str)  # prose is below
            ),
            elements=tuple(self._elements()),
            footer=f"{self.after.city} · " + _("Redline: edition %(old)s to edition %(new)s") % numbers,
        )

    def _count(self, kind: Kind, summary: Summary) -> tuple[str, str, str, str, str]:
        columns = (summary.added, summary.revised, summary.moved, summary.retired)
        added, revised, moved, retired = (str(column.get(kind.slug, 0) or "–") for column in columns)
        return kind.plural(self.language), added, revised, moved, retired

    def _lead(self, publication: Publication) -> Iterator[tuple[str, str]]:
        document = publication.document
        parts = []
        if document.in_force_from:
            parts.append(_("in force from %(day)s") % {"day": day(document.in_force_from)})
        if document.decision:
            decision = document.decision
            parts.append(", ".join(part for part in (decision.body, day(decision.day), decision.paper) if part))
        yield _("Edition %(number)s") % {"number": document.number}, "; ".join(parts)
        yield pgettext("document", "Digest"), publication.digest
        if publication.illustration:
            yield pgettext("document", "Note"), _("This edition is invented. It serves as an illustration.")

    def _elements(self) -> Iterator[ChangedElement]:
        by_key: dict[str, list[Change]] = {}
        for change in self.changes:
            by_key.setdefault(change.key, []).append(change)
        for key in self._reading_order():
            if key in by_key:
                yield self._element(key, by_key[key])

    def _reading_order(self) -> Iterator[str]:
        """The new edition's order; what was retired stands where it stood, behind its elder sibling or parent."""
        behind: dict[str, list[str]] = {}
        last = ""
        for _depth, element in self.old.walk():
            if element.key in self.new:
                last = element.key
            else:
                behind.setdefault(last, []).append(element.key)
        yield from behind.get("", ())
        for _depth, element in self.new.walk():
            yield element.key
            yield from behind.get(element.key, ())

    def _element(self, key: str, changes: list[Change]) -> ChangedElement:
        element = self.new[key] if key in self.new else self.old[key]
        old = self.old[key].fields if key in self.old else {}
        new = self.new[key].fields if key in self.new else {}
        kinds = {type(change) for change in changes}
        fates = []
        if kinds == {Add} or kinds == {Add, Revise}:
            fates.append(pgettext("document", "new"))
        elif Retire in kinds and Add not in kinds:
            fates.append(pgettext("document", "retired"))
        if Revise in kinds or {Retire, Add} <= kinds:
            fates.append(pgettext("document", "revised"))
        if Move in kinds:
            fates.append(self._move(key))
        return ChangedElement(
            key=key,
            kind=self.schema.kind(element.kind).name(self.language),
            title=self._title(element),
            path=" › ".join(self._above(key)),
            fate=", ".join(fates),
            parts=tuple(self._parts(element, old, new)),
        )

    def _move(self, key: str) -> str:
        was, now = self.old.parents[key], self.new.parents[key]
        if was == now:
            return _("moved within its level")
        places = {
            "old": self._name(was) if was else pgettext("document", "the top"),
            "new": self._name(now) if now else pgettext("document", "the top"),
        }
        return _("moved from %(old)s to %(new)s") % places

    def _above(self, key: str) -> list[str]:
        tree = self.new if key in self.new else self.old
        path: list[str] = []
        parent = tree.parents[key]
        while parent is not None:
            path.insert(0, self._title(tree[parent]))
            parent = tree.parents[parent]
        return path

    def _title(self, element: Element) -> str:
        text = to_plain(str(element.fields.get("title") or element.fields.get("text", ""))).replace("\n", " ")
        return text if len(text) <= 90 else f"{text[:88].rstrip()} …"

    def _name(self, key: str) -> str:
        tree = self.new if key in self.new else self.old
        return f"{key} {self._title(tree[key])}"

    def _parts(self, element: Element, old: Fields, new: Fields) -> Iterator[Part]:
        for spec in self.schema.kind(element.kind).fields:
            before, after = old.get(spec.name), new.get(spec.name)
            if before == after:
                continue
            label = spec.label(self.language)
            if spec.type in PROSE:
                yield Part(label, marked_blocks(redline(str(before or ""), str(after or ""))))
            elif spec.type in (FieldType.ALIGNMENTS, FieldType.FACTS):
                yield from self._entries(label, spec, before, after)
            else:
                yield Part(label, before=self._shown(spec, before), after=self._shown(spec, after))

    def _entries(self, label: str, spec: FieldSpec, before: Value | None, after: Value | None) -> Iterator[Part]:
        was, now = _by_id(before), _by_id(after)
        for one in sorted({*was, *now}, key=lambda name: (len(name), name)):
            old, new = was.get(one), now.get(one)
            if old != new:
                text = redline(_entry_text(spec, old), _entry_text(spec, new))
                name = reference_name(one, self.language) if spec.type == FieldType.ALIGNMENTS else one
                yield Part(f"{label}: {name}", marked_blocks(text))

    def _shown(self, spec: FieldSpec, value: Value | None) -> str:
        return "" if value is None else value_in_words(spec.type, value, self.offices)

    def _plain(self, value: Value | None) -> str:
        if value is None:
            return ""
        if isinstance(value, Mapping):
            type_ = FieldType.TARGET if "year" in value else FieldType.NUMBER
            return value_in_words(type_, value, self.offices)
        return to_plain(str(value))


def _labels() -> dict[str, str]:
    return {
        "contents": pgettext("document", "Contents"),
        "page": pgettext("document", "Page"),
        "of": pgettext("document", "of"),
        "digest": pgettext("document", "Digest"),
        "summary": pgettext("document", "Summary"),
        "changes": pgettext("document", "The changes in detail"),
        "kind": pgettext("document", "Kind"),
        "added": pgettext("document", "new"),
        "revised": pgettext("document", "revised"),
        "moved": pgettext("document", "moved"),
        "retired": pgettext("document", "retired"),
        "targets": pgettext("document", "Changed targets and quantities"),
        "before": pgettext("document", "before"),
        "after": pgettext("document", "now"),
        "none": pgettext("document", "not given"),
        "nothing": pgettext("document", "The two editions say the same."),
        "legend": pgettext("document", "How to read it"),
        "inserted_sample": pgettext("document", "inserted"),
        "deleted_sample": pgettext("document", "deleted"),
        "moved_to_sample": pgettext("document", "moved here"),
        "moved_from_sample": pgettext("document", "moved away"),
        "in": pgettext("document", "in"),
    }


def _by_id(value: Value | None) -> dict[str, Entry]:
    return {str(entry["id"]): entry for entry in value} if isinstance(value, tuple) else {}


def _entry_text(spec: FieldSpec, entry: Entry | None) -> str:
    if entry is None:
        return ""
    if spec.type == FieldType.ALIGNMENTS:
        return _literal(str(entry["reason"]))
    shown = [str(entry["text"]), str(entry["source"])]
    if entry.get("date"):
        shown.append(partial_date(str(entry["date"])))
    return _literal(" · ".join(shown))


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("[", "\\[")
