"""Small conversations made by Hypothesis, and the same mathematics on dense matrices, written as the papers have it."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from kursbuch.domain.opinion.stances import Stances, stances_of

Array = NDArray[np.float64]
Triples = list[tuple[int, int, int]]


@st.composite
def triples(draw: st.DrawFn, people: int = 12, statements: int = 9, most: int = 120) -> Triples:
    """(person, statement, value) with gaps between ids and repetitions."""
    return draw(
        st.lists(
            st.tuples(
                st.integers(0, people - 1).map(lambda number: number * 37 - 100),
                st.integers(0, statements - 1).map(lambda number: number * 3 + 1),
                st.sampled_from([-1, 0, 1]),
            ),
            max_size=most,
        )
    )


@st.composite
def conversations(draw: st.DrawFn, most_people: int = 60) -> Stances:
    """People of a few opinions and some noise, who each skip some statements: the picture is not all ties."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    people, statements = draw(st.integers(2, most_people)), draw(st.integers(1, 40))
    return invented(chance, people, statements, taken=draw(st.sampled_from([0.3, 0.6, 1.0])))


def invented(chance: np.random.Generator, people: int, statements: int, taken: float = 0.6, first: int = 0) -> Stances:
    """People ``first`` … of three opinions with a fifth of noise, who take that share of all stances."""
    opinions = np.random.default_rng(7).integers(-1, 2, (3, statements))
    values = opinions[chance.integers(0, 3, people)]
    values = np.where(chance.random(values.shape) < 0.2, chance.integers(-1, 2, values.shape), values)
    rows, columns = np.nonzero(chance.random(values.shape) < taken)
    return stances_of(rows + first, columns, values[rows, columns]).over(np.arange(statements))


def of(triples: Triples) -> Stances:
    people, statements, values = (list(column) for column in zip(*triples, strict=True)) if triples else ([], [], [])
    return stances_of(people, statements, values)


def dense(stances: Stances) -> Array:
    """(people, statements) with NaN where nobody said anything."""
    matrix = np.full(stances.shape, np.nan)
    matrix[np.repeat(np.arange(len(stances.people)), np.diff(stances.starts)), stances.statements] = stances.values
    return matrix


def as_dict(stances: Stances) -> dict[tuple[int, int], int]:
    rows = np.repeat(np.arange(len(stances.people)), np.diff(stances.starts))
    people, statements = stances.people[rows].tolist(), stances.statement_ids[stances.statements].tolist()
    return dict(zip(zip(people, statements, strict=True), stances.values.tolist(), strict=True))


def filled_and_centred(matrix: Array, out: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Means, and the matrix with every gap filled by its column's mean and then centred."""
    zeroed = np.where(out, 0.0, matrix)
    given = ~np.isnan(zeroed)
    means = np.where(given, zeroed, 0.0).sum(axis=0) / np.maximum(given.sum(axis=0), 1)
    return means, np.where(given, zeroed, means) - means


def projected(matrix: Array, out: NDArray[np.bool_], axes: Array) -> Array:
    """Everybody's place: own stances only, scaled by √(statements / own stances); left-out columns are all zero."""
    _, centred = filled_and_centred(matrix, out)
    own = (~np.isnan(np.where(out, 0.0, matrix))).sum(axis=1)
    scale = np.sqrt(np.divide(matrix.shape[1], own, out=np.zeros(len(own)), where=own > 0))
    return scale[:, None] * (centred @ axes.T)


def adjusted_rand_index(left: NDArray[np.integer], right: NDArray[np.integer]) -> float:
    """How alike two groupings of the same people are: 1 the same, 0 as by chance (Hubert and Arabie 1985)."""
    table = np.zeros((left.max() + 1, right.max() + 1))
    np.add.at(table, (left, right), 1)

    def pairs(counts: Array) -> float:
        return float((counts * (counts - 1) / 2).sum())

    by_row, by_column = pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = by_row * by_column / pairs(np.array([len(left)]))
    return (pairs(table) - expected) / ((by_row + by_column) / 2 - expected)
