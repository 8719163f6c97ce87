"""Asks one address as often as it can for some seconds, over connections that stay open; loopback only."""

from __future__ import annotations

import multiprocessing
import select
import socket
import statistics
import time
from dataclasses import dataclass

HOST = "127.0.0.1"
END_OF_HEAD = b"\r\n\r\n"
LARGEST = 1 << 20


@dataclass(frozen=True)
class Rate:
    """Answers a second, and how many bytes one answer had."""

    per_second: float
    bytes: int


def request_for(path: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def measure(port: int, path: str, *headers: str, seconds: float = 3.0, connections: int = 8) -> Rate:
    """Answers a second with this many open connections, from a process of its own."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    arguments = (sender, port, request_for(path, *headers), seconds, connections)
    client = multiprocessing.get_context("fork").Process(target=_client, args=arguments)
    client.start()
    count, took, size, wrong = receiver.recv()
    client.join()
    if wrong:
        raise RuntimeError(f"{path} answered {wrong}")
    return Rate(count / took, size)


def compare(port: int, paths: dict[str, tuple[str, ...]], *, rounds: int = 3, seconds: float = 2.0) -> dict[str, Rate]:
    """The median rate of each path over some rounds; in each, all are asked one after the other."""
    found: dict[str, list[Rate]] = {name: [] for name in paths}
    for _ in range(rounds):
        for name, asked in paths.items():
            found[name].append(measure(port, *asked, seconds=seconds))
    return {
        name: Rate(statistics.median(rate.per_second for rate in rates), rates[-1].bytes)
        for name, rates in found.items()
    }


def _client(result, port: int, request: bytes, seconds: float, connections: int) -> None:  # type: ignore[no-untyped-def]
    open_ones = {}
    poll = select.epoll()
    for _ in range(connections):
        connection = socket.create_connection((HOST, port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        open_ones[connection.fileno()] = connection
        poll.register(connection, select.EPOLLIN)
    # Each connection leads to one of the server's processes: afterwards all of them have the page, compressed too.
    firsts = [_first(connection, request) for _ in range(3) for connection in open_ones.values()]
    size, wrong = firsts[-1]
    count = 0
    left = dict.fromkeys(open_ones, size)
    buffer = bytearray(LARGEST)
    start = time.perf_counter()
    for connection in open_ones.values():
        connection.sendall(request)
    while not wrong and (took := time.perf_counter() - start) < seconds:
        for number, _event in poll.poll(1):
            got = open_ones[number].recv_into(buffer)
            left[number] -= got
            if not got or left[number] < 0:
                wrong = "something of another length"
            elif left[number] == 0:
                count += 1
                left[number] = size
                open_ones[number].sendall(request)
    result.send((count, time.perf_counter() - start if wrong else took, size, wrong))


def _first(connection: socket.socket, request: bytes) -> tuple[int, str]:
    """How long the whole answer is, and what is wrong with it."""
    connection.sendall(request)
    answer = b""
    while END_OF_HEAD not in answer:
        answer += connection.recv(LARGEST)
    head, _, body = answer.partition(END_OF_HEAD)
    lines = head.decode().split("\r\n")
    status = lines[0].split()[1]
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    length = int(fields.get("content-length", 0))
    while len(body) < length:
        body += connection.recv(LARGEST)
    return len(head) + len(END_OF_HEAD) + length, "" if status in {"200", "304"} else status
