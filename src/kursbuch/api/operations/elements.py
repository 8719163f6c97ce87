"""Elements as of any day, one with its past, and the proof that it says what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_noop as _
from ninja import P, QueryEx, Router
from pydantic import TypeAdapter

from kursbuch.api import cursors
from kursbuch.api.delivery import next_address
from kursbuch.api.operations import addresses, asked
from kursbuch.api.parameters import CURSOR_TEXT, Cursor, Day, Key, Language, Limit, Number, Slug
from kursbuch.api.problems import Problem, not_found
from kursbuch.api.schemas import strategy as out
from kursbuch.api.schemas.base import Fields
from kursbuch.city.request import CityRequest
from kursbuch.domain.framework.codec import element_to_json, fields_to_json
from kursbuch.domain.framework.digest import proof
from kursbuch.domain.framework.element import Fields as DomainFields
from kursbuch.domain.framework.schema import FieldType, Schema
from kursbuch.strategy import reference
from kursbuch.strategy.models import Element, Rendition
from kursbuch.strategy.queries import load_edition
from kursbuch.strategy.queries.editions import EditionLine, EditionLines, edition_lines, shown_edition
from kursbuch.strategy.queries.element import (
    Stand,
    amendments_touching,
    element_stands,
    find_element,
    place_of,
    renditions_of,
)
from kursbuch.strategy.queries.reading import ReadElement, read_strategy

router = Router(tags=["elements"])
_FIELDS: TypeAdapter[Fields] = TypeAdapter(Fields)

ON = _("A day: as the strategy stood then. Without it, today.")
EDITION = _("Number of an edition, such as 2.1.")


@router.get(
    "/elements",
    response=out.Elements,
    operation_id="elements",
    url_name="elements",
    summary=_("Elements"),
    description=_(
        "The elements as of a day or of an edition in reading order: all at once, or with limit in parts. "
        "The parts all come from the edition with which the first one began."
    ),
    openapi_extra={"x-example": "/elements?on=2021-06-01&kind=measure&limit=10"},
)
def list_elements(
    request: CityRequest,
    on: QueryEx[Day | None, P(description=ON)] = None,
    edition: QueryEx[Number | None, P(description=EDITION)] = None,
    kind: QueryEx[Slug | None, P(description=_("Only elements of this kind."))] = None,
    below: QueryEx[Key | None, P(description=_("Only this element and all below it."))] = None,
    language: QueryEx[Language | None, P(description=_("With the renditions in this language."))] = None,
    cursor: QueryEx[Cursor | None, P(description=CURSOR_TEXT)] = None,
    limit: QueryEx[Limit | None, P(description=_("How many at most; without it, all."))] = None,
) -> out.Elements:
    strategy = asked.strategy_of(request)
    lines = edition_lines(request.city.pk)
    line = asked.edition_asked(lines, on, edition)
    after = ""
    if cursor is not None:
        ordinal, key = cursors.read(cursor, "elements", int, str)
        begun, after = lines.at(int(ordinal)), str(key)
        if begun is None:
            raise cursors.wrong_cursor()
        if edition is not None and begun != line:
            raise not_found(f"The cursor goes on in edition {begun.number}, not in {edition}.")
        line = begun
    if kind is not None and kind not in strategy.schema.kinds:
        raise not_found(f"The strategy has no kind of element {kind}.")
    spoken = language or strategy.language
    everything = read_strategy(strategy, line.ordinal, spoken).elements
    found = [one for one in _below(everything, below, line) if kind is None or one.kind == kind]
    start = _seen(everything, found, after) if after else 0
    shown = found[start:] if limit is None else found[start : start + limit]
    is_last = start + len(shown) >= len(found)
    return out.Elements(
        edition=asked.reference(line),
        language=spoken,
        total=len(found),
        items=[_element(one, spoken) for one in shown],
        next=None if is_last else next_address(request, cursors.write("elements", line.ordinal, shown[-1].key)),
    )


def _below(elements: Sequence[ReadElement], key: str | None, line: EditionLine) -> Iterable[ReadElement]:
    if key is None:
        return elements
    place = next((at for at, one in enumerate(elements) if one.key == key), None)
    if place is None:
        raise not_found(f"There is no element {key} in edition {line.number}.")
    depth = elements[place].depth
    end = next((at for at in range(place + 1, len(elements)) if elements[at].depth <= depth), len(elements))
    return elements[place:end]


def _seen(everything: Sequence[ReadElement], found: Sequence[ReadElement], last: str) -> int:
    """How many of those found stand no later than the last one seen."""
    places = {one.key: place for place, one in enumerate(everything)}
    if last not in places:
        raise cursors.wrong_cursor()
    return sum(places[one.key] <= places[last] for one in found)


def _element(one: ReadElement, language: str) -> out.Element:
    rendered = one.rendered
    # what stands in the database was checked when it was written
    return out.Element.model_construct(
        key=one.key,
        kind=one.kind,
        parent=one.parent or None,
        depth=one.depth,
        fields=one.fields,
        digest=one.digest,
        rendition=None
        if rendered is None
        else out.Rendition.model_construct(
            language=language,
            fields=rendered.texts,
            stale=rendered.stale,
            reviewed=rendered.reviewed,
            translator=rendered.translator or None,
        ),
    )


@router.get(
    "/elements/{key}",
    response=out.ElementDetail,
    operation_id="element",
    url_name="element",
    summary=_("One element"),
    description=_(
        "An element as of a day or of an edition, with its place, its versions, its renditions and the amendments that "
        "touch it. For a retired element the answer is 410 and names what replaced it."
    ),
    openapi_extra={"x-example": "/elements/M001?on=2021-06-01", "x-problems": [410]},
)
def read_element(
    request: CityRequest,
    key: Key,
    on: QueryEx[Day | None, P(description=ON)] = None,
    edition: QueryEx[Number | None, P(description=EDITION)] = None,
) -> out.ElementDetail:
    element = _find(request, key)
    lines = edition_lines(request.city.pk)
    line = asked.edition_asked(lines, on, edition)
    stands, skeleton = element_stands(element, line.ordinal)
    stand = next((one for one in stands if one.first <= line.ordinal < one.until), None)
    if stand is None:
        raise _absent(element, stands, line, lines)
    place = place_of(key, skeleton)
    return out.ElementDetail(
        key=key,
        kind=element.kind,
        edition=asked.reference(line),
        above=[out.Node(key=one.key, kind=one.kind, title=one.title) for one in place.above],
        below=[out.Node(key=one.key, kind=one.kind, title=one.title) for one in place.below],
        fields=_FIELDS.validate_python(fields_to_json(stand.fields)),
        digest=stand.digest,
        alignments=_alignments(element.strategy.schema, element.kind, stand.fields),
        renditions=_renditions(renditions_of(element), stands, stand),
        versions=[_version(one, lines) for one in stands],
        amendments=[
            out.AmendmentRef(
                id=touch.amendment.pk,
                title=touch.amendment.title,
                state=touch.amendment.state,
                edition=touch.edition or None,
            )
            for touch in amendments_touching(element)
        ],
        url=addresses.page(request, "element", key),
    )


def _find(request: CityRequest, key: str) -> Element:
    element = find_element(request.city.pk, key)
    if element is None:
        raise not_found(f"There is no element {key}, and there never was.")
    return element


def _absent(element: Element, stands: Sequence[Stand], line: EditionLine, lines: EditionLines) -> Problem:
    if not stands or stands[0].first > line.ordinal:
        first = lines.at(stands[0].first) if stands else None
        since = f" It stands there from edition {first.number} on." if first else ""
        return not_found(f"There is no element {element.key} in edition {line.number} yet.{since}")
    gone = lines.at([one for one in stands if one.until <= line.ordinal][-1].until)
    return Problem(
        410,
        f"Element {element.key} was retired" + (f" with edition {gone.number}." if gone else "."),
        replaced_by=list(element.replaced_by),
    )


def _alignments(schema: Schema, kind: str, fields: DomainFields) -> list[out.Alignment]:
    found = []
    for spec in schema.kind(kind).fields:
        value = fields.get(spec.name)
        if spec.type == FieldType.ALIGNMENTS and isinstance(value, tuple):
            for entry in value:
                name = str(entry["id"])
                found.append(out.Alignment(id=name, labels=_labels(name), reason=str(entry.get("reason", ""))))
    return found


def _labels(name: str) -> dict[str, str]:
    try:
        return dict(reference.entry(name).labels)
    except KeyError:  # of a list that is published elsewhere
        return {}


def _renditions(rows: Sequence[Rendition], stands: Sequence[Stand], stand: Stand) -> list[out.Rendition]:
    """One a language: that of this very version, else that of the last one before it."""
    since = {one.digest: one.first for one in reversed(stands) if one.first <= stand.first} | {
        stand.digest: stand.first
    }
    best: dict[str, Rendition] = {}
    for row in rows:
        if row.of_digest in since:  # else it was written for a later version
            present = best.get(row.language)
            if present is None or since[row.of_digest] > since[present.of_digest]:
                best[row.language] = row
    return [
        out.Rendition(
            language=row.language,
            fields=row.fields,
            stale=row.of_digest != stand.digest,
            reviewed=row.reviewed,
            translator=row.translator or None,
        )
        for row in best.values()
    ]


def _version(stand: Stand, lines: EditionLines) -> out.Version:
    since, until = lines.at(stand.first), lines.at(stand.until)
    if since is None:
        raise LookupError(f"a version names edition {stand.first}, which is not there")
    return out.Version(
        since_edition=since.number,
        since=since.in_force_from,
        until_edition=until.number if until else None,
        until=until.in_force_from if until else None,
        parent=stand.parent or None,
        digest=stand.digest,
    )


@router.get(
    "/elements/{key}/proof",
    response=out.Proof,
    operation_id="proof",
    url_name="proof",
    summary=_("Proof of an element"),
    description=_(
        "What anybody needs to check, with any SHA-256 program, that the element says this in this edition; "
        "docs/digest.md explains how."
    ),
    openapi_extra={"x-example": "/elements/M001/proof?edition=1"},
)
def read_proof(
    request: CityRequest,
    key: Key,
    on: QueryEx[Day | None, P(description=ON)] = None,
    edition: QueryEx[Number | None, P(description=EDITION)] = None,
) -> out.Proof:
    _find(request, key)
    line = asked.edition_asked(edition_lines(request.city.pk), on, edition)
    loaded = load_edition(shown_edition(request.city.pk, line.ordinal))
    if key not in loaded.tree:
        raise not_found(f"There is no element {key} in edition {line.number}.")
    contents = {version.key: version.digest for version in loaded.versions}
    path = proof(loaded.tree, key, contents)
    return out.Proof(
        edition=asked.reference(line),
        element=out.ElementContent.model_validate(element_to_json(loaded.tree[key])),
        content_digest=contents[key],
        proof=out.Path(
            children=list(path.children),
            levels=[out.Level(content=up.content, left=list(up.left), right=list(up.right)) for up in path.levels],
            left=list(path.left),
            right=list(path.right),
        ),
    )
