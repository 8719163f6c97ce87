"""An election in plain Python, for those who check without trusting arrays and compiled code; and its digest."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import inf
from typing import Any

from kursbuch.domain.voting.election import BallotKind, Election

Entries = list[tuple[str, int]]
FIELDS = {"format", "version", "election", "method", "lots", "pots", "comparison", "selected", "seal"}


def ballots_by_id(election: Election) -> Iterator[tuple[Entries, int, str]]:
    """Every ballot type: its projects' ids with the points (1 where nobody gave any), its people, its district."""
    ids, ballots = [project.id for project in election.projects], election.ballots
    starts, named = ballots.starts.tolist(), [ids[project] for project in ballots.projects.tolist()]
    points = [1] * len(named) if ballots.points is None else ballots.points.tolist()
    districts = [-1] * len(ballots) if ballots.districts is None else ballots.districts.tolist()
    for at, (weight, district) in enumerate(zip(ballots.weights.tolist(), districts, strict=True)):
        span = slice(starts[at], starts[at + 1])
        yield list(zip(named[span], points[span], strict=True)), weight, ("", *election.districts)[district + 1]


def digest(election: Election) -> str:
    """SHA-256, hexadecimal, over lines of JSON (UTF-8, each ended by ``\\n``), whatever order things came in.

    The first line is ``[budget, scale, currency, kind of ballot]``. Then come the projects, sorted as text:
    ``[id, cost, name, district, [categories]]``. Then come the ballots, sorted as text: ``[district, [[id, points],
    …]]``, by id unless it is a ranking, a space, and the number of people who cast it.
    """
    ranked = election.ballots.kind is BallotKind.RANKING
    cast: Counter[str] = Counter()
    for entries, weight, district in ballots_by_id(election):
        cast[_line([district, entries if ranked else sorted(entries)])] += weight
    lines = [_line([election.budget, election.scale, election.currency, election.ballots.kind])]
    lines += sorted(_line([p.id, p.cost, p.name, p.district, sorted(p.categories)]) for p in election.projects)
    lines += sorted(f"{ballot} {weight}" for ballot, weight in cast.items() if weight)
    found = hashlib.sha256()
    for line in lines:
        found.update(line.encode() + b"\n")
    return found.hexdigest()


def identity(election: Election) -> dict[str, Any]:
    """What a certificate says about the election that it is for."""
    return {
        "digest": digest(election),
        "title": election.title,
        "budget": election.budget,
        "scale": election.scale,
        "currency": election.currency,
        "voters": election.ballots.voters,
        "projects": len(election.projects),
    }


def is_method(found: Mapping[str, Any]) -> bool:
    """Whether a method is written down completely, in words that are known."""
    flags = {"exhaustive", "integral", "compare_greedy", "skip"}
    parts = {"step": {"amount", "relative"}, "eligibility": {"votes", "share", "cost_share"}}
    lists, budgets = {"ties", "incompatible"}, {"category_budgets", "district_budgets"}
    return (
        found.keys() == {"rule", "utility", "completion", "seed", *flags, *parts, *lists, *budgets}
        and all(type(found[name]) is bool for name in flags)
        and all(type(each) is list for each in (*(found[name] for name in lists), *found["incompatible"]))
        and all(found[name].keys() == keys for name, keys in parts.items())
        and all(type(each) is int for name in budgets for each in found[name].values())
        and all(type(each) is int for each in (found["seed"], found["eligibility"]["votes"]))
        and type(found["step"]["relative"]) is bool
        and found["rule"] in ("mes", "greedy", "greedy-per-cost", "phragmen")
        and found["utility"] in ("cost", "cardinality", "score", "lexicographic")
        and found["completion"] in ("none", "add1", "add1u", "greedy")
        and {*found["ties"]} <= {"cost", "votes", "lot", "name"}
        and min(map(Fraction, (found["step"]["amount"], *found["eligibility"].values()))) >= 0
        and min((0, *found["category_budgets"].values(), *found["district_budgets"].values())) >= 0
    )


def exact(text: str) -> Fraction:
    """A fraction in the only form certificates have: others, as 1e999999999, could keep a computer busy for ever."""
    if not re.fullmatch("[0-9]+(/[0-9]+)?", text):
        raise ValueError(f"{text[:40]!r} is no fraction")
    return Fraction(text)


def seal(certificate: Mapping[str, Any]) -> str:
    """SHA-256 over everything in a certificate but its seal: it finds slips, not forgers, who could seal anew."""
    body = {key: value for key, value in certificate.items() if key != "seal"}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def drawn(election: Election, seed: int) -> list[str]:
    """The ids of all projects in the order of the lot: by the SHA-256 of ``seed:id``."""
    ids = [project.id for project in election.projects]
    return sorted(ids, key=lambda name: (hashlib.sha256(f"{seed}:{name}".encode()).digest(), name))


