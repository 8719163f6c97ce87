"""The opinion landscape: where people stand, which groups they form, what those hold, and how it changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion import agreement, map_kernel, threads
from kursbuch.domain.opinion.frame import Frame, learn, turned
from kursbuch.domain.opinion.grouping import Crowd, Votes, drift, look, rows_of
from kursbuch.domain.opinion.partial import Partial, choose, level, partial
from kursbuch.domain.opinion.priority import priorities
from kursbuch.domain.opinion.representativeness import Representative, represent
from kursbuch.domain.opinion.settings import Moderation, Settings
from kursbuch.domain.opinion.stances import Stance, Stances, merged, union

Array = NDArray[np.float64]
FAR = 0.05  # share of the distance between centres beyond which everybody is looked at anew
SHELF = 65_536  # changed rows are kept apart until they hold as many stances, or an eighth of all


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """People who stand near each other: their colour number, how many they are, and what they hold."""

    number: int
    size: int
    centre: Array  # (2,) in the shown picture
    votes: NDArray[np.int32]  # (statements, 3): disagree, pass, agree
    says: tuple[Representative, ...]


@dataclass(frozen=True, eq=False)
class Overview:
    """A landscape without its people: all that is known of statements and groups. Statements are columns."""

    moderation: Moderation
    settings: Settings
    partial: Partial
    frame: Frame
    votes: Votes

    @property
    def statement_ids(self) -> NDArray[np.int64]:
        return self.frame.statement_ids

    @property
    def counts(self) -> NDArray[np.int64]:
        """(statements, 3): how many of all people disagree, pass, agree."""
        return self.partial.sums.counts

    @property
    def means(self) -> Array:
        return self.frame.components.means

    @cached_property
    def axes(self) -> Array:
        """(2, statements): the principal axes, turned as the picture is shown."""
        return turned(self.frame.components.axes.T, self.frame.view).T

    @property
    def extremity(self) -> Array:
        return self.frame.components.extremity

    @cached_property
    def centres(self) -> Array:
        """(groups, 2): the centres of the groups in the shown picture, by colour number."""
        return turned(self.frame.clustering.centres[np.argsort(self.frame.numbers)], self.frame.view)

    @cached_property
    def base_clusters(self) -> tuple[Array, NDArray[np.int64]]:
        """Places (bases, 2) and people (bases,) of the small clusters that groups were made of."""
        bases = self.frame.clustering.bases
        return turned(bases.centres, self.frame.view), bases.weights

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups by colour number."""
        numbers = np.sort(self.frame.numbers)
        votes, says = self.group_votes, represent(self.group_votes, self.frame.left_out)
        return tuple(
            Group(int(number), int(self.votes.sizes[number]), self.centres[place], votes[place], says[place])
            for place, number in enumerate(numbers)
        )

    @cached_property
    def group_votes(self) -> NDArray[np.int32]:
        """(groups, statements, 3): what each group says, by colour number."""
        return self.votes.votes[np.sort(self.frame.numbers)]

    @cached_property
    def group_aware_consensus(self) -> Array:
        """(statements,): how far all groups agree, as a product of their shares."""
        return agreement.group_aware_consensus(self.group_votes)

    def consensus(self, stance: Stance = Stance.AGREE, most: int = 5) -> tuple[agreement.Consensus, ...]:
        return agreement.consensus(self.counts, self.frame.left_out, stance, most)

    def bridges(self, most: int = 5) -> tuple[agreement.Bridge, ...]:
        return agreement.bridges(self.group_votes, self.frame.left_out, most)

    def divides(self, most: int = 5) -> tuple[agreement.Divide, ...]:
        return agreement.divides(self.group_votes, self.frame.left_out, most)

    @cached_property
    def priorities(self) -> Array:
        """(statements,): the weight with which each should be shown next; 0 for statements left out."""
        meta = self.moderation.about_people(self.statement_ids)
        weight = priorities(self.group_votes.sum(axis=0), self.extremity, meta)
        return np.where(self.frame.left_out, 0.0, weight)


