"""A tally as JSON, after docs/schemas/tally.json: amounts are minor units, fractions exact text ("num/den")."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from kursbuch.domain.voting.certificate import method_as_json
from kursbuch.domain.voting.election import Election
from kursbuch.domain.voting.explanation import Explanation, Lost, Remedy, Spending, Won
from kursbuch.domain.voting.fairness import Fairness
from kursbuch.domain.voting.outcome import Tally
from kursbuch.domain.voting.plain import identity

FORMAT, VERSION = "kursbuch-tally", 1
Json = dict[str, Any]


def tally_as_json(election: Election, tally: Tally, told: Explanation) -> Json:
    """Everything that is known about a tally: the outcome, why each project won or did not, and how fair it is."""
    ids = [project.id for project in election.projects]
    spent = sum(election.projects[each].cost for each in tally.selected)
    return {
        "format": FORMAT,
        "version": VERSION,
        "election": identity(election),
        "method": method_as_json(tally.method),
        "selected": [ids[each] for each in tally.selected],
        "cost": spent,
        "left": election.budget - spent,
        "pots": [
            {
                "district": pot.district,
                "budget": pot.profile.budget,
                "voters": pot.profile.voters,
                "endowment": _text(pot.outcome.endowment),
                "steps": pot.outcome.steps,
            }
            for pot in tally.pots
        ],
        "comparison": None
        if tally.comparison is None
        else {
            "prefer_rule": tally.comparison.prefer_rule,
            "prefer_greedy": tally.comparison.prefer_greedy,
            "keeps_rule": tally.comparison.keeps_rule,
        },
        "projects": [
            *(_won(election, each) for each in told.won),
            *(_lost(election, each) for each in told.lost),
        ],
        "fairness": _fairness(told.fairness, ids),
        "spending": _spending(told.spending),
        "greedy": {
            "selected": [ids[each] for each in told.beside_greedy.selected],
            "only_here": [ids[each] for each in told.beside_greedy.only_here],
            "only_greedy": [ids[each] for each in told.beside_greedy.only_greedy],
            "prefer_here": told.beside_greedy.prefer_here,
            "prefer_greedy": told.beside_greedy.prefer_greedy,
            "fairness": _fairness(told.beside_greedy.fairness, ids),
        },
    }


def _project(election: Election, project: int, votes: int) -> Json:
    it = election.projects[project]
    return {"id": it.id, "name": it.name, "district": it.district, "cost": it.cost, "votes": votes}


def _won(election: Election, won: Won) -> Json:
    return {
        **_project(election, won.project, won.votes),
        "funded": True,
        "by_greedy": won.by_greedy,
        "place": won.place,
        "stage": won.stage,
        "rho": _text(won.rho),
        "price": _text(won.price),
        "effective_votes": _text(won.effective_votes),
        "payments": [{"amount": str(each.amount), "people": each.people} for each in won.payments],
    }


def _lost(election: Election, lost: Lost) -> Json:
    return {
        **_project(election, lost.project, lost.votes),
        "funded": False,
        "by_greedy": lost.by_greedy,
        "reason": lost.reason,
        "because": [election.projects[each].id for each in lost.because],
        "needed": _text(lost.needed),
        "left": _text(lost.left),
        "lacked": _text(lost.lacked),
        "remedy": None if lost.remedy is None else remedy_as_json(lost.remedy),
    }


def remedy_as_json(remedy: Remedy) -> Json:
    return {"cost": remedy.cost, "votes": remedy.votes, "basis": remedy.basis}


def _fairness(found: Fairness, ids: list[str]) -> Json:
    return {
        "voters": found.voters,
        "without": found.without,
        "mean": str(found.mean),
        "deciles": list(found.deciles),
        "gini": _text(found.gini),
        "violations": [
            {"project": ids[each.project], "people": each.people, "share": str(each.share), "utility": each.utility}
            for each in found.violations
        ],
    }


def _spending(spending: Spending) -> Json:
    """Nearest-rank deciles of what was spent for one person, and for how many nothing was."""
    people = sum(count for _, count in spending.amounts)
    nothing = sum(count for amount, count in spending.amounts if not amount)
    places = [max(1, -(-tenth * people // 10)) for tenth in range(11)] if people else []
    return {"nothing": nothing, "deciles": [str(amount) for amount in _at_places(spending.amounts, places)]}


def _at_places(amounts: Iterable[tuple[Fraction, int]], places: list[int]) -> Iterable[Fraction]:
    passed, at = 0, 0
    for amount, count in amounts:
        passed += count
        while at < len(places) and places[at] <= passed:
            yield amount
            at += 1


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
