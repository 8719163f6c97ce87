"""Groups equal ballots: a mark deals them into buckets that fit the processor's cache; there contents are compared.

Every pass reads and writes memory in order, which is what a million ballots cost.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

MOST_BALLOTS = 1 << 28
PLACE_BITS = np.uint64(28)  # a sort key is the upper 36 bits of a ballot's mark and, below, its place in the bucket
_PLACE_MASK = np.uint64(MOST_BALLOTS - 1)
_MOST_SLOT_BITS = 12

_ADD = np.uint64(0x9E3779B97F4A7C15)  # the increment and the two factors of SplitMix64 (Steele, Lea, Flood 2014)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)

NOTHING = np.empty(0, np.int64)
NOWHERE = np.empty(0, np.int32)


class Cast(NamedTuple):
    """Ballots as they came in, or ballot types. An empty array where there is no such column.

    ``starts`` may begin anywhere in ``projects``, so that a part of the ballots needs no copy.
    """

    starts: NDArray[np.int64]  # (ballots + 1,)
    projects: NDArray[np.int32]  # (entries,)
    points: NDArray[np.int64] = NOTHING  # (entries,)
    weights: NDArray[np.int64] = NOTHING  # (ballots,)
    districts: NDArray[np.int32] = NOWHERE  # (ballots,)

    @property
    def ballots(self) -> int:
        return len(self.starts) - 1

    @property
    def entries(self) -> int:
        return int(self.starts[-1] - self.starts[0])

    def part(self, first: int, stop: int) -> "Cast":
        weights, districts = self.weights[first:stop], self.districts[first:stop]
        return Cast(self.starts[first : stop + 1], self.projects, self.points, weights, districts)


@njit(cache=True, nogil=True)
def scatter(value: np.uint64) -> np.uint64:
    """SplitMix64: neighbouring values become unlike each other, always in the same way."""
    value += _ADD
    value = (value ^ (value >> np.uint64(30))) * _FIRST
    value = (value ^ (value >> np.uint64(27))) * _SECOND
    return value ^ (value >> np.uint64(31))


@njit(cache=True, nogil=True)
def project_marks(count: int) -> NDArray[np.uint64]:
    marks = np.empty(count, np.uint64)
    for project in range(count):
        marks[project] = scatter(np.uint64(project))
    return marks


@njit(cache=True, nogil=True)
def mark_ballots(
    cast: Cast,
    ranked: bool,
    project_marks: NDArray[np.uint64],
    marks: NDArray[np.uint64],
    bucket_bits: int,
    sizes: NDArray[np.int64],
) -> None:
    """Marks of ballots, the same for equal ones; ballots and entries that each bucket gets.

    A sum over what is named does not depend on the order of naming; in a ranking each place is mixed in. ``sizes`` is
    (2, buckets).
    """
    starts, projects, points, districts = cast.starts, cast.projects, cast.points, cast.districts
    pointed = len(points) > 0
    for ballot in range(len(marks)):
        total = np.uint64(0)
        for at in range(starts[ballot], starts[ballot + 1]):
            mark = project_marks[projects[at]]
            if pointed:
                mark = scatter(mark ^ np.uint64(points[at]))
            elif ranked:
                mark = scatter(mark ^ np.uint64(at - starts[ballot]))
            total += mark
        if len(districts) > 0:
            total += scatter(_FIRST ^ np.uint64(districts[ballot] + 1))
        total = scatter(total)
        marks[ballot] = total
        bucket = total >> np.uint64(64 - bucket_bits) if bucket_bits > 0 else np.uint64(0)
        sizes[0, bucket] += 1
        sizes[1, bucket] += starts[ballot + 1] - starts[ballot]


@njit(cache=True, nogil=True)
def deal_ballots(
    cast: Cast,
    marks: NDArray[np.uint64],
    bucket_bits: int,
    cursors: NDArray[np.int64],
    dealt: Cast,
    dealt_marks: NDArray[np.uint64],
) -> None:
    """Copy ballots into their buckets, from where ``cursors`` (2, buckets) point on."""
    starts, projects, points, weights, districts = cast
    dealt_starts, dealt_projects, dealt_points = dealt.starts, dealt.projects, dealt.points
    for ballot in range(len(marks)):
        mark = marks[ballot]
        bucket = mark >> np.uint64(64 - bucket_bits) if bucket_bits > 0 else np.uint64(0)
        place = cursors[0, bucket]
        entry = cursors[1, bucket]
        dealt_starts[place] = entry
        dealt_marks[place] = mark
        if len(weights) > 0:
            dealt.weights[place] = weights[ballot]
        if len(districts) > 0:
            dealt.districts[place] = districts[ballot]
        for at in range(starts[ballot], starts[ballot + 1]):
            dealt_projects[entry] = projects[at]
            if len(points) > 0:
                dealt_points[entry] = points[at]
            entry += 1
        cursors[0, bucket] = place + 1
        cursors[1, bucket] = entry


# Loops that run once a ballot are made part of those that call them: to hand over so many arrays costs a quarter more.
@njit(cache=True, nogil=True, inline="always")
def _lay_out(cast: Cast, ballot: np.int64, ranked: bool, types: Cast, at: int) -> int:
    """Write a ballot from ``at`` on, ascending unless ranked; where it ends, or -1 if it names a project twice."""
    projects, points = cast.projects, cast.points
    names, values = types.projects, types.points
    first, stop = cast.starts[ballot], cast.starts[ballot + 1]
    pointed = len(points) > 0
    end = at
    if not pointed and not ranked:  # nearly always ascending already
        before = np.int32(-1)
        for step in range(np.uint64(stop - first)):
            name = projects[np.uint64(first) + step]
            if name <= before:
                break
            names[np.uint64(at) + step] = name
            before = name
            end += 1
        if end - at == stop - first:
            return end
        first += end - at
    for entry in range(first, stop):
        name = projects[entry]
        value = points[entry] if pointed else np.int64(0)
        place = end
        if ranked:
            for other in range(at, end):
                if names[other] == name:
                    return -1
        else:
            while place > at and names[place - 1] > name:
                names[place] = names[place - 1]
                if pointed:
                    values[place] = values[place - 1]
                place -= 1
            if place > at and names[place - 1] == name:
                return -1
        names[place] = name
        if pointed:
            values[place] = value
        end += 1
    return end


@njit(cache=True, nogil=True)
def compare(left: Cast, begin: int, end: int, right: Cast, right_begin: int, right_end: int) -> int:
    """-1, 0 or 1: two laid-out ballots, given by their entries, in order of what they name, then of what they give."""
    common = min(end - begin, right_end - right_begin)
    for step in range(common):
        if left.projects[begin + step] != right.projects[right_begin + step]:
            return -1 if left.projects[begin + step] < right.projects[right_begin + step] else 1
    if end - begin != right_end - right_begin:
        return -1 if end - begin < right_end - right_begin else 1
    if len(left.points) > 0:
        for step in range(common):
            if left.points[begin + step] != right.points[right_begin + step]:
                return -1 if left.points[begin + step] < right.points[right_begin + step] else 1
    return 0


@njit(cache=True, nogil=True)
def _turn(types: Cast, first: int, stop: int) -> None:
    names, values = types.projects, types.points
    while first < stop - 1:
        stop -= 1
        names[first], names[stop] = names[stop], names[first]
        if len(values) > 0:
            values[first], values[stop] = values[stop], values[first]
        first += 1


@njit(cache=True, nogil=True)
def _sort_run(first: int, stop: int, types: Cast) -> None:
    """Bring the unequal types ``first`` to ``stop``, which share a mark, into the order of their contents."""
    starts, weights, districts = types.starts, types.weights, types.districts
    for settled in range(first + 1, stop):
        for right in range(settled, first, -1):  # down, one neighbour at a time
            left = right - 1
            begin, middle, end = starts[left], starts[right], starts[right + 1]
            order = compare(types, begin, middle, types, middle, end)
            if order < 0 or (order == 0 and districts[left] < districts[right]):
                break
            _turn(types, begin, middle)  # turned each and then together, the two have changed places
            _turn(types, middle, end)
            _turn(types, begin, end)
            starts[right] = begin + (end - middle)
            weights[left], weights[right] = weights[right], weights[left]
            if len(districts) > 0:
                districts[left], districts[right] = districts[right], districts[left]


@njit(cache=True, nogil=True)
def _sort_bucket(marks: NDArray[np.uint64], bucket_bits: int, keys: NDArray[np.uint64]) -> None:
    """Sort keys of a bucket's ballots: dealt into about as many slots by the next bits, then the rest by insertion."""
    slot_bits = 0
    while slot_bits < _MOST_SLOT_BITS and (1 << slot_bits) < len(marks):
        slot_bits += 1
    down = np.uint64(64 - slot_bits)
    ends = np.zeros((1 << slot_bits) + 1, np.int64)
    for place in range(len(marks)):
        ends[((marks[place] << np.uint64(bucket_bits)) >> down if slot_bits > 0 else np.uint64(0)) + np.uint64(1)] += 1
    for end in range(1, len(ends)):
        ends[end] += ends[end - 1]
    for place in range(len(marks)):
        slot = (marks[place] << np.uint64(bucket_bits)) >> down if slot_bits > 0 else np.uint64(0)
        keys[ends[slot]] = marks[place] >> PLACE_BITS << PLACE_BITS | np.uint64(place)
        ends[slot] += 1
    for place in range(1, len(keys)):
        key = keys[place]
        at = place
        while at > 0 and keys[at - 1] > key:
            keys[at] = keys[at - 1]
            at -= 1
        keys[at] = key


