"""Measures our engines and other people's in the same way: each in a process of its own, with the same limits.

Times are wall-clock medians beside the processor time of the fastest run, since machines are shared. A process first
does the work once, which compiles loops or finds them on disk; that first time is reported apart.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

THREADS = 2
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Measured:
    """Seconds and megabytes; ``first`` is the first call of the process, ``facts`` is what else was learnt."""

    wall: float
    processor: float
    runs: int
    first: float
    peak: float
    facts: dict[str, Any] = field(default_factory=dict)


def measure(work: Callable[[], Any], runs: int = 7, *, warm: bool = True, **facts: Any) -> Measured:
    """Repeat ``work``: a first time apart (unless not ``warm``), then ``runs`` times."""
    first = _timed(work)[0] if warm else 0.0
    times = [_timed(work) for _ in range(runs)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    walls = [wall for wall, _ in times]
    return Measured(
        statistics.median(walls), min(processor for _, processor in times), runs, first or walls[0], peak, facts
    )


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    processor, wall = time.process_time(), time.perf_counter()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def in_a_process(module: str, name: str, *arguments: str, limit: float = 900.0, **environment: str) -> Measured | None:
    """What ``python -m module --one name arguments…`` measures and prints; ``None`` if it takes longer than ``limit``.

    Ours and others run alike: the same processors, as many threads for whoever uses threads.
    """
    threads = {
        name: str(THREADS)
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    }
    processors = sorted(os.sched_getaffinity(0))[:THREADS]

    def settle() -> None:
        os.sched_setaffinity(0, processors)

    try:
        done = subprocess.run(
            [sys.executable, "-m", module, "--one", name, *arguments],
            stdout=subprocess.PIPE,
            timeout=limit,
            check=True,
            cwd=CHECKOUT,
            env={**os.environ, **threads, **environment},
            preexec_fn=settle,
        )
    except subprocess.TimeoutExpired:
        return None
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def tell(measured: Measured) -> None:
    """The child's last word."""
    print(json.dumps(asdict(measured)))


def bandwidth() -> float:
    """Bytes that this machine reads from memory in a second, with as many threads as all others: the best of ten."""
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    parts = np.array_split(np.ones(64_000_000, np.int64), THREADS)
    best = 0.0
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(10):
            began = time.perf_counter()
            list(pool.map(np.max, parts))
            best = max(best, 512e6 / (time.perf_counter() - began))
    return best


@dataclass(frozen=True)
class Row:
    """One line of the table; ``touched`` are the bytes that the work must at least read."""

    work: str
    ours: Measured | None
    at_most: float | None = None  # seconds
    peer: Measured | None = None
    at_least_ratio: float | None = None
    touched: float | None = None
    note: str = ""
    most_memory: float | None = None  # megabytes
    must: str = ""  # in words, where it is neither time nor memory; ``passed`` says whether it is so
    passed: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.peer.wall / self.ours.wall if self.peer and self.ours else None

    @property
    def verdict(self) -> str:
        if self.passed is not None:
            return "pass" if self.passed else "FAIL"
        if self.at_most is None and self.at_least_ratio is None and self.most_memory is None:
            return ""
        if self.ours is None:
            return "not run"
        good = self.at_most is None or self.ours.wall <= self.at_most
        good = good and (self.at_least_ratio is None or self.ratio is None or self.ratio >= self.at_least_ratio)
        if not good or (self.most_memory is not None and self.ours.peak > self.most_memory):
            return "FAIL"
        return "pass" if self.at_least_ratio is None or self.ratio is not None else "no ratio"


HEAD = ("work", "must reach", "wall", "processor", "peak MB", "peer", "ratio", "× limit", "first call", "", "remark")


def table(rows: Iterable[Row], speed: float) -> str:
    """The rows as a Markdown table. ``× limit``: how often the time suffices to read what must be read from memory."""
    cells = [HEAD, tuple("-" * len(name) for name in HEAD)]
    for row in rows:
        ours, peer = row.ours, row.peer
        limit = ours.wall / (row.touched / speed) if ours and row.touched else None
        cells.append(
            (
                row.work,
                _target(row),
                seconds(ours.wall) if ours else "",
                seconds(ours.processor) if ours else "",
                f"{ours.peak:,.0f}" if ours else "",
                seconds(peer.wall) if peer else "",
                f"{row.ratio:,.0f}" if row.ratio else "",
                f"{limit:,.1f}" if limit else "",
                seconds(ours.first) if ours else "",
                row.verdict,
                row.note,
            )
        )
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEAD))]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width, "-" if at == 1 else " ") for cell, width in zip(row, widths, strict=True))
        + " |"
        for at, row in enumerate(cells)
    )


def _target(row: Row) -> str:
    wanted = [row.must] if row.must else []
    wanted += [f"≤ {seconds(row.at_most)}"] if row.at_most is not None else []
    wanted += [f"≥ {row.at_least_ratio:,.0f}×"] if row.at_least_ratio is not None else []
    wanted += [f"≤ {row.most_memory:,.0f} MB"] if row.most_memory is not None else []
    return ", ".join(wanted)


def seconds(value: float) -> str:
    if value >= 1:
        return f"{value:,.2f} s"
    return f"{value * 1e3:.2f} ms" if value >= 1e-3 else f"{value * 1e6:.0f} µs"


def machine(*packages: str) -> str:
    """What was measured on, and with what."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{model}; {THREADS} processors and threads for everybody; load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, {versions}"
    )


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
