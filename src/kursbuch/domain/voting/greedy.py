"""Greedy: the best-supported project first, as far as the money goes. What most cities do."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.constraints import Limits
from kursbuch.domain.voting.outcome import Outcome, Round, Stage
from kursbuch.domain.voting.profile import Profile


def scores(profile: Profile) -> list[int]:
    """How many people support each project, or the utilities added up where ballots differ in them."""
    if profile.utilities is None:
        return [int(each) for each in profile.votes]
    terms = zip(profile.weights[profile.types].tolist(), profile.utilities.tolist(), strict=True)
    worth = [weight * utility for weight, utility in terms]
    starts = profile.starts.tolist()
    return [sum(worth[first:last]) for first, last in pairwise(starts)]


def greedy(
    profile: Profile,
    *,
    ranks: NDArray[np.int64] | None = None,
    eligible: NDArray[np.bool_] | None = None,
    limits: Limits | None = None,
    per_cost: bool = False,
    skip: bool = True,
    funded: Iterable[int] = (),
) -> Outcome:
    """Funds by score, or by score per cost; ``funded`` are there already and not listed again.

    With ``skip`` a project that no longer fits is passed over, else it ends the rule. Projects that nobody supports
    are never funded; those ruled out by ``limits`` are passed over in any case.
    """
    projects = len(profile.costs)
    places = list(range(projects)) if ranks is None else ranks.tolist()
    costs, points = profile.costs.tolist(), scores(profile)
    marks = [Fraction(points[j], costs[j]) if per_cost else Fraction(points[j]) for j in range(projects)]
    taken = list(funded)
    shut = (limits or Limits.none(projects)).bars(profile.costs)
    for j in taken:
        shut.fund(j)
    room = profile.budget - sum(costs[j] for j in taken)
    waiting = [j for j in range(projects) if points[j] > 0 and (eligible is None or eligible[j])]
    waiting.sort(key=lambda j: (-marks[j], places[j]))
    rounds: list[Round] = []
    for place, j in enumerate(waiting):
        if shut.out(j):
            continue
        if costs[j] > room:
            if skip:
                continue
            break
        tied = tuple(
            sorted(k for k in waiting[place + 1 :] if marks[k] == marks[j] and not shut.out(k) and costs[k] <= room)
        )
        rounds.append(Round(j, Stage.GREEDY, tied=tied))
        room -= costs[j]
        shut.fund(j)
    return Outcome(tuple(rounds))
