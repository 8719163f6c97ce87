"""The clock: real unless it is stood still, and only where it is."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from kursbuch.kit import clock

NEW_YEAR = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)


def test_it_tells_the_real_time():
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)
    assert timezone.is_aware(clock.now())


def test_it_stands_still_for_a_block_and_goes_on():
    with clock.at(NEW_YEAR):
        assert clock.now() == NEW_YEAR
        with clock.at(NEW_YEAR + timedelta(days=1)):
            assert clock.now() == NEW_YEAR + timedelta(days=1)
        assert clock.now() == NEW_YEAR
    assert clock.now() > NEW_YEAR


def test_today_is_a_day_of_the_installation():
    with clock.at(NEW_YEAR):  # half past midnight in Berlin
        assert clock.today() == date(2026, 1, 1)


def test_other_threads_keep_their_time():
    seen: list[datetime] = []
    with clock.at(NEW_YEAR):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != NEW_YEAR


def test_a_moment_needs_a_time_zone():
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass
