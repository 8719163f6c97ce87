"""What is proposed: amendments with their changes, and what people say about them. Drafts are never among them."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop as _
from ninja import P, QueryEx, Router

from kursbuch.api import cursors
from kursbuch.api.delivery import next_address
from kursbuch.api.operations import addresses, asked
from kursbuch.api.operations.changes import changes_of
from kursbuch.api.parameters import CURSOR_TEXT, LIMIT_TEXT, Cursor, Id, Key, Limit
from kursbuch.api.problems import not_found
from kursbuch.api.schemas import participation as out
from kursbuch.city.request import CityRequest
from kursbuch.strategy.models import Amendment, Change, Comment, Recommendation, State, Variant
from kursbuch.strategy.queries.amendments import keys_below, with_comment_count

router = Router(tags=["amendments"])


class PublicState(StrEnum):
    """All states but that of a draft."""

    SUBMITTED = State.SUBMITTED.value
    IN_DISCUSSION = State.IN_DISCUSSION.value
    RECOMMENDED = State.RECOMMENDED.value
    DECIDED = State.DECIDED.value
    IN_FORCE = State.IN_FORCE.value
    REJECTED = State.REJECTED.value
    WITHDRAWN = State.WITHDRAWN.value
    ALREADY_IN_FORCE = State.ALREADY_IN_FORCE.value
    IN_CONFLICT = State.IN_CONFLICT.value


@router.get(
    "/amendments",
    response=out.Amendments,
    operation_id="amendments",
    url_name="amendments",
    summary=_("Amendments"),
    description=_("What was proposed, the last one submitted first, and what became of it. Drafts are not public."),
    openapi_extra={"x-example": "/amendments?state=in_discussion"},
)
def list_amendments(
    request: CityRequest,
    state: QueryEx[PublicState | None, P(description=_("Only amendments in this state."))] = None,
    element: QueryEx[Key | None, P(description=_("Only those that touch this element or one below it."))] = None,
    cursor: QueryEx[Cursor | None, P(description=CURSOR_TEXT)] = None,
    limit: QueryEx[Limit, P(default=50, description=LIMIT_TEXT)] = 50,
) -> out.Amendments:
    rows = _public(request)
    if state is not None:
        rows = rows.filter(state=state.value)
    if element is not None:
        strategy = asked.strategy_of(request)
        if not strategy.elements.filter(key=element).exists():
            raise not_found(f"There is no element {element}, and there never was.")
        keys = keys_below(strategy, element)
        touching = Change.objects.filter(Q(key__in=keys) | Q(below__in=keys), amendment=OuterRef("pk"))
        rows = rows.filter(Exists(touching))
    if cursor is not None:
        moment, pk = cursors.read(cursor, "amendments", int, int)
        at = cursors.moment_of(moment)
        rows = rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk))
    found = list(rows.order_by("-submitted_at", "-pk")[: limit + 1])
    shown = found[:limit]
    following = None
    if len(found) > limit and shown[-1].submitted_at:
        last = cursors.write("amendments", cursors.of_moment(shown[-1].submitted_at), shown[-1].pk)
        following = next_address(request, last)
    return out.Amendments(items=[_amendment(request, row) for row in shown], next=following)


@router.get(
    "/amendments/{id}",
    response=out.AmendmentDetail,
    operation_id="amendment",
    url_name="amendment",
    summary=_("One amendment"),
    description=_("An amendment with its typed changes, the recommendation, the decision and its conflicts."),
    openapi_extra={"x-example": "/amendments/1"},
)
def read_amendment(request: CityRequest, id: Id) -> out.AmendmentDetail:  # noqa: A002 - as it stands in the address
    amendment = _public(request).prefetch_related("parts").filter(pk=id).first()
    if amendment is None:
        raise _none(id)
    modified = amendment.recommendation == Recommendation.ACCEPT_MODIFIED
    return out.AmendmentDetail(
        **_amendment(request, amendment).model_dump(),
        changes=changes_of(amendment.domain_changes(Variant.PROPOSED)),
        recommended_changes=changes_of(amendment.domain_changes(Variant.RECOMMENDED)) if modified else None,
        conflicts=[
            out.Conflict.model_validate({name: one[name] for name in out.Conflict.model_fields})
            for one in amendment.conflicts
        ],
        split_from=amendment.split_from_id,
        parts=[part.pk for part in amendment.parts.all() if part.is_public],
    )


@router.get(
    "/amendments/{id}/comments",
    response=out.Comments,
    operation_id="comments",
    url_name="comments",
    summary=_("Comments on an amendment"),
    description=_("The discussion of an amendment, the oldest comment first."),
    openapi_extra={"x-example": "/amendments/1/comments"},
)
def list_comments(
    request: CityRequest,
    id: Id,  # noqa: A002 - as it stands in the address
    cursor: QueryEx[Cursor | None, P(description=CURSOR_TEXT)] = None,
    limit: QueryEx[Limit, P(default=50, description=LIMIT_TEXT)] = 50,
) -> out.Comments:
    if not Amendment.objects.public().filter(strategy__city=request.city.pk, pk=id).exists():
        raise _none(id)
    rows = Comment.objects.filter(amendment=id).select_related("author").order_by("at", "pk")
    if cursor is not None:
        moment, pk = cursors.read(cursor, "comments", int, int)
        at = cursors.moment_of(moment)
        rows = rows.filter(Q(at__gt=at) | Q(at=at, pk__gt=pk))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    following = None
    if len(found) > limit:
        last = cursors.write("comments", cursors.of_moment(shown[-1].at), shown[-1].pk)
        following = next_address(request, last)
    return out.Comments(items=[_comment(row) for row in shown], next=following)


def _none(number: int) -> Exception:
    return not_found(f"There is no amendment {number}.")


def _public(request: CityRequest) -> QuerySet[Amendment]:
    rows = Amendment.objects.public().filter(strategy__city=request.city.pk)
    return (
        with_comment_count(rows)
        .select_related("base", "edition", "decision")
        .prefetch_related("authors__user", "changes")
    )


def _amendment(request: CityRequest, row: Amendment) -> out.Amendment:
    if row.submitted_at is None:
        raise LookupError(f"amendment {row.pk} is a draft")
    touched = [key for change in row.changes.all() for key in (change.key, change.below) if _is_final(key)]
    return out.Amendment(
        id=row.pk,
        title=row.title,
        rationale=row.rationale,
        state=row.state,
        on_behalf_of=row.speaks_for or None,
        authors=[]
        if row.speaks_for  # their people are not named
        else [str(author.user) if author.user else None for author in row.authors.all()],
        editorial=row.editorial,
        illustration=row.illustration,
        elements=sorted(set(touched)),
        base=row.base.number,
        edition=row.edition.number if row.edition else None,
        takes_effect=row.edition.in_force_from if row.edition else None,
        recommendation=out.Recommendation.model_validate(
            {"recommendation": row.recommendation, "reason": row.recommendation_reason}
        )
        if row.recommendation
        else None,
        decision=asked.decision(row.decision),
        comments=row.comment_count,  # type: ignore[attr-defined]
        submitted_at=row.submitted_at,
        updated_at=row.updated_at,
        url=addresses.page(request, "amendment", row.pk),
    )


def _is_final(key: str) -> bool:
    """Not empty, and not one of an element that is still to be added."""
    return key[:1].isupper()


def _comment(row: Comment) -> out.Comment:
    return out.Comment(
        id=row.pk,
        reply_to=row.reply_to_id,
        at=row.at,
        author=str(row.author) if row.author and not row.official else None,
        on_behalf_of=row.speaks_for or None,
        text=None if row.removed_reason else row.text,
        removed_reason=row.removed_reason or None,
    )
