"""Sixteen writers of one city at once, each with a connection of its own, through a service that chronicles."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from datetime import timedelta

from bench.figures import Figure
from bench.people import person
from bench.place import MANY, strategy_of
from django.db import OperationalError, connection, connections, transaction

from kursbuch.chronicle.models import Entry
from kursbuch.chronicle.queries.verify import verify_chronicle
from kursbuch.chronicle.services import record, seal_entries
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.kit.limits import Limit
from kursbuch.strategy.models import Amendment, Comment, State
from kursbuch.strategy.services import discuss_amendment

WRITERS = 16
SECONDS = 8.0
Work = Callable[[Amendment, Membership, str], None]
TARGET = 200  # on PostgreSQL; SQLite has one writer at a time, by design


def figures() -> list[Figure]:
    """An entry with the row it tells of, and a whole remark as people make it: token, rate limit, following, entry.
    All in transactions that survive a power cut."""
    strategy = strategy_of(MANY)
    amendment = Amendment.objects.filter(strategy=strategy, state=State.SUBMITTED).first()
    assert amendment is not None
    members = [person(strategy.city, f"Writer{n}").pk for n in range(WRITERS)]
    rate, remarks = (_rate(work, amendment.pk, members) for work in (_append, _remark))
    seal_entries(strategy.city_id)
    if verify_chronicle(strategy.city_id):
        raise RuntimeError("the chronicle does not verify")
    target = TARGET if connection.vendor == "postgresql" else None
    return [
        Figure(f"chronicled writes, {WRITERS} writers of one city", rate, "a second", at_least=target),
        Figure("… whole remarks through the service", remarks, "a second"),
    ]


def _rate(work: Work, amendment_key: int, member_keys: list[int]) -> float:
    """Writes a second of all writers together."""
    before = Entry.objects.count()
    connections.close_all()
    context = multiprocessing.get_context("fork")
    begin, written = context.Barrier(WRITERS + 1), context.Value("i", 0)
    writers = [
        context.Process(target=_write, args=(work, amendment_key, member, begin, written)) for member in member_keys
    ]
    for writer in writers:
        writer.start()
    begin.wait(60)
    start = time.perf_counter()
    for writer in writers:
        writer.join()
    took = time.perf_counter() - start
    if Entry.objects.count() - before != written.value:
        raise RuntimeError("entries and writes do not match")
    return float(written.value / took)


def _write(work: Work, amendment_key: int, member_key: int, begin, written) -> None:  # type: ignore[no-untyped-def]
    discuss_amendment.COMMENTS = Limit("bench", count=1_000_000, per=timedelta(seconds=1))
    amendment = Amendment.objects.select_related("strategy").get(pk=amendment_key)
    member = Membership.objects.select_related("user", "city", "office").get(pk=member_key)
    begin.wait(60)
    until, count = time.perf_counter() + SECONDS, 0
    while time.perf_counter() < until:
        try:
            work(amendment, member, f"Bemerkung {count}.")
        except OperationalError as error:  # SQLite: others were quicker for half a minute
            if "locked" not in str(error):
                raise
        else:
            count += 1
    with written.get_lock():
        written.value += count
    connections.close_all()


@transaction.atomic
def _append(amendment: Amendment, member: Membership, text: str) -> None:
    comment = Comment.objects.create(amendment=amendment, author=member.user, text=text, at=clock.now())
    record(
        city_id=member.city_id,
        verb="amendment_commented",
        thing=f"amendment:{amendment.pk}",
        summary=amendment.title,
        actor=member.user,
        data={"comment": comment.pk},
    )


def _remark(amendment: Amendment, member: Membership, text: str) -> None:
    discuss_amendment.comment_on_amendment(amendment=amendment, by=member, text=text)
