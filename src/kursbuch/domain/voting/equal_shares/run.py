"""One run of the method of equal shares at one endowment, exact in every decision.

Peters, Pierczyński, Skowron: Proportional Participatory Budgeting with Additive Utilities (NeurIPS 2021).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import repeat

from kursbuch.domain.voting.outcome import Outcome, Round, Stage

from .contest import Contest
from .exact import Ledger, Offer
from .kernels import CALM, CONTENDERS, ROUNDS, TIES, UNIT, Floats
from .round_kernels import BLURRED, DONE, decide


class Run:
    """A finished run; what it funded is known at once, the exact figures when asked."""

    def __init__(self, contest: Contest, endowment: Fraction) -> None:
        self.contest = contest
        self.endowment = endowment
        self.escalations = 0
        self._ties: list[tuple[int, int]] = []
        self._course = contest.course(endowment)
        self._ledger = Ledger(contest.field, self._course, endowment)
        while endowment > 0 and (status := decide(contest.field, self._course, contest.by_cost)) != DONE:
            if status == BLURRED:
                self._ledger.refresh()
            else:
                self.escalations += 1
                self._choose_exactly()

    @property
    def funded(self) -> list[int]:
        """The projects in the order in which they were funded."""
        funded: list[int] = self._course.funded[: self._course.counts[ROUNDS]].tolist()
        return funded

    @property
    def calm(self) -> int:
        """How many were funded first, while nobody could be short of money: the same at every greater endowment."""
        return int(self._course.counts[CALM])

    @property
    def left(self) -> Floats:
        """By ballot type: what each person has left, rounded."""
        return self._course.left

    @property
    def prices(self) -> Floats:
        """By round, rounded."""
        return self._course.prices[: self._course.counts[ROUNDS]]

    def outcome(self, steps: int = 0) -> Outcome:
        """With the exact price of one unit of utility in each round."""
        self._drain_ties()
        tied: dict[int, list[int]] = {}
        for this, project in self._ties:
            tied.setdefault(this, []).append(project)
        funded, costs = self.funded, self.contest.field.prices
        scales = costs[funded].tolist() if self.contest.by_cost else [1] * len(funded)
        rhos = self._ledger.rhos(scales)
        ties = (tuple(sorted(tied.get(this, ()))) for this in range(len(funded)))
        rounds = tuple(map(Round, funded, repeat(Stage.EQUAL_SHARES), rhos, ties))
        return Outcome(rounds, endowment=self.endowment, steps=steps)

    def _choose_exactly(self) -> None:
        """Funds the best of the contenders that floating point could not tell apart."""
        field, course = self.contest.field, self._course
        offers: list[tuple[Fraction, int, Offer]] = []
        for slot in range(int(course.counts[CONTENDERS])):
            project = int(course.contenders[slot])
            offer = self._ledger.offer(project, float(course.at[slot]))
            if offer is None:
                course.alive[project] = False
                continue
            key = offer.price / int(field.prices[project]) if self.contest.by_cost else offer.price
            course.floor[project] = float(key) * (1.0 - 4.0 * UNIT)
            offers.append((key, int(field.ranks[project]), offer))
        if not offers:
            return
        key, _, best = min(offers, key=lambda each: each[:2])
        self._drain_ties()
        this = int(course.counts[ROUNDS])
        self._ties += [(this, each.project) for other, _, each in offers if other == key and each is not best]
        self._ledger.fund(best)

    def _drain_ties(self) -> None:
        count = int(self._course.counts[TIES])
        self._ties += [(this, project) for this, project in self._course.ties[:count].tolist()]
        self._course.counts[TIES] = 0
