"""A certificate holds for the tally it was made for, and no change to it goes unseen."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.voting.elections import elections
from tests.domain.voting.six_people import approvals, election
from tests.real_data import parametrize_elections

from kursbuch.domain.voting import checker, plain
from kursbuch.domain.voting.certificate import Disagreement, certificate, method_from_json
from kursbuch.domain.voting.checker import check
from kursbuch.domain.voting.election import BallotKind, Ballots, Election, Project
from kursbuch.domain.voting.equal_shares import equal_shares
from kursbuch.domain.voting.grouping import group
from kursbuch.domain.voting.method import Completion, Eligibility, Method, Rule, Step, TieBreak, Utility
from kursbuch.domain.voting.outcome import Outcome
from kursbuch.domain.voting.pabulib import parse
from kursbuch.domain.voting.plain import digest, seal
from kursbuch.domain.voting.tally import tally
from kursbuch.domain.voting.ties import ranks


def written(case: Election, method: Method) -> dict[str, Any]:
    """The certificate as somebody else reads it from a file."""
    found: dict[str, Any] = json.loads(json.dumps(certificate(case, tally(case, method))))
    return found


methods = st.builds(
    Method,
    rule=st.sampled_from(Rule),
    utility=st.sampled_from(Utility),
    completion=st.sampled_from(Completion),
    exhaustive=st.booleans(),
    integral=st.booleans(),
    step=st.sampled_from([Step(Fraction(1, 10), relative=True), Step(Fraction(1)), Step(Fraction(7, 3))]),
    compare_greedy=st.booleans(),
    skip=st.booleans(),
    ties=st.permutations(list(TieBreak)).flatmap(lambda order: st.integers(1, 4).map(lambda n: tuple(order[:n]))),
    seed=st.integers(0, 5),
    eligibility=st.builds(
        Eligibility,
        votes=st.integers(0, 2),
        share=st.sampled_from([Fraction(0), Fraction(1, 4)]),
        cost_share=st.sampled_from([Fraction(0), Fraction(1, 3)]),
    ),
    incompatible=st.sampled_from([(), (frozenset({"p0", "p1"}),)]),
)


def fitting(case: Election, method: Method) -> Method:
    """The method without what this election does not know."""
    if method.utility is Utility.LEXICOGRAPHIC and case.ballots.kind is not BallotKind.RANKING:
        method = replace(method, utility=Utility.COST)
    if len(case.projects) < 2 or (method.integral and method.step.relative):
        method = replace(method, incompatible=(), integral=False)
    return method


@settings(max_examples=200, deadline=None)
@given(elections(), methods)
def test_holds_for_every_tally(case: Election, method: Method) -> None:
    method = fitting(case, method)
    assert check(written(case, method), case) == []


@settings(max_examples=150, deadline=None)
@given(elections(parted=True), methods, st.integers(0, 4), st.integers(0, 4), st.integers(0, 100))
def test_holds_for_every_pot(case: Election, method: Method, east: int, west: int, green: int) -> None:
    method = fitting(case, method)
    method = replace(method, district_budgets={"east": case.budget * east // 8, "west": case.budget * west // 8})
    if any(project.categories for project in case.projects):
        method = replace(method, category_budgets={"green": green})
    assert check(written(case, method), case) == []


@settings(max_examples=40, deadline=None)
@given(elections(), st.randoms(use_true_random=False))
def test_digest_depends_on_no_order(case: Election, random: Any) -> None:
    order = list(range(len(case.projects)))
    random.shuffle(order)
    places = {old: new for new, old in enumerate(order)}
    ballots = case.ballots
    rows = list(range(len(ballots)))
    random.shuffle(rows)
    starts, entries, points = [0], [], []
    for row in rows:
        span = range(ballots.starts[row], ballots.starts[row + 1])
        entries += [places[int(ballots.projects[at])] for at in span]
        points += [1 if ballots.points is None else int(ballots.points[at]) for at in span]
        starts.append(len(entries))
    shuffled = group(ballots.kind, starts, entries, None if ballots.points is None else points, ballots.weights[rows])
    other = replace(case, projects=tuple(case.projects[old] for old in order), ballots=shuffled)
    assert digest(other) == digest(case)
    assert check(written(case, Method()), other) == []


def test_knows_the_election_by_its_digest() -> None:
    case = election()
    found = written(case, Method())
    more = replace(case, ballots=approvals(["SB", "SB", "SB", "SBG", "GT", "GT", "T"]))
    dearer = replace(case, projects=(replace(case.projects[0], cost=240_001), *case.projects[1:]))
    richer = replace(case, budget=600_001)
    for other in (more, dearer, richer):
        assert check(found, other) == [
            "the certificate is about another election: its projects, ballots or budget differ"
        ]


@pytest.mark.parametrize("nonsense", [{}, {"format": "kursbuch-certificate"}, {"format": "x", "version": 1}])
def test_refuses_what_is_no_certificate(nonsense: dict[str, Any]) -> None:
    assert check(nonsense, election())


def two_districts() -> Election:
    """Two districts, categories, weights: everything a method can limit."""
    projects = (
        Project("a", 40, "Bank", ("green",), district="north"),
        Project("b", 60, "Baum", ("green",), district="north"),
        Project("c", 50, "Lampe", ("light",), district="south"),
        Project("d", 50, "Laterne", ("light",), district="south"),
        Project("e", 90, "Brunnen", ("green",)),
        Project("f", 70, "Bühne", ("culture",)),
        Project("g", 80, "Bücher", ("culture",)),
    )
    votes = [("abe", 0), ("abe", 0), ("aef", 0), ("bg", 0), ("cde", 1), ("cdf", 1), ("cg", 1), ("dfg", 1), ("efg", -1)]
    starts, entries = [0], []
    for names, _ in votes:
        entries += ["abcdefg".index(name) for name in names]
        starts.append(len(entries))
    ballots = group(
        BallotKind.APPROVAL, starts, entries, None, [3, 2, 4, 2, 3, 1, 2, 4, 5], [home for _, home in votes]
    )
    return Election(projects, ballots, 400, 1, "EUR", ("north", "south"), "Zwei Bezirke")


CASES = {
    "equal shares": (election(), Method()),
    "with a tie": (election(), Method(utility=Utility.COST, completion=Completion.NONE, ties=(TieBreak.LOT,), seed=3)),
    "phragmen": (election(), Method(rule=Rule.PHRAGMEN)),
    "greedy": (election(), Method(rule=Rule.GREEDY_PER_COST, skip=False)),
    "districts": (
        two_districts(),
        Method(
            utility=Utility.CARDINALITY,
            completion=Completion.ADD1,
            step=Step(Fraction(1, 2)),
            compare_greedy=True,
            eligibility=Eligibility(2, Fraction(1, 10), Fraction(1, 5)),
            district_budgets={"north": 90, "south": 60},
            category_budgets={"green": 150},
            incompatible=(frozenset("fg"),),
        ),
    ),
}


def changes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every single change somebody might make: another value, one left out, one twice, two swapped, one more."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield path, {other: kept for other, kept in value.items() if other != key}
            yield from changes(inner, (*path, key))
        yield path, {**value, "zz": None} if path[-1:] == ("left",) else None
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield path, value[:at] + value[at + 1 :]
            yield path, [*value[:at], inner, inner, *value[at + 1 :]]
            if at and value[at - 1] != inner:
                yield path, [*value[: at - 1], inner, value[at - 1], *value[at + 1 :]]
            yield from changes(inner, (*path, at))
    elif isinstance(value, bool):
        yield path, not value
    elif isinstance(value, int):
        yield from ((path, value + 1), (path, value - 1), (path, None))
    elif isinstance(value, str):
        yield from ((path, value + "1"), (path, None), (path, str(Fraction(value) * 2 + 1) if value.isdigit() else "S"))
    else:
        yield from ((path, "1"), (path, []))


def put(found: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed: Any = copy.deepcopy(found)
    if not path:
        return dict(value) if value is not None else {}
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return dict(changed)


def claims(found: Any) -> Any:
    """Everything a certificate says, without the evidence: more evidence than needed, or less, changes no claim."""
    if isinstance(found, dict):
        return {key: claims(value) for key, value in found.items() if key not in ("evaluated", "seal")}
    return [claims(value) for value in found] if isinstance(found, list) else found


@pytest.mark.parametrize("name", CASES)
def test_sees_every_change(name: str) -> None:
    case, method = CASES[name]
    found = written(case, method)
    assert check(found, case) == []
    seen = 0
    for path, value in changes(found):
        changed = put(found, path, value)
        if changed == found:
            continue
        assert check(changed, case), f"the seal misses {path} = {value}"
        if "seal" not in changed or path == ("seal",):
            continue
        changed["seal"] = seal(changed)  # by somebody who knows how
        problems = check(changed, case)
        seen += bool(problems)
        # What is not found must be true: evidence that was not needed, or another method with the same outcome.
        if not problems:
            true = written(case, method_from_json(changed["method"]))
            changed["method"] = true["method"]  # "1/3" may be written "2/6"
            assert claims(true) == claims(changed), f"{path} = {value} goes unseen"
    assert seen > 50


def test_sees_swapped_rounds_and_changed_prices() -> None:
    case = election()
    found = written(case, Method())
    rounds = found["pots"][0]["run"]["rounds"]
    rounds[0], rounds[1] = rounds[1], rounds[0]
    found["seal"] = seal(found)
    assert any(problem.startswith("round 1: ") for problem in check(found, case))


@settings(max_examples=60, deadline=None)
@given(elections(), methods, st.data())
def test_believes_no_evidence_that_is_made_up(case: Election, method: Method, data: st.DataObject) -> None:
    """What would let another project win: that the best one cost more, or could not be had."""
    method = fitting(case, replace(method, rule=data.draw(st.sampled_from([Rule.EQUAL_SHARES, Rule.PHRAGMEN]))))
    found = written(case, method)
    places = [
        (each["evaluated"], other)
        for pot in found["pots"]
        for run in (pot["run"], pot["next"], *pot["before"])
        for each in (run["rounds"] if run else [])
        for other in each["evaluated"]
    ]
    places += [(each, "rho") for pot in found["pots"] for each in pot["run"]["rounds"]]
    for inner, key in places:
        true = inner[key]
        for false in ["1"] if true is None else [None, str(Fraction(true) * 2), str(Fraction(true) + Fraction(1, 7))]:
            inner[key] = false
            found["seal"] = seal(found)
            assert check(found, case), f"{key} is believed to cost {false} instead of {true}"
        inner[key] = true


def test_a_price_is_the_least_one() -> None:
    """Whoever gives all they have would do so at any higher price, too."""
    projects = (Project("a", 100), Project("b", 50))
    case = Election(projects, approvals(["ab", "a"], projects), 100)
    found = written(case, Method(completion=Completion.NONE))
    first = found["pots"][0]["run"]["rounds"][0]
    assert (first["project"], first["rho"]) == ("a", "1/2")
    first["rho"] = "3/4"
    found["seal"] = seal(found)
    assert check(found, case) == ["round 1: a could not be funded at 3/4"]


@settings(max_examples=60, deadline=None)
@given(elections(), methods)
def test_earlier_runs_are_whole(case: Election, method: Method) -> None:
    """Without its last round, an earlier run would have money left that it has not."""
    method = fitting(case, replace(method, rule=Rule.EQUAL_SHARES))
    counted = tally(case, method)
    found = json.loads(json.dumps(certificate(case, counted, every_step=True)))
    assert check(found, case) == []
    for pot in found["pots"]:
        assert len(pot["before"]) == pot["steps"]
        for run in pot["before"]:
            if run["rounds"]:
                last = run["rounds"].pop()
                found["seal"] = seal(found)
                assert check(found, case)
                run["rounds"].append(last)


def test_every_step_shows_an_earlier_end() -> None:
    """Two units more for everybody would overspend, three would not: add1 ends after one, whatever comes later."""
    projects = tuple(Project(name, cost) for name, cost in zip("abcde", (7, 10, 7, 4, 7), strict=True))
    case = Election(projects, approvals(["de", "de", "acde", "b", "abcd"], projects), 20)
    counted = tally(case, Method(completion=Completion.ADD1, step=Step(Fraction(1))))
    assert (counted.pots[0].outcome.steps, counted.selected) == (1, (3, 4))
    pot = counted.pots[0]
    later = equal_shares(pot.profile, ranks=ranks(case, pot.profile, counted.method), endowment=Fraction(7))
    forged = replace(counted, pots=(replace(pot, outcome=replace(later, steps=3)),))
    assert check(certificate(case, forged), case) == []  # only the end is shown, and it is one
    assert check(certificate(case, forged, every_step=True), case) == [
        "steps back 1: it would have ended there, or the run is not all of it"
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("incompatible",), "1"),
        (("incompatible",), ["ab"]),
        (("ties",), "cost"),
        (("seed",), True),
        (("eligibility", "votes"), 0.5),
        (("category_budgets",), {"green": "5"}),
        (("skip",), 1),
        (("skip",), None),
    ],
)
def test_a_method_has_one_form(path: tuple[str, ...], value: Any) -> None:
    found = put(written(election(), Method()), ("method", *path), value)
    found["seal"] = seal(found)
    assert check(found, election())


def test_refuses_fields_that_no_certificate_has() -> None:
    found = written(election(), Method()) | {"note": "counted by hand"}
    found["seal"] = seal(found)
    assert check(found, election()) == ["a certificate has no field note"]


@pytest.mark.parametrize("text", ["1e9", "0.5", "-1", "1/2/3", "1 ", "", "1/0"])
def test_fractions_have_one_form(text: str) -> None:
    found = written(election(), Method())
    found["pots"][0]["run"]["rounds"][0]["rho"] = text
    found["seal"] = seal(found)
    assert check(found, election())[0].startswith("the certificate cannot be understood")


def test_refuses_a_tally_that_counting_again_contradicts() -> None:
    case = election()
    counted = tally(case, Method(completion=Completion.NONE))
    pot = counted.pots[0]
    backwards = Outcome(pot.outcome.rounds[::-1], pot.outcome.endowment)
    with pytest.raises(Disagreement):
        certificate(case, replace(counted, pots=(replace(pot, outcome=backwards),)))


def test_checker_is_short_and_trusts_nobody() -> None:
    for module in (checker, plain):
        source = Path(str(module.__file__)).read_text()
        imported = {
            node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.module
        }
        assert {name for name in imported if name.startswith("kursbuch")} <= {
            "kursbuch.domain.voting.election",
            "kursbuch.domain.voting.plain",
        }
        assert "numpy" not in source
    assert len(Path(str(checker.__file__)).read_text().splitlines()) <= 150


@parametrize_elections("Poland_Wieliczka_2023_Green_Budget", "Poland_Lodz_2022")
def test_holds_for_cities(path: Path) -> None:
    case = parse(path.read_bytes()).election()
    found = written(case, Method())
    assert check(found, case) == []
    paid = found["pots"][0]["run"]["rounds"][4]["payments"]
    paid[-1][1] += 1
    found["seal"] = seal(found)
    assert check(found, case) == [
        f"round 5: the payments for {found['selected'][4]} do not follow from {rho(found, 5)}"
    ]


def rho(found: dict[str, Any], number: int) -> str:
    return str(found["pots"][0]["run"]["rounds"][number - 1]["rho"])


def test_ballots_may_weigh_nothing() -> None:
    case = election()
    ballots = case.ballots
    weights = ballots.weights.copy()
    weights[0] = 0
    lighter = replace(case, ballots=Ballots(ballots.kind, ballots.starts, ballots.projects, None, weights))
    assert check(written(lighter, Method()), lighter) == []
