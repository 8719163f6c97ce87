"""What would have sufficed for a project to be funded, found by counting again until it just is.

Boehmer et al., "Evaluation of Project Performance in Participatory Budgeting" (IJCAI 2024), call the two measures the
cost reduction and, for voters who join and vote for this project alone, the singleton addition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from kursbuch.domain.voting.election import BallotKind, Election
from kursbuch.domain.voting.explanation import Basis, Remedy
from kursbuch.domain.voting.grouping import group
from kursbuch.domain.voting.method import Method
from kursbuch.domain.voting.tally import tally


def what_suffices(election: Election, method: Method, project: int) -> Remedy:
    """How much cheaper an unfunded project must be, or how many more people must vote for it, all else equal.

    The whole method is run with each cost or number tried: with what is returned the project is funded, with one minor
    unit more or one person fewer it is not. More people share the same budget. ``cost`` is ``None`` if the project
    would not be funded for nearly nothing, ``votes`` if as many people again as there are would not help, or if
    ballots are rankings (one more ballot cannot rank a single project above others).

    :raises ValueError: if the project is funded as it is.
    """

    def wins(changed: Election) -> bool:
        return project in tally(changed, method).selected

    if wins(election):
        raise ValueError(f"project {election.projects[project].id} is funded")
    cost = _last(lambda cost: wins(_at_cost(election, project, cost)), 1, election.projects[project].cost)
    votes = None
    if election.ballots.kind is not BallotKind.RANKING:
        people = max(election.ballots.voters, 1)
        votes = _last(lambda fewer: wins(_with_votes(election, project, people - fewer)), 0, people)
        votes = None if votes is None else people - votes
    return Remedy(cost, votes, Basis.COUNTED_AGAIN)


def _last(holds: Callable[[int], bool], first: int, stop: int) -> int | None:
    """A number below ``stop`` for which it holds, and for the next one not; it holds not for ``stop``."""
    if not holds(first):
        return None
    low, high = first, stop
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _at_cost(election: Election, project: int, cost: int) -> Election:
    projects = list(election.projects)
    projects[project] = replace(projects[project], cost=cost)
    return replace(election, projects=tuple(projects))


def _with_votes(election: Election, project: int, people: int) -> Election:
    """So many people more, all of whom vote for this project alone, with all the points anybody may give."""
    ballots = election.ballots
    points = districts = None
    if ballots.points is not None:
        sums = np.add.reduceat(np.append(ballots.points, 0), np.minimum(ballots.starts[:-1], len(ballots.points)))
        points = np.append(ballots.points, sums.max(initial=1))
    if ballots.districts is not None:
        home = election.projects[project].district
        districts = np.append(ballots.districts, election.districts.index(home) if home in election.districts else -1)
    added = group(
        ballots.kind,
        np.append(ballots.starts, ballots.starts[-1] + 1),
        np.append(ballots.projects, project),
        points,
        np.append(ballots.weights, people),
        districts,
    )
    return replace(election, ballots=added)
