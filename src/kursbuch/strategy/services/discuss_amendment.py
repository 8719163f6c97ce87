"""The office and the public work through an amendment: discuss, comment, recommend, split."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from kursbuch.chronicle.services import follow, record
from kursbuch.domain.framework.changes import Change as DomainChange
from kursbuch.domain.framework.changes import ChangeError
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.kit.limits import Limit
from kursbuch.strategy.models import Amendment, Author, Comment, Recommendation, State, Variant
from kursbuch.strategy.queries import load_edition
from kursbuch.strategy.rules import NotAllowed, Step, ensure, may_moderate
from kursbuch.strategy.services.draft_amendment import (
    NothingProposed,
    ReasonMissing,
    check_changes,
    locked,
    record_step,
    store_changes,
)
from kursbuch.strategy.services.index_edition import index_amendment

COMMENTS = Limit("comment", count=60, per=timedelta(hours=1))


class CannotSplit(ValueError):
    """Each part must keep at least one change and stand by itself."""


@transaction.atomic
def open_discussion(*, amendment: Amendment, by: Membership) -> Amendment:
    amendment = locked(amendment)
    ensure(by, Step.DISCUSS, amendment)
    amendment.state = State.IN_DISCUSSION
    amendment.updated_at = clock.now()
    amendment.save(update_fields=["state", "updated_at"])
    record_step(amendment, "amendment_discussed", by)
    return amendment


@transaction.atomic
def comment_on_amendment(
    *,
    amendment: Amendment,
    by: Membership,
    text: str,
    reply_to: Comment | None = None,
    token: uuid.UUID | None = None,
) -> Comment:
    """Appending a remark takes no lock on the amendment; the same ``token`` again gives the remark already there."""
    ensure(by, Step.COMMENT, amendment)
    if not text.strip():
        raise ReasonMissing(amendment.pk)
    if reply_to is not None and reply_to.amendment_id != amendment.pk:
        raise NotAllowed("a reply belongs to the same discussion")
    if reply_to is not None and reply_to.reply_to_id is not None:  # discussions have two levels
        reply_to = reply_to.reply_to
    token = token or uuid.uuid4()
    known = amendment.comments.filter(token=token, author=by.user).first()
    if known is not None:
        return known
    COMMENTS.hit(f"{by.city_id}/{by.user_id}")
    try:
        with transaction.atomic():
            comment = Comment.objects.create(
                amendment=amendment,
                author=by.user,
                speaks_for=by.acts_for,
                official=by.is_staff,
                token=token,
                reply_to=reply_to,
                text=text.strip(),
                at=clock.now(),
            )
    except IntegrityError:
        return amendment.comments.get(token=token, author=by.user)
    assert by.user is not None  # noqa: S101 - Step.COMMENT is for people who are signed in
    thing = f"amendment:{amendment.pk}"
    follow(user=by.user, city_id=by.city_id, thing=thing)
    record(
        city_id=by.city_id,
        verb="amendment_commented",
        thing=thing,
        summary=amendment.title,
        actor=by.user,
        data={"comment": comment.pk},
        on_behalf_of=by.acts_for,
    )
    return comment


@transaction.atomic
def remove_comment(*, comment: Comment, by: Membership, reason: str) -> Comment:
    """Takes a remark's text away; that there was one, and why it went, stays visible."""
    if not may_moderate(by) or comment.amendment.strategy.city_id != by.city_id:
        raise NotAllowed("only the strategy office removes remarks")
    if not reason.strip():
        raise ReasonMissing(comment.pk)
    comment.text, comment.removed_reason = "", reason.strip()
    comment.save(update_fields=["text", "removed_reason"])
    record(
        city_id=by.city_id,
        verb="comment_removed",
        thing=f"amendment:{comment.amendment_id}",
        summary=comment.amendment.title,
        actor=by.user,
        data={"comment": comment.pk, "reason": comment.removed_reason},
        on_behalf_of=by.acts_for,
    )
    return comment


@transaction.atomic
def recommend_amendment(
    *,
    amendment: Amendment,
    by: Membership,
    kind: Recommendation,
    reason: str,
    changes: Sequence[DomainChange] = (),
) -> Amendment:
    """The office's recommendation to the council. ``changes`` is its wording where it accepts as modified."""
    amendment = locked(amendment)
    ensure(by, Step.RECOMMEND, amendment)
    if not reason.strip():
        raise ReasonMissing(amendment.pk)
    amendment.changes.filter(variant=Variant.RECOMMENDED).delete()
    if kind == Recommendation.ACCEPT_MODIFIED:
        if not changes:
            raise NothingProposed(amendment.pk)
        check_changes(amendment.strategy.schema, load_edition(amendment.base).tree, changes)
        store_changes(amendment, changes, Variant.RECOMMENDED)
    amendment = locked(amendment)
    amendment.state = State.RECOMMENDED
    amendment.recommendation = kind
    amendment.recommendation_reason = reason.strip()
    amendment.updated_at = clock.now()
    amendment.save(update_fields=["state", "recommendation", "recommendation_reason", "updated_at"])
    record_step(
        amendment, "amendment_recommended", by, data={"kind": str(kind), "reason": amendment.recommendation_reason}
    )
    index_amendment(amendment)
    return amendment


@transaction.atomic
def split_amendment(*, amendment: Amendment, by: Membership, take: Collection[int], title: str = "") -> Amendment:
    """Cuts the changes at these positions out into an amendment of their own, with the same authors.

    Both parts must fit the edition by themselves. A recommendation spoke of the whole, so both go back into
    discussion. Returns the new amendment.
    """
    amendment = locked(amendment)
    ensure(by, Step.SPLIT, amendment)
    changes = amendment.domain_changes(Variant.PROPOSED)
    taken = [change for n, change in enumerate(changes) if n in take]
    rest = [change for n, change in enumerate(changes) if n not in take]
    if not taken or not rest:
        raise CannotSplit(amendment.pk)
    tree = load_edition(amendment.base).tree
    for part in (taken, rest):
        try:
            check_changes(amendment.strategy.schema, tree, part)
        except ChangeError as error:
            raise CannotSplit(str(error)) from error
    now = clock.now()
    state = State.SUBMITTED if amendment.state == State.SUBMITTED else State.IN_DISCUSSION
    new = Amendment.objects.create(
        strategy=amendment.strategy,
        title=title.strip() or amendment.title,
        rationale=amendment.rationale,
        state=state,
        base=amendment.base,
        speaks_for=amendment.speaks_for,
        official=amendment.official,
        split_from=amendment,
        illustration=amendment.illustration or settings.DEMO,
        created_at=now,
        submitted_at=amendment.submitted_at,
        updated_at=now,
    )
    Author.objects.bulk_create(Author(amendment=new, user_id=a.user_id) for a in amendment.authors.all())
    store_changes(new, taken)
    amendment.changes.filter(variant=Variant.RECOMMENDED).delete()
    store_changes(amendment, rest)
    amendment.state, amendment.updated_at = state, now
    amendment.recommendation = amendment.recommendation_reason = ""
    amendment.save(update_fields=["state", "updated_at", "recommendation", "recommendation_reason"])
    for author in amendment.authors.select_related("user"):
        if author.user:
            follow(user=author.user, city_id=by.city_id, thing=f"amendment:{new.pk}")
    record_step(new, "amendment_split", by, because=f"amendment:{amendment.pk}", about=[f"amendment:{amendment.pk}"])
    index_amendment(new)
    index_amendment(amendment)
    return new
