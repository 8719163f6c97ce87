"""Add1 without taking every step: from each endowment as far as the same projects are provably funded in order.

Compare Kraiczy, Robinson, Elkind: Streamlining Equal Shares (2025, arXiv 2502.11797), who compute the next endowment at
which the outcome may change. Here a window may hold any number of linear pieces (``window_kernels.py``), since in a
city somebody runs out of money, or no longer does, at every step.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .add1 import finished
from .contest import Contest
from .kernels import ASKED, ERROR, ROUNDS, UNIT, UPWARDS, Course, Floats
from .round_kernels import rule_out
from .run import Run
from .window_kernels import follow


@dataclass(slots=True)
class _Base:
    """A step up to which the same projects as in the last run are funded, and their prices there."""

    step: int
    prices: Floats


@dataclass(slots=True)
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


class Climb:
    """Runs at ``start``, ``start + step``, …, most of which are never made."""

    def __init__(self, contest: Contest, start: Fraction, step: Fraction) -> None:
        self._contest, self._start, self._step = contest, start, step
        self._near = np.empty(len(contest.field.weights))
        self._bends = np.empty(len(contest.field.weights))
        self._opening = contest.course(start)  # after the rounds in which nobody can be short of money, from here on
        self._opening.counts[ASKED] = 1
        self._spent = np.zeros(len(contest.field.weights))  # in these
        self._breaks: list[_Break] = []  # those ahead
        self.runs = self.windows = 0

    def run(self, step: int, course: Course | None = None) -> Run:
        """At the given number of steps; ``course``: its first rounds, without what exact figures are made of."""
        self.runs += 1
        run = Run(self._contest, self._start + step * self._step, course)
        self._note_calm(run.calm)
        return run

    def _note_calm(self, projects: list[int]) -> None:
        field, opening = self._contest.field, self._opening
        for j in projects[opening.counts[ROUNDS] :]:
            column = slice(int(field.starts[j]), int(field.starts[j + 1]))
            price = int(field.prices[j]) / int(field.totals[j])
            self._spent[field.types[column]] += price * field.values[column] if len(field.values) else price
            rule_out(field, opening, j)
            opening.funded[opening.counts[ROUNDS]], opening.prices[opening.counts[ROUNDS]] = j, price
            opening.counts[ROUNDS] += 1

    def next_run(self, base: int, run: Run, reach: int) -> tuple[int, Run]:
        """The first step after ``base`` whose run is not provably the same as ``run``, at ``base``; and its run.

        ``reach``: how far to look at first.
        """
        funded = np.array(run.funded, dtype=np.int64)
        self._breaks = [each for each in self._breaks if each.step > base]
        ahead = [each for each in self._breaks if each.concerns(run.funded)]
        here, broken = _Base(base, run.prices), min(ahead, key=lambda each: each.step, default=None)
        target, timid = base + reach, False
        if broken is not None:
            target = int(broken.near)
            if not base < target < broken.step:
                target = base + 1
        while broken is None or broken.step > here.step + 1:
            found = self._window(here, funded, target, self._wider(target))
            if isinstance(found, _Break):
                broken, timid = found, False
                self._breaks.append(found)
                target = int(broken.near)
                if not here.step < target < broken.step:
                    target = here.step + 1
            else:
                passed, here = found.step - here.step, found
                if broken is None or not broken.real:
                    target = here.step + 2 * passed if broken is None else min(here.step + passed, broken.step)
                elif timid or here.step > broken.near:
                    target = (here.step + broken.step) // 2
                else:
                    target = max(here.step + 1, int(broken.near))
                timid = not timid
        return broken.step, self.run(broken.step, broken.course)

    def _wider(self, step: int) -> _Break | None:
        """What is known best about how runs up to ``step`` begin."""
        wider = [each for each in self._breaks if each.step > step]
        return max(wider, key=lambda each: int(each.course.counts[ROUNDS]), default=None)

    def _window(self, here: _Base, funded: np.ndarray, step: int, wider: _Break | None) -> _Base | _Break:
        """Tries a window from ``here`` to ``step``; of ``wider`` the first rounds are known to be the same."""
        self.windows += 1
        field = self._contest.field
        endowment = float(self._start + here.step * self._step)
        steps = float(step - here.step)
        course = self._start_window(step)
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
            field,
            course,
            funded,
            here.prices,
            guesses,
            self._near,
            self._bends,
            endowment,
            known,
            self._contest.by_cost,
            steps,
        )
        if 0 <= parted < known:  # too close to call where all is known; the floors taken over belong to later rounds
            return self._window(here, funded, step, None)
        if parted < 0:
            return _Base(step, course.prices[: len(funded)])
        next_ = int(funded[parted]) if parted < len(funded) else -1
        return _Break(step, here.step + abs(where) * (step - here.step), where >= 0.0, course, next_)

    def _start_window(self, step: int) -> Course:
        """A run after its opening; it shares with others what only exact figures need."""
        opening, endowment = self._opening, float(self._start + step * self._step)
        floor, order = self._contest.floor
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


def add1(contest: Contest, start: Fraction, step: Fraction, *, exhaustive: bool = False) -> tuple[Run, int]:
    """The last run within the budget, and how many steps above ``start`` its endowment is; as ``add1_step_by_step``."""
    climb = Climb(contest, start, step)
    at, run, reach, steps = 0, climb.run(0), 0, 0
    while not finished(run, exhaustive):
        if reach:
            later, following = climb.next_run(at, run, reach)
        else:
            later, following = at + 1, climb.run(at + 1)
        steps = later - 1
        if following.cost > contest.profile.budget:
            break
        reach = (later - at) if following.funded == run.funded or later > at + 1 else 0
        at, run, steps = later, following, later
    return climb.run(steps), steps
