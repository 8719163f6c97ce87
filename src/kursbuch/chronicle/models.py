"""The chronicle's tables: entries, what they are about, and the seals over them."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Seal(models.Model):
    """A Merkle root over a batch of entries, chained to the seal before it."""

    city = models.ForeignKey("city.City", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField()  # entries in this batch
    total = models.PositiveBigIntegerField()  # entries in this and all seals before
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)  # digest of the seal before
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("city", "number", name="seal_number_once")]

    def __str__(self) -> str:
        return f"{self.city_id}/{self.number}"


class Entry(models.Model):
    """Who did what to what, and because of what. Never changed; only ``seal`` is filled in later, and the
    personal part goes when the person's data is erased."""

    city = models.ForeignKey("city.City", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verb = models.CharField(max_length=50)
    thing = models.CharField(max_length=80)  # "amendment:12"
    because = models.CharField(max_length=80, blank=True)  # the thing that was the reason
    summary = models.CharField(max_length=500)  # plain text without personal data
    data = models.JSONField(default=dict)
    public = models.BooleanField(default=True)
    # the personal part: enters the hash only as sha256(salt + canonical JSON)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    personal = models.JSONField(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    personal_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, null=True, related_name="entries")
    position = models.PositiveIntegerField(null=True)  # within its seal

    class Meta:
        indexes = [
            models.Index(fields=["city"], condition=models.Q(seal=None), name="entry_unsealed"),
            models.Index(fields=["city", "-id"], name="entry_newest"),
        ]
        constraints = [models.UniqueConstraint("seal", "position", name="entry_sealed_once")]

    def __str__(self) -> str:
        return f"{self.verb} {self.thing}"


class Mention(models.Model):
    """A thing that an entry is about: its own and all it touches. Timelines and notices are read from here."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="mentions")
    city = models.ForeignKey("city.City", on_delete=models.PROTECT, related_name="+")
    thing = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["city", "thing", "-entry"], name="mention_timeline")]
        constraints = [models.UniqueConstraint("entry", "thing", name="mention_once")]

    def __str__(self) -> str:
        return self.thing
