"""From the bytes of a Pabulib file to what it says, or to a complaint with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from kursbuch.domain.voting.election import BallotKind, Project
from kursbuch.domain.voting.grouping import group
from kursbuch.domain.voting.pabulib.file import PabulibFile, Row, Table, Votes
from kursbuch.domain.voting.pabulib.records import PabulibError, Record, read_record
from kursbuch.domain.voting.pabulib.votes import MOST_DECIMALS, Lines, read_lines

_BOM: Final = b"\xef\xbb\xbf"
_SECTIONS: Final = ("META", "PROJECTS", "VOTES")
_TITLE: Final = re.compile(r"[A-Z][A-Z _-]*")
_AMOUNT: Final = re.compile(r"(-?)([0-9]+)(?:[.,]([0-9]*))?")
_MOST: Final = 2**62
_MOST_DIGITS: Final = 40  # of one number; what they may add up to is another matter


@dataclass(slots=True)
class _Section:
    """A table while it is read, its rows with their places."""

    title: Record
    columns: Record | None
    records: list[Record] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.title.start

    def names(self) -> tuple[str, ...]:
        return self.columns.fields if self.columns else ()


def parse(data: bytes) -> PabulibFile:
    """Read a file in the Pabulib format: approval, cumulative, scoring, ordinal and choose-1 votes.

    Fields end at semicolons, may be quoted as in CSV, and blanks around them are dropped. Amounts may have a decimal
    point (or comma); all amounts of a file are scaled alike to whole numbers, and so are points. Voters may have a
    ``weight`` (a whole number) and, where projects have a ``district`` (or ``neighborhood``), one of their own.

    :raises PabulibError: with line, column and reason, if the file is malformed.
    """
    head = _read_head(data)
    if head.votes is None:
        raise PabulibError.at(data, len(data), "there is no section VOTES")
    columns = read_record(data, head.votes.stop)
    if columns is None:
        raise PabulibError.at(data, len(data), "VOTES has no line that names its columns")
    _check_columns(data, columns)
    lines = read_lines(data, columns, head.kind, head.projects, head.default[1])
    later, stop = _read_after(data, lines.stop)
    votes = Votes(
        columns.fields,
        lines.ballots,
        data[head.votes.start : columns.stop],
        memoryview(data)[columns.stop : lines.stop],
    )
    return replace(
        head.file(data, votes, lines.districts),
        tables=tuple(_table(data, section) for section in (*head.sections, *later)),
        default_score=head.default[0] * 10 ** (lines.decimals - head.default[1]),
        point_decimals=lines.decimals,
        end=data[stop:],
        warnings=(
            *(_leave_aside(section.title) for section in (*head.sections, *later) if section.columns is None),
            *_compare_counts(head.meta, len(head.projects), lines),
        ),
    )


def parse_projects(data: bytes) -> PabulibFile:
    """What a file says before its votes, if it has any: for votes that are somewhere else. It has no ballots.

    :raises PabulibError: with line, column and reason, if that part is malformed.
    """
    head = _read_head(data)
    points = () if head.kind in (BallotKind.CUMULATIVE, BallotKind.SCORING) else None
    nobody = Votes(("voter_id", "vote"), group(head.kind, [0], (), points), b"", b"")
    districts = {project.district for project in head.projects} - {""}
    return head.file(data, nobody, tuple(sorted(districts)))


@dataclass(frozen=True, slots=True)
class _Head:
    """META and PROJECTS, and where the votes begin."""

    sections: list[_Section]
    votes: Record | None
    meta: dict[str, Record]
    kind: BallotKind
    projects: tuple[Project, ...]
    budget: int
    scale: int
    default: tuple[int, int]  # digits, decimals

    def file(self, data: bytes, votes: Votes, districts: tuple[str, ...]) -> PabulibFile:
        return PabulibFile(
            tables=tuple(_table(data, section) for section in self.sections),
            votes=votes,
            votes_at=len(self.sections),
            projects=self.projects,
            budget=self.budget,
            scale=self.scale,
            districts=districts,
            default_score=self.default[0],
            point_decimals=self.default[1],
            start=_BOM if data.startswith(_BOM) else b"",
            newline=b"\r\n" if data[: self.sections[0].title.stop].endswith(b"\r\n") else b"\n",
        )


def _read_head(data: bytes) -> _Head:
    sections, votes, _stop = _read_sections(data, len(_BOM) if data.startswith(_BOM) else 0)
    meta_section = _required(data, sections, "META")
    projects_section = _required(data, sections, "PROJECTS")
    meta = _read_meta(data, meta_section)
    kind = _read_kind(data, meta_section, meta)
    projects, budget, scale = _read_projects(data, projects_section, meta_section, meta)
    return _Head(sections, votes, meta, kind, projects, budget, scale, _read_default(data, meta, kind))


def _read_after(data: bytes, at: int) -> tuple[list[_Section], int]:
    """Sections that the format does not know may follow the votes."""
    if at == len(data):
        return [], at
    later, more_votes, stop = _read_sections(data, at)
    if more_votes is not None:
        raise PabulibError.at(data, more_votes.places[0], "VOTES stands twice")
    for section in later:
        if section.title.fields[0].upper() in _SECTIONS:
            raise PabulibError.at(data, section.title.places[0], f"{section.title.fields[0]} must precede VOTES")
    return later, stop


def _read_sections(data: bytes, at: int) -> tuple[list[_Section], Record | None, int]:
    """The sections from ``at`` on up to the votes, the title of the votes, and where the last row ends."""
    sections: list[_Section] = []
    while (record := read_record(data, at)) is not None:
        at = record.stop
        if _is_title(record, sections[-1] if sections else None):
            name = record.fields[0].upper()
            if name == "VOTES":
                return sections, record, at
            if any(name == section.title.fields[0].upper() for section in sections):
                raise PabulibError.at(data, record.places[0], f"{name} stands twice")
            columns = None
            if name in _SECTIONS:
                columns = read_record(data, at)
                if columns is None or len(columns.fields) < 2:
                    raise PabulibError.at(data, at, f"{name} has no line that names its columns")
                _check_columns(data, columns)
                at = columns.stop
            sections.append(_Section(record, columns))
        elif not sections:
            raise PabulibError.at(data, record.places[0], "a section is expected: META, PROJECTS or VOTES")
        else:
            sections[-1].records.append(_fitting(data, record, sections[-1]))
    return sections, None, at


def _is_title(record: Record, section: _Section | None) -> bool:
    first, *others = record.fields
    if any(others):
        return False
    if first.upper() in _SECTIONS:
        return True
    return not others and (section is None or section.columns is not None) and bool(_TITLE.fullmatch(first))


def _fitting(data: bytes, record: Record, section: _Section) -> Record:
    if section.columns is None:
        return record
    names = section.columns.fields
    surplus = record.fields[len(names) :]
    if any(surplus):
        raise PabulibError.at(data, record.places[len(names)], f"there are more fields than {len(names)} columns")
    if len(record.fields) < len(names):
        missing = names[len(record.fields)]
        raise PabulibError.at(data, record.place(len(names)), f"the field {missing} is missing")
    return replace(record, fields=record.fields[: len(names)]) if surplus else record


def _check_columns(data: bytes, columns: Record) -> None:
    seen: set[str] = set()
    for place, name in zip(columns.places, columns.fields, strict=True):
        if name and name in seen:
            raise PabulibError.at(data, place, f"the column {name} stands twice")
        seen.add(name)


def _required(data: bytes, sections: list[_Section], name: str) -> _Section:
    for section in sections:
        if section.title.fields[0].upper() == name:
            return section
    raise PabulibError.at(
        data, sections[-1].title.places[0] if sections else 0, f"there is no section {name} before the votes"
    )


def _table(data: bytes, section: _Section) -> Table:
    head_end = section.columns.stop if section.columns else section.title.stop
    rows = tuple(Row(record.fields, data[record.start : record.stop]) for record in section.records)
    return Table(section.title.fields[0].upper(), section.names(), rows, data[section.start : head_end])


def _read_meta(data: bytes, section: _Section) -> dict[str, Record]:
    meta: dict[str, Record] = {}
    if section.columns and section.columns.fields[:2] != ("key", "value"):
        raise PabulibError.at(data, section.columns.places[0], "the columns of META are not key and value")
    for record in section.records:
        if record.fields[0] in meta:
            raise PabulibError.at(data, record.places[0], f"{record.fields[0]} stands twice")
        meta[record.fields[0]] = record
    return meta


def _read_kind(data: bytes, section: _Section, meta: dict[str, Record]) -> BallotKind:
    record = _meta_field(data, section, meta, "vote_type")
    try:
        return BallotKind(record.fields[1].lower())
    except ValueError:
        known = ", ".join(BallotKind)
        raise PabulibError.at(data, record.places[1], f"vote_type is none of {known}") from None


def _meta_field(data: bytes, section: _Section, meta: dict[str, Record], key: str) -> Record:
    if key not in meta:
        raise PabulibError.at(data, section.title.places[0], f"META does not say {key}")
    return meta[key]


def _read_amount(data: bytes, record: Record, column: int, what: str) -> tuple[int, int]:
    """A number as digits and how many of them are decimals (at least those that matter)."""
    text = record.fields[column]
    parts = _AMOUNT.fullmatch(text)
    if parts is None:
        raise PabulibError.at(data, record.places[column], f"{what} is not a number: {text[:40]!r}")
    decimals = (parts[3] or "").rstrip("0")
    if len(decimals) > MOST_DECIMALS:
        raise PabulibError.at(data, record.places[column], f"{what} has more than {MOST_DECIMALS} decimals")
    if len(parts[2]) > _MOST_DIGITS:
        raise PabulibError.at(data, record.places[column], f"{what} is too large")
    return int(parts[1] + parts[2] + decimals), len(decimals)


def _read_budget(data: bytes, record: Record) -> tuple[int, int]:
    budget = _read_amount(data, record, 1, "budget")
    if budget[0] < 0:
        raise PabulibError.at(data, record.places[1], "budget is negative")
    return budget


def _read_projects(
    data: bytes, section: _Section, meta_section: _Section, meta: dict[str, Record]
) -> tuple[tuple[Project, ...], int, int]:
    """Projects, budget and scale: amounts are scaled by the most decimals that any of them has."""
    names = section.names()
    for name in ("project_id", "cost"):
        if name not in names:
            raise PabulibError.at(
                data, section.columns.places[0] if section.columns else 0, f"there is no column {name}"
            )
    id_at, cost_at = names.index("project_id"), names.index("cost")
    budget_record = _meta_field(data, meta_section, meta, "budget")
    budget = _read_budget(data, budget_record)
    costs = []
    seen: set[str] = set()
    for record in section.records:
        own_id = record.fields[id_at]
        if not own_id:
            raise PabulibError.at(data, record.places[id_at], "project_id is empty")
        if "," in own_id:
            raise PabulibError.at(data, record.places[id_at], f"project_id contains a comma: {own_id!r}")
        if own_id in seen:
            raise PabulibError.at(data, record.places[id_at], f"the project {own_id} stands twice")
        seen.add(own_id)
        cost = _read_amount(data, record, cost_at, "cost")
        if cost[0] <= 0:
            raise PabulibError.at(data, record.places[cost_at], "cost is not positive")
        costs.append(cost)
    decimals = max([budget[1], *(cost[1] for cost in costs)])
    amounts = [digits * 10 ** (decimals - own) for digits, own in [budget, *costs]]
    if amounts[0] >= _MOST:
        raise PabulibError.at(data, budget_record.places[1], "budget is too large")
    if sum(amounts) >= _MOST:
        raise PabulibError.at(data, section.title.places[0], "the amounts are too large for 62 bits")
    projects = tuple(_project(names, record, cost) for record, cost in zip(section.records, amounts[1:], strict=True))
    return projects, amounts[0], 10**decimals


def _project(names: tuple[str, ...], record: Record, cost: int) -> Project:
    said = dict(zip(names, record.fields, strict=False))

    def listed(*columns: str) -> tuple[str, ...]:
        text = next((said[column] for column in columns if column in said), "")
        return tuple(part for part in (part.strip() for part in text.split(",")) if part and part.lower() != "none")

    return Project(
        id=said["project_id"],
        cost=cost,
        name=said.get("name", ""),
        categories=listed("category", "categories"),
        targets=listed("target", "targets", "beneficiaries"),
        district=said.get("district", said.get("neighborhood", "")),
    )


def _read_default(data: bytes, meta: dict[str, Record], kind: BallotKind) -> tuple[int, int]:
    if kind is not BallotKind.SCORING or "default_score" not in meta:
        return 0, 0
    record = meta["default_score"]
    digits, decimals = _read_amount(data, record, 1, "default_score")
    if abs(digits) * 10 ** (MOST_DECIMALS - decimals) >= _MOST:
        raise PabulibError.at(data, record.places[1], "default_score is too large")
    return digits, decimals


def _leave_aside(title: Record) -> str:
    return f"the section {title.fields[0]} is none of {', '.join(_SECTIONS)}: its lines are carried along, not counted"


def _compare_counts(meta: dict[str, Record], projects: int, lines: Lines) -> list[str]:
    warnings = []
    for key, counted in (("num_projects", projects), ("num_votes", lines.rows)):
        if key in meta and meta[key].fields[1] != str(counted):
            warnings.append(f"{key} says {meta[key].fields[1]}, but there are {counted}")
    if lines.repeated_voters:
        warnings.append(f"{lines.repeated_voters} votes have the voter_id of another vote")
    return warnings
