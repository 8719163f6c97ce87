"""Inner loop of Lanczos's method: an orthogonal basis in which a symmetric matrix has three diagonals."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def extend(matrix, basis, diagonal, beside, done, steps, kept_out):  # type: ignore[no-untyped-def]
    """Adds ``steps`` vectors to the ``done`` there are in ``basis`` (its next one already standing, of length 1).

    All stay orthogonal to each other and to the rows of ``kept_out`` (twice is enough). Returns how many there are
    now; fewer than asked for where the matrix maps them into themselves.
    """
    width = len(matrix)
    for step in range(done, done + steps):
        image = np.zeros(width)
        _multiply(matrix, basis[step], image)
        diagonal[step] = _dot(basis[step], image)
        for _ in range(2):
            for other in range(step + 1):
                _take(image, basis[other])
            for other in range(len(kept_out)):
                _take(image, kept_out[other])
        length = np.sqrt(_dot(image, image))
        beside[step] = length
        if length <= 1e-13 * diagonal[: step + 1].max() or step + 1 == width:
            beside[step] = 0.0
            return step + 1
        for place in range(width):
            basis[step + 1, place] = image[place] / length
    return done + steps


@njit(cache=True, nogil=True, inline="always")
def _dot(left, right):  # type: ignore[no-untyped-def]
    first, second, third, fourth = 0.0, 0.0, 0.0, 0.0
    fours = len(left) // 4 * 4
    for place in range(0, fours, 4):
        first += left[place] * right[place]
        second += left[place + 1] * right[place + 1]
        third += left[place + 2] * right[place + 2]
        fourth += left[place + 3] * right[place + 3]
    for place in range(fours, len(left)):
        first += left[place] * right[place]
    return (first + second) + (third + fourth)


@njit(cache=True, nogil=True, inline="always")
def _take(vector, direction):  # type: ignore[no-untyped-def]
    share = _dot(vector, direction)
    for place in range(len(vector)):
        vector[place] -= share * direction[place]


@njit(cache=True, nogil=True, inline="always")
def _multiply(matrix, vector, image):  # type: ignore[no-untyped-def]
    """image += matrix @ vector, four rows (which are columns) at a time."""
    width = len(vector)
    fours = width // 4 * 4
    for row in range(0, fours, 4):
        first, second, third, fourth = vector[row], vector[row + 1], vector[row + 2], vector[row + 3]
        for place in range(width):
            image[place] += (matrix[row, place] * first + matrix[row + 1, place] * second) + (
                matrix[row + 2, place] * third + matrix[row + 3, place] * fourth
            )
    for row in range(fours, width):
        for place in range(width):
            image[place] += matrix[row, place] * vector[row]
