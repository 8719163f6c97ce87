"""The chronicle's tables: entries, what they are about, the seals over them, and who is told of them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kursbuch.chronicle import bodies

if TYPE_CHECKING:
    from kursbuch.chronicle.surroundings import Person


class AppendOnlyError(Exception):
    """Somebody tried to change or delete what can only be added to."""


class Seal(models.Model):
    """A Merkle root over a batch of entries, chained to the seal before it."""

    city = models.ForeignKey("city.City", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()  # 1, 2, 3 … in each city
    count = models.PositiveIntegerField()  # entries in this batch
    total = models.PositiveBigIntegerField()  # entries in this and all seals before
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)  # digest of the seal before
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    # not part of what is sealed: when the followers of the batch got their notices
    announced_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["city"], condition=models.Q(announced_at=None), name="seal_unannounced"),
        ]
        constraints = [models.UniqueConstraint("city", "number", name="seal_number_once")]

    def __str__(self) -> str:
        return f"{self.city_id}/{self.number}"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads of entries. The one change there is, forgetting a person, has a method of its own."""

    def public(self) -> EntryQuerySet:
        return self.filter(public=True)

    def of(self, city_id: int) -> EntryQuerySet:
        return self.filter(city_id=city_id)

    def about(self, city_id: int, thing: str) -> EntryQuerySet:
        """Entries about a thing; the city as a whole is what every entry is about."""
        if thing == "city":
            return self.of(city_id)
        return self.of(city_id).filter(mentions__city_id=city_id, mentions__thing=thing)

    def personal_to(self, person: Person) -> EntryQuerySet:
        """Entries of the person's own acts, and of what others did to ``person:<uid>``."""
        mentioning = Mention.objects.filter(thing=f"person:{person.uid}").values("entry")
        acted = models.Q(actor_id=person.pk) | models.Q(pk__in=mentioning)
        return self.filter(acted).exclude(salt=None)

    def forget_personal_part(self) -> int:
        """Drop what the salted hash stood for; the hash stays, so every seal still verifies."""
        return super().update(actor=None, personal=None, salt=None)

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("entries are never changed")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("entries are never deleted")


class Entry(models.Model):
    """Who did what to what, and because of what. Never changed; only ``seal`` is filled in later, and the
    personal part goes when the person's data is erased."""

    city = models.ForeignKey("city.City", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=50)
    thing = models.CharField(max_length=80)  # "amendment:12"
    because = models.CharField(max_length=80, blank=True)  # the thing that was the reason
    summary = models.CharField(max_length=500)  # plain text without personal data
    data = models.JSONField(default=dict)
    public = models.BooleanField(default=True)
    # the personal part: enters the hash only as sha256(salt + canonical JSON)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    personal = models.JSONField(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    personal_digest = models.CharField(max_length=64, blank=True)  # "" if there never was a personal part
    digest = models.CharField(max_length=64)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, null=True, related_name="entries", db_index=False)
    position = models.PositiveIntegerField(null=True)  # within its seal, from 0

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["city"], condition=models.Q(seal=None), name="entry_unsealed"),
            models.Index(fields=["city", "-id"], name="entry_newest"),
            models.Index(fields=["city", "at"], name="entry_by_day"),
        ]
        constraints = [models.UniqueConstraint("seal", "position", name="entry_sealed_once")]

    def __str__(self) -> str:
        return f"{self.verb} {self.thing}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("entries are never deleted")

    @property
    def is_erased(self) -> bool:
        """Whether the person behind the entry has had their data erased."""
        return bool(self.personal_digest) and self.salt is None

    @property
    def on_behalf_of(self) -> str:
        """The office or council group the actor acted for."""
        return str(self.data.get("on_behalf_of", ""))

    @property
    def holds_from(self) -> date | None:
        """The day from which it holds what the entry tells of, where that lay ahead when it happened."""
        given = self.data.get("in_force_from")
        day = date.fromisoformat(given) if isinstance(given, str) else None
        happened = timezone.localdate(self.at, timezone.get_default_timezone())
        return day if day and day > happened else None

    @property
    def actor_name(self) -> str:
        """Who acted, as the public may read it: an office rather than its employee."""
        return bodies.in_words(self.on_behalf_of) or self.person_name

    @property
    def person_name(self) -> str:
        """The person behind the entry, for the audit log."""
        if self.actor is not None:
            return str(self.actor)
        return str(_("Deleted account") if self.is_erased else _("The system"))


class Mention(models.Model):
    """A thing that an entry is about: its own and all it touches. Timelines and notices are read from here."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    city = models.ForeignKey("city.City", on_delete=models.PROTECT, related_name="+", db_index=False)
    thing = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["city", "thing", "-entry"], name="mention_timeline")]
        constraints = [models.UniqueConstraint("entry", "thing", name="mention_once")]

    def __str__(self) -> str:
        return self.thing


class Follow(models.Model):
    """Somebody wants to be told of new entries about a thing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows", db_index=False)
    city = models.ForeignKey("city.City", on_delete=models.CASCADE, related_name="+", db_index=False)
    thing = models.CharField(max_length=80)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["city", "thing"], name="follow_of_thing")]
        constraints = [models.UniqueConstraint("user", "city", "thing", name="follow_once")]

    def __str__(self) -> str:
        return self.thing


class Mode(models.TextChoices):
    """How often somebody wants e-mail."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, at 7 in the morning")
    WEEKLY = "weekly", _("Once a week, on Monday at 7 in the morning")
    NONE = "none", _("No e-mail")


class NotificationSetting(models.Model):
    """How often a person wants e-mail from a city; without a row, at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    city = models.ForeignKey("city.City", on_delete=models.CASCADE, related_name="+", db_index=False)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.AT_ONCE)

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "city", name="notification_setting_once"),
            models.CheckConstraint(condition=models.Q(mode__in=Mode.values), name="notification_mode_known"),
        ]

    def __str__(self) -> str:
        return self.mode


class Mailing(models.Model):
    """One e-mail to one person: which notices it carries is settled before it is sent, and its key is the
    Message-ID, so that a second attempt after a crash is the same message."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    city = models.ForeignKey("city.City", on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)  # a worker is sending it, or died while it did
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="mailing_to_send",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Notice(models.Model):
    """Somebody is to be told of an entry: once. Pending until it is part of a mailing."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    city = models.ForeignKey("city.City", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, null=True, related_name="notices")

    class Meta:
        indexes = [
            models.Index(fields=["city", "user"], condition=models.Q(mailing=None), name="notice_pending"),
        ]
        constraints = [models.UniqueConstraint("entry", "user", name="notice_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} → {self.user_id}"
