"""The framework for action of one city."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models

from kursbuch.city.models import City
from kursbuch.domain.framework.schema import Schema


class Strategy(models.Model):
    """A city's strategy: what it is called, how far it reaches, and its kinds of element."""

    city = models.OneToOneField(City, on_delete=models.PROTECT, related_name="strategy")
    slug = models.SlugField()
    title = models.CharField(max_length=200)
    titles = models.JSONField(default=dict, blank=True)  # in other languages: {"en": …}
    language = models.CharField(max_length=10, default="de")
    horizon = models.PositiveSmallIntegerField()
    notice = models.JSONField(default=dict, blank=True)  # where the text comes from: {"de": …, "en": …}
    searchable = models.PositiveIntegerField(default=0)  # ordinal of the edition that the search shows
    kinds = models.JSONField(default=list)  # the schema, see domain.framework.schema

    class Meta:
        verbose_name_plural = "strategies"

    def __str__(self) -> str:
        return self.title

    @cached_property
    def schema(self) -> Schema:
        return Schema.from_data(self.kinds)

    def title_in(self, language: str) -> str:
        titles: dict[str, Any] = self.titles
        return str(titles.get(language) or self.title)

    def notice_in(self, language: str) -> str:
        notices: dict[str, Any] = self.notice
        return str(notices.get(language) or notices.get(self.language) or "")
