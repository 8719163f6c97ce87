"""The two directions in which stances differ most, from counts alone: the principal components of a sparse matrix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion import spectrum_kernel as kernel

Array = NDArray[np.float64]

STANCES = np.array([-1.0, 0.0, 1.0])
DENSE = 24  # statements up to which the whole decomposition is as fast
CHECKS = (16, 24, 36, 54, 81, 121, 181, 272, 408)  # numbers of Lanczos vectors after which to look
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
    def cells(self) -> Array:
        """(2, 3 statements): what disagreeing, passing and agreeing add to a person's place, before scaling."""
        return ((STANCES - self.means[:, None]) * self.axes[:, :, None]).reshape(2, -1)

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
    found = False
    if len(gram) > DENSE:
        values, vectors, found = kernel.two_greatest(gram, CHECKS)
    if not found:
        values, vectors = _whole(gram)
    kernel.turn(values, vectors, NOTHING * float(np.trace(gram)))
    return values, vectors


def _whole(gram: Array) -> tuple[Array, Array]:
    values, vectors = np.zeros(2), np.zeros((2, len(gram)))
    ascending, columns = np.linalg.eigh(gram)
    values[: len(gram)], vectors[: len(gram)] = ascending[::-1][:2], columns.T[::-1][:2]
    return values, vectors