@njit(cache=True, nogil=True, inline="always")
def _find_type(types: Cast, first: int, stop: int, end: int, district: np.int32) -> int:
    """Which of the types ``first`` to ``stop`` the ballot laid out behind them up to ``end`` is; ``stop`` if none."""
    begin = types.starts[stop]
    for known in range(first, stop):
        if (len(types.districts) == 0 or types.districts[known] == district) and compare(
            types, types.starts[known], types.starts[known + 1], types, begin, end
        ) == 0:
            return known
    return stop


@njit(cache=True, nogil=True)
def _gather_bucket(keys: NDArray[np.uint64], first: int, dealt: Cast, ranked: bool, types: Cast, count: int) -> int:
    """Merge the ballots of one bucket, which begin at ``first``, in the order of their keys, behind ``count`` types.

    How many types there are then, -1 if a ballot is malformed.
    """
    run_type = count  # the first type with the current mark
    run_mark = np.uint64(0)
    for place in range(len(keys)):
        mark = keys[place] >> PLACE_BITS
        ballot = first + np.int64(keys[place] & _PLACE_MASK)
        if place == 0 or mark != run_mark:
            if count - run_type > 1:
                _sort_run(run_type, count, types)
            run_type = count
            run_mark = mark
        end = _lay_out(dealt, ballot, ranked, types, types.starts[count])
        if end < 0:
            return -1
        district = dealt.districts[ballot] if len(dealt.districts) > 0 else np.int32(-1)
        weight = dealt.weights[ballot] if len(dealt.weights) > 0 else np.int64(1)
        found = _find_type(types, run_type, count, end, district)
        if found < count:
            types.weights[found] += weight
            continue
        types.weights[count] = weight
        if len(types.districts) > 0:
            types.districts[count] = district
        count += 1
        types.starts[count] = end
    if count - run_type > 1:
        _sort_run(run_type, count, types)
    return count


