"""Who belongs to which group and what groups say, kept up to date by looking only at people who may have changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion import map_kernel as kernel
from kursbuch.domain.opinion import threads
from kursbuch.domain.opinion.frame import Frame, turn_between, turned
from kursbuch.domain.opinion.settings import Settings
from kursbuch.domain.opinion.stances import Stances


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """How many people each colour number has and what they say; added exactly, so shards may be counted anywhere."""

    sizes: NDArray[np.int64]  # (colours,)
    votes: NDArray[np.int32]  # (colours, statements, 3): disagree, pass, agree

    def __add__(self, other: Votes) -> Votes:
        return Votes(self.sizes + other.sizes, self.votes + other.votes)

    @classmethod
    def none(cls, statements: int, settings: Settings) -> Votes:
        colours = 2 * settings.most_groups
        return cls(np.zeros(colours, dtype=np.int64), np.zeros((colours, statements, 3), dtype=np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """People with their group (a colour number, -1 for none) and how long it is certain to hold."""

    stances: Stances
    labels: NDArray[np.int8]  # (people,)
    slack: NDArray[np.float32]  # (people,) reading of the clock until which nobody need look

    @classmethod
    def of(cls, stances: Stances) -> Crowd:
        """These people, none of them looked at yet."""
        many = len(stances.people)
        return cls(stances, np.full(many, -1, dtype=np.int8), np.full(many, -np.inf, dtype=np.float32))

    def copied(self) -> Crowd:
        return Crowd(self.stances, self.labels.copy(), self.slack.copy())


def look(crowd: Crowd, frame: Frame, votes: Votes, clock: float, settings: Settings) -> Votes:
    """Brings labels and slack of a crowd up to date (in place) and returns the votes with what that changed."""
    stances = crowd.stances
    centres = frame.clustering.centres
    if not len(centres) or not len(stances.people):
        return votes
    cells, out, many_out = frame.components.cells, frame.left_out, int(frame.left_out.sum())

    def work(first: int, end: int, least: int = frame.least) -> Votes:
        change = Votes.none(len(frame.statement_ids), settings)
        kernel.group(
            stances.starts, stances.statements, stances.values, first, end, cells, out, many_out,
            centres, frame.numbers, least, clock, crowd.labels, crowd.slack, change.sizes, change.votes,
        )  # fmt: skip
        return change

    for change in threads.over(len(stances.people), work, settings.threads or threads.usable()):
        votes = votes + change
    for row in rows_of(stances, frame.added).tolist():
        crowd.slack[row] = -np.inf
        votes = votes + work(row, row + 1, least=1)
    return votes


def rows_of(stances: Stances, people: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of those of these ids (ascending) that are here."""
    rows = np.searchsorted(stances.people, people)
    here = rows < len(stances.people)
    here[here] = stances.people[rows[here]] == people[here]
    return rows[here]


def group_votes(stances: Stances, frame: Frame, settings: Settings) -> Votes:
    """What the groups of a frame say among these people; partials of different people are added up."""
    crowd = Crowd.of(stances)
    return look(crowd, frame, Votes.none(len(frame.statement_ids), settings), 0.0, settings)


def drift(old: Frame, new: Frame) -> float:
    """At most by how much anybody's difference of distances to two centres changed from one frame to the other.

    Infinite where groups came or went or the statements are others. A person's place is a sum over at most all
    statements, scaled by √(statements / own stances); by Cauchy's inequality it moves by no more than √statements
    times the length of the change of the table. Turning or mirroring the whole picture moves nobody.
    """
    if len(old.statement_ids) != len(new.statement_ids) or not (old.left_out == new.left_out).all():
        return float("inf")
    if set(old.numbers.tolist()) != set(new.numbers.tolist()):
        return float("inf")
    turn = turn_between(old.components.axes, new.components.axes)
    moved = new.components.cells - turned(old.components.cells.T, turn).T
    by_people = np.sqrt(len(new.statement_ids) * (moved**2).sum(axis=0).reshape(-1, 3).max(axis=1).sum())
    former = np.empty_like(new.clustering.centres)
    former[np.argsort(new.numbers)] = old.clustering.centres[np.argsort(old.numbers)]
    by_centres = np.sqrt(((new.clustering.centres - turned(former, turn)) ** 2).sum(axis=1).max(initial=0.0))
    return float(2.0 * (by_people + by_centres))
