"""Arranging: the same ballot types, those that name the same projects first next to each other."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.voting.ballot_strategies import WITH_POINTS, casts, grouped

from kursbuch.domain.voting.arrangement import arranged
from kursbuch.domain.voting.election import BallotKind, Ballots
from kursbuch.domain.voting.grouping import group, merge

Contents = tuple[list[int], list[int], int, int]


def contents(ballots: Ballots) -> list[Contents]:
    """What each ballot type names, the points, the people and the district."""
    found = []
    for index in range(len(ballots)):
        part = slice(ballots.starts[index], ballots.starts[index + 1])
        points = [] if ballots.points is None else ballots.points[part].tolist()
        district = -1 if ballots.districts is None else int(ballots.districts[index])
        found.append((ballots.projects[part].tolist(), points, int(ballots.weights[index]), district))
    return found


@settings(deadline=None)
@given(st.data(), st.sampled_from(BallotKind))
def test_what_begins_alike_stands_together_in_the_order_it_had(data: st.DataObject, kind: BallotKind) -> None:
    ballots = grouped(kind, data.draw(casts(kind)))
    assert contents(arranged(ballots)) == sorted(contents(ballots), key=lambda each: each[0][:3])


def test_projects_with_great_numbers_are_not_mixed_up() -> None:
    many = 1 << 21
    named = [[many, 1], [0, many, 3], [many - 1], [0, many, 2], [0, many - 5]]
    ballots = group(BallotKind.RANKING, np.cumsum([0, *map(len, named)]), [*chain.from_iterable(named)])
    made = arranged(ballots)
    assert sorted(contents(made)) == sorted(contents(ballots))
    assert [each[0][0] for each in contents(made)] in ([0, 0, 0, many, many - 1], [0, 0, 0, many - 1, many])


@pytest.mark.parametrize("kind", BallotKind)
def test_no_ballots_are_no_trouble(kind: BallotKind) -> None:
    nobody = group(kind, [0], [], [] if kind in WITH_POINTS else None)
    assert contents(arranged(nobody)) == []


def test_arranged_ballots_are_not_added_up() -> None:
    ballots = group(BallotKind.APPROVAL, np.arange(41), np.arange(40))
    assert len(merge([ballots, ballots])) == 40
    with pytest.raises(ValueError, match="before they are arranged"):
        merge([arranged(ballots), ballots])
