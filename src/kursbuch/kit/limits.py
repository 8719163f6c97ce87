"""How often somebody may do something: an exact limit over a sliding window, shared by all processes.

Each key has one row with the times of its recent uses. A use is added by comparing and swapping the row's version,
so no two processes can both take the last place and nobody waits for a lock. A swap that fails means that somebody
else's use of the same key was counted meanwhile; hence the loop ends after at most ``count`` rounds.

    SUBMIT = Limit("submit", count=10, per=timedelta(hours=1))
    SUBMIT.hit(f"user:{user.pk}")  # raises TooMany

Reading neither writes nor waits for a writer. What limits it is counted in each process by itself: ``ReadingLimit``.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kursbuch.kit import clock
from kursbuch.kit.models import LimitBucket


class TooMany(Exception):
    """The limit is reached; ``retry_after`` is how long to wait."""

    def __init__(self, limit: Limit | ReadingLimit, retry_after: timedelta) -> None:
        super().__init__(limit.name)
        self.limit = limit
        self.retry_after = retry_after

    @property
    def seconds(self) -> int:
        """For the header Retry-After: whole seconds, at least one."""
        return max(1, -(-self.retry_after // timedelta(seconds=1)) if self.retry_after else 1)

    @property
    def message(self) -> str:
        """For the reader, in the active language."""
        minutes = -(-self.seconds // 60)
        wait = ngettext("Please try again in %(n)d minute.", "Please try again in %(n)d minutes.", minutes)
        return " ".join([_("That was too often in a short time."), wait % {"n": minutes}])


@dataclass(frozen=True)
class Limit:
    """At most ``count`` uses by one key within any stretch of time as long as ``per``."""

    name: str
    count: int
    per: timedelta

    def hit(self, key: str) -> None:
        """Count one use by the key, or raise ``TooMany`` and count nothing."""
        digest = self._digest(key)
        while True:
            now = clock.now()
            bucket = self._bucket(digest, now)
            recent = self._recent(bucket.hits, now)
            if len(recent) >= self.count:
                raise TooMany(self, self._free_again(recent, now) - now)
            swapped = LimitBucket.objects.filter(pk=bucket.pk, version=bucket.version).update(
                hits=[*recent, _milliseconds(now)],
                version=bucket.version + 1,
                expires=now + self.per,
            )
            if swapped:
                return

    def remaining(self, key: str) -> int:
        """How many more uses the key has now."""
        bucket = LimitBucket.objects.filter(digest=self._digest(key)).first()
        return self.count - (len(self._recent(bucket.hits, clock.now())) if bucket else 0)

    def clear(self, key: str) -> None:
        """Forget the key's uses, as after a successful sign-in."""
        LimitBucket.objects.filter(digest=self._digest(key)).delete()

    def _digest(self, key: str) -> str:
        # Keyed with the secret key, so that no address can be read or guessed from the table.
        return salted_hmac(f"kursbuch.kit.limits.{self.name}", key, algorithm="sha256").hexdigest()

    def _bucket(self, digest: str, now: datetime) -> LimitBucket:
        while True:
            bucket = LimitBucket.objects.filter(digest=digest).first()
            if bucket is not None:
                return bucket
            LimitBucket.objects.bulk_create(
                [LimitBucket(digest=digest, expires=now + self.per)],
                ignore_conflicts=True,  # another process was quicker
            )

    def _recent(self, hits: list[int], now: datetime) -> list[int]:
        since = _milliseconds(now - self.per)
        return [hit for hit in hits if hit > since]

    def _free_again(self, recent: list[int], now: datetime) -> datetime:
        if self.count == 0:
            return now + self.per
        return datetime.fromtimestamp(recent[-self.count] / 1000, UTC) + self.per


@dataclass(frozen=True)
class ReadingLimit:
    """``count`` uses by one key at once, given back evenly over ``per``; in each process, without the database.

    Of a key no more is known than when its last use will have been given back (a leaky bucket).
    """

    name: str
    count: int
    per: timedelta
    most_keys: int = 50_000
    _given_back: dict[str, datetime] = field(default_factory=dict, init=False, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    def hit(self, key: str) -> None:
        """Count one use by the key, or raise ``TooMany`` and count nothing."""
        now = clock.now()
        with self._lock:
            known = self._given_back.get(key, now)
            if not now <= known <= now + self.per:  # long ago, or before the clock was set back
                known = now
            given_back = known + self.per / self.count
            if given_back - now > self.per:
                raise TooMany(self, given_back - now - self.per)
            if len(self._given_back) >= self.most_keys and key not in self._given_back:
                self._make_room(now)
            self._given_back[key] = given_back

    def clear(self) -> None:
        """Forget all uses."""
        with self._lock:
            self._given_back.clear()

    def _make_room(self, now: datetime) -> None:
        for key in [key for key, moment in self._given_back.items() if moment <= now]:
            del self._given_back[key]
        if len(self._given_back) >= self.most_keys:  # so many at once are not readers: begin anew
            self._given_back.clear()


def purge() -> int:
    """Delete rows whose uses are all past; the number deleted."""
    deleted, _by_model = LimitBucket.objects.filter(expires__lt=clock.now()).delete()
    return deleted


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
