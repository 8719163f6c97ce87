"""Equal ballots become one ballot type, exactly, so that a rule's cost follows what people voted, not how many did."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kursbuch.domain.voting.election import BallotKind, Ballots
from kursbuch.domain.voting.grouping_kernel import (
    MOST_BALLOTS,
    NOTHING,
    NOWHERE,
    PLACE_BITS,
    Cast,
    deal_ballots,
    find_duplicate,
    gather_types,
    mark_ballots,
    project_marks,
)
from kursbuch.domain.voting.merging_kernel import merge_types

_BUCKET = 11  # a bucket gets about 2 to this power ballots, ...
_MOST_BUCKETS = 10  # ... and there are at most 2 to this power of them
_WORTH_A_THREAD = 1 << 12  # ballots
_MOST_WEIGHT = 2.0**62


class DuplicateProject(ValueError):
    """A ballot names the same project twice; ``ballot`` is where it stands in what was to be grouped."""

    def __init__(self, ballot: int) -> None:
        super().__init__(f"ballot {ballot} names a project twice")
        self.ballot = ballot


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
    cast = Cast(
        np.ascontiguousarray(starts, np.int64),
        np.ascontiguousarray(projects, np.int32),
        np.ascontiguousarray(() if points is None else points, np.int64),
        np.ascontiguousarray(() if weights is None else weights, np.int64),
        np.ascontiguousarray(() if districts is None else districts, np.int32),
    )
    _check(cast, points is not None, weights is not None, districts is not None)
    parts = [cast]
    if cast.ballots >= _WORTH_A_THREAD:
        parts = [cast.part(0, cast.ballots // 2), cast.part(cast.ballots // 2, cast.ballots)]
    return group_parts(kind, parts, points is not None, districts is not None, threads=threads)


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
    while len(parts) > 1:  # neighbours, then neighbours of those: everything is copied about log2(parts) times
        pairs = [parts[at : at + 2] for at in range(0, len(parts), 2)]
        parts = [_merge_two(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return parts[0]


def _merge_two(left: Ballots, right: Ballots) -> Ballots:
    sides = _as_cast(left), _as_cast(right)
    ranked = left.kind is BallotKind.RANKING
    marks_of_projects = project_marks(max(int(side.projects.max(initial=-1)) for side in sides) + 1)
    marks = [_marks(side, ranked, marks_of_projects) for side in sides]
    if any((side[1:] >> PLACE_BITS < side[:-1] >> PLACE_BITS).any() for side in marks):
        raise ValueError("groupings are added up as they come, before they are arranged")
    count = len(left) + len(right)
    merged = Cast(  # as large as it could become: pages that nobody touches cost nothing
        np.empty(count + 1, np.int64),
        np.empty(sum(side.entries for side in sides), np.int32),
        np.empty(sum(len(side.points) for side in sides), np.int64),
        np.empty(count, np.int64),
        np.empty(sum(len(side.districts) for side in sides), np.int32),
    )
    if float(left.weights.sum(dtype=np.float64)) + float(right.weights.sum(dtype=np.float64)) >= _MOST_WEIGHT:
        raise OverflowError("the weights add up to more than 62 bits hold")
    types = _filled(merged, merge_types(sides[0], marks[0], sides[1], marks[1], merged))
    return _as_ballots(left.kind, types, left.points is not None, left.districts is not None)


def _as_cast(ballots: Ballots) -> Cast:
    return Cast(
        ballots.starts,
        ballots.projects,
        NOTHING if ballots.points is None else ballots.points,
        ballots.weights,
        NOWHERE if ballots.districts is None else ballots.districts,
    )


def _as_ballots(kind: BallotKind, types: Cast, with_points: bool, with_districts: bool) -> Ballots:
    return Ballots(
        kind=kind,
        starts=types.starts,
        projects=types.projects,
        points=types.points if with_points else None,
        weights=types.weights,
        districts=types.districts if with_districts else None,
    )


def _filled(room: Cast, types: int) -> Cast:
    """The part of it that so many types take."""
    end = int(room.starts[types])
    return Cast(
        room.starts[: types + 1],
        room.projects[:end],
        room.points[:end],
        room.weights[:types],
        room.districts[:types],
    )


def _marks(cast: Cast, ranked: bool, marks_of_projects: NDArray[np.uint64]) -> NDArray[np.uint64]:
    marks = np.empty(cast.ballots, np.uint64)
    sizes = np.zeros((2, 1), np.int64)
    mark_ballots(cast, ranked, marks_of_projects, marks, 0, sizes)
    return marks


def group_parts(
    kind: BallotKind, parts: Sequence[Cast], with_points: bool, with_districts: bool, *, threads: int = 2
) -> Ballots:
    """Group ballots that lie in several arrays, which must be well formed: :func:`group` without its checks.

    :raises DuplicateProject: if a ballot names a project twice, counted through all parts.
    :raises OverflowError: for more ballots or weights than 28 and 62 bits hold.
    """
    if sum(part.ballots for part in parts) >= MOST_BALLOTS:
        raise OverflowError("too many ballots at once: group parts and merge them")
    if sum(float(part.weights.sum(dtype=np.float64)) for part in parts) >= _MOST_WEIGHT:
        raise OverflowError("the weights add up to more than 62 bits hold")
    with ThreadPoolExecutor(threads) as pool:
        dealt = _deal(parts, kind is BallotKind.RANKING, pool)
        try:
            types = _join(list(pool.map(partial(_gather, dealt), pairwise(_halves(len(dealt.buckets) - 1)))))
        except DuplicateProject:
            raise DuplicateProject(_find_duplicate(parts)) from None
    return _as_ballots(kind, types, with_points, with_districts)


def _check(cast: Cast, with_points: bool, with_weights: bool, with_districts: bool) -> None:
    starts = cast.starts
    if len(starts) == 0 or starts[0] != 0 or starts[-1] != len(cast.projects) or np.any(np.diff(starts) < 0):
        raise ValueError("the starts of the ballots do not fit what they name")
    for what, given, array, expected in (
        ("points", with_points, cast.points, len(cast.projects)),
        ("weights", with_weights, cast.weights, cast.ballots),
        ("districts", with_districts, cast.districts, cast.ballots),
    ):
        if given and len(array) != expected:
            raise ValueError(f"{len(array)} {what} for {expected}")
    if cast.projects.min(initial=0) < 0:
        raise ValueError("a project's number is negative")
    if cast.weights.min(initial=0) < 0:
        raise ValueError("a weight is negative")


def _find_duplicate(parts: Sequence[Cast]) -> int:
    before = 0
    for part in parts:
        found = find_duplicate(part.starts, part.projects)
        if found >= 0:
            return before + found
        before += part.ballots
    raise AssertionError("no ballot names a project twice")


def _halves(count: int) -> list[int]:
    return [0, count // 2, count] if count > 1 else [0, count]


@dataclass(frozen=True, slots=True, eq=False)
class _Dealt:
    """Ballots in buckets by the upper ``bucket_bits`` of their marks; bucket b begins at ``buckets[b]``."""

    cast: Cast
    marks: NDArray[np.uint64]
    buckets: NDArray[np.int64]
    bucket_bits: int
    ranked: bool


def _deal(parts: Sequence[Cast], ranked: bool, pool: ThreadPoolExecutor) -> _Dealt:
    ballots = sum(part.ballots for part in parts)
    entries = sum(part.entries for part in parts)
    bucket_bits = min((ballots >> _BUCKET).bit_length(), _MOST_BUCKETS)
    buckets = 1 << bucket_bits
    marks_of_projects = project_marks(max(int(part.projects.max(initial=-1)) for part in parts) + 1)
    marks = [np.empty(part.ballots, np.uint64) for part in parts]
    sizes = np.zeros((len(parts), 2, buckets), np.int64)

    def mark(index: int) -> None:
        mark_ballots(parts[index], ranked, marks_of_projects, marks[index], bucket_bits, sizes[index])

    list(pool.map(mark, range(len(parts))))
    ends = sizes.transpose(1, 2, 0).reshape(2, -1).cumsum(axis=1)  # bucket by bucket, in each part by part
    cursors = np.hstack((np.zeros((2, 1), np.int64), ends[:, :-1])).reshape(2, buckets, -1).transpose(2, 0, 1).copy()
    firsts = np.append(cursors[0, 0], ballots)
    dealt = Cast(
        np.empty(ballots + 1, np.int64),
        np.empty(entries, np.int32),
        np.empty(entries if any(len(part.points) for part in parts) else 0, np.int64),
        np.empty(ballots if any(len(part.weights) for part in parts) else 0, np.int64),
        np.empty(ballots if any(len(part.districts) for part in parts) else 0, np.int32),
    )
    dealt.starts[-1] = entries
    dealt_marks = np.empty(ballots, np.uint64)

    def deal(index: int) -> None:
        deal_ballots(parts[index], marks[index], bucket_bits, cursors[index], dealt, dealt_marks)

    list(pool.map(deal, range(len(parts))))
    return _Dealt(dealt, dealt_marks, firsts, bucket_bits, ranked)


def _gather(dealt: _Dealt, part: tuple[int, int]) -> Cast:
    cast = dealt.cast
    buckets = dealt.buckets[part[0] : part[1] + 1]
    ballots = int(buckets[-1] - buckets[0])
    entries = int(cast.starts[buckets[-1]] - cast.starts[buckets[0]])
    types = Cast(
        np.empty(ballots + 1, np.int64),
        np.empty(entries, np.int32),
        np.empty(entries if len(cast.points) else 0, np.int64),
        np.empty(ballots, np.int64),
        np.empty(ballots if len(cast.districts) else 0, np.int32),
    )
    types.starts[0] = 0
    count = gather_types(buckets, dealt.bucket_bits, cast, dealt.marks, dealt.ranked, types)
    if count < 0:
        raise DuplicateProject(-1)
    return _filled(types, count)


def _join(parts: Sequence[Cast]) -> Cast:
    """One after the other, in arrays of their own."""
    ends = np.cumsum([0] + [len(part.projects) for part in parts])
    return Cast(
        np.concatenate([[0], *(part.starts[1:] + end for part, end in zip(parts, ends[:-1], strict=True))]),
        np.concatenate([part.projects for part in parts]),
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.weights for part in parts]),
        np.concatenate([part.districts for part in parts]),
    )
