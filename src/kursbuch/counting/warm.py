"""Compiles the inner loops ahead of time, by using them once on next to nothing: ``python -m kursbuch.counting.warm``.

What is compiled is kept on disk (``kursbuch.counting.compiled`` says where).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray

from kursbuch.counting.compiled import PACKAGE, digest, is_checkout
from kursbuch.domain.opinion.grouping import group_votes
from kursbuch.domain.opinion.landscape import landscape, update
from kursbuch.domain.opinion.partial import partial
from kursbuch.domain.opinion.picture import draw
from kursbuch.domain.opinion.polis_csv import Votes, read_votes, write_votes
from kursbuch.domain.opinion.settings import Moderation
from kursbuch.domain.opinion.stability import stability
from kursbuch.domain.opinion.stances import stances_of
from kursbuch.domain.voting.election import BallotKind
from kursbuch.domain.voting.equal_shares import Contest, Run
from kursbuch.domain.voting.equal_shares.classes import Classes, near
from kursbuch.domain.voting.grouping import merge
from kursbuch.domain.voting.method import Completion, Method, Rule, Step, Utility
from kursbuch.domain.voting.pabulib import PabulibFile, parse
from kursbuch.domain.voting.tally import tally
from kursbuch.domain.voting.utilities import profile

_PROJECTS = "project_id;cost;district\na;40;N\nb;30;S\nc;50;\nd;25;\nlonger than seven;60;\n"
_POINTS = {BallotKind.CUMULATIVE: ";points", BallotKind.SCORING: ";points"}
_NAMED = ("a,b", "b,a,c", "c", "a,longer than seven", "d,b", "")
_PEOPLE, _STATEMENTS = 600, 30  # more than are looked at in the simplest way


def main() -> int:
    sys.stderr.write("Compiling the inner loops …\n")
    forget_former()
    parts: tuple[Callable[[], object], ...] = (warm_voting, warm_opinion)
    with ProcessPoolExecutor(len(parts)) as pool:
        for warmed in [pool.submit(part) for part in parts]:
            warmed.result()
    return 0


def forget_former() -> None:
    """In a checkout, take away what was compiled before any inner loop changed: Numba would compile a changed loop
    anew, but not those that it has become part of."""
    if not is_checkout() or os.environ.get("NUMBA_CACHE_DIR"):
        return
    note = PACKAGE / "__pycache__" / "inner-loops"
    if not note.is_file() or note.read_text() != digest():
        for compiled in PACKAGE.glob("domain/**/__pycache__/*.nb[ic]"):
            compiled.unlink(missing_ok=True)
        note.parent.mkdir(exist_ok=True)
        note.write_text(digest())


def warm_voting() -> None:
    """Read, group and count small elections of every kind by every rule."""
    for kind in BallotKind:
        files = [_file(kind, budget) for budget in (90, 100)]
        merge([file.votes.ballots for file in files])
        elections = [file.election() for file in files]
        ranked = kind is BallotKind.RANKING
        for rule, utility in product(Rule, Utility):
            if ranked or utility is not Utility.LEXICOGRAPHIC:
                tally(elections[0], Method(rule=rule, utility=utility, completion=Completion.NONE))
        contest = Contest.of(profile(elections[0], Utility.COST))
        Classes(contest).told_apart(near(contest.field, Run(contest, Fraction(1)).left, 1.0))
        for completion, exhaustive in product(Completion, (False, True)):
            tally(elections[1], Method(completion=completion, exhaustive=exhaustive, step=Step(Fraction(1))))


def _file(kind: BallotKind, budget: int) -> PabulibFile:
    rows = []
    for voter in range(24):
        named = _NAMED[voter % len(_NAMED)]
        if kind is BallotKind.CHOOSE_ONE:
            named = named.partition(",")[0]
        points = ",".join(str(place + 1) for place in range(named.count(",") + 1)) if named else ""
        given = f";{points}" if kind in _POINTS else ""
        rows.append(f"{voter};{named}{given};{voter % 3 + 1};{'NS'[voter % 2]}\n")
    columns = f"voter_id;vote{_POINTS.get(kind, '')};weight;district\n"
    head = f"META\nkey;value\nbudget;{budget}\nvote_type;{kind}\nPROJECTS\n{_PROJECTS}VOTES\n{columns}"
    return parse((head + "".join(rows)).encode())


def warm_opinion() -> NDArray[np.float64]:
    """Read stances, draw their map, and draw it again with a few more; where people stand."""
    stances = read_votes(write_votes(_votes())).stances()
    found = landscape(stances, moderation=Moderation.of([1]))
    newcomer = stances_of([_PEOPLE, _PEOPLE, 3], [0, _STATEMENTS, 4], [1, -1, 0], [1, 2, 3])
    update(update(found, stances_of([5], [2], [1])), newcomer)
    halves = [stances.rows(np.arange(half, len(stances.people), 2)) for half in (0, 1)]
    parts = [partial(half) for half in halves]
    (parts[0] + parts[1]).over(np.arange(_STATEMENTS + 1))
    group_votes(halves[0], found.frame, found.settings)
    draw(found, stability(found, 0), {}, title="")
    found.consensus()
    return found.coordinates


def _votes() -> Votes:
    """Three camps of different sizes, with some who differ."""
    people, statements = (each.ravel() for each in np.divmod(np.arange(_PEOPLE * _STATEMENTS), _STATEMENTS))
    camp = np.array([0, 0, 0, 0, 1, 1, 2])[people % 7]
    lean = np.where((statements >> camp) % 2 == 0, 1, -1)
    chance = (people * 7919 + statements * 104_729 + people * statements) % 13
    values = np.where(chance == 0, 0, np.where(chance < 3, -lean, lean)).astype(np.int8)
    return Votes(np.arange(len(people)), statements, people, values)


if __name__ == "__main__":
    sys.exit(main())
