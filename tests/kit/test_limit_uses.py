"""Limits: exact over a sliding window and across processes, and without anything that names a person."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from tests.kit.installation import Installation

from kursbuch.kit import clock, limits, tasks
from kursbuch.kit.limits import Limit, ReadingLimit, TooMany
from kursbuch.kit.models import LimitBucket

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
THREE = Limit("submit", count=3, per=timedelta(hours=1))


@pytest.mark.django_db
def test_counts_to_the_limit_and_no_further() -> None:
    with clock.at(NOON):
        for left in (2, 1, 0):
            THREE.hit("anna")
            assert THREE.remaining("anna") == left
        with pytest.raises(TooMany) as refused:
            THREE.hit("anna")
        assert refused.value.seconds == 3600
        THREE.hit("bert")
        Limit("vote", 3, timedelta(hours=1)).hit("anna")


@pytest.mark.django_db
def test_the_window_slides() -> None:
    for minute in (0, 10, 50):
        with clock.at(NOON + timedelta(minutes=minute)):
            THREE.hit("anna")
    with clock.at(NOON + timedelta(minutes=59)), pytest.raises(TooMany) as refused:
        THREE.hit("anna")
    assert refused.value.retry_after == timedelta(minutes=1)
    with clock.at(NOON + timedelta(minutes=60)):
        THREE.hit("anna")
        with pytest.raises(TooMany) as refused:
            THREE.hit("anna")
    assert refused.value.retry_after == timedelta(minutes=10)


@pytest.mark.django_db
def test_says_when_to_come_back() -> None:
    with clock.at(NOON), translation.override("en"):
        refused = TooMany(THREE, timedelta(seconds=61))
        assert refused.message == "That was too often in a short time. Please try again in 2 minutes."
    with translation.override("de"):
        assert refused.message == "Das war zu oft in kurzer Zeit. Bitte versuchen Sie es in 2 Minuten wieder."


@pytest.mark.django_db
def test_a_refused_use_does_not_count() -> None:
    with clock.at(NOON):
        for _ in range(3):
            THREE.hit("anna")
        for _ in range(5):
            with pytest.raises(TooMany):
                THREE.hit("anna")
    with clock.at(NOON + timedelta(hours=1)):
        assert THREE.remaining("anna") == 3


@pytest.mark.django_db
def test_clears() -> None:
    for _ in range(3):
        THREE.hit("anna")
    THREE.clear("anna")
    THREE.hit("anna")


@pytest.mark.django_db
def test_a_limit_of_nothing_refuses() -> None:
    with pytest.raises(TooMany):
        Limit("closed", 0, timedelta(hours=1)).hit("anna")


@pytest.mark.django_db
def test_keeps_no_personal_data() -> None:
    THREE.hit("anna@example.org")
    (row,) = LimitBucket.objects.values()
    assert "anna" not in str(row)


@pytest.mark.django_db
def test_the_task_purges_what_is_past() -> None:
    with clock.at(NOON):
        THREE.hit("anna")
    with clock.at(NOON + timedelta(minutes=30)):
        THREE.hit("bert")
    with clock.at(NOON + timedelta(minutes=61)):
        tasks.registered()["kit.purge_limits"].work()
        assert LimitBucket.objects.count() == 1
        assert limits.purge() == 0
        assert THREE.remaining("bert") == 2


HITS = """
from datetime import timedelta
from concurrent.futures import ThreadPoolExecutor
from django.db import connections
from kursbuch.kit.limits import Limit, ReadingLimit, TooMany

def hit(_):
    try:
        Limit("submit", count=50, per=timedelta(hours=1)).hit("anna")
        return 1
    except TooMany:
        return 0
    finally:
        connections.close_all()

with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(hit, range(30))))
"""


def test_processes_and_threads_share_one_count(installation: Installation) -> None:
    """Four processes with four threads each try 120 times; exactly fifty get through."""
    processes = [installation.start_python(HITS) for _ in range(4)]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert sum(int(output) for output in outputs) == 50, outputs


def test_reading_is_counted_without_the_database() -> None:  # which this test may not touch
    reading = ReadingLimit("read", count=3, per=timedelta(minutes=1))
    with clock.at(NOON):
        for _ in range(3):
            reading.hit("anna")
        for _ in range(5):  # what is refused does not count
            with pytest.raises(TooMany) as refused:
                reading.hit("anna")
        assert refused.value.seconds == 20
        reading.hit("bert")
    with clock.at(NOON + timedelta(seconds=20)):
        reading.hit("anna")
        with pytest.raises(TooMany):
            reading.hit("anna")
    with clock.at(NOON + timedelta(hours=1)):
        for _ in range(3):
            reading.hit("anna")
        with pytest.raises(TooMany):
            reading.hit("anna")


def test_a_clock_set_back_keeps_nobody_from_reading() -> None:
    reading = ReadingLimit("read", count=1, per=timedelta(minutes=1))
    for moment in (NOON, NOON - timedelta(days=1)):
        with clock.at(moment):
            reading.hit("anna")


def test_reading_limits_remember_only_so_many() -> None:
    reading = ReadingLimit("read", count=1, per=timedelta(minutes=1), most_keys=2)
    with clock.at(NOON):
        reading.hit("anna")
    with clock.at(NOON + timedelta(seconds=30)):
        reading.hit("bert")
    with clock.at(NOON + timedelta(seconds=61)):
        reading.hit("carla")  # in place of anna, who may ask again anyway
        with pytest.raises(TooMany):
            reading.hit("bert")
        reading.hit("dora")  # one too many at once: all begin anew
        reading.hit("bert")