class Electorate:
    """One pot of money by a method (as JSON): who takes part, who supports what by how much, and what may be funded.

    ``supporters`` are (ballot type, utility); ``weights`` are people by ballot type, 0 where they do not belong.
    ``district`` is ``None`` for the only pot, ``""`` for the city-wide one. ``rank`` is the order among equals.
    """

    def __init__(self, election: Election, method: Mapping[str, Any], district: str | None, budget: int) -> None:
        own, ranked = method["district_budgets"], election.ballots.kind is BallotKind.RANKING
        homes = {each.id: each.district if each.district in own else "" for each in election.projects}
        self.projects = {each.id: each for each in election.projects if district in (None, homes[each.id])}
        self.method, self.budget, self.scale, self.district = method, budget, election.scale, district
        self.where = f"{district}: " if district else ""
        self.supporters: dict[str, list[tuple[int, int]]] = {name: [] for name in self.projects}
        self.weights: list[int] = []
        longest = max((len(entries) for entries, *_ in ballots_by_id(election)), default=0)
        for at, (entries, weight, home) in enumerate(ballots_by_id(election)):
            self.weights.append(weight if not district or home == district else 0)
            for place, (name, points) in enumerate(entries, 1):
                if name in self.projects and points > 0:
                    worth = self._worth(name, len(entries) - place if ranked else points, longest - place)
                    self.supporters[name] += [(at, worth)] if worth else []
        self.votes = {name: sum(self.weights[at] for at, _ in found) for name, found in self.supporters.items()}
        self.eligible = {name for name in self.projects if self._is_eligible(name)}
        self.rank = self._order(drawn(election, method["seed"]))
        self.start, self.step = self._endowment()

    def _worth(self, name: str, score: int, exponent: int) -> int:
        match self.method["utility"]:
            case "cost":
                return self.projects[name].cost
            case "cardinality":
                return 1
            case "score":
                return score
            case "lexicographic":
                return 1 << exponent
        raise ValueError(f"{self.method['utility']} is no utility")

    def _is_eligible(self, name: str) -> bool:
        least, votes, voters = self.method["eligibility"], self.votes[name], sum(self.weights)
        enough = votes >= max(least["votes"], 1, exact(least["share"]) * voters)
        enough = enough and votes * self.budget >= exact(least["cost_share"]) * voters * self.cost(name)
        return enough and (self.method["rule"] != "phragmen" or self.cost(name) <= self.budget)

    def _endowment(self) -> tuple[Fraction, Fraction]:
        """What everybody starts with by equal shares, and by how much a completion raises it (0: it does not)."""
        if self.method["rule"] != "mes" or not any(self.weights):
            return Fraction(0), Fraction(0)
        start, step = Fraction(self.budget, sum(self.weights)), self.method["step"]
        start = Fraction(start // self.scale * self.scale) if self.method["integral"] else start
        raised = start > 0 and self.method["completion"] in ("add1", "add1u")
        return start, exact(step["amount"]) * (start if step["relative"] else 1) * raised

    def _order(self, lots: list[str]) -> dict[str, int]:
        keys: dict[str, Callable[[str], Any]] = {
            "cost": self.cost,
            "votes": lambda name: -self.votes[name],
            "lot": lots.index,
            "name": str,
        }
        order = [keys[each] for each in (*self.method["ties"], "lot")]
        ranked = sorted(self.projects, key=lambda name: [key(name) for key in order])
        return {name: place for place, name in enumerate(ranked)}

    def cost(self, *names: str) -> int:
        return sum(self.projects[name].cost for name in names)

    def score(self, name: str, per_cost: bool) -> Fraction:
        """What greedy goes by: the people who support a project, or the utilities added up."""
        by_cost = self.method["utility"] == "cost"
        total = sum(self.weights[at] * (1 if by_cost else worth) for at, worth in self.supporters[name])
        return Fraction(total, self.cost(name) if per_cost else 1)

    def goes_on(self, bought: Sequence[str]) -> bool:
        """Whether a completion tries one step more: while something is left to fund, or with ``exhaustive`` fits."""
        room = self.budget - self.cost(*bought) if self.method["exhaustive"] else inf
        return any(self.cost(name) <= room for name in self.open(bought))

    def open(self, chosen: Sequence[str]) -> set[str]:
        """What is eligible, not funded yet, and allowed beside what is."""
        found = self.eligible.difference(chosen)
        for group in self.method["incompatible"]:
            found -= set() if set(group).isdisjoint(chosen) else set(group)
        for category, limit in self.method["category_budgets"].items():
            of_it = {name for name, project in self.projects.items() if category in project.categories}
            spent = self.cost(*of_it.intersection(chosen))
            found -= {name for name in of_it if spent + self.cost(name) > limit}
        return found

    def by_score(self, bought: list[str], *, per_cost: bool = False) -> list[str]:
        """Greedy: what is bought by score with the money that is left."""
        filled = list[str]()
        for name in sorted(self.open(bought), key=lambda name: (-self.score(name, per_cost), self.rank[name])):
            if name in self.open(bought + filled):
                if self.cost(*bought, *filled, name) <= self.budget:
                    filled.append(name)
                elif not self.method["skip"]:
                    break
        return filled


def preferences(
    election: Election, pots: Sequence[Electorate], here: Sequence[str], there: Sequence[str]
) -> tuple[int, int]:
    """How many people have more from the projects ``here``, and how many from those ``there``.

    By cost and cardinality the number of projects counts that somebody supports, else their utilities.
    """
    gains: Counter[int] = Counter()
    for sign, names in ((1, here), (-1, there)):
        for pot in pots:
            for name in pot.projects.keys() & {*names}:
                for at, worth in pot.supporters[name]:
                    gains[at] += sign * (1 if pot.method["utility"] == "cost" else worth)
    people = election.ballots.weights.tolist()
    more = sum(people[at] for at, gain in gains.items() if gain > 0)
    return more, sum(people[at] for at, gain in gains.items() if gain < 0)


def _line(value: list[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
