"""Two whole editions as a redline, and a search: pure computing, and one query."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from bench.figures import Figure
from bench.generate import Writer
from bench.place import MANY, strategy_of

from kursbuch.domain.framework.markup import parse
from kursbuch.domain.framework.redline import redline
from kursbuch.kit import search
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.services.index_edition import index_edition

CHANGED = 0.05


def figures() -> list[Figure]:
    strategy = strategy_of(MANY)
    loaded = load_edition(latest_edition(strategy))
    before = [str(element.fields["text"]) for element in loaded.tree.elements.values()]
    after = edited(before)

    def compare() -> None:
        parse.cache_clear()  # as if both editions were seen for the first time
        for old, new in zip(before, after, strict=True):
            redline(old, new)

    words = sum(len(text.split()) for text in before)
    index_edition(loaded)
    return [
        Figure(f"redline of two editions of {words:,} words, 5 % changed", median(compare), "s", at_most=1),
        Figure("… of it processor time", median(compare, clock=time.process_time), "s"),
        Figure(
            "search in 2,000 elements, part of a compound",
            1000 * median(lambda: search.find(strategy.city_id, "Netz", language="de").total),
            "ms",
        ),
    ]


def edited(texts: list[str]) -> list[str]:
    """Every twentieth word is another one."""
    chance, nouns = random.Random(3), Writer(3).nouns
    return [
        "\n\n".join(
            " ".join(chance.choice(nouns) if chance.random() < CHANGED else word for word in paragraph.split(" "))
            for paragraph in text.split("\n\n")
        )
        for text in texts
    ]


def median(work: Callable[[], object], rounds: int = 5, clock: Callable[[], float] = time.perf_counter) -> float:
    times = []
    for _ in range(rounds):
        start = clock()
        work()
        times.append(clock() - start)
    return statistics.median(times)
