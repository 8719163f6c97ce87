"""Round by round: who may come next, who does, and what the supporters pay."""

from __future__ import annotations

import numpy as np
from numba import njit

from .kernels import (
    ASKED,
    CALM,
    CONTENDERS,
    ENDOWMENT,
    ERROR,
    ROUNDS,
    TIES,
    UNIT,
    UPWARDS,
    Counts,
    Course,
    Field,
    Flags,
    Floats,
    Halves,
    Ints,
    Places,
    Singles,
    supporters,
)
from .price_kernels import beyond_ceiling, settle

DONE, OPEN, BLURRED = 0, 1, 2  # nothing affordable is left; contenders too close to call; bounds grown too wide

BLUR = 2.0**-20  # the error, relative to the endowment, from which on amounts are computed anew


@njit(cache=True, nogil=True)
def sort_by_floor(order: Ints, floor: Floats) -> None:
    """By insertion, as the order is nearly right already."""
    for i in range(1, len(order)):
        c = order[i]
        j = i - 1
        while j >= 0 and floor[order[j]] > floor[c]:
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = c


@njit(cache=True, nogil=True)
def gather(field: Field, course: Course) -> int:
    """Lists the projects that may come next, at least one if anything is affordable; returns how many."""
    sort_by_floor(course.order, course.floor)
    ceiling = np.inf
    found = 0
    for c in course.order:
        if course.floor[c] > ceiling:
            break
        if not course.alive[c] or (ceiling < np.inf and beyond_ceiling(field, course, c, ceiling)):
            continue
        if settle(field, course, c, found):
            ceiling = min(ceiling, course.highs[found])
            found += 1
        else:
            course.alive[c] = False
    kept = 0
    for slot in range(found):
        if course.lows[slot] <= ceiling:
            course.contenders[kept] = course.contenders[slot]
            course.lows[kept] = course.lows[slot]
            course.highs[kept] = course.highs[slot]
            course.whole[kept] = course.whole[slot]
            course.sharp[kept] = course.sharp[slot]
            course.at[kept] = course.at[slot]
            course.spreads[kept] = course.spreads[slot]
            kept += 1
    course.counts[CONTENDERS] = kept
    return kept


@njit(cache=True, nogil=True)
def rule_out(field: Field, alive: Flags, purses: Ints, j: int) -> None:
    """Takes ``j`` out, with its rivals and what its categories can no longer pay for."""
    alive[j] = False
    for i in range(field.rival_starts[j], field.rival_starts[j + 1]):
        alive[field.rivals[i]] = False
    if len(purses) == 0:
        return
    for i in range(field.member_starts[j], field.member_starts[j + 1]):
        purses[field.members[i]] -= field.prices[j]
    for c in range(len(alive)):
        if alive[c]:
            for i in range(field.member_starts[c], field.member_starts[c + 1]):
                if purses[field.members[i]] < field.prices[c]:
                    alive[c] = False


@njit(cache=True, nogil=True)
def not_ruled_out(field: Field, eligible: Flags, purses: Ints, funded: Ints) -> Flags:
    """The projects that are left when these are funded."""
    alive, rest = eligible.copy(), purses.copy()
    for j in funded:
        rule_out(field, alive, rest, j)
    return alive


@njit(cache=True, nogil=True)
def fund(field: Field, course: Course, j: int, price: float, grown: float) -> None:
    """Closes the round: ``j`` comes next at ``price``; ``grown``: by how much the error of a unit of utility grew."""
    this = course.counts[ROUNDS]
    course.funded[this] = j
    course.prices[this] = price
    course.scalars[ERROR] += grown * field.peaks[j] * UPWARDS
    course.counts[ROUNDS] = this + 1
    rule_out(field, course.alive, course.purses, j)


@njit(cache=True, nogil=True)
def _pay(
    types: Places,
    values: Ints,
    people: Counts | None,
    left: Floats,
    errors: Singles,
    exhausted: Halves,
    gone: Places,
    q: float,
    grown: np.float32,
    this: int,
) -> tuple[int, int]:
    """Takes ``q`` a unit from each; the utility of those who keep something, and how many people do not."""
    open_, capped, found = 0, 0, 0
    scored = len(values) > 0
    for i in range(len(types)):
        t = types[i]
        b = left[t]
        v = values[i] if scored else 1
        w = 1 if people is None else np.int64(people[i])
        rest = max(b - q * v, 0.0)
        left[t] = rest
        errors[t] += grown * np.float32(v)
        short = (b > 0.0) & (rest == 0.0)
        open_ += w * v * (rest > 0.0)
        capped += w * short
        gone[found] = t
        found += short
    for n in range(found):
        exhausted[gone[n]] = this
    return open_, capped


