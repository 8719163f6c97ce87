"""Invents elections and conversations of any size for measurements, the same for the same seed on every machine.

Every ballot and every person has a stream of chance of its own, taken from the seed and its number: what is made does
not depend on how it is cut into chunks, so a hundred million rows need no more memory than one chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kursbuch.domain.opinion.stances import Stances

CHUNK = 1_000_000
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Electorate:
    """What the ballots of an invented approval election are drawn from.

    Projects are popular by Zipf's law; each cluster of voters likes a share of them three times as much. A ballot
    names between one and ``most`` projects.
    """

    projects: int = 100
    most: int = 15
    clusters: int = 6
    exponent: float = 0.7
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.most <= self.projects:
            raise ValueError("a ballot names at least one project and at most all")

    def cumulated(self) -> NDArray[np.float64]:
        """(clusters, projects): for each cluster the cumulated probability of the projects, ending at 1."""
        rng = np.random.default_rng([self.seed, 1])
        popularity = rng.permutation(1.0 / np.arange(1, self.projects + 1) ** self.exponent)
        liked = rng.random((self.clusters, self.projects)) < 0.25
        weights = popularity * np.where(liked, 3.0, 1.0)
        return np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)

    def costs(self) -> NDArray[np.int64]:
        """(projects,): costs in minor units, between 5,000 and some 500,000 units of currency."""
        rng = np.random.default_rng([self.seed, 2])
        return (100 * 5_000 * np.exp(rng.random(self.projects) * 4.6)).astype(np.int64)

    def budget(self) -> int:
        """A quarter of what all projects cost together."""
        return int(self.costs().sum()) // 4


def approvals(
    ballots: int, electorate: Electorate | None = None, *, first: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Ballots ``first … first + ballots`` as compressed rows: starts (ballots + 1,), projects ascending per ballot."""
    drawn = electorate or Electorate()
    places, sizes = _draw_ballots(ballots, first, drawn.most, drawn.cumulated(), _key(drawn.seed, 3))
    starts = np.zeros(ballots + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts, places[np.arange(drawn.most, dtype=np.int32) < sizes[:, None]]


def election_bytes(ballots: int, electorate: Electorate | None = None) -> bytes:
    """An invented approval election as a Pabulib file."""
    drawn = electorate or Electorate()
    starts, projects = approvals(ballots, drawn)
    names = [str(number) for number in range(1, drawn.projects + 1)]
    counts = np.bincount(projects, minlength=drawn.projects)
    head = [
        "META", "key;value", "description;Invented for a measurement", "country;Nowhere", "unit;Nowhere", "instance;1",
        f"num_projects;{drawn.projects}", f"num_votes;{ballots}", f"budget;{_money(drawn.budget())}",
        "vote_type;approval", "rule;greedy", "date_begin;2026", "date_end;2026",
        "PROJECTS", "project_id;cost;votes;name",
        *(f"{name};{_money(cost)};{votes};Project {name}" for name, cost, votes in zip(
            names, drawn.costs().tolist(), counts.tolist(), strict=True)),
        "VOTES", "voter_id;vote",
    ]  # fmt: skip
    lines = "\n".join(head).encode() + b"\n"
    width = len(str(ballots)) + 3 + len(",".join(names[-drawn.most :]))
    space = np.empty(ballots * width, dtype=np.uint8)
    written = _write_ballots(starts, projects, space)
    return lines + space[:written].tobytes()


def _money(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def ballots_to_parquet(
    path: Path, ballots: int, electorate: Electorate | None = None, *, progress: Callable[[int], None] | None = None
) -> None:
    """Writes a row per ballot with a list of project ids (text) to ``path/part-….parquet``, one file per chunk."""
    import duckdb

    drawn = electorate or Electorate()
    cumulated, key = drawn.cumulated(), _key(drawn.seed, 3)
    columns = ", ".join(f"p{place}" for place in range(drawn.most))
    path.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": 2, "memory_limit": "1500MB"}) as connection:
        for part, first in enumerate(range(0, ballots, CHUNK)):
            many = min(CHUNK, ballots - first)
            places, sizes = _draw_ballots(many, first, drawn.most, cumulated, key)
            rows = {f"p{place}": np.ascontiguousarray(places[:, place]) + 1 for place in range(drawn.most)}
            rows["size"] = sizes
            connection.register("rows", rows)
            connection.execute(
                f"copy (select list_slice([{columns}], 1, size)::varchar[] as projects from rows)"
                f" to '{path}/part-{part:05d}.parquet' (format parquet, compression zstd)"
            )
            connection.unregister("rows")
            if progress is not None:
                progress(first + many)


@dataclass(frozen=True, slots=True)
class Population:
    """What the stances of an invented conversation are drawn from.

    People belong to a few groups (the first twice as large as the others); a group leans to agreeing or disagreeing
    with each statement, on ``shared`` of them all groups lean the same way. Of all stances, ``noise`` are drawn without
    regard to any group, and a sixth of all are a pass.
    """

    statements: int = 500
    each: int = 30
    groups: int = 4
    shared: float = 0.3
    noise: float = 0.2
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.each <= self.statements:
            raise ValueError("somebody takes at least one stance and at most one on every statement")

    def leaning(self) -> NDArray[np.float64]:
        """(groups, statements): the probability to agree rather than to disagree."""
        rng = np.random.default_rng([self.seed, 5])
        own = rng.random((self.groups, self.statements)) < 0.5
        common = rng.random(self.statements) < self.shared
        strength = 0.35 + 0.15 * rng.random((self.groups, self.statements))
        return 0.5 + np.where(np.where(common, own[0], own), 1, -1) * strength


def conversation(people: int, population: Population | None = None, *, first: int = 0) -> Stances:
    """The stances of people ``first … first + people``; each takes ``population.each`` of them."""
    drawn = population or Population()
    statements, values = _draw_stances(people, first, drawn.each, drawn.leaning(), drawn.noise, _key(drawn.seed, 7))
    return Stances(
        people=np.arange(first, first + people, dtype=np.int64),
        statement_ids=np.arange(drawn.statements, dtype=np.int64),
        starts=np.arange(0, people * drawn.each + 1, drawn.each, dtype=np.int64),
        statements=statements.ravel(),
        values=values.ravel(),
    )


def groups_of(people: int, population: Population | None = None, *, first: int = 0) -> NDArray[np.int32]:
    """Which group each of the people really belongs to."""
    drawn = population or Population()
    return _draw_groups(people, first, drawn.groups, _key(drawn.seed, 7))  # type: ignore[no-any-return]


def stances_to_parquet(
    path: Path, people: int, population: Population | None = None, *, progress: Callable[[int], None] | None = None
) -> None:
    """Writes a row per stance (person, statement, value) to ``path/part-….parquet``, one file per chunk."""
    import duckdb

    drawn = population or Population()
    chunk = max(1, 10 * CHUNK // drawn.each)
    path.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": 2, "memory_limit": "1500MB"}) as connection:
        for part, first in enumerate(range(0, people, chunk)):
            many = min(chunk, people - first)
            made = conversation(many, drawn, first=first)
            rows = {
                "person": np.repeat(made.people, drawn.each),
                "statement": made.statements.astype(np.int32),
                "value": made.values,
            }
            connection.register("rows", rows)
            connection.execute(
                f"copy (select * from rows) to '{path}/part-{part:05d}.parquet' (format parquet, compression zstd)"
            )
            connection.unregister("rows")
            if progress is not None:
                progress(first + many)


def new_stances(
    people: int, count: int, population: Population | None = None, *, seed: int = 1
) -> Iterator[tuple[int, int, int]]:
    """``count`` stances (person, statement, value) that arrive later, of people picked at random."""
    drawn = population or Population()
    rng = np.random.default_rng([drawn.seed, seed, 11])
    who, what = rng.integers(people, size=count), rng.integers(drawn.statements, size=count)
    value = rng.integers(-1, 2, size=count)
    yield from zip(who.tolist(), what.tolist(), value.tolist(), strict=True)


def _key(seed: int, part: int) -> np.uint64:
    return np.random.SeedSequence([seed, part]).generate_state(1, np.uint64)[0]  # type: ignore[no-any-return]


@njit(cache=True, nogil=True, inline="always")
def _mixed(state):  # type: ignore[no-untyped-def]
    """SplitMix64's finaliser: the number of a draw becomes the draw."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


@njit(cache=True, nogil=True, inline="always")
def _share(state):  # type: ignore[no-untyped-def]
    """A draw as a number in [0, 1)."""
    return np.float64(_mixed(state) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True)
def _draw_ballots(ballots, first, most, cumulated, key):  # type: ignore[no-untyped-def]
    clusters, projects = cumulated.shape
    places = np.empty((ballots, most), dtype=np.int32)
    sizes = np.empty(ballots, dtype=np.int32)
    for ballot in range(ballots):
        state = _mixed(key + np.uint64(first + ballot) * GOLDEN)
        state += GOLDEN
        weights = cumulated[np.int64(_share(state) * clusters)]
        state += GOLDEN
        size = 1 + np.int64(_share(state) * most)
        row = places[ballot]
        filled = 0
        while filled < size:
            state += GOLDEN
            project = min(np.searchsorted(weights, _share(state), side="right"), projects - 1)
            place = filled
            while place > 0 and row[place - 1] > project:
                place -= 1
            if place > 0 and row[place - 1] == project:
                continue
            for later in range(filled, place, -1):
                row[later] = row[later - 1]
            row[place] = project
            filled += 1
        row[size:] = -1
        sizes[ballot] = size
    return places, sizes


@njit(cache=True, nogil=True)
def _write_ballots(starts, projects, space):  # type: ignore[no-untyped-def]
    end = 0
    for ballot in range(len(starts) - 1):
        end = _write_number(space, end, ballot + 1)
        space[end] = 59  # ;
        end += 1
        for entry in range(starts[ballot], starts[ballot + 1]):
            end = _write_number(space, end, projects[entry] + 1)
            space[end] = 44  # ,
            end += 1
        space[end - 1] = 10
    return end


@njit(cache=True, nogil=True)
def _write_number(space, end, number):  # type: ignore[no-untyped-def]
    digits, rest = 1, number
    while rest >= 10:
        rest //= 10
        digits += 1
    for place in range(end + digits - 1, end - 1, -1):
        space[place] = 48 + number % 10
        number //= 10
    return end + digits


@njit(cache=True, nogil=True, inline="always")
def _group(draw, groups):  # type: ignore[no-untyped-def]
    return max(np.int64(draw * (groups + 1)) - 1, 0)


@njit(cache=True, nogil=True)
def _draw_groups(people, first, groups, key):  # type: ignore[no-untyped-def]
    found = np.empty(people, dtype=np.int32)
    for person in range(people):
        found[person] = _group(_share(_mixed(key + np.uint64(first + person) * GOLDEN) + GOLDEN), groups)
    return found


@njit(cache=True, nogil=True)
def _draw_stances(people, first, each, leaning, noise, key):  # type: ignore[no-untyped-def]
    groups, many = leaning.shape
    statements = np.empty((people, each), dtype=np.uint16)
    values = np.empty((people, each), dtype=np.int8)
    for person in range(people):
        state = _mixed(key + np.uint64(first + person) * GOLDEN) + GOLDEN
        agree = leaning[_group(_share(state), groups)]
        row = statements[person]
        filled = 0
        while filled < each:
            state += GOLDEN
            statement = np.int64(_share(state) * many)
            place = filled
            while place > 0 and row[place - 1] > statement:
                place -= 1
            if place > 0 and row[place - 1] == statement:
                continue
            for later in range(filled, place, -1):
                row[later] = row[later - 1]
            row[place] = statement
            filled += 1
        for place in range(each):
            state += GOLDEN
            draw = _share(state)
            if draw < 1 / 6:
                values[person, place] = 0
                continue
            state += GOLDEN
            chance = 0.5 if _share(state) < noise else agree[row[place]]
            state += GOLDEN
            values[person, place] = 1 if _share(state) < chance else -1
    return statements, values
