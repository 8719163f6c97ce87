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
from .kernels import ROUNDS, Course, Floats
from .run import Run
from .window_kernels import HALF, PEOPLE, follow


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


class Climb:
    """Runs at ``start``, ``start + step``, …, most of which are never made."""

    def __init__(self, contest: Contest, start: Fraction, step: Fraction) -> None:
        self._contest, self._start, self._step = contest, start, step
        self._near = np.zeros((len(contest.field.people), 4))
        self._near[:, PEOPLE] = contest.field.people
        self.runs = self.windows = 0

    def run(self, step: int, course: Course | None = None) -> Run:
        """At the given number of steps; ``course``: its first rounds, without what exact figures are made of."""
        self.runs += 1
        return Run(self._contest, self._start + step * self._step, course)

    def next_run(self, base: int, run: Run, reach: int) -> tuple[int, Run]:
        """The first step after ``base`` whose run is not provably the same as ``run``, at ``base``; and its run.

        ``reach``: how far to look at first.
        """
        funded = np.array(run.funded, dtype=np.int64)
        here, broken = _Base(base, run.prices), None
        target, timid = base + reach, False
        while broken is None or broken.step > here.step + 1:
            wider = broken if broken is not None and target < broken.step else None
            found = self._window(here, funded, target, wider)
            if isinstance(found, _Break):
                broken, timid = found, False
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

    def _window(self, here: _Base, funded: np.ndarray, step: int, wider: _Break | None) -> _Base | _Break:
        """Tries a window from ``here`` to ``step``; of ``wider`` the first rounds are known to be the same."""
        self.windows += 1
        field = self._contest.field
        course = self._contest.course(self._start + step * self._step)
        known, guesses = 0, here.prices
        if wider is not None:
            known = int(wider.course.counts[ROUNDS])
            course.floor[:], course.alive[:] = wider.course.floor, wider.course.alive
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
            float(self._start + here.step * self._step),
            known,
            self._contest.by_cost,
            float(step - here.step),
        )
        if 0 <= parted < known:  # too close to call where all is known; the floors taken over belong to later rounds
            return self._window(here, funded, step, None)
        if parted < 0:
            return _Base(step, course.prices[: len(funded)])
        return _Break(step, here.step + where * (step - here.step), where != HALF, course)


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
