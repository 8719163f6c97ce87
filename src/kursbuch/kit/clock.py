"""The one clock of all services, so that tests and the demonstration can live on another day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_fixed: ContextVar[datetime | None] = ContextVar("kursbuch_clock", default=None)


def now() -> datetime:
    """The present moment, with its time zone."""
    return _fixed.get() or timezone.now()


def today() -> date:
    """The present day in the time zone of the installation."""
    return timezone.localdate(now(), timezone.get_default_timezone())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stand the clock still at ``moment`` (with its time zone) for the length of a block."""
    if timezone.is_naive(moment):
        raise ValueError("the moment needs a time zone")
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
