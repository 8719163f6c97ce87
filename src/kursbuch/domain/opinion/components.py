"""The two directions in which stances differ most, from counts alone: the principal components of a sparse matrix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion import spectrum_kernel as kernel

Array = NDArray[np.float64]

DENSE = 24  # statements up to which the whole decomposition is as fast
CHECKS = (16, 24, 36, 54, 81, 121, 181, 272, 408)  # numbers of Lanczos vectors after which to look
EXACT = 2e-15  # residual, as a share of the greatest eigenvalue, at which a component counts as found
NOTHING = 1e-12  # share of the variance below which a component is rounding


@dataclass(frozen=True, eq=False)
class Components:
    """Means and the two principal axes over statements; zeros for statements that are left out.

    Each axis has length 1 and its entry of greatest amount is positive (of equal ones the first). An axis along
    which nothing varies is zero. ``variances`` are the eigenvalues of the centred Gram matrix (sums over people, not
    means), ``variance`` is its trace.
    """

    means: Array  # (statements,)
    axes: Array  # (2, statements)
    variances: Array  # (2,)
    variance: float

    @cached_property
    def table(self) -> Array:
        """(statements, 3, 2): what disagreeing, passing and agreeing add to a person's place, before scaling."""
        return np.ascontiguousarray(
            (np.array([-1.0, 0.0, 1.0]) - self.means[:, None])[:, :, None] * self.axes.T[:, None]
        )

    @cached_property
    def extremity(self) -> Array:
        """(statements,): how far from the middle somebody stands who said no more than to agree with it."""
        length = np.hypot(self.axes[0], self.axes[1])
        found: Array = np.sqrt(len(self.means)) * np.abs(1.0 - self.means) * length
        return found


def principal_axes(gram: Array) -> tuple[Array, Array]:
    """The two greatest eigenvalues of a symmetric, positive matrix and their vectors, (2,) and (2, width).

    Lanczos's method from a fixed start with full orthogonalisation, until the residuals are rounding; all eigenvalues
    where that does not converge or the matrix is small. The same matrix gives the same bits.
    """
    width = len(gram)
    values, vectors = (None if width <= DENSE else _lanczos(gram)) or _whole(gram)
    axes = np.zeros((2, width))
    greatest = np.zeros(2)
    trace = float(np.trace(gram))
    for place in range(min(2, width)):
        if values[place] > NOTHING * trace:
            greatest[place] = values[place]
            axes[place] = _turned(vectors[place])
    return greatest, axes


def _turned(vector: Array) -> Array:
    amounts = np.abs(vector)
    leading = int(np.argmax(amounts >= amounts.max() * (1 - 1e-9)))
    return vector if vector[leading] > 0 else -vector


def _whole(gram: Array) -> tuple[Array, Array]:
    values, vectors = np.linalg.eigh(gram)
    return values[::-1][:2], np.ascontiguousarray(vectors.T[::-1][:2])


def _lanczos(gram: Array) -> tuple[Array, Array] | None:
    width = len(gram)
    basis, diagonal, beside = _begun(width, min(width, CHECKS[-1]), np.zeros((0, width)))
    done = 0
    for check in CHECKS:
        steps = min(check, width) - done
        if steps <= 0:
            break
        asked = done + steps
        done = kernel.extend(gram, basis, diagonal, beside, done, steps, np.zeros((0, width)))
        if done < 2:
            break
        values, inner = kernel.top_two(diagonal, beside, done)
        residuals = beside[done - 1] * np.abs(inner[:, -1])
        if residuals.max() <= EXACT * values[0] or done < asked:
            vectors = kernel.combine(inner, basis)
            return (values, vectors) if _nothing_above(gram, values[1], vectors) else None
    return None


def _begun(width: int, most: int, kept_out: Array) -> tuple[Array, Array, Array]:
    """Room for a basis, its first vector drawn once and for all."""
    basis = np.zeros((most + 1, width))
    start = np.random.default_rng(len(kept_out) + 1).standard_normal(width)
    for other in kept_out:
        start -= (other * start).sum() * other
    basis[0] = start / np.sqrt((start**2).sum())
    return basis, np.zeros(most), np.zeros(most)


def _nothing_above(gram: Array, second: float, vectors: Array) -> bool:
    """Whether no further direction varies more: one vector alone cannot see that an eigenvalue is there twice."""
    basis, diagonal, beside = _begun(len(gram), 8, vectors)
    done = kernel.extend(gram, basis, diagonal, beside, 0, 8, vectors)
    return done < 2 or bool(kernel.top_two(diagonal, beside, done)[0][0] <= second * (1 + 1e-9))