@dataclass(frozen=True, eq=False)
class Landscape(Overview):
    """A landscape with its people. ``base`` and ``recent`` hold them: changed rows stand in ``recent``, apart."""

    base: Crowd
    recent: Crowd
    clock: float

    @cached_property
    def stances(self) -> Stances:
        """All stances there are."""
        return merged(self.base.stances, self.recent.stances) if len(self.recent.labels) else self.base.stances

    @property
    def people(self) -> NDArray[np.int64]:
        return self.stances.people

    @cached_property
    def labels(self) -> NDArray[np.int8]:
        """(people,): each one's group, a colour number; -1 for who is in none."""
        if not len(self.recent.labels):
            return self.base.labels
        labels = np.empty(len(self.people), dtype=np.int8)
        labels[np.searchsorted(self.people, self.base.stances.people)] = self.base.labels
        labels[np.searchsorted(self.people, self.recent.stances.people)] = self.recent.labels
        return labels

    @cached_property
    def coordinates(self) -> Array:
        """(people, 2): where everybody stands in the shown picture; worked out when first asked for."""
        return self.frame.places(self.stances, self.settings.threads or threads.usable())


def landscape(
    stances: Stances,
    *,
    moderation: Moderation | None = None,
    settings: Settings | None = None,
    previous: Overview | None = None,
) -> Landscape:
    """The landscape of these stances.

    It depends on nothing else, except that with ``previous`` it is turned like that picture and its groups keep their
    colours (and that smoothing, if set, goes on from there). Time grows with the sum of squares of people's
    stances plus that of statements; memory with the stances plus the square of statements.
    """
    moderation, settings = moderation or Moderation(), settings or Settings()
    part = partial(stances, settings)
    frame = learn(part, moderation, settings, previous.frame if previous else None)
    return _looked(Crowd.of(stances), moderation, settings, part, frame)


def _looked(crowd: Crowd, moderation: Moderation, settings: Settings, part: Partial, frame: Frame) -> Landscape:
    votes = look(crowd, frame, Votes.none(len(frame.statement_ids), settings), 0.0, settings)
    nobody = Crowd.of(crowd.stances.rows(np.zeros(0, dtype=np.int64)))
    return Landscape(moderation, settings, part, frame, votes, crowd, nobody, 0.0)


