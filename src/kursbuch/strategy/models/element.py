"""Elements, their versions over the editions, and their renditions in other languages."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn, Self

from django.conf import settings
from django.db import models

from kursbuch.strategy.models.immutable import Immutable, WriteOnce, WriteOnceQuerySet
from kursbuch.strategy.models.strategy import Strategy

OPEN_END = 2_147_483_647  # the ``until`` of a version that is still valid


class Element(models.Model):
    """The lasting identity of a node: its key is given once and never reused."""

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="elements")
    key = models.CharField(max_length=12)
    kind = models.CharField(max_length=40)
    replaced_by = models.JSONField(default=list)  # keys of what stands for a retired element now

    class Meta:
        constraints = [models.UniqueConstraint("strategy", "key", name="element_key_once")]

    def __str__(self) -> str:
        return self.key

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        raise Immutable(f"Element {self} is never deleted")


class VersionQuerySet(WriteOnceQuerySet["Version"]):
    def at(self, ordinal: int) -> Self:
        """The versions that make up the edition with this ordinal."""
        return self.filter(first__lte=ordinal, until__gt=ordinal)

    def close(self, elements: Collection[int], ordinal: int) -> int:
        """Ends the valid versions of these elements: from edition ``ordinal`` on, others take their place."""
        valid = self.filter(element_id__in=elements, until=OPEN_END)
        return models.QuerySet.update(valid, until=ordinal)


class Version(WriteOnce):
    """An element's content and place, valid from edition ``first`` until before edition ``until``."""

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="versions")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="versions")
    key = models.CharField(max_length=12)
    kind = models.CharField(max_length=40)
    first = models.PositiveIntegerField()  # ordinals of editions
    until = models.PositiveIntegerField(default=OPEN_END)
    parent = models.CharField(max_length=12, blank=True)  # key of the parent, empty at the top
    rank = models.CharField(max_length=100)  # orders siblings, see domain.framework.rank
    fields = models.JSONField()
    digest = models.CharField(max_length=64)  # of kind, key and fields

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("element", "first", name="version_starts_once"),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("first")), name="version_lasts"),
        ]
        indexes = [
            models.Index(fields=["strategy", "until", "first"], name="version_of_edition"),
            models.Index(fields=["strategy", "key", "first"], name="version_of_element"),
        ]

    def __str__(self) -> str:
        return f"{self.key} [{self.first}, {self.until})"


class Rendition(models.Model):
    """A version's text in another language or in plain language; BCP 47 names the language ("en", "de-simple")."""

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="renditions")
    language = models.CharField(max_length=20)
    of_digest = models.CharField(max_length=64)  # of the version it renders; another one there means: stale
    fields = models.JSONField()
    translator = models.CharField(max_length=200, blank=True)
    reviewed = models.BooleanField(default=False)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("language", "updated_at")
        constraints = [models.UniqueConstraint("element", "language", "of_digest", name="rendition_of_version_once")]

    def __str__(self) -> str:
        return f"{self.element_id} {self.language}"
