"""What a file would make of a strategy: read, laid over what is there, all good, or a list of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.element import Element
from kursbuch.domain.framework.schema import FieldError, FieldType, Schema
from kursbuch.strategy.documents.columns import fold, guess
from kursbuch.strategy.documents.document import (
    KEY,
    DecisionData,
    Document,
    DocumentError,
    OfficeData,
    Problem,
    RenditionData,
)
from kursbuch.strategy.documents.layering import Layer, final_keys, provisional_keys
from kursbuch.strategy.documents.standard_kinds import standard_schema
from kursbuch.strategy.documents.table import Table, read_table
from kursbuch.strategy.documents.table_format import TableReading, lay_table, office_names
from kursbuch.strategy.documents.upload import Format, Upload, decoded
from kursbuch.strategy.documents.word_format import WordReading, default_kinds, lay_outline
from kursbuch.strategy.documents.word_reader import Outline, read_docx
from kursbuch.strategy.documents.yaml_format import MAX_DEPTH, read_yaml

Source = Document | Table | Outline


@dataclass(frozen=True)
class Ground:
    """Where the file is to go: onto a strategy's newest edition, or into a city that has none yet."""

    schema: Schema = field(default_factory=standard_schema)
    offices: Sequence[OfficeData] = ()
    base: Tree | None = None
    renditions: Sequence[RenditionData] = ()  # of the newest edition's texts

    @property
    def is_new(self) -> bool:
        return self.base is None


@dataclass(frozen=True)
class Head:
    """What a table or a Word document does not say of a new strategy."""

    title: str
    horizon: int
    slug: str = ""
    language: str = "de"
    in_force_from: date | None = None
    decision: DecisionData | None = None


@dataclass(frozen=True)
class Intake:
    """The tree as it would be, and what people should know of how the file was read."""

    tree: Tree
    offices: tuple[OfficeData, ...] = ()  # those the file brings along
    renditions: tuple[RenditionData, ...] = ()  # new or other ones, of texts that stay as they are
    remarks: tuple[Problem, ...] = ()
    document: Document | None = None  # for a city without a strategy


def parse(upload: Upload) -> Source:
    """The file as it stands, before it is known where it goes. Raises :class:`DocumentError`."""
    match upload.format:
        case Format.YAML:
            return read_yaml(decoded(upload.data))
        case Format.DOCX:
            return read_docx(upload)
    return read_table(upload)


def default_reading(source: Source, schema: Schema) -> TableReading | WordReading | None:
    """How a table or a Word document is read unless somebody says otherwise."""
    if isinstance(source, Table):
        kind = "measure" if "measure" in schema.kinds else list(schema.kinds)[-1]
        return TableReading(kind, guess(source.columns, schema, kind))
    if isinstance(source, Outline):
        return WordReading(default_kinds(schema, source.depths))
    return None


def take_in(
    source: Source,
    ground: Ground,
    reading: TableReading | WordReading | None = None,
    *,
    head: Head | None = None,
    parent: str | None = None,
    retire_missing: bool = False,
) -> Intake:
    """Reads the source for this ground; raises :class:`DocumentError` with every problem."""
    try:
        intake = _take_in(source, ground, reading, head, parent, retire_missing)
    except RecursionError as error:
        raise DocumentError([Problem("file", "", "is nested too deeply")]) from error
    if _depth(intake.tree) > MAX_DEPTH:
        raise DocumentError([Problem("file", "", "is nested too deeply")])
    return intake


def _depth(tree: Tree) -> int:
    deepest, level = 0, list(tree.children.get(None, ()))
    while level:
        deepest += 1
        level = [below for key in level for below in tree.children.get(key, ())]
    return deepest


def _take_in(
    source: Source,
    ground: Ground,
    reading: TableReading | WordReading | None,
    head: Head | None,
    parent: str | None,
    retire_missing: bool,
) -> Intake:
    if isinstance(source, Document):
        if ground.is_new:
            return Intake(source.tree, tuple(source.offices), document=source)
        return _onto(source, ground)
    reading = reading or default_reading(source, ground.schema)
    offices = [*ground.offices]
    if ground.is_new and isinstance(source, Table) and isinstance(reading, TableReading):
        offices += _named_offices(source, reading, offices, ground.schema)
    layer = Layer(
        ground.schema,
        offices,
        ground.base,
        final_keys(_keys_in(source, reading)) if ground.is_new else provisional_keys(),
        keep_keys=ground.is_new,
    )
    remarks: tuple[Problem, ...] = ()
    if isinstance(source, Table) and isinstance(reading, TableReading):
        lay_table(layer, source, reading, offices)
        remarks = tuple(
            Problem("columns", "", "a column is left out", column)
            for column, target in zip(source.columns, reading.mapping, strict=True)
            if not target and column
        )
    elif isinstance(source, Outline) and isinstance(reading, WordReading):
        if source.is_translation and not ground.is_new:
            raise DocumentError([Problem("file", "", "is a translation; bring the original back")])
        named = lay_outline(layer, source, reading, parent)
        if retire_missing and not layer.problems:
            layer.retire_all_but(named)
        remarks = tuple(dict.fromkeys(source.remarks))
    if layer.problems:
        raise DocumentError(list(dict.fromkeys(layer.problems)))
    tree = layer.tree()
    if not len(tree):
        raise DocumentError([Problem("file", "", "brings nothing in")])
    brought = tuple(offices[len(ground.offices) :])
    document = _document(head, ground.schema, tree, offices) if ground.is_new and head else None
    return Intake(tree, brought, (), remarks, document)


