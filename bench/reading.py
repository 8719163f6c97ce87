"""Pages that are rendered anew: how many queries, how long, and whether that depends on the number of editions."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from bench.figures import Figure
from bench.generate import FIRST_DAY
from bench.place import FEW, MANY
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kursbuch.kit.clock import today

LISTS = ("/", "/antraege/", "/fassungen/", "/chronik/strategy/", "/suche/?q=Netz")
ROUNDS = 9

Clock = Callable[[], float]


def figures() -> list[Figure]:
    """MANY has 400 editions, FEW has 40; all else is alike."""
    first = milliseconds(MANY, ["/strategie/"])
    whole, whole_of_few = alternately(lambda: milliseconds(MANY, days()), lambda: milliseconds(FEW, days()))
    element, element_of_few = alternately(lambda: milliseconds(MANY, ["/M001/"]), lambda: milliseconds(FEW, ["/M001/"]))
    found = [
        Figure("whole strategy on any day, not kept: queries", most_queries(MANY, days()), "", at_most=6),
        Figure("whole strategy on any day, not kept: time", whole, "ms", at_most=300),
        Figure("… of it processor time", milliseconds(MANY, days(), time.process_time), "ms"),
        Figure("… the first time in a new process", first, "ms"),
        Figure("… 400 editions against 40", whole / whole_of_few, "times", at_most=1.3),
        Figure("element page, not kept: queries", most_queries(MANY, elements()), "", at_most=8),
        Figure("element page, not kept: time", element, "ms"),
        Figure("… 400 editions against 40", element / element_of_few, "times"),
    ]
    return found + [
        Figure(f"{path.partition('?')[0]}: queries with 400 editions more than with 40", more, "", at_most=0)
        for path in LISTS
        if (more := most_queries(MANY, [path]) - most_queries(FEW, [path])) is not None
    ]


def days() -> list[str]:
    """The strategy as of days spread over its whole history."""
    length = (today() - FIRST_DAY).days
    return [f"/strategie/?am={(FIRST_DAY + timedelta(days=length * n // 8)).isoformat()}" for n in range(1, 8)]


def elements() -> list[str]:
    return ["/L001/", "/F003/", "/Z010/", "/M001/", "/M500/", "/W020/"]


def alternately(one: Callable[[], float], other: Callable[[], float]) -> tuple[float, float]:
    """Both in turns, so that whatever else the machine does meets both."""
    pairs = [(one(), other()) for _ in range(ROUNDS // 2)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def milliseconds(host: str, paths: Sequence[str], clock: Clock = time.perf_counter) -> float:
    """Median time of a page that is not kept."""
    return statistics.median(1000 * _ask(host, path, clock) for path in paths)


def most_queries(host: str, paths: Sequence[str]) -> int:
    counts = []
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            _ask(host, path)
        counts.append(len(queries))
    return max(counts)


def _ask(host: str, path: str, clock: Clock = time.perf_counter) -> float:
    caches["pages"].clear()
    client = Client(headers={"host": host})
    client.handler.load_middleware()  # as a server does when it starts, and not when somebody asks
    start = clock()
    response = client.get(path)
    took = clock() - start
    if response.status_code != 200:
        raise RuntimeError(f"{host}{path} answered {response.status_code}")
    return took
