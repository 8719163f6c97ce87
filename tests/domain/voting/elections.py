"""Small invented elections full of ties, of every kind of ballot."""

from __future__ import annotations

from hypothesis import strategies as st

from kursbuch.domain.voting.election import BallotKind, Election, Project
from kursbuch.domain.voting.grouping import group

KINDS = (BallotKind.APPROVAL, BallotKind.CUMULATIVE, BallotKind.RANKING)


@st.composite
def elections(  # type: ignore[no-untyped-def]
    draw,
    *,
    kinds: tuple[BallotKind, ...] = KINDS,
    most_projects: int = 6,
    most_ballots: int = 12,
    parted: bool = False,
) -> Election:
    """Between one and ``most_projects`` projects whose costs often agree, and up to ``most_ballots`` ballots.

    ``parted``: projects belong to the district "east", to "west" or to none, and to the category "green" or none.
    """
    kind = draw(st.sampled_from(kinds))
    costs = draw(st.lists(st.integers(1, 8).map(lambda cost: cost * 10), min_size=1, max_size=most_projects))
    projects = tuple(Project(f"p{number}", cost) for number, cost in enumerate(costs))
    named = st.lists(st.integers(0, len(costs) - 1), unique=True, min_size=1, max_size=len(costs))
    ballots = draw(st.lists(named, min_size=1, max_size=most_ballots))
    starts = [0]
    for ballot in ballots:
        starts.append(starts[-1] + len(ballot))
    entries = [project for ballot in ballots for project in ballot]
    points = None
    if kind is BallotKind.CUMULATIVE:
        points = draw(st.lists(st.integers(1, 3), min_size=len(entries), max_size=len(entries)))
    budget = draw(st.integers(10, 300))
    if not parted:
        return Election(projects, group(kind, starts, entries, points), budget)
    places = st.tuples(st.sampled_from(["east", "west", ""]), st.sampled_from([("green",), ()]))
    projects = tuple(
        Project(each.id, each.cost, "", categories, (), district)
        for each, (district, categories) in zip(projects, (draw(places) for _ in projects), strict=True)
    )
    homes = draw(st.lists(st.integers(-1, 1), min_size=len(ballots), max_size=len(ballots)))
    cast = group(kind, starts, entries, points, None, homes)
    return Election(projects, cast, budget, 1, "EUR", ("east", "west"))
