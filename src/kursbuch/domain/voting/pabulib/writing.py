"""From a Pabulib file as data to its bytes, and from an election to such a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

import numpy as np

from kursbuch.domain.voting.election import BallotKind, Ballots, Election, Project
from kursbuch.domain.voting.pabulib.file import PabulibFile, Row, Table, Votes


def write(file: PabulibFile) -> bytes:
    """The bytes of a file; rows that nobody changed since it was read are the bytes that were read."""
    parts: list[bytes | memoryview] = [file.start]
    for index, table in enumerate(file.tables):
        if index == file.votes_at:
            parts += _votes_parts(file.votes, file.newline)
        parts += _table_parts(table, file.newline)
    if file.votes_at == len(file.tables):
        parts += _votes_parts(file.votes, file.newline)
    parts.append(file.end)
    return b"".join(_with_line_ends(parts, file.newline))


def file_of(
    election: Election, meta: Mapping[str, str] | None = None, *, weighted: bool = False, selected: Sequence[int] = ()
) -> PabulibFile:
    """An election as a Pabulib file. ``meta`` adds to or overrides what META would say of itself.

    Every person becomes a row of their own, numbered from 1; ``weighted`` writes a row per ballot type with a column
    ``weight`` instead. With projects ``selected`` (indices), there is such a column.

    :raises ValueError: for project ids that a vote cannot hold (blanks around them, commas), and for a scale that is
        no power of ten.
    """
    for project in election.projects:
        if not project.id or "," in project.id or project.id != project.id.strip(" \t\r\n") or "\n" in project.id:
            raise ValueError(f"{project.id!r} cannot be a project's id in this format")
    decimals = len(str(election.scale)) - 1
    if 10**decimals != election.scale:
        raise ValueError(f"a scale of {election.scale} is no number of decimals")
    ballots = election.ballots
    said = {
        "description": election.title,
        "num_projects": str(len(election.projects)),
        "num_votes": str(len(ballots) if weighted else ballots.voters),
        "budget": _amount(election.budget, decimals),
        "vote_type": str(ballots.kind),
        "rule": "unknown",
    }
    if election.currency:
        said["currency"] = election.currency
    said |= meta or {}
    projects_table = _projects_table(election.projects, decimals, selected)
    columns, body = _votes_body(election, weighted)
    return PabulibFile(
        tables=(
            Table("META", ("key", "value"), tuple(Row((key, value)) for key, value in said.items()), b""),
            projects_table,
        ),
        votes=Votes(columns, ballots, b"", body),
        votes_at=2,
        projects=election.projects,
        budget=election.budget,
        scale=election.scale,
        districts=election.districts,
    )


def _with_line_ends(parts: Iterable[bytes | memoryview], newline: bytes) -> Iterable[bytes | memoryview]:
    """A line end after what used to be the last line of a file, if something follows it now."""
    open_line = False
    for part in parts:
        if len(part) and open_line:
            yield newline
        yield part
        if len(part):
            open_line = part[-1:] != b"\n" and part[-3:] != b"\xef\xbb\xbf"


def _table_parts(table: Table, newline: bytes) -> Iterable[bytes]:
    yield table.head or table.name.encode() + newline + _line(table.columns, newline)
    for row in table.rows:
        yield row.written or _line(row.fields, newline)


def _votes_parts(votes: Votes, newline: bytes) -> Iterable[bytes | memoryview]:
    yield votes.head or b"VOTES" + newline + _line(votes.columns, newline)
    yield votes.body


def _line(fields: Iterable[str], newline: bytes) -> bytes:
    return ";".join(map(_quoted, fields)).encode() + newline


def _quoted(field: str) -> str:
    if any(mark in field for mark in ';"\n\r'):
        return '"' + field.replace('"', '""') + '"'
    return field


def _amount(minor: int, decimals: int) -> str:
    if decimals == 0:
        return str(minor)
    digits = str(minor).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}"


def _projects_table(projects: Sequence[Project], decimals: int, selected: Sequence[int]) -> Table:
    columns: dict[str, list[str]] = {
        "project_id": [project.id for project in projects],
        "cost": [_amount(project.cost, decimals) for project in projects],
        "name": [project.name for project in projects],
        "category": [",".join(project.categories) for project in projects],
        "target": [",".join(project.targets) for project in projects],
        "district": [project.district for project in projects],
        "selected": [str(int(index in set(selected))) for index in range(len(projects))] if selected else [],
    }
    kept = {name: fields for name, fields in columns.items() if name in ("project_id", "cost") or any(fields)}
    return Table("PROJECTS", tuple(kept), tuple(map(Row, zip(*kept.values(), strict=True))), b"")


def _votes_body(election: Election, weighted: bool) -> tuple[tuple[str, ...], bytes]:
    ballots = election.ballots
    columns: dict[str, list[str]] = {"vote": _listed(ballots, [project.id for project in election.projects])}
    if ballots.kind in (BallotKind.CUMULATIVE, BallotKind.SCORING):
        columns["points"] = _listed_points(ballots)
    if ballots.districts is not None:
        names = (*election.districts, "")
        columns["district"] = [_quoted(names[index]) for index in ballots.districts.tolist()]
    if weighted:
        columns["weight"] = [str(weight) for weight in ballots.weights.tolist()]
    rows = [";".join(fields) for fields in zip(*columns.values(), strict=True)]
    if not weighted:
        rows = [row for row, weight in zip(rows, ballots.weights.tolist(), strict=True) for row in repeat(row, weight)]
    lines = "".join(f"{number};{row}\n" for number, row in enumerate(rows, start=1))
    return ("voter_id", *columns), lines.encode()


def _listed(ballots: Ballots, ids: Sequence[str]) -> list[str]:
    starts = ballots.starts.tolist()
    named = [ids[index] for index in ballots.projects.tolist()]
    return [_quoted(",".join(named[starts[index] : starts[index + 1]])) for index in range(len(ballots))]


def _listed_points(ballots: Ballots) -> list[str]:
    starts = ballots.starts.tolist()
    points = [] if ballots.points is None else [str(point) for point in np.asarray(ballots.points).tolist()]
    return [",".join(points[starts[index] : starts[index + 1]]) for index in range(len(ballots))]
