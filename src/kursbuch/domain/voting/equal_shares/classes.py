"""Ballot types that agree on what gets funded are one class: they pay alike, and so always have the same left.

As long as nothing but some projects is funded, whatever happens to a class happens to each of its ballot types. So a
run over classes is the same run, with a fraction of the entries: most people who differ do so over what nobody funds.
A project outside of those looked at has only some of a class among its supporters, which is why each entry says how
many people it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from .contest import MOST_ALIKE, Contest
from .kernels import Counts, Field, Flags, Floats, Ints, Places, screen

_WORTH_IT = 1 << 12  # entries
_BLOCK = 64  # classes that are passed over together if none of them supports a project
_ONE = np.uint32(1)


@njit(cache=True, nogil=True)
def near(field: Field, left: Floats, share: float) -> Flags:
    """The projects whose supporters have at least so great a ``share`` left of what they cost."""
    found = np.zeros(len(field.costs), np.bool_)
    for c in range(len(found)):
        found[c] = screen(field, left, c, 1.0)[2] >= share * field.costs[c]
    return found


@dataclass(frozen=True, slots=True)
class Merged:
    """A contest in classes: right for as long as none but these ``projects`` are funded.

    For ``decide`` and ``follow``; exact figures want ballot types (``Ledger``), of which all or none support a project.
    """

    contest: Contest
    projects: Flags


class Classes:
    """Which class each ballot type of a contest is in, told apart by more and more projects."""

    def __init__(self, contest: Contest) -> None:
        self._contest = contest
        self._of = np.zeros(len(contest.field.weights), dtype=np.uint32)
        self._projects = np.zeros(len(contest.field.costs), dtype=np.bool_)

    def plain(self) -> Merged | None:
        """The contest as it is, if merging is not worth it or cannot be."""
        field = self._contest.field
        if len(field.types) >= _WORTH_IT and len(field.values) == 0 and self._contest.profile.voters <= MOST_ALIKE:
            return None
        return Merged(self._contest, np.ones(len(field.costs), dtype=np.bool_))

    def told_apart(self, projects: Flags) -> Merged:
        """By these projects, too; for a contest that is not better left ``plain``."""
        field, of = self._contest.field, self._of
        weights = _part(field.starts, field.types, field.weights, np.flatnonzero(projects & ~self._projects), of)
        self._projects = self._projects | projects
        starts, singles, types, people = _columns(
            field.starts, field.singles, field.types, field.people, of, len(weights)
        )
        smaller = field._replace(starts=starts, singles=singles, types=types, people=people, weights=weights)
        return Merged(replace(self._contest, field=smaller), self._projects)


@njit(cache=True, nogil=True)
def _part(starts: Ints, types: Places, weights: Ints, projects: Ints, of: Places) -> Ints:
    """Parts classes ``of`` ballot types by one project after the other (partition refinement, Paige and Tarjan 1987).

    Numbers them as they first come; returns how many people are in each.
    """
    many = 1
    for t in range(len(of)):
        many = max(many, of[t] + 1)
    parted, by = np.zeros(2 * many, np.uint32), np.full(2 * many, -1, np.int32)  # a class's new part, what made it
    for project in projects:
        for i in range(starts[project], starts[project + 1]):
            former = of[types[i]]
            if by[former] != project:
                if many == len(parted):
                    parted = np.append(parted, np.zeros(many, np.uint32))
                    by = np.append(by, np.full(many, -1, np.int32))
                parted[former] = many
                by[former] = project
                many += 1
            of[types[i]] = parted[former]
    number = np.full(many, -1, np.int32)
    people = np.zeros(many, np.int64)
    found = 0
    for t in range(len(of)):
        if weights[t] > 0:
            if number[of[t]] < 0:
                number[of[t]] = found
                found += 1
            of[t] = number[of[t]]
            people[of[t]] += weights[t]
    return people[:found].copy()


@njit(cache=True, nogil=True)
def _columns(
    starts: Ints, singles: Ints, types: Places, people: Counts, of: Places, classes: int
) -> tuple[Ints, Ints, Places, Counts]:
    """The supporters of each project by class, with how many people of it they are."""
    projects = len(starts) - 1
    counts = np.zeros(classes, np.uint32)
    touched = np.zeros(classes // _BLOCK + 1, np.bool_)
    starts_, singles_ = np.zeros_like(starts), np.zeros_like(singles)
    types_, people_ = np.empty_like(types), np.empty_like(people)
    alone = np.empty(classes, np.uint32)
    for c in range(projects):
        several, counted, one = (
            types[starts[c] : singles[c]],
            people[starts[c] : singles[c]],
            types[singles[c] : starts[c + 1]],
        )
        for i in range(len(several)):
            k = of[several[i]]
            counts[k] += counted[i]
            touched[k // np.uint32(_BLOCK)] = True
        for i in range(len(one)):
            k = of[one[i]]
            counts[k] += _ONE
            touched[k // np.uint32(_BLOCK)] = True
        into, found = starts_[c], 0
        for block in range(len(touched)):
            if touched[block]:
                touched[block] = False
                for k in range(block * _BLOCK, min(classes, (block + 1) * _BLOCK)):
                    if counts[k] == 1:
                        alone[found] = k
                        found += 1
                    elif counts[k] > 1:
                        types_[into], people_[into] = k, counts[k]
                        into += 1
                    counts[k] = 0
        singles_[c], starts_[c + 1] = into, into + found
        types_[into : into + found] = alone[:found]
    end = starts_[projects]
    return starts_, singles_, types_[:end], people_[:end]  # nobody ever touches what is behind
