"""Writes down what a tally decided together with the evidence, so that anybody can check it without counting again.

The format is described in docs/voting-developers.md and docs/schemas/certificate.json. Amounts are exact: whole minor
currency units as integers, fractions as text ("num/den"). ``checker.py`` says whether a certificate holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from kursbuch.domain.voting.constraints import Limits
from kursbuch.domain.voting.election import Election
from kursbuch.domain.voting.endowments import first_endowment, step_of
from kursbuch.domain.voting.ledger import Loads, Purses, Supporters
from kursbuch.domain.voting.method import Completion, Eligibility, Method, Rule, Step, TieBreak, Utility
from kursbuch.domain.voting.outcome import Outcome, Pot, Stage, Tally
from kursbuch.domain.voting.plain import identity, seal
from kursbuch.domain.voting.replay import ProvenRound, Replay
from kursbuch.domain.voting.ties import lots, ranks

FORMAT, VERSION = "kursbuch-certificate", 1
Json = dict[str, Any]


class Disagreement(AssertionError):
    """Counting once more in whole numbers gave something else: a tally that deserves no certificate."""


def certificate(election: Election, tally: Tally, *, every_step: bool = False) -> Json:
    """The certificate of a tally of this election.

    It counts the rule's rounds once more in whole numbers to gather the evidence, which takes about as long as
    checking the certificate (seconds for a city). With ``every_step`` it shows for all completion steps that they did
    not end the run; certificate and check grow with their number.

    :raises Disagreement: if counting once more gives another outcome.
    """
    ids = [project.id for project in election.projects]
    found: Json = {
        "format": FORMAT,
        "version": VERSION,
        "election": identity(election),
        "method": method_as_json(tally.method),
        "lots": [ids[project] for project in lots(election, tally.method.seed)],
        "pots": [_Evidence(election, tally, pot, every_step).as_json() for pot in tally.pots],
        "comparison": None,
        "selected": [ids[project] for project in tally.selected],
    }
    if tally.comparison is not None:
        greedy = [ids[project] for outcome in tally.comparison.greedy for project in outcome.selected]
        people = {"prefer_rule": tally.comparison.prefer_rule, "prefer_greedy": tally.comparison.prefer_greedy}
        found["comparison"] = {"greedy": greedy, **people}
    return {**found, "seal": seal(found)}


class _Evidence:
    """What shows that one pot's money was spent as the method says."""

    def __init__(self, election: Election, tally: Tally, pot: Pot, every_step: bool) -> None:
        self.method, self.pot, self.scale = tally.method, pot, election.scale
        self.every_step = every_step
        self.ids = [project.id for project in election.projects]
        self.supporters = Supporters(pot.profile, tally.method.utility)
        self.ranks = ranks(election, pot.profile, tally.method).tolist()
        self.limits = Limits.among(election.projects, tally.method.category_budgets, tally.method.incompatible)
        own = tally.method.district_budgets
        homes = [project.district if project.district in own else "" for project in election.projects]
        self.members = [at for at, home in enumerate(homes) if pot.district in (None, home)]

    def as_json(self) -> Json:
        outcome, contenders = self.pot.outcome, set(self.pot.contenders)
        counted = [each for each in outcome.rounds if each.stage is not Stage.GREEDY]
        run = follows = None
        before: list[Json] = []
        if self.method.rule is Rule.PHRAGMEN:
            run, follows = self.phragmen()
        elif self.method.rule is Rule.EQUAL_SHARES:
            run, follows = self.equal_shares(outcome)
            before = self.before(outcome, by_itself=follows is None)
        if run is not None and [each["project"] for each in run["rounds"]] != [
            self.ids[each.project] for each in counted
        ]:
            raise Disagreement("counting once more funds other projects")
        if run is not None and [each["rho"] for each in run["rounds"]] != [str(each.rho) for each in counted]:
            raise Disagreement("counting once more gives other prices")
        return {
            "district": self.pot.district,
            "budget": self.pot.profile.budget,
            "voters": self.pot.profile.voters,
            "refused": sorted(self.ids[each] for each in self.members if each not in contenders),
            "steps": outcome.steps,
            "run": run,
            "next": follows,
            "before": before,
            "funded": [self.ids[each] for each in outcome.selected],
        }

    def equal_shares(self, outcome: Outcome) -> tuple[Json, Json | None]:
        """The run at the endowment that holds, and the one a step further as far as it shows that it overspends."""
        if outcome.endowment is None:
            raise Disagreement("equal shares without an endowment")
        purses = Purses(self.supporters, outcome.endowment)
        rounds = list(self.replay(purses, tell=True))
        still = self.open([each.project for each in rounds])
        left = {self.ids[each]: (purses.had(each), self.supporters.costs[each]) for each in still}
        run = self.run_as_json(
            outcome.endowment, rounds, {name: [str(had), str(cost - had)] for name, (had, cost) in sorted(left.items())}
        )
        start = first_endowment(self.pot.profile, self.method, self.scale)
        if self.method.completion not in (Completion.ADD1, Completion.ADD1U) or start <= 0 or not still:
            return run, None
        room = self.pot.profile.budget - self.spent(rounds)
        if self.method.exhaustive and all(self.supporters.costs[each] > room for each in still):
            return run, None
        further = outcome.endowment + step_of(self.pot.profile, self.method, self.scale)
        following: list[ProvenRound] = []
        for each in self.replay(Purses(self.supporters, further)):
            following.append(each)
            if self.spent(following) > self.pot.profile.budget:
                return run, self.run_as_json(further, following)
        raise Disagreement("the next step would not overspend")

    def before(self, outcome: Outcome, *, by_itself: bool) -> list[Json]:
        """The runs before the one that holds, the nearest first: as many as shall be shown.

        One is needed where the completion may end ``by_itself``, before the next step would overspend.
        """
        needed = outcome.steps if self.every_step else min(outcome.steps, by_itself or self.method.exhaustive)
        if not needed or outcome.endowment is None:
            return []
        step = step_of(self.pot.profile, self.method, self.scale)
        endowments = [outcome.endowment - back * step for back in range(1, needed + 1)]
        return [self.run_as_json(each, list(self.replay(Purses(self.supporters, each)))) for each in endowments]

    def phragmen(self) -> tuple[Json, Json | None]:
        """The run, and with one round more if there is a project whose turn it was but for its cost."""
        rounds: list[ProvenRound] = []
        follows = None
        for each in self.replay(Loads(self.supporters), tell=True):
            if self.supporters.costs[each.project] > self.pot.profile.budget - self.spent(rounds):
                follows = self.run_as_json(Fraction(0), [*rounds, each])
                break
            rounds.append(each)
        return self.run_as_json(Fraction(0), rounds, {}), follows

    def spent(self, rounds: Iterable[ProvenRound]) -> int:
        return sum(self.supporters.costs[each.project] for each in rounds)

    def open(self, bought: Sequence[int]) -> list[int]:
        """What might still be funded beside what was bought."""
        bars = self.limits.bars(self.pot.profile.costs)
        for project in bought:
            bars.fund(project)
        return [project for project in self.pot.contenders if not bars.out(project)]

    def replay(self, purses: Purses, *, tell: bool = False) -> Iterator[ProvenRound]:
        """The rounds with their evidence; Phragmén's end with the first project that is too dear, if there is one.

        They have payments if they shall ``tell`` them.
        """
        bars = self.limits.bars(self.pot.profile.costs)
        replay = Replay(purses, self.ranks, bars.out)
        replay.start(self.pot.contenders)
        room = self.pot.profile.budget
        while chosen := replay.next():
            if isinstance(purses, Loads):
                too_dear = {project for project in self.pot.contenders if self.supporters.costs[project] > room}
                chosen = chosen.instead(too_dear)
            bars.fund(chosen.project)
            room -= self.supporters.costs[chosen.project]
            yield replay.buy(chosen, tell)

    def run_as_json(self, endowment: Fraction, rounds: Sequence[ProvenRound], left: Json | None = None) -> Json:
        """A run; the one that holds also tells all payments and what was ``left``."""
        found: list[Json] = [
            {
                "project": self.ids[each.project],
                "rho": str(each.rho),
                "evaluated": {self.ids[other]: rho and str(rho) for other, rho in each.evaluated.items()},
            }
            for each in rounds
        ]
        if left is None:
            return {"endowment": str(endowment), "rounds": found}
        for told, each in zip(found, rounds, strict=True):
            told["payments"] = [[str(payment.amount), payment.people] for payment in each.payments]
        return {"endowment": str(endowment), "rounds": found, "left": left}


