"""From ballots to supporters: every kind of ballot under every kind of utility."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.voting.ballot_strategies import casts, grouped

from kursbuch.domain.voting.election import BallotKind, Ballots, Election, Project
from kursbuch.domain.voting.grouping import group
from kursbuch.domain.voting.method import Utility
from kursbuch.domain.voting.profile import Profile
from kursbuch.domain.voting.utilities import profile

PROJECTS = tuple(Project(id=str(number), cost=number + 1) for number in range(6))


def election(ballots: Ballots) -> Election:
    return Election(projects=PROJECTS, ballots=ballots, budget=10)


def supporters(made: Profile) -> list[dict[int, int]]:
    columns = []
    for project in range(len(made.costs)):
        part = slice(made.starts[project], made.starts[project + 1])
        types = made.types[part].tolist()
        several = int(made.singles[project] - made.starts[project])
        assert types[:several] == sorted(t for t in types if made.weights[t] > 1)
        assert types[several:] == sorted(t for t in types if made.weights[t] == 1)
        utilities = [1] * len(types) if made.utilities is None else made.utilities[part].tolist()
        columns.append(dict(zip(types, utilities, strict=True)))
    return columns


def obvious_utility(ballots: Ballots, index: int, place: int, utility: Utility) -> int:
    length = int(ballots.starts[index + 1] - ballots.starts[index])
    at = int(ballots.starts[index]) + place
    points = 1 if ballots.points is None else int(ballots.points[at])
    if utility is Utility.SCORE:
        return length - place - 1 if ballots.kind is BallotKind.RANKING else points
    if utility is Utility.LEXICOGRAPHIC:
        longest = max(ballots.starts[1:] - ballots.starts[:-1])
        return int(2 ** (longest - 1 - place))
    return int(points > 0)


@given(st.data(), st.sampled_from(BallotKind), st.sampled_from(Utility), st.sampled_from((1, 2)))
def test_profile_turns_ballots_into_supporters(
    data: st.DataObject, kind: BallotKind, utility: Utility, threads: int
) -> None:
    if utility is Utility.LEXICOGRAPHIC:
        kind = BallotKind.RANKING
    ballots = grouped(kind, data.draw(casts(kind)))
    expected: list[dict[int, int]] = [{} for _ in PROJECTS]
    for index in range(len(ballots)):
        for place in range(ballots.starts[index + 1] - ballots.starts[index]):
            worth = obvious_utility(ballots, index, place, utility)
            if worth > 0 and ballots.weights[index] > 0:
                expected[ballots.projects[ballots.starts[index] + place]][index] = worth
    made = profile(election(ballots), utility, threads=threads)
    assert supporters(made) == expected
    assert made.costs.tolist() == [1, 2, 3, 4, 5, 6]
    assert (made.budget, made.voters) == (10, ballots.voters)


def test_borda_counts_who_is_ranked_below() -> None:
    ballots = group(BallotKind.RANKING, [0, 3], [4, 0, 2])
    made = profile(election(ballots), Utility.SCORE)
    assert supporters(made) == [{0: 1}, {}, {}, {}, {0: 2}, {}]


def test_lexicographic_utilities_refuse_approvals_and_ballots_too_long() -> None:
    with pytest.raises(ValueError, match="need rankings; these are approval"):
        profile(election(group(BallotKind.APPROVAL, [0, 1], [0])), Utility.LEXICOGRAPHIC)
    many = tuple(Project(id=str(number), cost=1) for number in range(63))
    ranked = Election(many, group(BallotKind.RANKING, [0, 63], list(range(63))), budget=1)
    with pytest.raises(ValueError, match="fit 62 places; the longest ballot ranks 63"):
        profile(ranked, Utility.LEXICOGRAPHIC)
    fits = Election(many, group(BallotKind.RANKING, [0, 62], list(range(62))), budget=1)
    utilities = profile(fits, Utility.LEXICOGRAPHIC).utilities
    assert utilities is not None
    assert utilities[0] == 2**61


def test_what_nobody_cast_supports_nothing() -> None:
    ballots = group(BallotKind.APPROVAL, [0, 1, 3, 4], [0, 0, 1, 1], weights=[0, 2, 1])
    made = profile(election(ballots), Utility.COST)
    assert made.votes.tolist()[:2] == [2, 3]
    assert [len(column) for column in supporters(made)][:2] == [1, 2]


def test_an_election_without_projects_has_no_supporters() -> None:
    empty = profile(Election((), group(BallotKind.APPROVAL, [0], []), budget=1), Utility.COST)
    assert (empty.starts.tolist(), len(empty.types)) == ([0], 0)
