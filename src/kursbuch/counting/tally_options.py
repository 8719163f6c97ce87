"""The options of ``kursbuch tally``, and the method of counting that they ask for."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kursbuch.domain.voting.method import Completion, Method, Rule, Step, TieBreak, Utility
from kursbuch.domain.voting.presets import names, preset

if TYPE_CHECKING:  # NumPy would take longer than --help
    from kursbuch.domain.voting.election import Election

DESCRIPTION = """\
Count the ballots of a participatory budget, exactly, and say why each project won or did not.

FILE is an election in the Pabulib format (.pb); or ballots in Parquet, a file or a folder, with the projects and the
budget in a Pabulib file of their own (--projects). Amounts in options are in the file's currency.
"""

EPILOG = """\
examples:
  kursbuch tally city.pb                              equal shares with the usual completion
  kursbuch tally city.pb --preset wieliczka           as a city has written it into its rules
  kursbuch tally city.pb --rule greedy --min-votes 50
  kursbuch tally city.pb --explain --project 42       why project 42 won or not, and what would have sufficed
  kursbuch tally city.pb --certificate city.json      write evidence that anybody can check:
  kursbuch tally --check city.json city.pb

exit codes:
  0    counted; or the certificate holds
  1    the certificate does not hold for these ballots, or not for this method
  2    an option or a file is wrong, or there is no room for the output
  130  broken off (Ctrl-C)
  141  what reads the output stopped reading, as head does
"""
AS_THEY_ARE = ("rule", "utility", "completion", "exhaustive", "integral", "compare_greedy", "skip", "ties", "seed")
WITH_AMOUNTS = ("preset", "step", "min_votes", "min_share", "min_cost_share")
REPEATED = ("category_budget", "district_budget", "incompatible")


def parser() -> argparse.ArgumentParser:
    """All options; the method's have no defaults of their own, so that a preset shows through."""
    found = argparse.ArgumentParser(
        prog="kursbuch tally", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawTextHelpFormatter
    )
    found.add_argument("file", metavar="FILE", type=Path, help="the election, or its ballots")
    found.add_argument("--projects", metavar="FILE", type=Path, help="for Parquet: a Pabulib file with the projects")
    found.add_argument("--engine", metavar="URL", help="count Parquet on several machines: dask://host:port")
    _add_rule(found)
    _add_completion(found)
    _add_limits(found)
    _add_output(found)
    return found


def _add_rule(found: argparse.ArgumentParser) -> None:
    group = found.add_argument_group("rule")
    group.add_argument(
        "--preset", type=str.lower, choices=sorted(names()), help="the method of a city; other options change it"
    )
    group.add_argument("--rule", type=Rule, choices=list(Rule), metavar="RULE", help=f"{_names(Rule)} (default: mes)")
    group.add_argument(
        "--utility", type=Utility, choices=list(Utility), metavar="UTILITY",
        help=f"what a funded project is worth to its supporters:\n{_names(Utility)} (default: cost);\n"
        "score: the points given, of rankings how many projects stand below",
    )  # fmt: skip
    group.add_argument(
        "--skip",
        action=argparse.BooleanOptionalAction,
        help="greedy: pass over what does not fit, or else stop there\n(default: pass over)",
    )
    group.add_argument(
        "--ties", type=_ties, metavar="A,B,…",
        help=f"what decides between equals: {_names(TieBreak)}\n(default: cost,votes,lot)",
    )  # fmt: skip
    group.add_argument(
        "--seed", type=int, metavar="N", help="what lots are drawn from, a published number (default: 0)"
    )


def _add_completion(found: argparse.ArgumentParser) -> None:
    group = found.add_argument_group("money left over by equal shares")
    group.add_argument(
        "--completion", type=Completion, choices=list(Completion), metavar="HOW",
        help=f"{_names(Completion)} (default: add1u)",
    )  # fmt: skip
    group.add_argument(
        "--step",
        metavar="STEP",
        help="raise everybody's money by so much at a time: 0.01, or 1%% of\nthe first amount (default: 1%%)",
    )
    group.add_argument(
        "--exhaustive", action=argparse.BooleanOptionalAction, help="stop raising as soon as nothing more fits"
    )
    group.add_argument(
        "--integral", action=argparse.BooleanOptionalAction, help="start at a whole number of currency units a head"
    )
    group.add_argument(
        "--compare-greedy", action=argparse.BooleanOptionalAction, help="keep greedy where more people prefer it"
    )


