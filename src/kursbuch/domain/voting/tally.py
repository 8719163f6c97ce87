"""Counts an election by a method: pots, eligibility, the rule, its completion, and the comparison with greedy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.comparison import compare
from kursbuch.domain.voting.constraints import Limits
from kursbuch.domain.voting.election import Election
from kursbuch.domain.voting.eligibility import eligible
from kursbuch.domain.voting.endowments import first_endowment, step_of
from kursbuch.domain.voting.equal_shares import equal_shares, equal_shares_add1
from kursbuch.domain.voting.greedy import greedy
from kursbuch.domain.voting.method import Completion, Method, Rule, Utility
from kursbuch.domain.voting.outcome import Outcome, Pot, Tally
from kursbuch.domain.voting.phragmen import phragmen
from kursbuch.domain.voting.pots import pots
from kursbuch.domain.voting.profile import Profile
from kursbuch.domain.voting.ties import ranks
from kursbuch.domain.voting.utilities import profile as profile_of


def tally(election: Election, method: Method) -> Tally:
    """What the method makes of the election; the same for any order of projects and ballots.

    :raises ValueError: for a method that does not fit the election (unknown districts, categories or projects,
        utilities that its ballots do not have, a step that is not positive).
    """
    whole = profile_of(election, method.utility)
    limits = Limits.among(election.projects, method.category_budgets, method.incompatible)
    counted, by_greedy = [], []
    for district, profile, members in pots(election, whole, method.district_budgets):
        count = _Count(election, method, profile, eligible(profile, method.eligibility) & members, limits)
        counted.append(Pot(district, profile, tuple(np.flatnonzero(count.contenders).tolist()), count.outcome()))
        if method.compare_greedy:
            by_greedy.append(count.greedy())
    found = Tally(method, tuple(counted))
    return replace(found, comparison=compare(whole, found.selected, by_greedy)) if method.compare_greedy else found


class _Count:
    """One pot's count."""

    def __init__(
        self, election: Election, method: Method, profile: Profile, contenders: NDArray[np.bool_], limits: Limits
    ) -> None:
        self.method, self.profile, self.scale = method, profile, election.scale
        self.contenders = contenders
        if method.rule is Rule.PHRAGMEN:
            self.contenders = contenders & (profile.costs <= profile.budget)
        self.limits = limits
        self.ranks = ranks(election, profile, method)

    def outcome(self) -> Outcome:
        if self.method.rule is Rule.EQUAL_SHARES:
            return self._equal_shares()
        if self.method.rule is Rule.PHRAGMEN:
            return phragmen(self.profile, ranks=self.ranks, eligible=self.contenders, limits=self.limits)
        return self.greedy(per_cost=self.method.rule is Rule.GREEDY_PER_COST)

    def greedy(self, funded: tuple[int, ...] = (), *, per_cost: bool = False) -> Outcome:
        return greedy(
            self.profile,
            ranks=self.ranks,
            eligible=self.contenders,
            limits=self.limits,
            per_cost=per_cost,
            skip=self.method.skip,
            funded=funded,
        )

    def _equal_shares(self) -> Outcome:
        method = self.method
        start = first_endowment(self.profile, method, self.scale)
        by_cost = method.utility is Utility.COST
        if method.completion in (Completion.ADD1, Completion.ADD1U) and start > 0:
            outcome = equal_shares_add1(
                self.profile,
                step_of(self.profile, method, self.scale),
                by_cost=by_cost,
                ranks=self.ranks,
                eligible=self.contenders,
                limits=self.limits,
                endowment=start,
                exhaustive=method.exhaustive,
            )
        else:
            outcome = equal_shares(
                self.profile,
                by_cost=by_cost,
                ranks=self.ranks,
                eligible=self.contenders,
                limits=self.limits,
                endowment=start,
            )
        if method.completion in (Completion.ADD1U, Completion.GREEDY):
            rest = self.greedy(outcome.selected).rounds
            outcome = replace(outcome, rounds=outcome.rounds + rest)
        return outcome
