"""What only real connections show: revisions, seals and notices while others write at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.models import Count
from tests.database_on_disk import in_thread, on_disk

from kursbuch.chronicle.models import Entry, Mailing, Notice, Seal
from kursbuch.chronicle.queries import verify_chronicle
from kursbuch.chronicle.revision import revision_of
from kursbuch.chronicle.services import (
    announce_seals,
    erase_person,
    follow,
    record,
    seal_entries,
    send_notifications,
)
from kursbuch.kit import clock

pytestmark = pytest.mark.django_db(transaction=True)

writers_side_by_side = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time, by design"
)

PATIENCE = 20


@pytest.fixture(autouse=True)
def _database_on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with on_disk(tmp_path):
        yield


def write(city_id: int, key: str = "1", **said: Any) -> Entry:
    with transaction.atomic():
        return record(city_id=city_id, verb="bench_placed", thing=f"bench:{key}", summary="A bench.", **said)


@writers_side_by_side
def test_the_revision_moves_when_a_lower_entry_becomes_visible_later(city):
    written, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        with transaction.atomic():
            entry = record(city_id=city.pk, verb="bench_placed", thing="bench:1", summary="First.")
            written.set()
            assert go_on.wait(PATIENCE)
        return entry.pk

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(in_thread(slow))
        assert written.wait(PATIENCE)
        second = write(city.pk, "2")  # does not wait for the first
        early = revision_of(city.pk)
        sealed = seal_entries(city.pk)
        assert revision_of(city.pk) == early
        go_on.set()
        assert first.result() < second.pk
    assert sealed is not None
    assert (early, sealed.count, revision_of(city.pk)) == (1, 1, 2)
    seal_entries(city.pk)
    assert revision_of(city.pk) == 2
    assert verify_chronicle(city.pk) == []


@writers_side_by_side
def test_appending_does_not_wait_for_a_sealer(city):
    write(city.pk)
    sealed, go_on = threading.Event(), threading.Event()

    def slow_sealer() -> None:
        with transaction.atomic():
            seal_entries(city.pk)
            sealed.set()
            assert go_on.wait(PATIENCE)

    with ThreadPoolExecutor(1) as pool, ThreadPoolExecutor(1) as writer:
        sealer = pool.submit(in_thread(slow_sealer))
        assert sealed.wait(PATIENCE)
        appended = writer.submit(in_thread(lambda: write(city.pk, "2")))
        try:
            appended.result(PATIENCE)  # the sealer has not ended yet
        finally:
            go_on.set()
        sealer.result()
    assert revision_of(city.pk) == 2


def test_many_writers_and_sealers_leave_one_whole_chain(city, anna):
    revisions: list[int] = []

    def writer(number: int) -> None:
        for step in range(10):
            write(city.pk, f"{number}-{step}", actor=anna.person)

    def sealer() -> None:
        for _ in range(10):
            seal_entries(city.pk)

    def reader() -> None:
        revisions.extend(revision_of(city.pk) for _ in range(40))

    def eraser() -> None:
        for _ in range(5):
            erase_person(anna.person)

    work = [*(lambda n=n: writer(n) for n in range(8)), sealer, sealer, reader, eraser]
    with ThreadPoolExecutor(len(work)) as pool:
        for done in [pool.submit(in_thread(part)) for part in work]:
            done.result()
    seal_entries(city.pk)
    erasures = Entry.objects.filter(verb="person_erased").count()
    assert revision_of(city.pk) == Entry.objects.count() == 80 + erasures
    assert revisions == sorted(revisions)
    assert verify_chronicle(city.pk) == []
    assert not Entry.objects.filter(seal=None).exists()


def test_of_many_sealers_at_once_each_entry_gets_one_seal(city):
    for number in range(20):
        write(city.pk, str(number))
    together = threading.Barrier(6)

    def sealer() -> Seal | None:
        together.wait(PATIENCE)
        return seal_entries(city.pk)

    with ThreadPoolExecutor(6) as pool:
        made = [done.result() for done in [pool.submit(in_thread(sealer)) for _ in range(6)]]
    assert len([seal for seal in made if seal]) == 1
    assert Seal.objects.get().total == 20
    assert verify_chronicle(city.pk) == []


def test_workers_side_by_side_tell_everyone_once(city, anna, frida, olaf):
    people = [anna, frida, olaf]
    for member in people:
        follow(user=member.person, city_id=city.pk, thing="bench:1")
    entries = [write(city.pk) for _ in range(5)]
    seal_entries(city.pk)
    moment = clock.now()
    together = threading.Barrier(5)

    def worker() -> int:
        together.wait(PATIENCE)
        with clock.at(moment):
            return send_notifications()

    with ThreadPoolExecutor(5) as pool:
        sent = sum(done.result() for done in [pool.submit(in_thread(worker)) for _ in range(5)])
    assert Notice.objects.count() == len(people) * len(entries)
    told = Notice.objects.filter(mailing__sent_at__isnull=False).values("user").annotate(n=Count("entry"))
    assert sorted(told.values_list("user", "n")) == sorted((m.person.pk, 5) for m in people)
    assert sent == len(mail.outbox) == Mailing.objects.count() == len(people)
    assert sorted(message.to[0] for message in mail.outbox) == sorted(m.person.email for m in people)


def test_a_seal_is_announced_by_one_worker(city, anna):
    follow(user=anna.person, city_id=city.pk, thing="bench:1")
    write(city.pk)
    seal_entries(city.pk)
    together = threading.Barrier(4)

    def worker() -> int:
        together.wait(PATIENCE)
        return announce_seals(city.pk)

    with ThreadPoolExecutor(4) as pool:
        made = [done.result() for done in [pool.submit(in_thread(worker)) for _ in range(4)]]
    assert sorted(made) == [0, 0, 0, 1]
