"""Components from counts alone equal those of the filled, centred matrix, also where they are hard to find."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.opinion.conversations import Array, conversations, dense, filled_and_centred

from kursbuch.domain.opinion.components import principal_axes
from kursbuch.domain.opinion.frame import components_of
from kursbuch.domain.opinion.partial import sums
from kursbuch.domain.opinion.settings import Settings
from kursbuch.domain.opinion.stances import Stances


def symmetric(eigenvalues: list[float], width: int, seed: int = 0) -> Array:
    chance = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(chance.standard_normal((width, width)))
    values = np.concatenate([eigenvalues, chance.random(width - len(eigenvalues)) * min(eigenvalues) / 2])
    matrix = (turn * values) @ turn.T
    return (matrix + matrix.T) / 2


@given(conversations(), st.data())
def test_equals_the_dense_matrix(stances: Stances, data: st.DataObject) -> None:
    out = np.array(data.draw(st.lists(st.booleans(), min_size=stances.shape[1], max_size=stances.shape[1])), dtype=bool)
    means, centred = filled_and_centred(dense(stances), out)
    found = components_of(sums(stances, Settings()), out)
    assert found.means == pytest.approx(means, abs=1e-14)
    gram = centred.T @ centred
    values, vectors = np.linalg.eigh(gram)
    values, vectors = values[::-1], vectors.T[::-1]
    scale = max(1.0, float(np.trace(gram)))
    assert found.variance == pytest.approx(np.trace(gram), abs=1e-11 * scale)
    for place in range(min(2, len(values))):
        others = np.delete(values, place)
        apart = np.abs(others - values[place]).min(initial=np.inf) / scale
        assert found.variances[place] == pytest.approx(values[place], abs=1e-11 * scale)
        if apart > 1e-4 and values[place] > 1e-6 * scale:
            assert abs(found.axes[place] @ vectors[place]) == pytest.approx(1.0, abs=1e-12 / apart)
            assert found.axes[place][np.argmax(np.abs(found.axes[place]) > np.abs(found.axes[place]).max() - 1e-9)] > 0
    assert not found.axes[:, out].any()
    assert found.cells[:, 2::3] == pytest.approx((1 - means) * found.axes, abs=1e-14)


@pytest.mark.parametrize("width", [2, 3, 24, 25, 60, 200])
@pytest.mark.parametrize(
    "leading", [[9.0, 4.0], [5.0, 5.0], [5.0, 5.0, 5.0], [6.0, 3.0, 3.0], [1e9, 1.0], [1.0, 1 - 1e-6]]
)
def test_finds_the_two_greatest_eigenvalues(leading: list[float], width: int) -> None:
    matrix = symmetric(leading[:width], width)
    values, axes = principal_axes(matrix)
    assert values == pytest.approx(np.linalg.eigvalsh(matrix)[::-1][:2], abs=1e-13 * leading[0])
    assert np.abs(matrix @ axes.T - axes.T * values).max() <= 3e-14 * leading[0]
    assert axes @ axes.T == pytest.approx(np.eye(2), abs=1e-13)


def test_settles_where_nothing_stands_out() -> None:
    """A spectrum without gaps needs many steps, or in the end the whole decomposition."""
    for eigenvalues in (np.linspace(1, 2, 300), 1 + 1e-9 * np.arange(300)):
        chance = np.random.default_rng(1)
        turn, _ = np.linalg.qr(chance.standard_normal((300, 300)))
        matrix = (turn * eigenvalues) @ turn.T
        matrix = (matrix + matrix.T) / 2
        values, axes = principal_axes(matrix)
        assert values == pytest.approx(np.linalg.eigvalsh(matrix)[::-1][:2], rel=1e-12)
        assert np.abs(matrix @ axes.T - axes.T * values).max() < 1e-12


@pytest.mark.parametrize("width", [0, 1, 2, 30])
def test_nothing_varies_along_an_axis_of_zeros(width: int) -> None:
    values, axes = principal_axes(np.zeros((width, width)))
    assert not values.any()
    assert axes.shape == (2, width)
    assert not axes.any()
    one = np.ones((width, width))
    values, axes = principal_axes(one)
    assert values == pytest.approx([width, 0.0], abs=1e-12)
    assert axes[0] == pytest.approx(np.full(width, 1 / np.sqrt(max(width, 1))), abs=1e-12)


def test_the_same_matrix_gives_the_same_bits() -> None:
    matrix = symmetric([9.0, 4.0], 120)
    first, again = principal_axes(matrix), principal_axes(matrix.copy())
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
