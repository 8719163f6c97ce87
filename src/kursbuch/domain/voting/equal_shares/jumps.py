"""Add1 without taking every step: from each endowment as far as the same projects are provably funded in order.

Compare Kraiczy, Robinson, Elkind: Streamlining Equal Shares (2025, arXiv 2502.11797), who compute the next endowment at
which the outcome may change. Here a window may hold any number of linear pieces (``window_kernels.py``), since in a
city somebody runs out of money, or no longer does, at every step. Stretches of steps are looked at side by side.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from threading import Event, RLock

import numpy as np

from .add1 import finished
from .classes import Classes, Merged, near
from .contest import Contest
from .kernels import ASKED, CALM, ERROR, ROUNDS, UNIT, UPWARDS, Course, Floats
from .round_kernels import DONE, decide, rule_out
from .run import Run
from .window_kernels import follow

_FIRST, _TRIES = 16, 48  # steps in the first stretches; about how often something is tried in those that follow
_WORTH_A_THREAD = 1 << 16  # entries
_PURSES = 1 << 22  # how many may be kept of those who stand at a break
_SOON = 0.7  # who has so much of the cost of a project may soon be able to pay for it
_ENDLESS = 1 << 200  # steps


@dataclass(frozen=True, slots=True)
class _Known:
    """What is funded at a step, and at which prices. The run itself is forgotten, with what everybody has left."""

    step: int
    funded: list[int]
    prices: Floats
    cost: int
    finished: bool


@dataclass(frozen=True, slots=True)
class _Break:
    """A window that may not be the same throughout: its last step, and the run there up to where it may part."""

    step: int
    near: float  # at about which step
    real: bool  # there is a change, not just no proof
    course: Course
    next: int  # the project that was to be funded then; -1: none

    def concerns(self, funded: list[int]) -> bool:
        """Whether it is in the way of these projects, too, which begin as those that it was found for."""
        rounds = int(self.course.counts[ROUNDS])
        return self.real and self.next == (funded[rounds] if rounds < len(funded) else -1)


class _Shared:
    """What the climbs of a contest have in common: above all how ballot types were merged last."""

    def __init__(self, contest: Contest) -> None:
        self.classes = Classes(contest)
        self.stop = Event()  # the end is found
        self.lock = RLock()  # of who counts all ballot types or merges them: once is enough, and takes enough memory
        self.merged = self.classes.plain()


class Climb:
    """Runs at ``start``, ``start + step``, …, most of which are never made; no step is asked for twice."""

    def __init__(self, contest: Contest, start: Fraction, step: Fraction, exhaustive: bool, shared: _Shared) -> None:
        self._contest, self._start, self._step, self._exhaustive = contest, start, step, exhaustive
        self._shared = shared
        self._merged: Merged | None = None
        self._breaks: list[_Break] = []  # those ahead
        self.tries = 0
        if shared.merged is not None:
            self._use(shared.merged)

    def end(self, last: int, reach: int) -> int | None:
        """At which step before ``last`` add1 ends, None: not there.

        ``reach``: in how many steps about something changes, for all that is known. Raises ``CancelledError`` when told
        to stop.
        """
        here = self._run(0)
        while here.step < last:
            if here.finished:
                return here.step
            newest = self._shared.merged
            if newest is not None and newest is not self._merged:
                self._use(newest)  # so that nobody keeps older classes, which take much memory
            there = self._next(here, min(here.step + reach, last), last) if reach > 1 else self._run(here.step + 1)
            if there.cost > self._contest.profile.budget:
                return there.step - 1
            passed = there.step - here.step
            reach = max(passed, 2) if passed > 1 or there.funded == here.funded else 1
            here = there
        return None

    def _use(self, merged: Merged) -> None:
        self._merged, self._breaks = merged, []
        classes = len(merged.contest.field.weights)
        self._near, self._bends, self._spent = np.empty(classes), np.empty(classes), np.zeros(classes)
        # The run after the rounds in which nobody can be short of money from here on; what is left, see ``_spent``.
        opening = merged.contest.course(self._start)
        self._opening = opening._replace(left=np.empty(0), errors=np.empty(0, dtype=np.float32))
        self._opening.counts[ASKED] = 1

    def _try(self) -> None:
        if self._shared.stop.is_set():
            raise CancelledError
        self.tries += 1

    def _run(self, step: int, course: Course | None = None) -> _Known:
        """At the given number of steps; ``course``: its first rounds, without what exact figures are made of."""
        self._try()
        endowment = self._start + step * self._step
        if self._merged is None:
            with self._shared.lock:  # of several that begin, one
                if self._shared.merged is None:
                    return self._run_in_full(step, endowment)
                self._use(self._shared.merged)
        while endowment > 0:
            assert self._merged is not None  # noqa: S101 - nobody takes it away
            contest = self._merged.contest
            course = course or contest.course(endowment)
            if decide(contest.field, course, contest.by_cost) != DONE:
                break  # floating point cannot
            rounds = int(course.counts[ROUNDS])
            funded = course.funded[:rounds].tolist()
            if self._merged.projects[funded].all():
                return self._known(step, funded, course.prices[:rounds].copy(), int(course.counts[CALM]))
            self._tell_apart(contest, course.left, funded)
            course = None
        return self._run_in_full(step, endowment)

    def _run_in_full(self, step: int, endowment: Fraction) -> _Known:
        with self._shared.lock:
            run = Run(self._contest, endowment)
            self._tell_apart(self._contest, run.left, run.funded)
        return self._known(step, run.funded, run.prices.copy(), run.calm)

    def _tell_apart(self, contest: Contest, left: Floats, funded: list[int]) -> None:
        """Merges ballot types anew where classes are too coarse for these projects, or uses what another has merged.

        Those that may come next are taken in, too; it does no harm if a run that went wrong says which.
        """
        with self._shared.lock:
            if self._shared.stop.is_set():
                raise CancelledError
            merged = self._shared.merged
            if merged is None or not merged.projects[funded].all():
                projects = near(contest.field, left, _SOON)
                projects[funded] = True
                self._shared.merged = merged = self._shared.classes.told_apart(projects)
            if merged is not self._merged:
                self._use(merged)

    def _known(self, step: int, funded: list[int], prices: Floats, calm: int) -> _Known:
        """The first ``calm`` projects were funded while nobody could be short of money."""
        assert self._merged is not None  # noqa: S101 - it is once there was a run
        field, opening = self._merged.contest.field, self._opening
        for j in funded[opening.counts[ROUNDS] : calm]:
            column = slice(int(field.starts[j]), int(field.starts[j + 1]))
            price = int(field.prices[j]) / int(field.totals[j])
            self._spent[field.types[column]] += price * field.values[column] if len(field.values) else price
            rule_out(field, opening.alive, opening.purses, j)
            opening.funded[opening.counts[ROUNDS]], opening.prices[opening.counts[ROUNDS]] = j, price
            opening.counts[ROUNDS] += 1
        done = finished(self._contest, funded, self._exhaustive)
        return _Known(step, funded, prices, self._contest.cost(funded), done)

    def _next(self, base: _Known, target: int, last: int) -> _Known:
        """The first step after ``base`` at which it is not provably the same, or ``last``; ``target``: tried first."""
        here, timid, merged = base, False, self._merged
        self._breaks = [each for each in self._breaks if each.step > base.step]
        ahead = [each for each in self._breaks if each.concerns(base.funded)]
        broken = min(ahead, key=lambda each: each.step, default=None)
        if broken is not None:
            target = _inside(here, broken)
        while here.step < (last if broken is None else broken.step - 1):
            found = self._window(here, target) if target > here.step + 1 else self._run(target)
            if isinstance(found, _Known) and (found.funded != base.funded or self._merged is not merged):
                return found  # the breaks belong to the classes there were: another climb may have told more apart
            if isinstance(found, _Break):
                broken, timid = found, False
                self._breaks = [*self._breaks, found][-max(1, _PURSES // len(self._near)) :]
                target = _inside(here, broken)
                continue
            passed, here = found.step - here.step, found
            if broken is None:
                target = min(here.step + 2 * passed, last)
            elif not broken.real:
                target = min(here.step + passed, broken.step)
            elif timid or here.step > broken.near:
                target = (here.step + broken.step) // 2
            else:
                target = max(here.step + 1, int(broken.near))
            timid = not timid
        return here if broken is None else self._run(broken.step, broken.course)

    def _window(self, here: _Known, step: int) -> _Known | _Break:
        """Tries a window from ``here`` to ``step``, from what is known best about how runs up to there begin."""
        wider = [each for each in self._breaks if each.step > step]
        return self._follow(here, step, max(wider, key=lambda each: int(each.course.counts[ROUNDS]), default=None))

    def _follow(self, here: _Known, step: int, wider: _Break | None) -> _Known | _Break:
        """Of ``wider`` the first rounds are known to be the same."""
        assert self._merged is not None  # noqa: S101 - it is once there was a run
        contest = self._merged.contest
        self._try()
        endowment = float(self._start + here.step * self._step)
        steps = float(step - here.step)
        course = self._start_window(contest, step)
        np.subtract(endowment, self._spent, out=self._near)
        self._bends[:] = steps * float(course.scalars[ERROR])
        known, guesses = 0, here.prices
        if wider is not None:
            known = int(wider.course.counts[ROUNDS])
            course.floor[:] = wider.course.floor
            course.alive[:] &= wider.course.alive  # which does not know of rounds of the opening that were found later
            course.order[:] = wider.course.order
            share = (step - here.step) / (wider.step - here.step)
            guesses = here.prices.copy()
            guesses[:known] += share * (wider.course.prices[:known] - here.prices[:known])
        parted, where = follow(
            contest.field,
            course,
            np.array(here.funded, dtype=np.int64),
            here.prices,
            guesses,
            self._near,
            self._bends,
            endowment,
            known,
            contest.by_cost,
            steps,
        )
        if 0 <= parted < known:  # too close to call where all is known; the floors taken over belong to later rounds
            return self._follow(here, step, None)
        if parted < 0:
            return replace(here, step=step, prices=course.prices[: len(here.funded)])
        next_ = here.funded[parted] if parted < len(here.funded) else -1
        return _Break(step, here.step + abs(where) * (step - here.step), where >= 0.0, course, next_)

    def _start_window(self, contest: Contest, step: int) -> Course:
        """A run after its opening; it shares with others what only exact figures need."""
        opening, endowment = self._opening, float(self._start + step * self._step)
        floor, order = contest.floor
        error = 16.0 * UNIT * endowment * float(opening.counts[ROUNDS] + 1)
        return opening._replace(
            left=endowment - self._spent,
            errors=np.full(len(self._spent), error, dtype=np.float32),
            floor=floor.copy(),
            alive=opening.alive.copy(),
            order=order.copy(),
            purses=opening.purses.copy(),
            funded=opening.funded.copy(),
            prices=opening.prices.copy(),
            scalars=np.array([error * UPWARDS, endowment]),
            counts=opening.counts.copy(),
        )


def _inside(here: _Known, broken: _Break) -> int:
    """Where the change seems to be, or else the next step."""
    near = int(broken.near)
    return near if here.step < near < broken.step else here.step + 1


def add1(
    contest: Contest, start: Fraction, step: Fraction, *, exhaustive: bool = False, threads: int | None = None
) -> tuple[Run, int]:
    """The last run within the budget, and how many steps above ``start`` its endowment is; as ``add1_step_by_step``.

    With several ``threads`` (None: if it is worth it) steps are looked at in stretches side by side.
    """
    threads = threads or (2 if len(contest.field.types) >= _WORTH_A_THREAD else 1)
    steps = _end(contest, start, step, exhaustive, threads)
    return Run(contest, start + steps * step), steps


def _end(contest: Contest, start: Fraction, step: Fraction, exhaustive: bool, threads: int) -> int:
    """The step at which it ends; of the stretches looked at ahead, what turns out to lie beyond it is dropped."""
    shared = _Shared(contest)
    running: deque[tuple[int, int, Future[tuple[int | None, int]]]] = deque()

    def look(first: int, size: int, reach: int) -> tuple[int | None, int]:
        climb = Climb(contest, start + first * step, step, exhaustive, shared)
        return climb.end(size, reach), climb.tries

    first, size, reach = 0, _FIRST if threads > 1 else _ENDLESS, 1
    with ThreadPoolExecutor(threads) as pool:
        try:
            while True:
                while len(running) < (threads + 1 if threads > 1 else 1):
                    running.append((first, size, pool.submit(look, first, size, reach)))
                    first += size
                before, passed, found = running.popleft()
                steps, tries = found.result()
                if steps is not None:
                    return before + steps
                size, reach = max(1, passed * _TRIES // tries), max(1, passed // tries)
        finally:
            shared.stop.set()
            pool.shutdown(cancel_futures=True)
