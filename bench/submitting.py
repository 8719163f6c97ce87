"""Somebody proposes a change to a large strategy and hands it in: two forms, in one process, one after the other."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable

from bench.figures import Figure
from bench.people import person
from bench.place import MANY, strategy_of
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

ROUNDS = 15
KEYS = ("L001", "F001", "Z001")


def figures() -> list[Figure]:
    client = Client(headers={"host": MANY})
    client.force_login(person(strategy_of(MANY).city, "Simone").person)
    for number in range(3):  # the first ones read the edition
        hand_in(client, number)
    times = [took(lambda number=number: hand_in(client, number)) for number in range(ROUNDS)]  # type: ignore[misc]
    with CaptureQueriesContext(connection) as queries:
        hand_in(client, 0)
    return [
        Figure("one proposal written and handed in", 1000 * statistics.median(time for time, _ in times), "ms"),
        Figure("… of it processor time", 1000 * statistics.median(time for _, time in times), "ms", at_most=200),
        Figure("… queries", len(queries), ""),
    ]


def hand_in(client: Client, number: int) -> None:
    token = str(uuid.uuid4())
    address = f"/antraege/neu/?element={KEYS[number % len(KEYS)]}"
    draft = _send(client, address, {"title": f"Antrag {token}", "text": f"Neu: {token}.", "token": token})
    _send(client, draft, {"title": f"Antrag {token}", "rationale": "Weil es besser ist.", "submit": "1"})


def _send(client: Client, address: str, fields: dict[str, str]) -> str:
    response = client.post(address, fields)
    if response.status_code != 302:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return str(response.headers["Location"])


def took(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy
