"""The kit's tables: what the search knows, when each task last ran, and how often a limit was used."""

from __future__ import annotations

from django.db import models


class SearchDocument(models.Model):
    """A text that can be found, as it is and in the form in which it is compared."""

    scope = models.BigIntegerField()  # whose text it is; the kit does not know of cities
    thing = models.CharField(max_length=80)  # "element:M042"
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=20)  # BCP 47
    title = models.TextField()
    body = models.TextField(blank=True)  # plain text
    title_folded = models.TextField()  # " netz in schul ": see kit.search.fold
    folded = models.TextField()  # title and body
    updated = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("scope", "thing", "language", name="search_document_once"),
        ]

    def __str__(self) -> str:
        return f"{self.thing} ({self.language})"

    @property
    def key(self) -> str:
        return self.thing.partition(":")[2]


class TaskRun(models.Model):
    """When a periodic task last ran, when it is due again, and which worker has claimed it."""

    name = models.CharField(max_length=200, unique=True)
    due = models.DateTimeField()
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    error = models.TextField(blank=True)  # of the last run: kind and place, never a message with personal data
    worker = models.CharField(max_length=32, blank=True)  # who has claimed it
    claimed_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class LimitBucket(models.Model):
    """The recent uses of one limit by one key, known only by its keyed hash."""

    digest = models.CharField(max_length=64, unique=True)
    hits = models.JSONField(default=list)  # milliseconds since 1970, oldest first
    version = models.PositiveBigIntegerField(default=0)
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:12]
