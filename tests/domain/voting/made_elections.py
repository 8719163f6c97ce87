"""Elections that Hypothesis makes: small, and full of ties, equal supporters and amounts that are exactly enough."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
from hypothesis import strategies as st
from tests.domain.voting.slow_rules import SlowElection

from kursbuch.domain.voting.profile import Profile


def profile_of(election: SlowElection, *, group: bool = True) -> Profile:
    """The same election in columns, equal ballots grouped or each on its own."""
    ballots = [tuple(sorted(each.items())) for each in election.utilities]
    counted = Counter(ballots) if group else None
    kinds = sorted(counted) if counted is not None else ballots
    weights = [counted[kind] if counted is not None else 1 for kind in kinds]
    columns: list[list[tuple[int, int]]] = [[] for _ in election.costs]
    for t, kind in sorted(enumerate(kinds), key=lambda each: weights[each[0]] == 1):
        for j, value in kind:
            columns[j].append((t, value))
    entries = [each for column in columns for each in column]
    plain = all(value == 1 for _, value in entries)
    starts = np.concatenate([[0], np.cumsum([len(column) for column in columns])]).astype(np.int64)
    several = [sum(weights[t] > 1 for t, _ in column) for column in columns]
    return Profile(
        costs=np.array(election.costs, dtype=np.int64),
        budget=election.budget,
        weights=np.array(weights, dtype=np.int64),
        starts=starts,
        singles=starts[:-1] + np.array(several, dtype=np.int64),
        types=np.array([t for t, _ in entries], dtype=np.int32),
        utilities=None if plain else np.array([value for _, value in entries], dtype=np.int64),
    )


@st.composite
def slow_elections(
    draw: st.DrawFn, *, scored: bool = False, by_cost: bool | None = None, projects: int = 7, voters: int = 9
) -> SlowElection:
    count = draw(st.integers(1, projects))
    prices = draw(st.sampled_from([[1], [1, 2, 3], [2, 3, 4, 6, 12], list(range(1, 41)), [60, 90, 120, 7]]))
    costs = draw(st.lists(st.sampled_from(prices), min_size=count, max_size=count))
    values = st.integers(1, 4) if scored else st.just(1)
    kinds = draw(st.lists(st.dictionaries(st.integers(0, count - 1), values), min_size=1, max_size=voters))
    weights = draw(st.lists(st.sampled_from([1, 1, 2, 3]), min_size=len(kinds), max_size=len(kinds)))
    ranks = draw(st.permutations(range(count)))
    return SlowElection(
        costs=costs,
        budget=draw(st.integers(1, max(1, sum(costs) + 5))),
        utilities=[dict(kind) for kind, weight in zip(kinds, weights, strict=True) for _ in range(weight)],
        by_cost=draw(st.booleans()) if by_cost is None and not scored else bool(by_cost),
        ranks=list(ranks),
    )


@st.composite
def bounded_elections(draw: st.DrawFn) -> SlowElection:
    """With incompatible projects, categories that have budgets, and projects that are not eligible."""
    election = draw(slow_elections())
    projects = range(len(election.costs))
    election.eligible = set(draw(st.lists(st.sampled_from(projects), min_size=1)))
    for one, two in draw(st.lists(st.tuples(st.sampled_from(projects), st.sampled_from(projects)), max_size=3)):
        if one != two:
            election.rivals[one].add(two)
            election.rivals[two].add(one)
    election.purses = draw(st.lists(st.integers(0, sum(election.costs)), max_size=3))
    if election.purses:
        categories = st.lists(st.integers(0, len(election.purses) - 1), unique=True)
        election.members = [draw(categories) for _ in projects]
    return election


def crowds(seed: int, count: int) -> list[SlowElection]:
    """Elections of up to nine projects and some dozens of people, much faster to make than to draw one by one."""
    random = Random(seed)
    found = []
    for _ in range(count):
        projects = random.randint(2, 9)
        prices = random.choice([[1], [1, 2, 3], [2, 3, 4, 6, 12], range(1, 41), [60, 90, 120, 7], range(50, 500)])
        scored = random.random() < 0.4
        likely = [random.random() for _ in range(projects)]
        utilities: list[dict[int, int]] = []
        for _ in range(random.randint(1, random.choice([6, 12, 40]))):
            kind = {j: random.randint(1, 4) if scored else 1 for j in range(projects) if random.random() < likely[j]}
            utilities += [kind] * random.choice([1, 1, 2, 3])
        costs = [random.choice(prices) for _ in range(projects)]
        found.append(
            SlowElection(
                costs=costs,
                budget=random.randint(1, sum(costs) + 3),
                utilities=utilities,
                by_cost=not scored and random.random() < 0.5,
                ranks=random.sample(range(projects), projects),
            )
        )
    return found


def misleading(seed: int) -> SlowElection:
    """Hundreds of people of whom every second, third, fifth or tenth is unlike the others, so that samples mislead."""
    random = Random(seed)
    projects, turns, scored = random.randint(3, 6), random.choice([2, 3, 5, 10]), random.random() < 0.4
    likely = [[random.choice([0.0, 0.1, 0.6, 1.0]) for _ in range(turns)] for _ in range(projects)]
    utilities = [
        {j: random.randint(1, 4) if scored else 1 for j in range(projects) if random.random() < likely[j][i % turns]}
        for i in range(random.randint(300, 800))
    ]
    costs = [random.randint(20, 4000) for _ in range(projects)]
    by_cost = not scored and random.random() < 0.5
    return SlowElection(
        costs=costs, budget=random.randint(sum(costs) // 3, sum(costs)), utilities=utilities, by_cost=by_cost
    )