def _add_limits(found: argparse.ArgumentParser) -> None:
    group = found.add_argument_group("what may be funded")
    group.add_argument("--min-votes", type=_count, metavar="N", help="at least N people must support a project")
    group.add_argument("--min-share", type=_share, metavar="P", help="at least this share of all voters: 5%% or 0.05")
    group.add_argument(
        "--min-cost-share", type=_share, metavar="X",
        help="at least X × voters × cost / budget people: 1/3",
    )  # fmt: skip
    group.add_argument(
        "--category-budget", action="append", default=[], metavar="NAME=AMOUNT", help="no more than this for a category"
    )
    group.add_argument(
        "--district-budget", action="append", default=[], metavar="NAME=AMOUNT",
        help="a pot of its own for a district; what is left is for the whole city",
    )  # fmt: skip
    group.add_argument(
        "--incompatible", action="append", default=[], metavar="ID,ID,…", help="of these projects one at most"
    )


def _add_output(found: argparse.ArgumentParser) -> None:
    group = found.add_argument_group("output")
    shape = group.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="everything as JSON (docs/schemas/tally.json)")
    shape.add_argument("--explain", action="store_true", help="why each project won or did not, and how fair it is")
    group.add_argument("--project", metavar="ID", help="with --explain: this one only; says what would have sufficed")
    group.add_argument("--certificate", metavar="OUT", type=Path, help="write evidence that --check can verify")
    group.add_argument(
        "--every-step", action="store_true",
        help="with --certificate: evidence for each completion step, not only\nfor the last (larger, slower to check)",
    )  # fmt: skip
    group.add_argument(
        "--check", metavar="CERTIFICATE", type=Path,
        help="check a certificate against FILE; and, with a preset or options of\na method, that these were used",
    )  # fmt: skip


def names_method(asked: argparse.Namespace) -> bool:
    """Whether any option says how to count."""
    return any(getattr(asked, name) not in (None, []) for name in (*AS_THEY_ARE, *WITH_AMOUNTS, *REPEATED))


def method(asked: argparse.Namespace, election: Election) -> Method:
    """The preset, or the default method, with what was asked for instead.

    :raises ValueError: with what is wrong about an option.
    """
    base = preset(asked.preset, election) if asked.preset else Method()
    amount = _Amounts(election)
    changes: dict[str, Any] = {name: getattr(asked, name) for name in AS_THEY_ARE if getattr(asked, name) is not None}
    if asked.step is not None:
        changes["step"] = amount.step(asked.step)
    limits = {"votes": asked.min_votes, "share": asked.min_share, "cost_share": asked.min_cost_share}
    changes["eligibility"] = replace(
        base.eligibility, **{name: value for name, value in limits.items() if value is not None}
    )
    known = {category for project in election.projects for category in project.categories}
    if asked.category_budget:
        changes["category_budgets"] = amount.by_name(asked.category_budget, "category", known.__contains__)
    if asked.district_budget:
        changes["district_budgets"] = amount.by_name(
            asked.district_budget, "district", {project.district for project in election.projects}.__contains__
        )
    if asked.incompatible:
        changes["incompatible"] = tuple(_projects(each, election) for each in asked.incompatible)
    return replace(base, **changes)


class _Amounts:
    """Amounts as people write them, in an election's minor units."""

    def __init__(self, election: Election) -> None:
        self.scale = election.scale

    def minor(self, text: str) -> int:
        amount = _number(text) * self.scale
        if amount.denominator != 1 or amount < 0:
            raise ValueError(f"{text} is not an amount in this file's currency")
        return int(amount)

    def step(self, text: str) -> Step:
        relative = text.endswith("%")
        amount = _number(text[:-1]) / 100 if relative else _number(text) * self.scale
        if amount <= 0:
            raise ValueError(f"--step {text}: a step raises everybody's money, so it is above 0")
        return Step(amount, relative)

    def by_name(self, given: list[str], kind: str, known: Callable[[str], bool]) -> Mapping[str, int]:
        budgets = {}
        for each in given:
            name, equals, amount = each.rpartition("=")
            if not (name and equals):
                raise ValueError(f"--{kind}-budget {each}: write NAME=AMOUNT")
            if not known(name):
                raise ValueError(f"--{kind}-budget {each}: no project belongs to the {kind} {name}")
            budgets[name] = self.minor(amount)
        return budgets


def _number(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"{text!r} is not a number") from error


def _projects(text: str, election: Election) -> frozenset[str]:
    named = frozenset(each.strip() for each in text.split(","))
    unknown = named - {project.id for project in election.projects}
    if unknown:
        raise ValueError(f"--incompatible {text}: there is no project {', '.join(sorted(unknown))}")
    if len(named) < 2:
        raise ValueError(f"--incompatible {text}: name at least two projects")
    return named


def _names(kind: type[Rule] | type[Utility] | type[Completion] | type[TieBreak]) -> str:
    return ", ".join(kind)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a number of people")
    return int(text)


def _share(text: str) -> Fraction:
    try:
        found = _number(text[:-1]) / 100 if text.endswith("%") else _number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a share") from error
    if found < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return found


def _ties(text: str) -> tuple[TieBreak, ...]:
    try:
        return tuple(TieBreak(each.strip()) for each in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; known are {_names(TieBreak)}") from error
