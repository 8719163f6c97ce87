"""Equal ballots become one ballot type, exactly, so that a rule's cost follows what people voted, not how many did."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kursbuch.domain.voting.election import BallotKind, Ballots
from kursbuch.domain.voting.grouping_kernel import (
    MOST_BALLOTS,
    deal_ballots,
    find_duplicate,
    gather_types,
    mark_ballots,
    project_marks,
)

_BUCKET = 11  # a bucket gets about 2 to this power ballots, ...
_MOST_BUCKETS = 10  # ... and there are at most 2 to this power of them


class DuplicateProject(ValueError):
    """A ballot names the same project twice; ``ballot`` is where it stands in what was to be grouped."""

    def __init__(self, ballot: int) -> None:
        super().__init__(f"ballot {ballot} names a project twice")
        self.ballot = ballot


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """Ballots as the kernels take them: an empty array where a column was not given."""

    starts: NDArray[np.int64]
    projects: NDArray[np.int32]
    points: NDArray[np.int64]
    weights: NDArray[np.int64]
    districts: NDArray[np.int32]


def group(
    kind: BallotKind,
    starts: ArrayLike,
    projects: ArrayLike,
    points: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    districts: ArrayLike | None = None,
    *,
    threads: int = 2,
) -> Ballots:
    """Group ballots that name the same projects, with the same points (or in the same order), in the same district.

    Ballot ``i`` names ``projects[starts[i]:starts[i + 1]]``, in any order unless ``kind`` is a ranking, gives them the
    ``points`` beside them, stands for ``weights[i]`` people (1 if not given) and belongs to ``districts[i]`` (-1 for
    none). The outcome, its order included, depends only on which ballots there are: neither on their order, nor on
    the number of threads, nor on any seed. Contents are compared; a hash only brings them together.

    :raises DuplicateProject: if a ballot names a project twice.
    :raises ValueError: for a negative project or weight, or arrays that do not fit together.
    """
    columns = _Columns(
        np.ascontiguousarray(starts, np.int64),
        np.ascontiguousarray(projects, np.int32),
        np.ascontiguousarray(() if points is None else points, np.int64),
        np.ascontiguousarray(() if weights is None else weights, np.int64),
        np.ascontiguousarray(() if districts is None else districts, np.int32),
    )
    _check(columns, points is not None, weights is not None, districts is not None)
    ranked = kind is BallotKind.RANKING
    types = _group(columns, ranked, threads)
    return Ballots(
        kind=kind,
        starts=types.starts,
        projects=types.projects,
        points=None if points is None else types.points,
        weights=types.weights,
        districts=None if districts is None else types.districts,
    )


def merge(parts: Sequence[Ballots]) -> Ballots:
    """Add groupings of parts of an election up: the same as grouping all their ballots at once.

    :raises ValueError: if there is no part, or the parts differ in kind, points or districts.
    """
    if not parts:
        raise ValueError("nothing to merge")
    first = parts[0]
    for part in parts:
        if part.kind is not first.kind:
            raise ValueError(f"{part.kind} ballots cannot be added to {first.kind} ballots")
        if (part.points is None) != (first.points is None) or (part.districts is None) != (first.districts is None):
            raise ValueError("ballots with points or districts cannot be added to ballots without")
    if len(parts) == 1:
        return first
    lengths = np.concatenate([np.diff(part.starts) for part in parts])
    return group(
        first.kind,
        np.concatenate(([0], np.cumsum(lengths))),
        np.concatenate([part.projects for part in parts]),
        None if first.points is None else np.concatenate([part.points for part in parts if part.points is not None]),
        np.concatenate([part.weights for part in parts]),
        None
        if first.districts is None
        else np.concatenate([part.districts for part in parts if part.districts is not None]),
    )


def _check(columns: _Columns, with_points: bool, with_weights: bool, with_districts: bool) -> None:
    starts = columns.starts
    if len(starts) == 0 or starts[0] != 0 or starts[-1] != len(columns.projects) or np.any(np.diff(starts) < 0):
        raise ValueError("the starts of the ballots do not fit what they name")
    ballots = len(starts) - 1
    for what, given, array, expected in (
        ("points", with_points, columns.points, len(columns.projects)),
        ("weights", with_weights, columns.weights, ballots),
        ("districts", with_districts, columns.districts, ballots),
    ):
        if given and len(array) != expected:
            raise ValueError(f"{len(array)} {what} for {expected}")
    if ballots >= MOST_BALLOTS:
        raise OverflowError("too many ballots at once: group parts and merge them")
    if columns.projects.min(initial=0) < 0:
        raise ValueError("a project's number is negative")
    if columns.weights.min(initial=0) < 0:
        raise ValueError("a weight is negative")
    if columns.weights.sum(dtype=np.float64) >= 2.0**62:
        raise OverflowError("the weights add up to more than 64 bits hold")


def _group(columns: _Columns, ranked: bool, threads: int) -> _Columns:
    ballots = len(columns.starts) - 1
    bucket_bits = min(max((ballots >> _BUCKET).bit_length(), 0), _MOST_BUCKETS)
    buckets = 1 << bucket_bits
    halves = [0, ballots // 2, ballots] if bucket_bits else [0, ballots]
    marks = np.empty(ballots, np.uint64)
    sizes = np.zeros((len(halves) - 1, 2, buckets), np.int64)
    marks_of_projects = project_marks(int(columns.projects.max(initial=-1)) + 1)
    dealt = _Columns(
        np.empty(ballots + 1, np.int64),
        np.empty_like(columns.projects),
        np.empty_like(columns.points),
        np.empty_like(columns.weights),
        np.empty_like(columns.districts),
    )
    dealt.starts[-1] = len(columns.projects)
    dealt_marks = np.empty_like(marks)

    def mark(half: int) -> None:
        mark_ballots(
            columns.starts,
            columns.projects,
            columns.points,
            columns.districts,
            ranked,
            marks_of_projects,
            halves[half],
            halves[half + 1],
            marks,
            bucket_bits,
            sizes[half],
        )

    def deal(half: int) -> None:
        deal_ballots(
            columns.starts,
            columns.projects,
            columns.points,
            columns.weights,
            columns.districts,
            marks,
            halves[half],
            halves[half + 1],
            bucket_bits,
            cursors[half],
            dealt.starts,
            dealt.projects,
            dealt.points,
            dealt.weights,
            dealt.districts,
            dealt_marks,
        )

    def gather(part: tuple[int, int]) -> _Columns:
        return _gather(dealt, dealt_marks, firsts[part[0] : part[1] + 1], bucket_bits, ranked)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(mark, range(len(halves) - 1)))
        ends = sizes.transpose(1, 2, 0).reshape(2, -1).cumsum(axis=1)  # bucket by bucket, in each half by half
        cursors = (
            np.hstack((np.zeros((2, 1), np.int64), ends[:, :-1])).reshape(2, buckets, -1).transpose(2, 0, 1).copy()
        )
        firsts = np.append(cursors[0, 0], ballots)
        list(pool.map(deal, range(len(halves) - 1)))
        try:
            parts = list(pool.map(gather, pairwise([0, buckets // 2, buckets] if bucket_bits else [0, 1])))
        except DuplicateProject:
            raise DuplicateProject(find_duplicate(columns.starts, columns.projects)) from None
    return _join(parts)


def _gather(
    dealt: _Columns, marks: NDArray[np.uint64], buckets: NDArray[np.int64], bucket_bits: int, ranked: bool
) -> _Columns:
    ballots = int(buckets[-1] - buckets[0])
    entries = int(dealt.starts[buckets[-1]] - dealt.starts[buckets[0]])
    types = _Columns(
        np.empty(ballots + 1, np.int64),
        np.empty(entries, np.int32),
        np.empty(entries if len(dealt.points) else 0, np.int64),
        np.empty(ballots, np.int64),
        np.empty(ballots if len(dealt.districts) else 0, np.int32),
    )
    types.starts[0] = 0
    count = gather_types(
        buckets,
        bucket_bits,
        dealt.starts,
        dealt.projects,
        dealt.points,
        dealt.weights,
        dealt.districts,
        marks,
        ranked,
        types.starts,
        types.projects,
        types.points,
        types.weights,
        types.districts,
    )
    if count < 0:
        raise DuplicateProject(-1)
    end = int(types.starts[count])
    return _Columns(
        types.starts[: count + 1],
        types.projects[:end],
        types.points[:end],
        types.weights[:count],
        types.districts[:count],
    )


def _join(parts: Sequence[_Columns]) -> _Columns:
    """One after the other, in arrays of their own."""
    ends = np.cumsum([0] + [len(part.projects) for part in parts])
    return _Columns(
        np.concatenate([[0], *(part.starts[1:] + end for part, end in zip(parts, ends[:-1], strict=True))]),
        np.concatenate([part.projects for part in parts]),
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.weights for part in parts]),
        np.concatenate([part.districts for part in parts]),
    )
