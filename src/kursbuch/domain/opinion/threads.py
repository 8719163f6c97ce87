"""Runs a kernel over people in a few parts at once; kernels add up whole numbers, so the parts never show."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")
SMALL = 8_192  # people for whom a second thread costs more than it saves


def usable() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def over(people: int, work: Callable[[int, int], Result], threads: int) -> list[Result]:
    """``work(first, end)`` for as many parts of ``range(people)`` as there are threads, in the order of the parts."""
    parts = max(1, min(threads, people // SMALL))
    cuts = [people * part // parts for part in range(parts + 1)]
    if parts == 1:
        return [work(0, people)]
    with ThreadPoolExecutor(parts) as pool:
        return list(pool.map(work, cuts[:-1], cuts[1:]))
