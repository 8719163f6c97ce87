"""Ballots made by Hypothesis, as plain lists: what arrays must agree with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from kursbuch.domain.voting.election import BallotKind, Ballots
from kursbuch.domain.voting.grouping import group

WITH_POINTS = (BallotKind.CUMULATIVE, BallotKind.SCORING)


@dataclass(frozen=True)
class Cast:
    """One ballot as it came in: what it names in order, the points beside that, its weight and its district."""

    names: tuple[int, ...]
    points: tuple[int, ...]
    weight: int = 1
    district: int = -1

    def contents(self, kind: BallotKind) -> tuple[object, ...]:
        named = list(zip(self.names, self.points, strict=True))
        return tuple(named if kind is BallotKind.RANKING else sorted(named)), self.district


@st.composite
def casts(draw: st.DrawFn, kind: BallotKind, projects: int = 6, most: int = 40) -> list[Cast]:
    def one() -> st.SearchStrategy[Cast]:
        longest = 1 if kind is BallotKind.CHOOSE_ONE else projects
        names = st.lists(st.integers(0, projects - 1), unique=True, max_size=longest).map(tuple)
        return names.flatmap(
            lambda named: st.builds(
                Cast,
                st.just(named),
                st.tuples(*[st.integers(0, 3) if kind in WITH_POINTS else st.just(0) for _ in named]),
                st.integers(1, 3),
                st.integers(-1, 1),
            )
        )

    return draw(st.lists(one(), max_size=most))


def grouped(kind: BallotKind, ballots: list[Cast], *, threads: int = 2, districts: bool = True) -> Ballots:
    return group(
        kind,
        np.cumsum([0] + [len(cast.names) for cast in ballots]),
        [name for cast in ballots for name in cast.names],
        [point for cast in ballots for point in cast.points] if kind in WITH_POINTS else None,
        [cast.weight for cast in ballots],
        [cast.district for cast in ballots] if districts else None,
        threads=threads,
    )
