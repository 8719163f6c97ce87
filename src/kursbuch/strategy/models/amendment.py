"""Amendments: sets of typed changes with their authors, their state and their discussion."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kursbuch.domain.framework.changes import Change as DomainChange
from kursbuch.domain.framework.codec import change_from_json, change_to_json
from kursbuch.kit import clock
from kursbuch.strategy.models.edition import Decision, Edition
from kursbuch.strategy.models.strategy import Strategy


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    IN_DISCUSSION = "in_discussion", _("in discussion")
    RECOMMENDED = "recommended", _("recommended")
    DECIDED = "decided", _("accepted by the council")
    IN_FORCE = "in_force", _("in force")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ALREADY_IN_FORCE = "already_in_force", _("already in force")
    IN_CONFLICT = "in_conflict", _("in conflict")


# carried onto every new edition; the others have come to their end
PENDING = (
    State.DRAFT,
    State.SUBMITTED,
    State.IN_DISCUSSION,
    State.RECOMMENDED,
    State.DECIDED,
    State.IN_CONFLICT,
)


class Recommendation(models.TextChoices):
    ACCEPT = "accept", _("accept")
    ACCEPT_MODIFIED = "accept_modified", _("accept as modified")
    REJECT = "reject", _("reject")


class Variant(models.TextChoices):
    PROPOSED = "proposed", _("as proposed")
    RECOMMENDED = "recommended", _("as the office recommends")


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def public(self) -> Self:
        """Those that were handed in; a draft is its authors' own business for ever."""
        return self.filter(submitted_at__isnull=False)

    def pending(self) -> Self:
        return self.filter(state__in=PENDING)

    def touching(self, key: str) -> Self:
        """Those with a change of this element, or one that puts something below it."""
        return self.filter(Q(changes__key=key) | Q(changes__below=key)).distinct()


class Amendment(models.Model):
    """A proposal, draft or motion: one object for residents, offices and council groups."""

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="amendments")
    token = models.UUIDField(default=uuid.uuid4, unique=True)  # the same form sent twice makes one amendment
    title = models.CharField(max_length=200)
    rationale = models.TextField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    before_conflict = models.CharField(max_length=20, choices=State, blank=True)  # state to return to
    base = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="amendments_based_on")
    speaks_for = models.CharField(max_length=200, blank=True)  # an office or council group
    official = models.BooleanField(default=False)  # by the city's staff: readers are told the office, not the person
    editorial = models.BooleanField(default=False)  # corrects the wording without new meaning
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    conflicts = models.JSONField(default=list)  # see domain.framework.codec
    recommendation = models.CharField(max_length=20, choices=Recommendation, blank=True)
    recommendation_reason = models.TextField(blank=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="amendments")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="amendments")
    place_in_edition = models.PositiveIntegerField(null=True)  # in which order the edition took them in
    illustration = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["strategy", "state", "-id"], name="amendment_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="amendment_state_known"),
            models.CheckConstraint(
                condition=~Q(state=State.RECOMMENDED)
                | (Q(recommendation__in=Recommendation.values) & ~Q(recommendation_reason="")),
                name="amendment_recommended_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DECIDED) | Q(decision__isnull=False),
                name="amendment_decided_by_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.IN_FORCE, State.ALREADY_IN_FORCE]) | Q(edition__isnull=False),
                name="amendment_in_force_by_edition",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.IN_CONFLICT) | ~Q(before_conflict=""),
                name="amendment_conflict_returns",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN, State.ALREADY_IN_FORCE, State.IN_CONFLICT])
                | Q(submitted_at__isnull=False),
                name="amendment_submitted_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def is_public(self) -> bool:
        return self.submitted_at is not None

    @property
    def takes_effect(self) -> date | None:
        """The day its edition takes effect, while that is still to come."""
        day = self.edition.in_force_from if self.edition else None
        return day if day and day > clock.today() else None

    @property
    def state_in_words(self) -> str:
        """The state as readers are told it: what a future edition holds is not in force before its day."""
        day = self.takes_effect
        if day is None:
            return str(self.get_state_display())
        words = gettext("accepted, in force from %(day)s")
        if self.state == State.ALREADY_IN_FORCE:
            words = gettext("already adopted, in force from %(day)s")
        return words % {"day": date_format(day)}

    @property
    def was_carried(self) -> bool:
        """Whether its base is an edition that came after it was begun."""
        return self.base.adopted_at > self.created_at

    @property
    def variant(self) -> Variant:
        """Which of its changes count: the office's wording once it recommended one, else the authors'."""
        modified = self.recommendation == Recommendation.ACCEPT_MODIFIED
        return Variant.RECOMMENDED if modified else Variant.PROPOSED

    def domain_changes(self, variant: Variant | None = None) -> tuple[DomainChange, ...]:
        """The typed changes in order; uses prefetched ``changes`` where they are."""
        wanted = variant or self.variant
        rows = sorted(self.changes.all(), key=lambda row: row.position)
        return tuple(row.to_domain() for row in rows if row.variant == wanted)


class Author(models.Model):
    """Credit for an amendment. It stays when the account goes, without a name."""

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="authors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="authorships")

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint("amendment", "user", name="author_once")]

    def __str__(self) -> str:
        return f"{self.user or ''}"


class Change(models.Model):
    """One typed change of an amendment, see domain.framework.changes."""

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="changes")
    variant = models.CharField(max_length=12, choices=Variant, default=Variant.PROPOSED)
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=24)  # the element; provisional for one still to be added
    field = models.CharField(max_length=40, blank=True)  # of a revision
    below = models.CharField(max_length=24, blank=True)  # the new parent of an addition or a move
    data = models.JSONField()  # the whole change, see domain.framework.codec

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint("amendment", "variant", "position", name="change_position_once"),
        ]
        indexes = [
            models.Index(fields=["key", "field"], name="change_of_element"),
            models.Index(fields=["below"], name="change_below"),
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id}.{self.position} {self.key}"

    @classmethod
    def of(cls, amendment: Amendment, variant: str, position: int, change: DomainChange) -> Self:
        return cls(
            amendment=amendment,
            variant=variant,
            position=position,
            key=change.key,
            field=getattr(change, "field", ""),
            below=getattr(change, "parent", None) or "",
            data=change_to_json(change),
        )

    def to_domain(self) -> DomainChange:
        return change_from_json(self.data)


class Comment(models.Model):
    """A remark in the discussion of an amendment."""

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="strategy_comments"
    )
    speaks_for = models.CharField(max_length=200, blank=True)
    official = models.BooleanField(default=False)  # as with amendments
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    reply_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    text = models.TextField()
    at = models.DateTimeField()
    removed_reason = models.CharField(max_length=300, blank=True)  # why the office took the text away

    class Meta:
        ordering = ("at", "id")
        indexes = [models.Index(fields=["amendment", "at"], name="comment_thread")]

    def __str__(self) -> str:
        return f"{self.amendment_id}/{self.pk}"
