"""Reads the lines of votes by the compiled loop, in two halves at a time, and turns its complaints into words."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.election import BallotKind, Ballots, Project
from kursbuch.domain.voting.grouping import group_parts
from kursbuch.domain.voting.grouping_kernel import Cast
from kursbuch.domain.voting.pabulib import fields_kernel as fields
from kursbuch.domain.voting.pabulib import short_rows_kernel as short
from kursbuch.domain.voting.pabulib import votes_kernel as kernel
from kursbuch.domain.voting.pabulib.records import PabulibError, Record, read_record

MOST_DECIMALS = 9
_WITH_POINTS = (BallotKind.CUMULATIVE, BallotKind.SCORING)
_WORTH_A_THREAD = 1 << 17  # bytes
_ODD_ROWS = 8  # read the long way after a row that is not short; twice as many the next time, ...
_WORTH_A_TRY = 1 << 10  # ... unless so many short rows came in between


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """What the votes say; points are scaled by ten to the ``decimals``."""

    ballots: Ballots
    districts: tuple[str, ...]
    rows: int
    decimals: int
    repeated_voters: int
    stop: int  # the byte after the last line of votes


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """What one run over some of the lines found."""

    cast: Cast
    districts: NDArray[np.int64]  # (rows, 2): where the field stands
    voters: NDArray[np.uint64]
    voter_at: NDArray[np.int64]
    problem: tuple[int, int, int]  # code, place, number; code 0 if there was none


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    """What all runs over the lines share."""

    data: NDArray[np.uint8]
    eights: NDArray[np.uint64]
    roles: NDArray[np.int64]
    ids: fields.Ids
    most: int

    def read(self, first: int, stop: int, decimals: int) -> _Block:
        lines, commas = kernel.count_lines(self.data, first, stop)
        count = lines + 1
        entries = count + commas
        roles = set(self.roles.tolist())
        rows = short.Rows(
            starts=np.empty(count + 1, np.int64),
            projects=np.empty(entries, np.int32),
            points=np.empty(entries if short.POINTS in roles else 0, np.int64),
            weights=np.empty(count if short.WEIGHT in roles else 0, np.int64),
            districts=np.empty((count if short.DISTRICT in roles else 0, 2), np.int64),
            voters=np.empty(count, np.uint64),
            voter_at=np.empty(count, np.int64),
        )
        problem = np.zeros(3, np.int64)
        seen_by = np.full(len(self.ids.ends), -1, np.int64)
        rows.starts[0] = 0
        shared = (self.roles, self.ids, self.most)
        at, read, odd = first, 0, _ODD_ROWS
        while at < stop and problem[0] == 0:
            before = read
            at, read = short.read_short_rows(
                self.data, self.eights, at, stop, *shared, 10**decimals, rows, seen_by, read
            )
            odd = 2 * odd if read - before < _WORTH_A_TRY else _ODD_ROWS
            at, read = kernel.read_votes(
                self.data, at, stop, *shared, decimals, rows, seen_by, read, read + odd, problem
            )
        end = int(rows.starts[read])
        return _Block(
            Cast(rows.starts[: read + 1], rows.projects[:end], rows.points[:end], rows.weights[:read]),
            rows.districts[:read],
            rows.voters[:read],
            rows.voter_at[:read],
            (int(problem[0]), int(problem[1]), int(problem[2])),
        )


def read_lines(
    data: bytes, columns: Record, kind: BallotKind, projects: Sequence[Project], least_decimals: int
) -> Lines:
    """The votes that follow the line of their ``columns``, up to the end or to another section's title.

    :raises PabulibError: for an unknown project, a project named twice, points that do not fit, and the like.
    """
    reader = _make_reader(data, columns, kind, projects)
    decimals = least_decimals
    stop = len(data)
    while True:
        blocks = _read_blocks(reader, data, columns.stop, stop, decimals)
        problem = next((block.problem for block in blocks if block.problem[0]), None)
        if problem is None:
            break
        if problem[0] == fields.MORE_DECIMALS and decimals < problem[2] <= MOST_DECIMALS:
            decimals = problem[2]
        elif problem[0] == kernel.FEW_FIELDS and problem[1] < stop and _is_title(data, problem[1]):
            stop = problem[1]
        else:
            raise _complain(data, columns, projects, problem)
    names, indices = _name_districts(data, reader, blocks, projects)
    casts = [block.cast._replace(districts=index) for block, index in zip(blocks, indices, strict=True)]
    try:
        ballots = group_parts(kind, casts, kind in _WITH_POINTS, short.DISTRICT in reader.roles)
    except OverflowError as error:
        raise PabulibError.at(data, columns.places[0], str(error)) from None
    return Lines(
        ballots=ballots,
        districts=names,
        rows=sum(cast.ballots for cast in casts),
        decimals=decimals,
        repeated_voters=_count_repeated(data, blocks),
        stop=stop,
    )


def _make_reader(data: bytes, columns: Record, kind: BallotKind, projects: Sequence[Project]) -> _Reader:
    names = columns.fields
    roles = np.zeros(len(names), np.int64)
    wanted = {"voter_id": short.VOTER, "vote": short.VOTE}
    if kind in _WITH_POINTS:
        wanted["points"] = short.POINTS
    for name in wanted:
        if name not in names:
            raise PabulibError.at(data, columns.places[0], f"there is no column {name}")
    weight = next((name for name in ("weight", "weights") if name in names), None)
    if weight:
        wanted[weight] = short.WEIGHT
    district = next((name for name in ("district", "neighborhood") if name in names), None)
    if district and any(project.district for project in projects):
        wanted[district] = short.DISTRICT
    for name, role in wanted.items():
        roles[names.index(name)] = role
    most = 1 if kind is BallotKind.CHOOSE_ONE else len(projects) + 1  # one more must name one twice
    ids = _file_ids([each.id.encode() for each in projects])
    return _Reader(np.frombuffer(data, np.uint8), _eights(data), roles, ids, most)


def _eights(data: bytes) -> NDArray[np.uint64]:
    """Eight bytes from each byte on, the first the lowest; none where the machine would take it for the highest."""
    count = max(len(data) - 7, 0) if sys.byteorder == "little" else 0
    return np.ndarray(count, np.uint64, data, strides=(1,))


def _file_ids(ids: Sequence[bytes]) -> fields.Ids:
    bits = (8 * len(ids) + 1).bit_length()
    filed = fields.Ids(
        bytes=np.frombuffer(b"".join(ids), np.uint8),
        ends=np.cumsum([len(each) for each in ids], dtype=np.int64),
        codes=np.empty(len(ids), np.uint64),
        table=np.empty(1 << bits, np.int32),
        shift=np.uint64(64 - bits),
    )
    fields.file_ids(filed)
    return filed


def _read_blocks(reader: _Reader, data: bytes, first: int, stop: int, decimals: int) -> list[_Block]:
    cuts = [first, stop]
    if stop - first > _WORTH_A_THREAD and data.find(b'"', first, stop) < 0:  # else a line end may stand inside quotes
        middle = data.find(b"\n", (first + stop) // 2, stop) + 1
        cuts = [first, middle or stop, stop]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda a, b: reader.read(a, b, decimals), cuts[:-1], cuts[1:]))


def _is_title(data: bytes, place: int) -> bool:
    record = read_record(data, place)
    return record is not None and len(record.fields) == 1 and record.fields[0].isupper()


def _name_districts(
    data: bytes, reader: _Reader, blocks: Sequence[_Block], projects: Sequence[Project]
) -> tuple[tuple[str, ...], list[NDArray[np.int32]]]:
    """The names of the districts, ascending, and for each block of votes which of them each is in."""
    named: list[tuple[list[str], NDArray[np.int32]]] = []
    for block in blocks:
        indices = np.empty(len(block.districts), np.int32)
        table = np.full(1 << (2 * len(block.districts) + 1).bit_length(), -1, np.int32)
        firsts = kernel.name_fields(reader.data, block.districts, table, indices)
        texts = []
        for begin, end in block.districts[firsts]:
            try:
                text = reader.data[begin:end].tobytes().decode()
            except UnicodeDecodeError:
                raise PabulibError.at(data, int(begin), "this is not UTF-8 text") from None
            quoted = begin > 0 and reader.data[begin - 1] == ord('"')
            texts.append((text.replace('""', '"') if quoted else text).strip(" \t\r"))
        named.append((texts, indices))
    everywhere = {project.district for project in projects} | {text for texts, _ in named for text in texts}
    names = tuple(sorted(everywhere - {""}))
    numbers = {name: number for number, name in enumerate(names)} | {"": -1}
    return names, [
        np.array([numbers[text] for text in texts], np.int32)[indices] if texts else indices for texts, indices in named
    ]


def _count_repeated(data: bytes, blocks: Sequence[_Block]) -> int:
    """How many votes have the voter id of an earlier vote: equal numbers are looked up in the file."""
    numbers = np.concatenate([block.voters for block in blocks])
    ascending = np.sort(numbers)
    suspicious = ascending[1:][ascending[1:] == ascending[:-1]]
    if len(suspicious) == 0:
        return 0
    places = np.concatenate([block.voter_at for block in blocks])[np.isin(numbers, suspicious)]
    voters = []
    for place in places.tolist():
        end = min(found for found in (data.find(b";", place), data.find(b"\n", place), len(data)) if found >= 0)
        voters.append(data[place:end])
    return len(voters) - len(set(voters))


def _complain(data: bytes, columns: Record, projects: Sequence[Project], problem: tuple[int, int, int]) -> PabulibError:
    code, place, number = problem
    if code == kernel.FEW_FIELDS:
        end = data.find(b"\n", place)
        return PabulibError.at(data, len(data) if end < 0 else end, f"the field {columns.fields[number]} is missing")
    if code == kernel.UNKNOWN:
        unknown = data[place:number].decode(errors="replace")
        return PabulibError.at(data, place, f"there is no project {unknown[:40]}")
    reasons = {
        kernel.MANY_FIELDS: f"there are more fields than {len(columns.fields)} columns",
        kernel.DUPLICATE: f"the vote names the project {data[place:number].decode(errors='replace')} twice",
        kernel.NO_ID: "a project's id is missing between commas",
        kernel.SEVERAL: "the vote names more than one project",
        fields.BAD_NUMBER: "this is not a whole number above zero"
        if number == short.WEIGHT
        else "this is not a number",
        fields.NUMBER_TOO_LARGE: "this number is too large",
        fields.MORE_DECIMALS: f"this number has more than {MOST_DECIMALS} decimals",
        kernel.POINTS_DIFFER: "there are not as many points as projects in the vote",
        kernel.QUOTATION: "a quotation mark is not closed at the end of its field",
    }
    return PabulibError.at(data, place, reasons[code])
