"""Says of every project why it won or did not, who paid for it, and what would have sufficed.

The terms follow Boehmer et al., "Evaluation of Project Performance in Participatory Budgeting" (IJCAI 2024).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import lcm

from kursbuch.domain.voting.comparison import compare
from kursbuch.domain.voting.election import Election, Project
from kursbuch.domain.voting.fairness import Fairness, Violation, fairness, violations
from kursbuch.domain.voting.ledger import Loads, Payment, Purses, Supporters
from kursbuch.domain.voting.method import Method, Rule
from kursbuch.domain.voting.outcome import Outcome, Round, Stage, Tally
from kursbuch.domain.voting.tally import tally as count
from kursbuch.domain.voting.utilities import profile


class Reason(StrEnum):
    """Why a project was not funded."""

    NOT_ELIGIBLE = "not-eligible"  # too little support to be considered at all
    RULED_OUT = "ruled-out"  # something funded excludes it, or its category's money was spent
    UNAFFORDABLE = "unaffordable"  # equal shares: its supporters had too little left
    NO_MONEY = "no-money"  # what was left of the budget did not suffice
    TOO_LATE = "too-late"  # Phragmén: the money was gone before its supporters could buy it
    GREEDY_KEPT = "greedy-kept"  # the rule would fund it, but more people prefer the greedy outcome


class Basis(StrEnum):
    """How firm it is what would have sufficed."""

    SAME_ENDOWMENT = "same-endowment"  # a formula: true if everybody starts with what they start with now
    COUNTED_AGAIN = "counted-again"  # the whole method was run with it, and with one less


@dataclass(frozen=True, slots=True)
class Remedy:
    """What alone would have been enough, all else equal; ``None`` if nothing of the kind is known.

    ``cost`` is the greatest cost (minor units) at which the project would have been funded, ``votes`` the least number
    of additional people who vote for it alone. With SAME_ENDOWMENT they are enough, but perhaps not the least.
    """

    cost: int | None
    votes: int | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Won:
    """A funded project.

    ``price`` is the highest payment of one person, ``effective_votes`` is cost / price: so many people paying the same
    would have paid for it; both ``None`` where nobody in particular paid. ``payments`` begin with the highest.
    """

    project: int
    place: int  # in the order of funding, from 1
    stage: Stage
    votes: int
    rho: Fraction | None
    price: Fraction | None
    effective_votes: Fraction | None
    payments: tuple[Payment, ...]
    by_greedy: bool  # greedy would have funded it, too


@dataclass(frozen=True, slots=True)
class Lost:
    """A project that was not funded.

    Equal shares: affordable only at ``needed`` from each of its supporters, who together had ``left``, so that
    ``lacked`` was missing. Greedy: ``left`` is what was left of the money. Otherwise the amounts are ``None``.
    ``because`` are funded projects that ruled it out.
    """

    project: int
    reason: Reason
    votes: int
    needed: Fraction | None
    left: Fraction | None
    lacked: Fraction | None
    because: tuple[int, ...]
    remedy: Remedy | None
    by_greedy: bool


@dataclass(frozen=True, slots=True)
class Spending:
    """How much was spent for how many people: what they paid, and even shares of what was bought without payments.

    ``amounts`` are (minor units, people), ascending; ``of_type`` has the same by ballot type.
    """

    amounts: tuple[tuple[Fraction, int], ...]
    of_type: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class BesideGreedy:
    """How the result compares with buying by votes alone under the same limits."""

    selected: tuple[int, ...]
    only_here: tuple[int, ...]
    only_greedy: tuple[int, ...]
    prefer_here: int  # as in the comparison step, whether the method has one or not
    prefer_greedy: int
    fairness: Fairness


@dataclass(frozen=True, slots=True)
class Explanation:
    won: tuple[Won, ...]  # in the order of funding
    lost: tuple[Lost, ...]  # most votes first
    spending: Spending
    fairness: Fairness
    beside_greedy: BesideGreedy


def explain(election: Election, tally: Tally) -> Explanation:
    """Explain a tally of this election: exact amounts, replayed from its rounds."""
    beside = _compare_with_greedy(election, tally)
    accounts = [_Account(election, tally, at, beside) for at in range(len(tally.pots))]
    won = [each for account in accounts for each in account.won]
    lost = [each for account in accounts for each in account.lost()]
    shares = [share for account in accounts for share in account.shares()]
    return Explanation(
        won=tuple(replace(each, place=place) for place, each in enumerate(won, 1)),
        lost=tuple(sorted(lost, key=lambda each: (-each.votes, each.project))),
        spending=_spending(shares, election.ballots.weights.tolist()),
        fairness=_fairness(election, tally, tally.outcomes),
        beside_greedy=beside,
    )


def _fairness(election: Election, tally: Tally, outcomes: Sequence[Outcome]) -> Fairness:
    """Of all people together; groups are passed over within their pot, and not by a project that was ruled out."""
    utility, passed_over = tally.method.utility, list[Violation]()
    for pot, outcome in zip(tally.pots, outcomes, strict=True):
        free = [each for each in pot.contenders if not _ruled_out_by(election, tally.method, each, outcome.selected)]
        passed_over += violations(pot.profile, utility, outcome.selected, free)
    selected = [project for outcome in outcomes for project in outcome.selected]
    found = fairness(profile(election, utility), utility, selected, ())
    return replace(found, violations=tuple(sorted(passed_over, key=lambda each: each.project)))


def _compare_with_greedy(election: Election, tally: Tally) -> BesideGreedy:
    by_votes = count(election, replace(tally.method, rule=Rule.GREEDY, compare_greedy=False))
    whole = profile(election, tally.method.utility)
    beside, greedy = compare(whole, tally.selected, by_votes.outcomes), by_votes.selected
    return BesideGreedy(
        selected=greedy,
        only_here=tuple(each for each in tally.selected if each not in greedy),
        only_greedy=tuple(each for each in greedy if each not in tally.selected),
        prefer_here=beside.prefer_rule,
        prefer_greedy=beside.prefer_greedy,
        fairness=_fairness(election, tally, by_votes.outcomes),
    )


def _spending(paid: Iterable[tuple[Fraction, Sequence[int]]], weights: Sequence[int]) -> Spending:
    paid = list(paid)
    unit = lcm(*(amount.denominator for amount, _ in paid))  # so that whole numbers can be added
    of_type = [0] * len(weights)
    for amount, types in paid:
        units = amount.numerator * (unit // amount.denominator)
        for at in types:
            of_type[at] += units
    people: dict[int, int] = {}
    for units, weight in zip(of_type, weights, strict=True):
        people[units] = people.get(units, 0) + weight
    amounts = {units: Fraction(units, unit) for units in sorted(people)}
    return Spending(
        tuple((amount, people[units]) for units, amount in amounts.items()), tuple(amounts[units] for units in of_type)
    )


def _ruled_out_by(election: Election, method: Method, project: int, selected: Iterable[int]) -> tuple[int, ...]:
    """The funded projects that are incompatible with this one, or spent the budget of one of its categories."""
    mine, found = election.projects[project], set()
    for other in selected:
        if any({mine.id, election.projects[other].id} <= group for group in method.incompatible):
            found.add(other)
    for category in mine.categories:
        of_it = [other for other in selected if category in election.projects[other].categories]
        limit = method.category_budgets.get(category)
        if limit is not None and sum(election.projects[other].cost for other in of_it) + mine.cost > limit:
            found.update(of_it)
    return tuple(sorted(found))


class _Account:
    """What one pot's money went to, with everybody's purse at the end."""

    def __init__(self, election: Election, tally: Tally, at: int, beside: BesideGreedy) -> None:
        self.election, self.tally, self.pot, self.beside = election, tally, tally.pots[at], beside
        self.outcome = tally.outcomes[at]
        self.supporters = Supporters(self.pot.profile, tally.method.utility)
        self.purses: Purses | None = None
        if tally.method.rule is Rule.PHRAGMEN:
            self.purses = Loads(self.supporters)
        elif self.outcome.endowment is not None:
            self.purses = Purses(self.supporters, self.outcome.endowment)
        self.rest = self.pot.profile.budget - sum(self.supporters.costs[each] for each in self.outcome.selected)
        self.won = [self._win(each) for each in self.outcome.rounds]

    def votes(self, project: int) -> int:
        return sum(self.supporters.weights[at] for at in self.supporters.types[project])

    def _win(self, each: Round) -> Won:
        payments: tuple[Payment, ...] = ()
        if self.purses is not None and each.rho is not None:
            payments = tuple(paid for paid in self.purses.pay(each.project, each.rho) if paid.amount)
        price = payments[0].amount if payments else None
        return Won(
            project=each.project,
            place=0,
            stage=each.stage,
            votes=self.votes(each.project),
            rho=each.rho,
            price=price,
            effective_votes=None if price is None else self.supporters.costs[each.project] / price,
            payments=payments,
            by_greedy=each.project in self.beside.selected,
        )

    def shares(self) -> Iterator[tuple[Fraction, Sequence[int]]]:
        """Amounts, and the ballot types of those for whom so much was spent."""
        for each in self.won:
            yield from ((payment.amount, payment.types) for payment in each.payments)
            if not each.payments:
                even = Fraction(self.supporters.costs[each.project], each.votes)
                yield even, self.supporters.types[each.project]

    def lost(self) -> list[Lost]:
        funded = set(self.outcome.selected)
        return [
            self._lose(at)
            for at, project in enumerate(self.election.projects)
            if at not in funded and self.pot.district in (None, self._home(project))
        ]

    def _home(self, project: Project) -> str:
        return project.district if project.district in self.tally.method.district_budgets else ""

    def _lose(self, project: int) -> Lost:
        votes, cost = self.votes(project), self.supporters.costs[project]
        reason, because = self._reason(project)
        needed = left = lacked = remedy = None
        if reason is Reason.UNAFFORDABLE and isinstance(self.purses, Purses):
            left = self.purses.had(project)
            lacked, needed = cost - left, Fraction(cost, votes) if votes else None
            remedy = self._at_same_endowment(project, left)
        elif reason is Reason.NO_MONEY:
            left, lacked = Fraction(self.rest), Fraction(cost - self.rest)
        return Lost(project, reason, votes, needed, left, lacked, because, remedy, project in self.beside.selected)

    def _reason(self, project: int) -> tuple[Reason, tuple[int, ...]]:
        if project not in self.pot.contenders:
            return Reason.NOT_ELIGIBLE, ()
        if because := _ruled_out_by(self.election, self.tally.method, project, self.outcome.selected):
            return Reason.RULED_OUT, because
        if project in self.pot.outcome.selected:
            return Reason.GREEDY_KEPT, ()
        if self.outcome.endowment is not None:
            return Reason.UNAFFORDABLE, ()
        return (Reason.TOO_LATE if self.tally.method.rule is Rule.PHRAGMEN else Reason.NO_MONEY), ()

    def _at_same_endowment(self, project: int, left: Fraction) -> Remedy:
        """With what its supporters have left at the end of the run, a project can still be bought then."""
        endowment = self.outcome.endowment
        votes = None
        if endowment:
            votes = -(-(self.supporters.costs[project] - left) // endowment)
        return Remedy(int(left) or None, votes, Basis.SAME_ENDOWMENT)