def update(former: Landscape, new: Stances) -> Landscape:
    """The landscape after these stances, too: the same as that of all stances with ``previous=former``.

    Costs grow with the new stances, the rows they change and the squares of statements; of everybody else five bytes
    are copied and looked at, and stances only of those who stand so near to a border that their group may be another.
    """
    if not len(new):
        return former
    least = former.settings.least_stances
    statement_ids = union(former.statement_ids, new.statement_ids)
    if len(statement_ids) != len(former.statement_ids):
        if len(former.statement_ids) < least:
            return _afresh(former, new)
        former = _widened(former, statement_ids)
    new = new.over(statement_ids)
    before, old_rows, recent_rows = _rows_before(former, new)
    after = merged(before, new)
    part = _partial_after(former, before, after)
    if part.sums.counted < former.settings.least_people:
        return _afresh(former, new)
    frame = learn(part, former.moderation, former.settings, former.frame)
    recent = _recent_after(former.recent, after)
    moved = drift(former.frame, frame)
    if np.isinf(moved) or moved > FAR * _nearest_centres(frame) or len(former.frame.added):
        clock, base, recent = 0.0, Crowd.of(former.base.stances), Crowd.of(recent.stances)
        base.slack[rows_of(base.stances, recent.stances.people)] = np.inf
        votes = Votes.none(len(statement_ids), former.settings)
    else:
        clock, base = former.clock + moved, former.base.copied()
        votes = Votes(former.votes.sizes.copy(), former.votes.votes.copy())
        _take_out(base, old_rows, votes)
        _take_out(former.recent.copied(), recent_rows, votes)
    votes = look(recent, frame, look(base, frame, votes, clock, former.settings), clock, former.settings)
    updated = Landscape(former.moderation, former.settings, part, frame, votes, base, recent, clock)
    return _put_away(updated) if len(recent.stances) > max(SHELF, len(base.stances) // 8) else updated


def _afresh(former: Landscape, new: Stances) -> Landscape:
    everything = merged(former.stances, new)
    return landscape(everything, moderation=former.moderation, settings=former.settings, previous=former)


def _rows_before(former: Landscape, new: Stances) -> tuple[Stances, NDArray[np.int64], NDArray[np.int64]]:
    """What the people in ``new`` had said before, and their rows in base (unless in recent, too) and in recent."""
    recent_rows = rows_of(former.recent.stances, new.people)
    elsewhere = np.ones(len(new.people), dtype=bool)
    elsewhere[rows_of(new, former.recent.stances.people[recent_rows])] = False
    old_rows = rows_of(former.base.stances, new.people[elsewhere])
    return (
        merged(former.base.stances.rows(old_rows), former.recent.stances.rows(recent_rows)),
        old_rows,
        recent_rows,
    )


def _partial_after(former: Landscape, before: Stances, after: Stances) -> Partial:
    counted = former.partial.sums.changed(before, after, former.settings)
    learners = merged(former.partial.learners, choose(after, counted.counted, former.settings))
    part = Partial(former.partial.statement_ids, counted, learners)
    as_before = level(counted.counted, former.settings) == level(former.partial.sums.counted, former.settings)
    return part if as_before and not len(former.frame.added) else part.settled(former.settings)


def _recent_after(recent: Crowd, after: Stances) -> Crowd:
    """Recent rows with the changed ones, which nobody has looked at yet."""
    crowd = Crowd.of(merged(recent.stances, after))
    places = np.searchsorted(crowd.stances.people, recent.stances.people)
    crowd.labels[places], crowd.slack[places] = recent.labels, recent.slack
    changed = np.searchsorted(crowd.stances.people, after.people)
    crowd.labels[changed], crowd.slack[changed] = -1, -np.inf
    return crowd


def _take_out(crowd: Crowd, rows: NDArray[np.int64], votes: Votes) -> None:
    of = crowd.stances
    map_kernel.take_out(of.starts, of.statements, of.values, rows, crowd.labels, crowd.slack, votes.sizes, votes.votes)


def _nearest_centres(frame: Frame) -> float:
    """The least distance between two centres; infinite where there are not two."""
    centres = frame.clustering.centres
    if len(centres) < 2:
        return float("inf")
    apart = np.hypot(*(centres[:, None] - centres[None, :]).T)
    return float(apart[~np.eye(len(centres), dtype=bool)].min())


def _put_away(shelved: Landscape) -> Landscape:
    """The same landscape with recent rows in their places among all others."""
    slack = np.empty(len(shelved.people), dtype=np.float32)
    slack[np.searchsorted(shelved.people, shelved.base.stances.people)] = shelved.base.slack
    slack[np.searchsorted(shelved.people, shelved.recent.stances.people)] = shelved.recent.slack
    base = Crowd(shelved.stances, shelved.labels, slack)
    nobody = Crowd.of(shelved.stances.rows(np.zeros(0, dtype=np.int64)))
    return Landscape(
        shelved.moderation, shelved.settings, shelved.partial, shelved.frame, shelved.votes, base, nobody, shelved.clock
    )


def _widened(former: Landscape, statement_ids: NDArray[np.int64]) -> Landscape:
    """The same stances with further columns that nobody has said anything on; only what is summed up follows."""
    part = former.partial.over(statement_ids)
    base = Crowd(former.base.stances.over(statement_ids), former.base.labels, former.base.slack)
    recent = Crowd(former.recent.stances.over(statement_ids), former.recent.labels, former.recent.slack)
    return Landscape(former.moderation, former.settings, part, former.frame, former.votes, base, recent, former.clock)