def method_as_json(method: Method) -> Json:
    """A method as plain JSON, nothing left out."""
    least = method.eligibility
    return {
        "rule": method.rule.value,
        "utility": method.utility.value,
        "completion": method.completion.value,
        "exhaustive": method.exhaustive,
        "integral": method.integral,
        "step": {"amount": str(method.step.amount), "relative": method.step.relative},
        "compare_greedy": method.compare_greedy,
        "skip": method.skip,
        "ties": [each.value for each in method.ties],
        "seed": method.seed,
        "eligibility": {"votes": least.votes, "share": str(least.share), "cost_share": str(least.cost_share)},
        "category_budgets": dict(sorted(method.category_budgets.items())),
        "district_budgets": dict(sorted(method.district_budgets.items())),
        "incompatible": sorted(sorted(group) for group in method.incompatible),
    }


def method_from_json(found: Json) -> Method:
    """The method that :func:`method_as_json` wrote down. :raises KeyError, ValueError: if it is none."""
    least, step = found["eligibility"], found["step"]
    return Method(
        rule=Rule(found["rule"]),
        utility=Utility(found["utility"]),
        completion=Completion(found["completion"]),
        exhaustive=found["exhaustive"],
        integral=found["integral"],
        step=Step(Fraction(step["amount"]), step["relative"]),
        compare_greedy=found["compare_greedy"],
        skip=found["skip"],
        ties=tuple(TieBreak(each) for each in found["ties"]),
        seed=found["seed"],
        eligibility=Eligibility(least["votes"], Fraction(least["share"]), Fraction(least["cost_share"])),
        category_budgets=found["category_budgets"],
        district_budgets=found["district_budgets"],
        incompatible=tuple(frozenset(group) for group in found["incompatible"]),
    )
