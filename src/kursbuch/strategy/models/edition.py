"""Editions and the decisions that adopted them."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.utils import timezone

from kursbuch.strategy.models.immutable import WriteOnce, WriteOnceQuerySet
from kursbuch.strategy.models.strategy import Strategy


class Decision(WriteOnce):
    """What the council resolved, when, on which paper, with which result."""

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="decisions")
    body = models.CharField(max_length=200)
    day = models.DateField()
    paper = models.CharField(max_length=100, blank=True)  # the reference of the council paper
    result = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300, blank=True)
    illustration = models.BooleanField(default=False)

    objects = WriteOnceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.body}, {self.day.isoformat()}"


class EditionQuerySet(WriteOnceQuerySet["Edition"]):
    def in_force_on(self, day: date) -> Self:
        """The one edition in force on a day is the last of those that had taken effect: ``.first()``."""
        return self.filter(in_force_from__lte=day).order_by("-ordinal")


class Edition(WriteOnce):
    """An immutable, numbered state of the whole strategy."""

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="editions")
    ordinal = models.PositiveIntegerField()  # 1, 2, 3 … over major and minor editions
    number = models.CharField(max_length=12)  # "2", or "2.1" for an editorial correction
    in_force_from = models.DateField()
    editorial = models.BooleanField(default=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="editions")
    summary = models.JSONField(default=dict)  # in words: {"de": …, "en": …}
    counts = models.JSONField(default=dict)  # domain.framework.summary of the changes to the edition before
    size = models.PositiveIntegerField()  # elements
    digest = models.CharField(max_length=64)
    adopted_at = models.DateTimeField()

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ("ordinal",)
        constraints = [
            models.UniqueConstraint("strategy", "ordinal", name="edition_ordinal_once"),
            models.UniqueConstraint("strategy", "number", name="edition_number_once"),
            models.CheckConstraint(
                condition=models.Q(editorial=True) | models.Q(decision__isnull=False),
                name="edition_decided_or_editorial",
            ),
        ]
        indexes = [models.Index(fields=["strategy", "in_force_from", "-ordinal"], name="edition_on_day")]

    def __str__(self) -> str:
        return self.number

    @property
    def was_adopted_ahead(self) -> bool:
        """Whether it was made before the day from which it holds."""
        return self.in_force_from > timezone.localdate(self.adopted_at, timezone.get_default_timezone())

    @property
    def illustration(self) -> bool:
        return self.decision is not None and self.decision.illustration

    @property
    def thing(self) -> str:
        return f"edition:{self.number}"

    def summary_in(self, language: str) -> str:
        summary: dict[str, Any] = self.summary
        return str(summary.get(language) or summary.get(self.strategy.language) or "")

    def summary_language(self, language: str) -> str:
        """In which language ``summary_in`` answers."""
        return language if self.summary.get(language) else str(self.strategy.language)