@njit(cache=True, nogil=True)
def gather_types(
    buckets: NDArray[np.int64], bucket_bits: int, dealt: Cast, marks: NDArray[np.uint64], ranked: bool, types: Cast
) -> int:
    """Merge dealt ballots, bucket ``b`` being ``buckets[b]`` to ``buckets[b + 1]``; how many types, -1 if malformed.

    Types come in the order of their marks. Ballots with equal marks are compared by contents, so unequal ones stay
    apart; they follow each other by contents. ``types.starts[0]`` says where in ``types.projects`` to begin.
    """
    largest = 0
    for bucket in range(len(buckets) - 1):
        largest = max(largest, buckets[bucket + 1] - buckets[bucket])
    all_keys = np.empty(largest, np.uint64)
    count = 0
    for bucket in range(len(buckets) - 1):
        first, stop = buckets[bucket], buckets[bucket + 1]
        keys = all_keys[: stop - first]
        _sort_bucket(marks[first:stop], bucket_bits, keys)
        count = _gather_bucket(keys, first, dealt, ranked, types, count)
        if count < 0:
            break
    return count


@njit(cache=True, nogil=True)
def find_duplicate(starts: NDArray[np.int64], projects: NDArray[np.int32]) -> int:
    """The first ballot that names a project twice, -1 if none does."""
    seen_by = np.full(projects.max() + 1 if len(projects) > 0 else 0, -1, np.int64)
    for ballot in range(len(starts) - 1):
        for at in range(starts[ballot], starts[ballot + 1]):
            if seen_by[projects[at]] == ballot:
                return ballot
            seen_by[projects[at]] = ballot
    return -1
