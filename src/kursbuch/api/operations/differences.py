"""What differs between two editions, in typed changes that can be applied again."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from ninja import P, QueryEx, Router

from kursbuch.api.operations import asked
from kursbuch.api.operations.changes import changes_of
from kursbuch.api.parameters import EditionOrDay
from kursbuch.api.schemas import strategy as out
from kursbuch.city.request import CityRequest
from kursbuch.domain.framework.changes import diff
from kursbuch.domain.framework.codec import value_to_json
from kursbuch.domain.framework.summary import summarise
from kursbuch.strategy.queries.compare import load_pair
from kursbuch.strategy.queries.editions import edition_lines

router = Router(tags=["editions"])


@router.get(
    "/differences",
    response=out.Differences,
    operation_id="differences",
    url_name="differences",
    summary=_("Differences"),
    description=_("What changed from one edition or day to another, as typed changes and in numbers."),
    openapi_extra={"x-example": "/differences?from=1&to=2"},
)
def read_differences(
    request: CityRequest,
    from_: QueryEx[EditionOrDay, P(alias="from", description=_("Number of an edition, or a day."))],
    to: QueryEx[EditionOrDay | None, P(description=_("Number of an edition, or a day; without it, today."))] = None,
) -> out.Differences:
    strategy = asked.strategy_of(request)
    lines = edition_lines(request.city.pk)
    before, after = asked.numbered_or_on(lines, from_), asked.numbered_or_on(lines, to)
    pair = load_pair(strategy, before.ordinal, after.ordinal)
    changes = diff(pair.old, pair.new)
    summary = summarise(changes, pair.old, pair.new)
    return out.Differences(
        before=asked.reference(before),
        after=asked.reference(after),
        summary=out.Counts(
            added=dict(summary.added),
            revised=dict(summary.revised),
            moved=dict(summary.moved),
            retired=dict(summary.retired),
            targets=len(summary.targets),
            words_inserted=summary.words_inserted,
            words_deleted=summary.words_deleted,
        ),
        targets=[
            out.TargetChange.model_validate(
                {
                    "key": one.key,
                    "field": one.field,
                    "before": value_to_json(one.before),
                    "after": value_to_json(one.after),
                }
            )
            for one in summary.targets
        ],
        changes=changes_of(changes),
    )