def _document(head: Head, schema: Schema, tree: Tree, offices: Sequence[OfficeData]) -> Document:
    return Document(
        slug=head.slug or slug_of(head.title),
        title=head.title,
        titles={},
        language=head.language,
        horizon=head.horizon,
        notice={},
        schema=schema,
        tree=tree,
        offices=tuple(offices),
        in_force_from=head.in_force_from,
        decision=head.decision,
    )


def slug_of(name: str) -> str:
    """A short name of small letters, digits and hyphens."""
    words = [fold(word) for word in re.split(r"[^\wäöüÄÖÜß]+", name)]
    return "-".join(word for word in words if word)[:50].strip("-") or "strategie"


def _keys_in(source: Source, reading: TableReading | WordReading | None) -> list[str]:
    if not isinstance(source, Table) or not isinstance(reading, TableReading) or "key" not in reading.mapping:
        return []
    place = list(reading.mapping).index("key")
    return [str(row.cells[place]) for row in source.rows if KEY.fullmatch(str(row.cells[place] or ""))]


def _named_offices(
    table: Table, reading: TableReading, known: Sequence[OfficeData], schema: Schema
) -> list[OfficeData]:
    """Offices that a first table names: a city without a strategy has seldom entered them yet."""
    names = office_names(known)
    found: dict[str, OfficeData] = {}
    for place, target in enumerate(reading.mapping):
        if not any(
            spec.name == target and spec.type == FieldType.OFFICE
            for kind in schema.kinds.values()
            for spec in kind.fields
        ):
            continue
        for row in table.rows:
            name = " ".join(str(row.cells[place] or "").split())
            if name and len(name) <= 200 and fold(name) and fold(name) not in names:
                office = OfficeData(slug_of(name), name)
                if office.id not in found:
                    found[office.id] = office
                names[fold(name)] = office.id
    return list(found.values())


def _onto(document: Document, ground: Ground) -> Intake:
    """A whole strategy onto the one that is there, with the offices and renditions that are not there yet."""
    base = ground.base or Tree()
    known = {office.id for office in ground.offices}
    offices = tuple(office for office in document.offices if office.id not in known)
    tree = _whole(document, base, ground.schema, known | {office.id for office in offices})
    there = {(one.key, one.language): one for one in ground.renditions}
    renditions, remarks = [], []
    for one in document.renditions:
        if one.key not in base or one.key not in tree or base[one.key] != tree[one.key]:
            remarks.append(Problem(f"{one.key}, {one.language}", "", "renders a text that is only proposed; left out"))
        elif there.get((one.key, one.language)) != one:
            renditions.append(one)
    return Intake(tree, offices, tuple(renditions), tuple(remarks))


def _whole(document: Document, base: Tree, schema: Schema, offices: set[str]) -> Tree:
    """Keys that are known stay, others become provisional."""
    next_key = provisional_keys()
    problems: list[Problem] = []
    keys: dict[str, str] = {}
    elements = []
    for _depth, element in document.tree.walk():
        known = element.key in base and base[element.key].kind == element.kind
        keys[element.key] = element.key if known else next_key("")
        parent = document.tree.parents[element.key]
        elements.append(Element(keys[element.key], element.kind, element.fields))
        problems += _misfits(element, document.tree[parent].kind if parent else None, schema, offices)
    if problems:
        raise DocumentError(problems)
    children = {
        keys[parent] if parent is not None else None: [keys[key] for key in below]
        for parent, below in document.tree.children.items()
    }
    return Tree(elements, children)


def _misfits(element: Element, parent_kind: str | None, schema: Schema, offices: set[str]) -> list[Problem]:
    """What the strategy's own kinds and offices do not allow, whatever the file's kinds say."""
    try:
        schema.check_place(element.kind, parent_kind)
        schema.fields(element.kind, element.fields)
    except FieldError as error:
        return [Problem(element.key, error.field, error.reason.value, error.detail)]
    return [
        Problem(element.key, spec.name, "no such office", str(value["office"]))
        for spec in schema.kind(element.kind).fields
        if spec.type == FieldType.OFFICE
        and isinstance(value := element.fields.get(spec.name), dict)
        and value["office"] not in offices
    ]
