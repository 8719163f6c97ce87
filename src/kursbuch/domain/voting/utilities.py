"""Who supports which project by how much: from an election to what a rule needs of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kursbuch.domain.voting.election import BallotKind, Ballots, Election
from kursbuch.domain.voting.method import Utility
from kursbuch.domain.voting.profile import Profile
from kursbuch.domain.voting.utilities_kernel import (
    BORDA,
    LEXICOGRAPHIC,
    NAMED,
    POINTS,
    count_supporters,
    deal_supporters,
)

LONGEST_LEXICOGRAPHIC = 62  # places whose powers of two fit into 64 bits
_WORTH_A_THREAD = 1 << 16  # entries


def profile(election: Election, utility: Utility, *, threads: int = 2) -> Profile:
    """The supporters of each project and what it is worth to them.

    Somebody supports what they named, if they gave points only with more than zero of them. COST and CARDINALITY say
    no more than that (``utilities`` is None; a rule that counts by cost takes the project's cost). SCORE is the points
    given and, for rankings, Borda: the number of projects that this ballot ranks below (as pabutools'
    ``Additive_Borda_Sat``), so that the last of a ballot is not supported; approvals count 1. LEXICOGRAPHIC, for
    rankings, gives 2 ** (L - 1 - place) where L is the length of the longest ballot.

    :raises ValueError: for LEXICOGRAPHIC with other ballots than rankings or more than 62 places.
    """
    ballots = election.ballots
    meaning = _meaning(ballots, utility)
    longest = int(np.diff(ballots.starts).max(initial=0))
    if meaning == LEXICOGRAPHIC and longest > LONGEST_LEXICOGRAPHIC:
        raise ValueError(
            f"lexicographic utilities fit {LONGEST_LEXICOGRAPHIC} places; the longest ballot ranks {longest} projects"
        )
    count = len(election.projects)
    points = np.empty(0, np.int64) if ballots.points is None else ballots.points
    named = ballots.starts, ballots.projects, points, ballots.weights, meaning, longest
    halves = _halves(ballots)
    counts = np.zeros((len(halves) - 1, 2, count), np.int64)
    with ThreadPoolExecutor(threads) as pool:

        def number(half: int) -> None:
            count_supporters(*named, halves[half], halves[half + 1], counts[half])

        list(pool.map(number, range(len(counts))))
        # Project by project, in each first what several people cast, then what one did, in both half by half.
        ends = np.append(0, counts.transpose(2, 1, 0).ravel().cumsum())
        cursors = ends[:-1].reshape(count, 2, len(counts)).transpose(2, 1, 0).copy()
        starts, singles = np.append(cursors[0, 0], ends[-1]), cursors[0, 1].copy()
        types = np.empty(starts[-1], np.int32)
        utilities = np.empty(0 if meaning == NAMED else starts[-1], np.int64)

        def deal(half: int) -> None:
            deal_supporters(*named, halves[half], halves[half + 1], cursors[half], types, utilities)

        list(pool.map(deal, range(len(counts))))
    return Profile(
        costs=np.array([project.cost for project in election.projects], np.int64),
        budget=election.budget,
        weights=ballots.weights,
        starts=starts,
        singles=singles,
        types=types,
        utilities=None if meaning == NAMED else utilities,
    )


def _meaning(ballots: Ballots, utility: Utility) -> int:
    if utility in (Utility.COST, Utility.CARDINALITY):
        return NAMED
    if utility is Utility.LEXICOGRAPHIC:
        if ballots.kind is not BallotKind.RANKING:
            raise ValueError(f"lexicographic utilities need rankings; these are {ballots.kind} ballots")
        return LEXICOGRAPHIC
    if ballots.kind is BallotKind.RANKING:
        return BORDA
    return NAMED if ballots.points is None else POINTS


def _halves(ballots: Ballots) -> list[int]:
    return [0, len(ballots) // 2, len(ballots)] if len(ballots.projects) > _WORTH_A_THREAD else [0, len(ballots)]
