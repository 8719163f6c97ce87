"""Sixteen writers of one city at once, each with a connection of its own, through a service that chronicles."""

from __future__ import annotations

import multiprocessing
import time
from datetime import timedelta

from bench.figures import Figure
from bench.people import person
from bench.place import MANY, strategy_of
from django.db import OperationalError, connection, connections

from kursbuch.chronicle.models import Entry
from kursbuch.chronicle.queries.verify import verify_chronicle
from kursbuch.chronicle.services import seal_entries
from kursbuch.identity.models import Membership
from kursbuch.kit.limits import Limit
from kursbuch.strategy.models import Amendment, State
from kursbuch.strategy.services import discuss_amendment

WRITERS = 16
SECONDS = 8.0
TARGET = 200  # on PostgreSQL; SQLite has one writer at a time, by design


def figures() -> list[Figure]:
    """Remarks on one amendment: each is a row and an entry, in a transaction that survives a power cut."""
    strategy = strategy_of(MANY)
    amendment = Amendment.objects.filter(strategy=strategy, state=State.SUBMITTED).first()
    assert amendment is not None
    members = [person(strategy.city, f"Writer{n}") for n in range(WRITERS)]
    before = Entry.objects.count()
    connections.close_all()
    context = multiprocessing.get_context("fork")
    begin, written = context.Barrier(WRITERS + 1), context.Value("i", 0)
    writers = [context.Process(target=_write, args=(amendment.pk, member.pk, begin, written)) for member in members]
    for writer in writers:
        writer.start()
    begin.wait(60)
    start = time.perf_counter()
    for writer in writers:
        writer.join()
    took = time.perf_counter() - start
    if Entry.objects.count() - before != written.value:
        raise RuntimeError("entries and remarks do not match")
    seal_entries(strategy.city_id)
    if verify_chronicle(strategy.city_id):
        raise RuntimeError("the chronicle does not verify")
    target = TARGET if connection.vendor == "postgresql" else None
    return [
        Figure(f"chronicled writes, {WRITERS} writers of one city", written.value / took, "a second", at_least=target)
    ]


def _write(amendment_key: int, member_key: int, begin, written) -> None:  # type: ignore[no-untyped-def]
    discuss_amendment.COMMENTS = Limit("bench", count=1_000_000, per=timedelta(seconds=1))
    amendment = Amendment.objects.select_related("strategy").get(pk=amendment_key)
    member = Membership.objects.select_related("user", "city", "office").get(pk=member_key)
    begin.wait(60)
    until, count = time.perf_counter() + SECONDS, 0
    while time.perf_counter() < until:
        try:
            discuss_amendment.comment_on_amendment(amendment=amendment, by=member, text=f"Bemerkung {count}.")
        except OperationalError as error:  # SQLite: others were quicker for half a minute
            if "locked" not in str(error):
                raise
        else:
            count += 1
    with written.get_lock():
        written.value += count
    connections.close_all()
