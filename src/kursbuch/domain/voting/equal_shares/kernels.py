"""The rounds of equal shares in floating point, with bounds that say when floating point cannot tell.

What a kernel decides, exact rational arithmetic would decide alike: every amount carries a bound of its error, and a
comparison counts only if it holds for all values within the bounds. What stays open is handed back, for ``exact.py``.

Terms. ``q`` is the price of one unit of a ballot's utility ``v`` (1 for approvals): a supporter with ``b`` left pays
``min(b, q v)``, is *capped* when ``b < q v`` and *open* otherwise. A project's *key* is ``q / scale``, where ``scale``
is its cost under cost utility and 1 otherwise; the least key comes next. Money only falls, so keys only rise: a key
once found stays a lower bound (``floor``). What the supporters pay in total at ``q`` is concave in ``q``; its tangents
therefore give lower bounds too, and Newton's method from the left never goes too far.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

DONE, OPEN, BLURRED = 0, 1, 2  # nothing affordable is left; contenders too close to call; bounds grown too wide

UNIT = 2.0**-53  # the relative error of one rounding
HUGE = 2.0**1000
BLUR = 2.0**-20  # the error, relative to the endowment, from which on amounts are computed anew

ERROR, ENDOWMENT = 0, 1  # scalars
ROUNDS, TIES, CONTENDERS = 0, 1, 2  # counts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Field(NamedTuple):
    """What does not change during a tally; see ``Contest`` for the meaning."""

    costs: Floats
    scales: Floats
    votes: Ints
    totals: Ints
    peaks: Floats
    ranks: Ints
    starts: Ints
    types: Shorts
    values: Ints  # empty: 1 for everybody
    weights: Ints
    people: Floats  # the weights again
    rival_starts: Ints
    rivals: Shorts
    member_starts: Ints
    members: Shorts
    prices: Ints


class Course(NamedTuple):
    """The state of one run; kernels change it in place."""

    left: Floats  # by ballot type: what each person has left, exactly 0 when exhausted
    errors: Floats  # by ballot type: how far from the truth that may be; scalars[ERROR] is the greatest
    exhausted: Shorts  # by ballot type: the round in which the last went, or -1
    floor: Floats  # by project: a lower bound of its key
    alive: Flags
    order: Ints  # projects, nearly by floor
    purses: Ints  # by category: what may still be spent
    funded: Ints  # by round
    prices: Floats  # by round: q
    open_: Ints  # by round: utility of those who were open
    capped: Ints  # by round: people whose last went
    ties: Ints  # pairs of (round, project)
    contenders: Ints
    lows: Floats
    highs: Floats
    whole: Flags  # everybody who supports it is open, for sure
    sharp: Flags  # nobody is near the line between capped and open
    at: Floats  # q
    spreads: Floats  # how far the true q may be from it
    scalars: Floats
    counts: Ints


@njit(cache=True, nogil=True)
def totals(starts: Ints, types: Shorts, values: Ints, weights: Ints) -> tuple[Ints, Ints, Floats]:
    """Per project: votes, the utilities added up (-1 where 64 bits do not suffice), the greatest utility."""
    projects = len(starts) - 1
    votes = np.zeros(projects, np.int64)
    sums = np.zeros(projects, np.int64)
    peaks = np.ones(projects, np.float64)
    for c in range(projects):
        count = 0
        for i in range(starts[c], starts[c + 1]):
            count += weights[types[i]]
        votes[c] = count
        sums[c] = count
        if len(values) > 0:
            total, peak, rough = 0, 1, 0.0
            for i in range(starts[c], starts[c + 1]):
                total += weights[types[i]] * values[i]
                rough += float(weights[types[i]]) * float(values[i])
                peak = max(peak, values[i])
            sums[c] = total if rough < 2.0**62 else -1
            peaks[c] = peak
    return votes, sums, peaks


@njit(cache=True, nogil=True)
def screen(field: Field, left: Floats, c: int, q: float) -> tuple[float, float, float]:
    """At price ``q``: what the supporters pay, the utility of the open ones, and all the money there is.

    Arithmetic instead of branches, and two sums of each, since the processor cannot guess who is open.
    """
    first, last = field.starts[c], field.starts[c + 1]
    types, people, values = field.types, field.people, field.values
    paid, open_, money = 0.0, 0.0, 0.0
    paid_, open__, money_ = 0.0, 0.0, 0.0
    even = first + (last - first) // 2 * 2
    if len(values) == 0:
        for i in range(first, even, 2):
            b, b_ = left[types[i]], left[types[i + 1]]
            w, w_ = people[types[i]], people[types[i + 1]]
            money += w * b
            money_ += w_ * b_
            open_ += w * (b >= q)
            open__ += w_ * (b_ >= q)
            paid += w * min(b, q)
            paid_ += w_ * min(b_, q)
        if even < last:
            b, w = left[types[even]], people[types[even]]
            money += w * b
            open_ += w * (b >= q)
            paid += w * min(b, q)
    else:
        for i in range(first, even, 2):
            b, b_ = left[types[i]], left[types[i + 1]]
            w, w_ = people[types[i]], people[types[i + 1]]
            v, v_ = float(values[i]), float(values[i + 1])
            money += w * b
            money_ += w_ * b_
            open_ += w * v * (b >= q * v)
            open__ += w_ * v_ * (b_ >= q * v_)
            paid += w * min(b, q * v)
            paid_ += w_ * min(b_, q * v_)
        if even < last:
            b, w, v = left[types[even]], people[types[even]], float(values[even])
            money += w * b
            open_ += w * v * (b >= q * v)
            paid += w * min(b, q * v)
    return paid + paid_, open_ + open__, money + money_


@njit(cache=True, nogil=True)
def clearance(field: Field, course: Course, c: int, q: float) -> tuple[float, float]:
    """How near anybody with money is to the line between capped and open; how uncertain the money of the capped is."""
    gap, doubt = np.inf, 0.0
    types, people, values = field.types, field.people, field.values
    scored = len(values) > 0
    for i in range(field.starts[c], field.starts[c + 1]):
        t = types[i]
        b = course.left[t]
        pays = q * float(values[i]) if scored else q
        doubt += people[t] * course.errors[t] * ((b > 0.0) & (b < pays))
        gap = min(gap, abs(b - pays) + (b == 0.0) * HUGE)
    return gap, doubt


@njit(cache=True, nogil=True)
def settle(field: Field, course: Course, c: int, slot: int) -> bool:
    """Finds the key of ``c`` by Newton's method and notes it as a contender; False if it is surely unaffordable."""
    k, scale = field.costs[c], field.scales[c]
    error = course.scalars[ERROR]
    loose = ((field.starts[c + 1] - field.starts[c]) // 2 + 32) * UNIT
    q = course.floor[c] * scale * (1.0 - 8.0 * UNIT)
    blurred = False
    while True:
        paid, open_, money = screen(field, course.left, c, q)
        slack = error * field.votes[c] + loose * (money + k)
        if money + slack < k:
            return False
        if open_ == 0.0 or money - slack < k:
            blurred = True
            break
        if k - paid <= loose * k:
            break
        q += (k - paid) / open_
    low, high, whole, spread = course.floor[c], np.inf, False, np.inf
    if not blurred:
        gap, doubt = clearance(field, course, c, q)
        slack = doubt * (1.0 + loose) + loose * (paid + k)
        spread = (slack + abs(k - paid)) / open_ * (1.0 + loose) + 8.0 * UNIT * q
        blurred = gap <= 2.0 * (error + spread * field.peaks[c])
        if not blurred:
            low = max(low, (q - spread) / scale * (1.0 - 8.0 * UNIT))
            high = (q + spread) / scale * (1.0 + 8.0 * UNIT)
            whole = field.totals[c] < 2**53 and open_ == float(field.totals[c])
    if blurred:
        beyond = q * (1.0 + 2.0**-20)
        paid, open_, money = screen(field, course.left, c, beyond)
        if paid - error * field.votes[c] - loose * (paid + k) >= k:
            high = beyond / scale * (1.0 + 8.0 * UNIT)
    course.floor[c] = low
    course.contenders[slot] = c
    course.lows[slot] = low
    course.highs[slot] = high
    course.whole[slot] = whole
    course.sharp[slot] = not blurred
    course.at[slot] = q
    course.spreads[slot] = spread
    return True


@njit(cache=True, nogil=True)
def beyond_ceiling(field: Field, course: Course, c: int, ceiling: float) -> bool:
    """Whether ``c`` surely costs more than a key of ``ceiling`` (or cannot be afforded); raises its floor."""
    k = field.costs[c]
    q = ceiling * field.scales[c] * (1.0 + 8.0 * UNIT)
    error = course.scalars[ERROR]
    paid, open_, money = screen(field, course.left, c, q)
    loose = ((field.starts[c + 1] - field.starts[c]) // 2 + 32) * UNIT
    if money + error * field.votes[c] + loose * (money + k) < k:
        course.alive[c] = False
        return True
    missing = k - paid - error * field.votes[c] - loose * (paid + k)
    if missing <= 0.0:
        return False
    if open_ == 0.0:
        course.alive[c] = False
    else:
        course.floor[c] = max(
            course.floor[c], (q + missing / open_ * (1.0 - loose)) / field.scales[c] * (1.0 - 8.0 * UNIT)
        )
    return True


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
def rule_out(field: Field, course: Course, j: int) -> None:
    """Takes ``j`` out, with its rivals and what its categories can no longer pay for."""
    course.alive[j] = False
    for i in range(field.rival_starts[j], field.rival_starts[j + 1]):
        course.alive[field.rivals[i]] = False
    if len(course.purses) == 0:
        return
    for i in range(field.member_starts[j], field.member_starts[j + 1]):
        course.purses[field.members[i]] -= field.prices[j]
    for c in range(len(course.alive)):
        if course.alive[c]:
            for i in range(field.member_starts[c], field.member_starts[c + 1]):
                if course.purses[field.members[i]] < field.prices[c]:
                    course.alive[c] = False


@njit(cache=True, nogil=True)
def pay(field: Field, course: Course, j: int, q: float, spread: float) -> None:
    """Funds ``j`` at ``q``, known up to ``spread``; nobody who has money is near the line."""
    this = course.counts[ROUNDS]
    left, exhausted, types, values = course.left, course.exhausted, field.types, field.values
    scored = len(values) > 0
    open_, capped = 0, 0
    greatest = course.scalars[ERROR]
    rounding = 4.0 * UNIT * course.scalars[ENDOWMENT]
    for i in range(field.starts[j], field.starts[j + 1]):
        t = types[i]
        b, w = left[t], field.weights[t]
        v = values[i] if scored else 1
        rest = max(b - q * v, 0.0)
        short = (b > 0.0) & (rest == 0.0)
        left[t] = rest
        open_ += w * v * (rest > 0.0)
        capped += w * short
        exhausted[t] += (this - exhausted[t]) * short
        error = course.errors[t] + spread * v + rounding
        course.errors[t] = error
        greatest = max(greatest, error * (rest > 0.0))
    course.funded[this] = j
    course.prices[this] = q
    course.open_[this] = open_
    course.capped[this] = capped
    course.scalars[ERROR] = greatest
    course.counts[ROUNDS] = this + 1
    rule_out(field, course, j)


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
def decide(field: Field, course: Course, by_cost: bool) -> int:
    """Funds projects for as long as floating point can tell which comes next."""
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
