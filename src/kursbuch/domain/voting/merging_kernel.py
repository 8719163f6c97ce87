"""Merges two groupings of ballots in one pass over both: what adding up shards costs."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kursbuch.domain.voting.grouping_kernel import PLACE_BITS, compare


@njit(cache=True, nogil=True)
def _append(
    starts: NDArray[np.int64],
    projects: NDArray[np.int32],
    points: NDArray[np.int64],
    weights: NDArray[np.int64],
    districts: NDArray[np.int32],
    index: int,
    types: int,
    end: int,
    type_projects: NDArray[np.int32],
    type_points: NDArray[np.int64],
    type_weights: NDArray[np.int64],
    type_districts: NDArray[np.int32],
) -> int:
    """Copy one ballot type behind the others; where its entries end."""
    for at in range(starts[index], starts[index + 1]):
        type_projects[end] = projects[at]
        if len(points) > 0:
            type_points[end] = points[at]
        end += 1
    type_weights[types] = weights[index]
    if len(districts) > 0:
        type_districts[types] = districts[index]
    return end


@njit(cache=True, nogil=True)
def merge_types(
    left_starts: NDArray[np.int64],
    left_projects: NDArray[np.int32],
    left_points: NDArray[np.int64],
    left_weights: NDArray[np.int64],
    left_districts: NDArray[np.int32],
    left_marks: NDArray[np.uint64],
    right_starts: NDArray[np.int64],
    right_projects: NDArray[np.int32],
    right_points: NDArray[np.int64],
    right_weights: NDArray[np.int64],
    right_districts: NDArray[np.int32],
    right_marks: NDArray[np.uint64],
    type_starts: NDArray[np.int64],
    type_projects: NDArray[np.int32],
    type_points: NDArray[np.int64],
    type_weights: NDArray[np.int64],
    type_districts: NDArray[np.int32],
) -> int:
    """Merge two groupings, each in the order of :func:`gather_types`, into one in that order; how many types."""
    types = 0
    end = 0
    type_starts[0] = 0
    left = 0
    right = 0
    while left < len(left_marks) or right < len(right_marks):
        order = -1 if right == len(right_marks) else 1 if left == len(left_marks) else 0
        if order == 0:
            left_mark = left_marks[left] >> PLACE_BITS
            right_mark = right_marks[right] >> PLACE_BITS
            order = -1 if left_mark < right_mark else 1 if left_mark > right_mark else 0
            if order == 0:
                order = compare(
                    left_projects, left_points, left_starts[left], left_starts[left + 1],
                    right_projects, right_points, right_starts[right], right_starts[right + 1],
                )  # fmt: skip
            if order == 0 and len(left_districts) > 0:
                order = np.sign(left_districts[left] - right_districts[right])
        if order <= 0:
            end = _append(
                left_starts, left_projects, left_points, left_weights, left_districts, left, types, end,
                type_projects, type_points, type_weights, type_districts,
            )  # fmt: skip
            left += 1
            if order == 0:
                type_weights[types] += right_weights[right]
                right += 1
        else:
            end = _append(
                right_starts, right_projects, right_points, right_weights, right_districts, right, types, end,
                type_projects, type_points, type_weights, type_districts,
            )  # fmt: skip
            right += 1
        types += 1
        type_starts[types] = end
    return types
