"""Checks a tally's certificate against the ballots, trusting nothing that counted: rational numbers and plain Python.

What the check proves, and what it does not, stands in docs/voting-developers.md. The rules are taken from their
published definitions (Peters, Pierczyński, Skowron 2021; Brill et al. 2017) and share no code with those who count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from fractions import Fraction
from math import inf, lcm
from typing import Any

from kursbuch.domain.voting.election import Election
from kursbuch.domain.voting.plain import FIELDS, Electorate, drawn, exact, identity, is_method, preferences, seal

Json = dict[str, Any]


def check(certificate: Json, election: Election) -> list[str]:
    """All problems found, naming their rounds and projects; none if the certificate holds for these ballots."""
    try:
        if (certificate["format"], certificate["version"]) != ("kursbuch-certificate", 1):
            return ["this is no certificate of version 1"]
        if certificate["election"] != identity(election):
            return ["the certificate is about another election: its projects, ballots or budget differ"]
        sealed = [] if certificate["seal"] == seal(certificate) else ["something was changed: the seal does not fit"]
        return sealed + list(_problems(certificate, election))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return [f"the certificate cannot be understood: {error!r}"]


def _problems(certificate: Json, election: Election) -> Iterator[str]:
    method, own = certificate["method"], certificate["method"]["district_budgets"]
    shares = {**{name: own[name] for name in sorted(own)}, "" if own else None: election.budget - sum(own.values())}
    pots = [_Pot(election, method, district, budget) for district, budget in shares.items()]
    yield from (f"a certificate has no field {name}" for name in sorted(certificate.keys() - FIELDS))
    if not is_method(method) or certificate["lots"] != drawn(election, method["seed"]):
        yield f"the method is incomplete, or the lots are not those drawn from {method['seed']}"
    for pot, part in zip(pots, certificate["pots"], strict=True):
        if [part["district"], part["budget"], part["voters"]] != [pot.district, pot.budget, sum(pot.weights)]:
            yield f"{pot.where}the budget or the voters of the pot differ"
        yield from pot.problems(part)
    selected = [name for part in certificate["pots"] for name in part["funded"]]
    if method["compare_greedy"]:
        greedy = [name for pot in pots for name in pot.by_score([])]
        here, there = preferences(election, pots, selected, greedy)
        if certificate["comparison"] != {"greedy": greedy, "prefer_rule": here, "prefer_greedy": there}:
            yield "the comparison with greedy comes out differently"
        selected = greedy if there > here else selected
    if certificate["selected"] != selected or (certificate["comparison"] is not None and not method["compare_greedy"]):
        yield "the selected projects do not follow from the rounds"


class _Pot(Electorate):
    """One pot of money, and whether what the certificate says of it holds."""

    def problems(self, part: Json) -> Iterator[str]:
        rule, run, bought = self.method["rule"], part["run"], list[str]()
        if part["refused"] != sorted(set(self.projects) - self.eligible):
            yield f"{self.where}others were not eligible"
        if rule in ("mes", "phragmen"):
            bought, state, unit = yield from self.walk(run, self.start + part["steps"] * self.step)
            yield from self.end(part, bought, state, unit)
        elif [run, part["next"], part["before"], part["steps"]] != [None, None, [], 0]:
            yield f"{self.where}greedy has no run"
        if rule != "phragmen" and not (rule == "mes" and self.method["completion"] in ("none", "add1")):
            bought += self.by_score(bought, per_cost=rule == "greedy-per-cost")
        if part["funded"] != bought or self.cost(*bought) > self.budget:
            yield f"{self.where}what was funded does not follow, or costs too much"

    def pays(self, name: str, state: list[int], price: int, split: int = 1) -> list[tuple[int, int]]:
        """What each type of supporters gives at a price; amounts are in units split so many times."""
        if self.method["rule"] == "phragmen":  # state: until when everybody's income is spent
            return [(at, price - state[at] * split) for at, _ in self.supporters[name]]
        return [(at, min(state[at] * split, price * worth)) for at, worth in self.supporters[name]]

    def gives(self, name: str, state: list[int], unit: int, rho: Fraction) -> Fraction:
        """What all supporters give together at rho; nothing, if they all give all they have below it already."""
        price, split = rho.numerator * unit, rho.denominator
        purses = [(state[at] * split, price * worth) for at, worth in self.supporters[name] if self.weights[at]]
        if self.method["rule"] == "mes" and all(own < asked for own, asked in purses):
            return Fraction(0)
        return Fraction(sum(self.weights[at] * one for at, one in self.pays(name, state, price, split)), unit * split)

    def has(self, name: str, state: list[int], unit: int) -> Fraction:
        return Fraction(sum(self.weights[at] * state[at] for at, _ in self.supporters[name]), unit)

    def charge(self, name: str, state: list[int], price: int) -> Counter[int]:
        """Lets the supporters pay and says how many paid what."""
        paid = Counter[int]()
        for at, amount in self.pays(name, state, price):
            paid[amount] += self.weights[at]
            state[at] = price if self.method["rule"] == "phragmen" else state[at] - amount
        return paid

    def walk(self, run: Json, endowment: Fraction) -> Generator[str, None, tuple[list[str], list[int], int]]:
        """Replays a run's rounds. A project's rho only rises: what it once was bounds it for ever after."""
        if exact(run["endowment"]) != endowment:
            yield f"{self.where}everybody started with something else"
        unit = lcm(endowment.denominator, *(exact(each["rho"]).denominator for each in run["rounds"]))
        state, bounds, chosen = [int(endowment * unit)] * len(self.weights), dict[str, float | Fraction](), list[str]()
        for number, each in enumerate(run["rounds"], 1):
            name, rho, where = each["project"], exact(each["rho"]), f"{self.where}round {number}"
            room = self.budget - self.cost(*chosen) if self.method["rule"] == "phragmen" else inf
            for other, claim in each["evaluated"].items():
                bounds[other] = exact(claim) if claim else inf
                if claim and self.gives(other, state, unit, exact(claim)) != self.cost(other):
                    yield f"{where}: {other} was not to be had at {claim}"
                elif not claim and (room < inf or self.has(other, state, unit) >= self.cost(other)):
                    yield f"{where}: {other} was to be had"
            if name not in self.open(chosen) or self.gives(name, state, unit, rho) != self.cost(name):
                yield f"{where}: {name} could not be funded at {rho}"
            for other in self.open(chosen) - {name}:  # for Phragmén, whatever is too dear ends the run
                first = (rho, -1 if self.cost(name) > room else inf if self.cost(other) > room else self.rank[name])
                if (bounds.get(other, -1), self.rank[other]) < first:
                    yield f"{where}: nothing shows that {name} comes before {other}"
            paid = self.charge(name, state, int(rho * unit))
            amounts = sorted(paid, reverse=True) if "left" in run else []  # only the run that holds tells them
            if each.get("payments", []) != [[str(Fraction(one, unit)), paid[one]] for one in amounts if paid[one]]:
                yield f"{where}: the payments for {name} do not follow from {rho}"
            chosen.append(name)
        return chosen, state, unit

    def could(self, bought: list[str], state: list[int], unit: int) -> list[str]:
        """What its supporters can still pay for."""
        return [name for name in sorted(self.open(bought)) if self.has(name, state, unit) >= self.cost(name)]

    def end(self, part: Json, bought: list[str], state: list[int], unit: int) -> Iterator[str]:
        """Why the run ended where it did, and why at this endowment; incomes, unlike endowments, never end."""
        step, steps, shares = self.step, part["steps"], self.method["rule"] == "mes"
        if shares and (could := self.could(bought, state, unit)):
            yield f"{self.where}the supporters of {could[0]} could still pay for it"
        had = {name: self.has(name, state, unit) for name in self.open(bought) if shares}
        if part["run"]["left"] != {name: [str(own), str(self.cost(name) - own)] for name, own in had.items()}:
            yield f"{self.where}the unfunded projects lacked something else"
        if part["next"] is not None:
            further, *_ = yield from self.walk(part["next"], self.start + (steps + 1) * step)
            if self.cost(*further) <= self.budget or not (step or further[:-1] == bought):
                yield f"{self.where}the next step would not overspend"
        elif self.goes_on(bought) if step else self.open(bought) and not shares:
            yield f"{self.where}nothing shows that the next step would overspend"
        for back, run in enumerate(part["before"], 1):
            earlier, state, unit = yield from self.walk(run, self.start + (steps - back) * step)
            if self.cost(*earlier) > self.budget or not self.goes_on(earlier) or self.could(earlier, state, unit):
                yield f"{self.where}steps back {back}: it would have ended there, or the run is not all of it"
        needed = self.method["exhaustive"] or part["next"] is None  # where not only overspending ends it
        if not min(needed, steps) <= len(part["before"]) <= steps or (steps and not step):
            yield f"{self.where}nothing shows that it took so many steps"
