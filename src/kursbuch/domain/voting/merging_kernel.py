"""Merges two groupings of ballots in one pass over both: what adding up shards costs."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kursbuch.domain.voting.grouping_kernel import PLACE_BITS, Cast, compare


@njit(cache=True, nogil=True, inline="always")
def _append(side: Cast, index: int, merged: Cast, types: int, end: int) -> int:
    """Copy one ballot type behind the others; where its entries end."""
    for at in range(side.starts[index], side.starts[index + 1]):
        merged.projects[end] = side.projects[at]
        if len(side.points) > 0:
            merged.points[end] = side.points[at]
        end += 1
    merged.weights[types] = side.weights[index]
    if len(side.districts) > 0:
        merged.districts[types] = side.districts[index]
    return end


@njit(cache=True, nogil=True)
def merge_types(
    left: Cast, left_marks: NDArray[np.uint64], right: Cast, right_marks: NDArray[np.uint64], merged: Cast
) -> int:
    """Merge two groupings, each in the order of :func:`gather_types`, into one in that order; how many types."""
    left_starts, right_starts = left.starts, right.starts
    types = end = here = there = 0
    merged.starts[0] = 0
    while here < len(left_marks) or there < len(right_marks):
        order = -1 if there == len(right_marks) else 1 if here == len(left_marks) else 0
        if order == 0:
            left_mark = left_marks[here] >> PLACE_BITS
            right_mark = right_marks[there] >> PLACE_BITS
            order = -1 if left_mark < right_mark else 1 if left_mark > right_mark else 0
            if order == 0:
                order = compare(
                    left, left_starts[here], left_starts[here + 1], right, right_starts[there], right_starts[there + 1]
                )
            if order == 0 and len(left.districts) > 0:
                order = np.sign(left.districts[here] - right.districts[there])
        if order <= 0:
            end = _append(left, here, merged, types, end)
            here += 1
            if order == 0:
                merged.weights[types] += right.weights[there]
                there += 1
        else:
            end = _append(right, there, merged, types, end)
            there += 1
        types += 1
        merged.starts[types] = end
    return types
