"""Pages that are kept, as anonymous readers get them, against an empty Django view on the same server."""

from __future__ import annotations

import http.client
import time

from bench.figures import Figure
from bench.load import Rate, compare
from bench.server import Server

PAGES = ("/", "/strategie/", "/M001/")
BARE, EMPTY = "/bench/bare/", "/bench/empty/"
PROCESSES = 2
SETTLE = 1.0  # seconds for a process to get from its beginning to waiting for requests
PACKED = "Accept-Encoding: gzip"  # what every browser sends


def figures() -> list[Figure]:
    """Rates of every page as browsers ask for it, and of those they have already."""
    server = Server()
    server.start()
    try:
        first = _first(server, "/strategie/")
        asked: dict[str, tuple[str, ...]] = {BARE: (BARE,), EMPTY: (EMPTY,)}
        for path in PAGES:
            asked[path] = (path, PACKED)
            asked[f"{path} known"] = (path, PACKED, f"If-None-Match: {_tag(server.port, path)}")
        rates = compare(server.port, asked)
        before = server.memory()
        _read_often(server.port)
        return [
            Figure("first page of new processes, the whole strategy", 1000 * first, "ms", at_most=500),
            *_figures(rates),
            *_memory(before, server.memory()),
        ]
    finally:
        server.stop()


def _figures(rates: dict[str, Rate]) -> list[Figure]:
    bare, empty = rates.pop(BARE).per_second, rates.pop(EMPTY).per_second
    found = [
        Figure("empty view without any middleware", bare, "a second"),
        Figure("empty view behind the same middleware", empty, "a second"),
    ]
    for name, rate in rates.items():
        path, _, known = name.partition(" ")
        size = "304" if known else f"{rate.bytes / 1000:,.0f} kB"
        found += [
            Figure(f"{path} kept ({size})", rate.per_second, "a second"),
            Figure("… of the empty view behind the same middleware", rate.per_second / empty, "times", at_least=0.6),
            Figure("… of the empty view without any middleware", rate.per_second / bare, "times"),
        ]
    return found


def _memory(before: list[float], after: list[float]) -> list[Figure]:
    return [
        Figure("memory of a server process", max(before), "MB"),
        Figure("… after 100 readings of the whole strategy, each another edition", max(after), "MB"),
    ]


def _first(server: Server, path: str) -> float:
    """Seconds that whoever comes first waits, once the processes are there."""
    while len(server.memory()) < PROCESSES:
        time.sleep(0.1)
    time.sleep(SETTLE)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    start = time.perf_counter()
    connection.request("GET", path, headers={"Host": "localhost"})
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return time.perf_counter() - start


def _tag(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Host": "localhost"})
    response = connection.getresponse()
    response.read()
    return response.headers["ETag"] or ""


def _read_often(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for number in range(300, 400):
        connection.request("GET", f"/strategie/?fassung={number}", headers={"Host": "localhost"})
        response = connection.getresponse()
        if not response.read() or response.status != 200:
            raise RuntimeError(f"edition {number} answered {response.status}")
