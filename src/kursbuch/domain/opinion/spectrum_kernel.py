"""Lanczos's method: the greatest eigenvalues of a symmetric matrix, by a basis in which it has three diagonals."""

from __future__ import annotations

import numpy as np
from numba import njit

from kursbuch.domain.opinion.sums_kernel import mixed

EXACT = 2e-15  # residual, as a share of the greatest eigenvalue, at which a vector counts as found
LOOKS = 8  # vectors after which it is said that no further direction varies more


@njit(cache=True, nogil=True)
def two_greatest(matrix, checks):  # type: ignore[no-untyped-def]
    """The two greatest eigenvalues (2,), their vectors (2, width), and whether they were found to rounding.

    Looks after each of these numbers of vectors (ascending), from a start drawn once and for all.
    """
    width = len(matrix)
    most = min(checks[-1], width)
    basis, diagonal, beside = np.empty((most + 1, width)), np.zeros(most), np.zeros(most)
    nothing = np.zeros((0, width))
    _begin(basis[0], nothing)
    done = np.int64(0)  # compiled once for all numbers, instead of once more for none
    for check in checks:
        asked = min(check, width)
        if asked <= done:
            break
        done = extend(matrix, basis, diagonal, beside, done, asked - done, nothing)
        if done < 2:
            break
        values, inner = top_two(diagonal, beside, done)
        residual = beside[done - 1] * max(abs(inner[0, done - 1]), abs(inner[1, done - 1]))
        if residual <= EXACT * values[0] or done < asked:
            vectors = combine(inner, basis)
            return values, vectors, _nothing_above(matrix, values[1], vectors)
    return np.zeros(2), np.zeros((2, width)), False


@njit(cache=True, nogil=True)
def _begin(vector, kept_out):  # type: ignore[no-untyped-def]
    """A direction drawn once and for all, of length 1 and orthogonal to those kept out."""
    for place in range(len(vector)):
        drawn = mixed(np.uint64(len(kept_out) * len(vector) + place))
        vector[place] = np.float64(drawn >> np.uint64(11)) * 2.0**-52 - 1.0
    for other in range(len(kept_out)):
        _take(vector, kept_out[other])
    vector /= np.sqrt(_dot(vector, vector))


@njit(cache=True, nogil=True)
def _nothing_above(matrix, second, vectors):  # type: ignore[no-untyped-def]
    """Whether no further direction varies more: one vector alone cannot see that an eigenvalue is there twice."""
    basis, diagonal, beside = np.empty((LOOKS + 1, len(matrix))), np.zeros(LOOKS), np.zeros(LOOKS)
    _begin(basis[0], vectors)
    done = extend(matrix, basis, diagonal, beside, np.int64(0), np.int64(LOOKS), vectors)
    return done < 2 or _above(diagonal, beside, done, second * (1 + 1e-9)) == 0


@njit(cache=True, nogil=True)
def turn(values, vectors, nothing):  # type: ignore[no-untyped-def]
    """Turns vectors so that the entry of greatest amount (of equal ones the first) is positive.

    Where the eigenvalue is no more than ``nothing``, it and its vector become zero.
    """
    for which in range(len(values)):
        vector = vectors[which]
        if values[which] <= nothing:
            values[which] = 0.0
            vector[:] = 0.0
            continue
        greatest = 0.0
        for entry in vector:
            if abs(entry) * (1 - 1e-9) > abs(greatest):
                greatest = entry
        if greatest < 0:
            vector *= -1.0


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


@njit(cache=True, nogil=True)
def top_two(diagonal, beside, many):  # type: ignore[no-untyped-def]
    """The two greatest eigenvalues (2,) of the matrix with these three diagonals, and their vectors (2, many).

    Bisection by Sturm's sequence, then inverse iteration; ``many`` is at least two.
    """
    values, vectors = np.empty(2), np.ones((2, many))
    bound = 0.0
    for place in range(many):
        left = abs(beside[place - 1]) if place > 0 else 0.0
        right = abs(beside[place]) if place + 1 < many else 0.0
        bound = max(bound, abs(diagonal[place]) + left + right)
    for which in range(2):
        low, high = -bound, bound
        while True:
            middle = 0.5 * (low + high)
            if middle in (low, high):
                break
            if _above(diagonal, beside, many, middle) > which:
                low = middle
            else:
                high = middle
        values[which] = high
        vector = vectors[which]
        for place in range(many):
            vector[place] = 1.0 + 0.5 * ((place * 7 + which * 3) % 11) / 11.0
        for _ in range(4):
            _solve(diagonal, beside, many, high, bound, vector)
            if which:
                _take(vector, vectors[0])
            length = np.sqrt(_dot(vector, vector))
            for place in range(many):
                vector[place] /= length
    return values, vectors


@njit(cache=True, nogil=True)
def combine(shares, basis):  # type: ignore[no-untyped-def]
    """shares (few, many) @ the first rows of basis (…, width), added up in the order of the rows."""
    found = np.zeros((len(shares), basis.shape[1]))
    for which in range(len(shares)):
        for row in range(shares.shape[1]):
            for place in range(basis.shape[1]):
                found[which, place] += shares[which, row] * basis[row, place]
    return found


@njit(cache=True, nogil=True)
def _above(diagonal, beside, many, value):  # type: ignore[no-untyped-def]
    """How many eigenvalues are greater."""
    found, pivot = 0, 1.0
    for place in range(many):
        left = beside[place - 1] ** 2 if place > 0 else 0.0
        pivot = diagonal[place] - value - left / pivot
        if pivot == 0.0:
            pivot = -1e-300
        found += pivot > 0
    return found


@njit(cache=True, nogil=True)
def _solve(diagonal, beside, many, value, bound, vector):  # type: ignore[no-untyped-def]
    """Solves (T - value) x = vector in place, by elimination with exchange of rows; a zero pivot becomes rounding."""
    first, second, third = np.empty(many), np.zeros(many), np.zeros(many)
    head, tail = diagonal[0] - value, beside[0]
    for place in range(many - 1):
        below, next_head = beside[place], diagonal[place + 1] - value
        next_tail = beside[place + 1] if place + 2 < many else 0.0
        if abs(below) > abs(head):
            first[place], second[place], third[place] = below, next_head, next_tail
            factor = head / below
            head, tail = tail - factor * next_head, -factor * next_tail
            vector[place], vector[place + 1] = vector[place + 1], vector[place] - factor * vector[place + 1]
        else:
            if head == 0.0:
                head = 1e-16 * bound
            first[place], second[place] = head, tail
            factor = below / head
            head, tail = next_head - factor * tail, next_tail
            vector[place + 1] -= factor * vector[place]
    first[many - 1] = head if abs(head) > 1e-16 * bound else 1e-16 * bound
    vector[many - 1] /= first[many - 1]
    vector[many - 2] = (vector[many - 2] - second[many - 2] * vector[many - 1]) / first[many - 2]
    for place in range(many - 3, -1, -1):
        rest = vector[place] - second[place] * vector[place + 1] - third[place] * vector[place + 2]
        vector[place] = rest / first[place]
