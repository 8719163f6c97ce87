"""The start of everything, the strategy itself, and its editions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_noop as _
from ninja import P, QueryEx, Router

from kursbuch.api import cursors
from kursbuch.api.delivery import next_address
from kursbuch.api.operations import addresses, asked
from kursbuch.api.parameters import CURSOR_TEXT, LIMIT_TEXT, Cursor, Limit, Number
from kursbuch.api.problems import not_found
from kursbuch.api.schemas import strategy as out
from kursbuch.city.models import Office
from kursbuch.city.request import CityRequest
from kursbuch.domain.framework.schema import Kind
from kursbuch.kit import clock
from kursbuch.strategy.models import Amendment, Edition, State
from kursbuch.strategy.queries import edition_on
from kursbuch.strategy.queries.editions import shown_editions
from kursbuch.strategy.queries.renditions import languages_of

router = Router(tags=["strategy"])


@router.get(
    "/",
    response=out.Start,
    operation_id="start",
    url_name="start",
    summary=_("Where everything is"),
    description=_("The addresses of all lists."),
    openapi_extra={"x-example": "/"},
)
def start(request: CityRequest) -> out.Start:
    def at(name: str) -> str:
        return addresses.operation(request, name)

    return out.Start(
        strategy=at("strategy"),
        editions=at("editions"),
        elements=at("elements"),
        differences=at("differences"),
        amendments=at("amendments"),
        chronicle=at("chronicle"),
        seals=at("seals"),
        openapi=at("openapi-json"),
        documentation=addresses.page(request, "api-docs"),
    )


@router.get(
    "/strategy",
    response=out.Strategy,
    operation_id="strategy",
    url_name="strategy",
    summary=_("The strategy"),
    description=_("What it is called, how far it reaches, its kinds of element with their fields, and its offices."),
    openapi_extra={"x-example": "/strategy"},
)
def read_strategy(request: CityRequest) -> out.Strategy:
    strategy = asked.strategy_of(request)
    edition = edition_on(strategy, clock.today())
    city = strategy.city
    offices = Office.objects.filter(city=city.pk).order_by("slug")
    return out.Strategy(
        slug=strategy.slug,
        titles={strategy.language: strategy.title, **strategy.titles},
        language=strategy.language,
        languages=[strategy.language, *languages_of(strategy)],
        horizon=strategy.horizon,
        notice=strategy.notice,
        city=out.CityName(name=city.name, official_key=city.official_key or None),
        kinds=[_kind(kind) for kind in strategy.schema.kinds.values()],
        offices=[
            out.Office(slug=one.slug, names={"de": one.name} | ({"en": one.name_en} if one.name_en else {}))
            for one in offices
        ],
        edition=out.EditionRef(number=edition.number, in_force_from=edition.in_force_from, digest=edition.digest)
        if edition
        else None,
        url=addresses.page(request, "strategy"),
    )


def _kind(kind: Kind) -> out.Kind:
    return out.Kind(
        slug=kind.slug,
        prefix=kind.prefix,
        names={language: out.Names(one=one, many=many) for language, (one, many) in kind.names.items()},
        parents=list(kind.parents),
        fields=[out.FieldSpec(name=spec.name, type=spec.type, labels=dict(spec.labels)) for spec in kind.fields],
    )


@router.get(
    "/editions",
    response=out.Editions,
    operation_id="editions",
    url_name="editions",
    summary=_("Editions"),
    description=_("All editions, the newest first, each with its decision and what changed."),
    openapi_extra={"x-example": "/editions?limit=5"},
)
def list_editions(
    request: CityRequest,
    cursor: QueryEx[Cursor | None, P(description=CURSOR_TEXT)] = None,
    limit: QueryEx[Limit, P(default=50, description=LIMIT_TEXT)] = 50,
) -> out.Editions:
    before = cursors.read_number(cursor, "editions")
    rows = _editions(request).order_by("-ordinal")
    if before is not None:
        rows = rows.filter(ordinal__lt=min(before, 2**31 - 1))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    following = next_address(request, cursors.write("editions", shown[-1].ordinal)) if len(found) > limit else None
    return out.Editions(items=[_edition(request, row) for row in shown], next=following)


@router.get(
    "/editions/{number}",
    response=out.EditionDetail,
    operation_id="edition",
    url_name="edition",
    summary=_("One edition"),
    description=_("An edition with the amendments it took in. Its content is under elements?edition=number."),
    openapi_extra={"x-example": "/editions/1"},
)
def read_edition(request: CityRequest, number: Number) -> out.EditionDetail:
    edition = _editions(request).filter(number=number).first()
    if edition is None:
        raise not_found(f"There is no edition {number}.")
    taken = Amendment.objects.filter(edition=edition, state=State.IN_FORCE).order_by("place_in_edition", "pk")
    amendments = [
        out.AmendmentRef(id=pk, title=title, state=state, edition=number)
        for pk, title, state in taken.values_list("pk", "title", "state")
    ]
    return out.EditionDetail(**_edition(request, edition).model_dump(), amendments=amendments)


def _editions(request: CityRequest) -> QuerySet[Edition]:
    """With the day on which the one after it took its place, in the same query."""
    following = Edition.objects.filter(strategy=OuterRef("strategy"), ordinal=OuterRef("ordinal") + 1)
    return shown_editions(request.city.pk).annotate(next_from=Subquery(following.values("in_force_from")[:1]))


def _edition(request: CityRequest, row: Edition) -> out.Edition:
    next_from: date | None = row.next_from  # type: ignore[attr-defined]
    today = clock.today()
    status: Literal["past", "in_force", "future"] = "in_force"
    if row.in_force_from > today:
        status = "future"
    elif next_from is not None and next_from <= today:
        status = "past"
    counts = dict(row.counts)
    inserted, deleted = counts.pop("words", (0, 0))
    return out.Edition(
        number=row.number,
        in_force_from=row.in_force_from,
        digest=row.digest,
        status=status,
        # none, too, for one that was replaced on the day it began
        in_force_until=next_from - timedelta(days=1) if next_from and next_from > row.in_force_from else None,
        editorial=row.editorial,
        illustration=bool(row.illustrated),  # type: ignore[attr-defined]
        summary=row.summary,
        changes=out.Counts(**counts, words_inserted=inserted, words_deleted=deleted),
        size=row.size,
        adopted_at=row.adopted_at,
        decision=asked.decision(row.decision),
        url=addresses.page(request, "edition", row.number),
    )
