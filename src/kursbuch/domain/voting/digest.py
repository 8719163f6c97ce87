"""Says by one number which election was counted, whatever order its projects and ballots came in."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kursbuch.domain.voting.election import BallotKind, Election


def ballots_by_id(election: Election) -> Iterator[tuple[list[tuple[str, int]], int, str]]:
    """Every ballot type: its projects' ids with the points (1 where nobody gave any), its people, its district."""
    ids, ballots = [project.id for project in election.projects], election.ballots
    starts, named = ballots.starts.tolist(), [ids[project] for project in ballots.projects.tolist()]
    points = [1] * len(named) if ballots.points is None else ballots.points.tolist()
    districts = [-1] * len(ballots) if ballots.districts is None else ballots.districts.tolist()
    for at, (weight, district) in enumerate(zip(ballots.weights.tolist(), districts, strict=True)):
        span = slice(starts[at], starts[at + 1])
        yield list(zip(named[span], points[span], strict=True)), weight, ("", *election.districts)[district + 1]


def digest(election: Election) -> str:
    """SHA-256, hexadecimal, over lines of JSON (UTF-8, ended by ``\\n``): the budget, then all projects, then all ballots.

    The first line is ``[budget, scale, currency, kind of ballot]``. A project is ``[id, cost, name, district,
    [categories]]``; a ballot is ``[district, [[id, points], …]]``, by id unless it is a ranking, then a space and the
    number of people who cast it. Projects and ballots are sorted as text.
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


def seal(certificate: Mapping[str, Any]) -> str:
    """SHA-256 over everything in a certificate but its seal: it finds slips, not forgers, who could seal anew."""
    body = {key: value for key, value in certificate.items() if key != "seal"}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _line(value: list[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
