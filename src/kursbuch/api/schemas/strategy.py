"""The strategy, its editions, its elements and what differs between two editions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_noop as _
from pydantic import Field

from kursbuch.api.schemas.base import Fields, FieldValue, Model, Page, Texts
from kursbuch.domain.framework.schema import FieldType


class CityName(Model):
    name: str
    official_key: str | None = Field(description=_("The official municipality key (AGS)."))


class Names(Model):
    one: str
    many: str


class FieldSpec(Model):
    name: str
    type: FieldType = Field(description=_("What shape its values have."))
    labels: Texts


class Kind(Model):
    slug: str
    prefix: str = Field(description=_("With what the keys of this kind begin."))
    names: dict[str, Names]
    parents: list[str] = Field(description=_("Kinds below which it may stand; the empty one is the top."))
    fields: list[FieldSpec]


class Office(Model):
    slug: str = Field(description=_("As the field office of an element names it."))
    names: Texts


class Decision(Model):
    body: str = Field(description=_("Who decided."))
    day: date
    paper: str | None = Field(description=_("Reference of the council paper."))
    result: str | None
    source: str | None


class Counts(Model):
    added: dict[str, int] = Field({}, description=_("New elements, by kind."))
    revised: dict[str, int] = Field({}, description=_("Elements with other content, by kind."))
    moved: dict[str, int] = Field({}, description=_("Elements in another place, by kind."))
    retired: dict[str, int] = Field({}, description=_("Elements that are gone, by kind."))
    targets: int = Field(0, description=_("Targets and quantities that changed."))
    words_inserted: int = 0
    words_deleted: int = 0


class EditionRef(Model):
    number: str
    in_force_from: date
    digest: str = Field(description=_("Root of the Merkle tree over all elements, see docs/digest.md."))


class Edition(EditionRef):
    status: Literal["past", "in_force", "future"]
    in_force_until: date | None = Field(description=_("The last day on which it is in force."))
    editorial: bool = Field(description=_("Corrects the wording without new meaning."))
    illustration: bool = Field(description=_("Invented, to show how things work."))
    summary: Texts
    changes: Counts = Field(description=_("Compared with the edition before."))
    size: int = Field(description=_("Number of elements."))
    adopted_at: datetime
    decision: Decision | None
    url: str = Field(description=_("The page for people."))


class AmendmentRef(Model):
    id: int
    title: str
    state: str
    edition: str | None = Field(description=_("Number of the edition that took it in."))


class EditionDetail(Edition):
    amendments: list[AmendmentRef] = Field(description=_("What the edition took in, in its order."))


class Editions(Page):
    items: list[Edition]


class Start(Model):
    strategy: str
    editions: str
    elements: str
    differences: str
    amendments: str
    chronicle: str
    seals: str
    openapi: str
    documentation: str


class Strategy(Model):
    slug: str
    titles: Texts
    language: str = Field(description=_("Language of the original text."))
    languages: list[str] = Field(description=_("Languages in which renditions may exist, the original first."))
    horizon: int = Field(description=_("The year up to which it reaches."))
    notice: Texts = Field(description=_("Where the text comes from."))
    city: CityName
    kinds: list[Kind]
    offices: list[Office]
    edition: EditionRef | None = Field(description=_("The edition in force today; null before the first."))
    url: str = Field(description=_("The page for people."))


class Rendition(Model):
    language: str = Field(description=_("BCP 47; de-simple is plain language."))
    fields: Fields
    stale: bool = Field(description=_("The original has moved on since."))
    reviewed: bool
    translator: str | None


class Element(Model):
    key: str = Field(description=_("Given once, never reused."))
    kind: str
    parent: str | None = Field(description=_("Key of the element above; null at the top."))
    depth: int = Field(description=_("0 at the top."))
    fields: Fields = Field(description=_("Values by field; a field without a value is absent. Decimals are strings."))
    digest: str = Field(description=_("SHA-256 over key, kind and fields, see docs/digest.md."))
    rendition: Rendition | None = Field(description=_("In the language asked for, where there is one."))


class Elements(Page):
    edition: EditionRef
    language: str = Field(description=_("Language of the renditions, or of the original."))
    total: int = Field(description=_("How many elements match, on all parts together."))
    items: list[Element] = Field(description=_("In reading order: each after its parent."))


class Version(Model):
    since_edition: str
    since: date
    until_edition: str | None = Field(description=_("The first edition in which it no longer stands."))
    until: date | None = Field(description=_("The first day on which it is no longer valid."))
    parent: str | None
    digest: str


class Alignment(Model):
    id: str = Field(description=_("Such as sdg:11.3."))
    labels: Texts
    reason: str


class Node(Model):
    key: str
    kind: str
    title: str


class ElementDetail(Model):
    key: str
    kind: str
    edition: EditionRef
    above: list[Node] = Field(description=_("From the top down."))
    below: list[Node]
    fields: Fields
    digest: str
    alignments: list[Alignment]
    renditions: list[Rendition]
    versions: list[Version] = Field(description=_("Oldest first."))
    amendments: list[AmendmentRef] = Field(description=_("Those in force and those still open that touch it."))
    url: str = Field(description=_("The permanent address, for people."))


class ElementContent(Model):
    key: str
    kind: str
    fields: Fields


class Level(Model):
    content: str = Field(description=_("Content digest of the element above."))
    left: list[str]
    right: list[str]


class Path(Model):
    children: list[str] = Field(description=_("Node digests of the elements below."))
    levels: list[Level] = Field(description=_("From the nearest element above to the topmost."))
    left: list[str]
    right: list[str]


class Proof(Model):
    edition: EditionRef
    element: ElementContent
    content_digest: str
    proof: Path


class Add(Model):
    change: Literal["add"]
    key: str
    kind: str
    parent: str | None
    after: str | None = Field(description=_("The sibling before it; null: it comes first."))
    fields: Fields


class Revise(Model):
    change: Literal["revise"]
    key: str
    field: str
    before: FieldValue | None
    after: FieldValue | None


class Move(Model):
    change: Literal["move"]
    key: str
    parent: str | None
    after: str | None


class Retire(Model):
    change: Literal["retire"]
    key: str
    replaced_by: list[str]


Change = Annotated[Add | Revise | Move | Retire, Field(discriminator="change")]


class TargetChange(Model):
    key: str
    field: str | None = Field(description=_("Null when the whole element came or went."))
    before: FieldValue | None
    after: FieldValue | None


class Differences(Model):
    before: EditionRef
    after: EditionRef
    summary: Counts
    targets: list[TargetChange]
    changes: list[Change] = Field(description=_("Applied in order to the first edition they give the second."))