@njit(cache=True, nogil=True)
def pay(field: Field, course: Course, j: int, q: float, spread: float) -> None:
    """Funds ``j`` at ``q``, known up to ``spread``; nobody who has money is near the line."""
    this = course.counts[ROUNDS]
    grown = (spread + 4.0 * UNIT * course.scalars[ENDOWMENT]) * UPWARDS
    left, errors, exhausted, single = course.left, course.errors, course.exhausted, np.float32(grown)
    several, one = supporters(field, j)
    open_, capped = _pay(*several, left, errors, exhausted, course.near, q, single, this)
    open__, capped_ = _pay(*one, left, errors, exhausted, course.near, q, single, this)
    course.open_[this] = open_ + open__
    course.capped[this] = capped + capped_
    fund(field, course, j, q, grown)


@njit(cache=True, nogil=True)
def best_of_whole(field: Field, course: Course, found: int, by_cost: bool) -> int:
    """The slot of the best of contenders whose supporters are all open, whose keys are plain fractions; -1: too large.

    Equal ones go by rank and are noted as ties.
    """
    dearest, greatest = 0.0, 0.0
    for slot in range(found):
        dearest = max(dearest, field.costs[course.contenders[slot]])
        greatest = max(greatest, float(field.totals[course.contenders[slot]]))
    if dearest * greatest >= 2.0**62 or course.counts[TIES] + found > len(course.ties):
        return -1
    best = 0
    for slot in range(1, found):
        a, b = course.contenders[slot], course.contenders[best]
        above, below = field.totals[b], field.totals[a]  # cost utility: key = 1 / total
        if not by_cost:
            above = field.prices[a] * field.totals[b]
            below = field.prices[b] * field.totals[a]
        if above < below or (above == below and field.ranks[a] < field.ranks[b]):
            best = slot
    b = course.contenders[best]
    for slot in range(found):
        a = course.contenders[slot]
        equal = field.totals[a] == field.totals[b]
        if not by_cost:
            equal = field.prices[a] * field.totals[b] == field.prices[b] * field.totals[a]
        if a != b and equal:
            course.ties[course.counts[TIES], 0] = course.counts[ROUNDS]
            course.ties[course.counts[TIES], 1] = a
            course.counts[TIES] += 1
    return best


@njit(cache=True, nogil=True)
def calm(field: Field, course: Course, spent: float) -> float:
    """Lists the projects that come next if nobody can be short of money: what they cost is known without asking.

    ``spent`` is the most that anybody has paid; returns the most that anybody pays now, or -1 if somebody may be short.
    """
    least = np.inf
    for c in range(len(course.floor)):
        if course.alive[c]:
            least = min(least, course.floor[c])
    found = 0
    dearest = 0.0
    for c in range(len(course.floor)):
        if course.alive[c] and course.floor[c] <= least * (1.0 + 2.0**-40):
            if field.totals[c] >= 2**53:
                return -1.0
            q = field.costs[c] / float(field.totals[c])
            course.contenders[found] = c
            course.whole[found] = True
            course.at[found] = q
            course.spreads[found] = 4.0 * UNIT * q
            dearest = max(dearest, q * field.peaks[c])
            found += 1
    course.counts[CONTENDERS] = found
    enough = spent + dearest < course.scalars[ENDOWMENT] * (1.0 - 2.0**-20)
    return dearest if enough and found > 0 else -1.0


@njit(cache=True, nogil=True)
def decide(field: Field, course: Course, by_cost: bool) -> int:
    """Funds projects for as long as floating point can tell which comes next."""
    spent = 0.0
    while course.counts[ROUNDS] == course.counts[CALM] and not course.counts[ASKED]:
        dearest = calm(field, course, spent)
        best = best_of_whole(field, course, course.counts[CONTENDERS], by_cost) if dearest > 0.0 else -1
        if best < 0:
            break
        spent += dearest
        pay(field, course, course.contenders[best], course.at[best], course.spreads[best])
        course.counts[CALM] += 1
    course.counts[ASKED] = 1
    while True:
        if course.scalars[ERROR] > BLUR * course.scalars[ENDOWMENT]:
            return BLURRED
        found = gather(field, course)
        if found == 0:
            return DONE
        best = 0
        if found > 1:
            for slot in range(found):
                if not course.whole[slot]:
                    return OPEN
            best = best_of_whole(field, course, found, by_cost)
            if best < 0:
                return OPEN
        elif not course.sharp[0]:
            return OPEN
        pay(field, course, course.contenders[best], course.at[best], course.spreads[best])
