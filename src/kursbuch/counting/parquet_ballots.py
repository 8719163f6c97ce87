"""Ballots in Parquet: each shard is grouped on its own, and the groupings are added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from kursbuch.counting.engine import Engine
from kursbuch.counting.parquet import (
    WHOLE_NUMBERS,
    Dataset,
    Keys,
    ParquetError,
    Rows,
    connection,
    cut_by_key,
    cut_into_rows,
    fetch,
    list_of,
    open_dataset,
    whole,
)
from kursbuch.domain.voting.election import BallotKind, Ballots, Election
from kursbuch.domain.voting.grouping import DuplicateProject, group, merge
from kursbuch.domain.voting.pabulib import PabulibFile

_ENTRY = ("project", "points")
_WITH_POINTS = (BallotKind.CUMULATIVE, BallotKind.SCORING)


def election_from_parquet(path: Path, projects: PabulibFile, engine: Engine) -> Election:
    """An election whose projects, budget and kind of ballots are those of a Pabulib file and whose ballots are at
    ``path`` (a file or a folder; docs/parquet.md).

    :raises ParquetError: if something is missing, unknown or said twice.
    """
    reader = _plan(open_dataset(path), projects)
    ballots = _added_up(engine.run(reader.read, reader.shards()), reader)
    return replace(
        projects,
        votes=replace(projects.votes, ballots=ballots),
        districts=reader.districts,
        default_score=projects.default_score * reader.finer,
    ).election()


@dataclass(frozen=True, slots=True)
class BallotReader:
    """How the ballots of a dataset are read; goes to other machines as it is."""

    dataset: Dataset
    kind: BallotKind
    projects: tuple[str, ...]
    districts: tuple[str, ...]
    listed: bool  # a ballot is one row with a list, or as many rows as it names projects
    points: int | None  # decimals of points; None: there are none
    weighted: bool
    by_district: bool
    placed: bool  # rows of a ranking say their place
    finer: int  # by how much points are scaled beyond those of the file of projects

    def shards(self) -> Sequence[Rows | Keys]:
        return cut_into_rows(self.dataset) if self.listed else cut_by_key(self.dataset, "voter")

    def read(self, shard: Rows | Keys) -> Ballots:
        """The ballots of a shard, grouped."""
        with connection(self.dataset.path) as database:
            database.execute(f"create type project as enum ({list_of(self.projects)[1:-1]})")
            if self.districts:
                database.execute(f"create type district as enum ({list_of(self.districts)[1:-1]})")
            try:
                if isinstance(shard, Rows):
                    return self._read_lists(database, shard)
                return self._read_rows(database, shard)
            except duckdb.ConversionException:
                raise self._unknown_project(database, shard) from None
            except ParquetError as error:
                raise ParquetError(f"{self.dataset.path}: {error}") from None

    def _voter_columns(self) -> str:
        columns = ""
        if self.weighted:
            columns += ", weight::bigint as weight"
        if self.by_district:
            known = "enum_code(nullif(district, '')::district)::integer" if self.districts else "null::integer"
            columns += f", coalesce({known}, -1)::integer as district"
        return columns

    def _points(self, expression: str) -> str:
        return f", ({expression} * {10 ** (self.points or 0)})::bigint as points"

    def _read_lists(self, database: duckdb.DuckDBPyConnection, shard: Rows) -> Ballots:
        source, values = shard.source()
        lengths = ", coalesce(len(points), 0)::integer as given" if self.points is not None else ""
        rows = fetch(
            database,
            f"select coalesce(len(projects), 0)::integer as named{lengths}{self._voter_columns()} from {source}",
            values,
        )
        points = self._points("unnest(points)") if self.points is not None else ""
        entries = fetch(
            database,
            f"select enum_code(unnest(projects)::varchar::project)::integer as project{points} from {source}",
            values,
        )
        starts = np.zeros(len(rows["named"]) + 1, np.int64)
        np.cumsum(rows["named"], out=starts[1:])
        if self.points is not None and (differing := np.flatnonzero(rows["named"] != rows["given"])).size:
            raise ParquetError(f"row {shard.first + differing[0] + 1} of {shard.file} has other points than projects")
        try:
            return self._grouped(starts, entries, rows)
        except DuplicateProject as error:
            row = shard.first + error.ballot + 1
            raise ParquetError(f"row {row} of {shard.file} names a project twice") from None

    def _read_rows(self, database: duckdb.DuckDBPyConnection, shard: Keys) -> Ballots:
        source, values = shard.source()
        number = "voter" if self.dataset.columns["voter"] in WHOLE_NUMBERS else "dense_rank() over (order by voter)"
        place = ", place" if self.placed else ""
        points = self._points("points") if self.points is not None else ""
        rows = fetch(
            database,
            f"select {number} as voter, enum_code(project::varchar::project)::integer as project{place}{points}"
            f"{self._voter_columns()} from {source}",
            values,
        )
        keys = (whole(rows["place"], "place"), rows["voter"]) if self.placed else (rows["voter"],)
        order = np.lexsort(keys)
        voters = rows["voter"][order]
        firsts = np.flatnonzero(np.append(True, voters[1:] != voters[:-1])) if len(voters) else np.empty(0, np.int64)
        entries = {name: column[order] for name, column in rows.items() if name in _ENTRY}
        for name in ("weight", "district"):
            if name in rows:
                column = whole(rows[name], name)[order]
                if not np.array_equal(column, np.repeat(column[firsts], np.diff(np.append(firsts, len(voters))))):
                    raise ParquetError(f"a voter's rows differ in {name}")
                rows[name] = column[firsts]
        if self.placed:
            places = keys[0][order]
            if np.any((places[1:] == places[:-1]) & (voters[1:] == voters[:-1])):
                raise ParquetError("a voter gives one place twice")
        try:
            return self._grouped(np.append(firsts, len(voters)).astype(np.int64), entries, rows)
        except DuplicateProject as error:
            raise ParquetError(f"the voter {voters[firsts[error.ballot]]} names a project twice") from None

    def _grouped(
        self, starts: NDArray[np.int64], entries: dict[str, np.ndarray], rows: dict[str, np.ndarray]
    ) -> Ballots:
        weights = whole(rows["weight"], "weight") if self.weighted else None
        if weights is not None and weights.min(initial=1) <= 0:
            raise ParquetError("a weight is not above zero")
        if self.kind is BallotKind.CHOOSE_ONE and np.diff(starts).max(initial=0) > 1:
            raise ParquetError("a ballot names more than one project")
        return group(
            self.kind,
            starts,
            whole(entries["project"], "project"),
            None if self.points is None else whole(entries["points"], "points"),
            weights,
            rows["district"] if self.by_district else None,
        )

    def _unknown_project(self, database: duckdb.DuckDBPyConnection, shard: Rows | Keys) -> ParquetError:
        source, values = shard.source()
        named = "unnest(projects)" if self.listed else "project"
        found = database.execute(
            f"select id from (select {named}::varchar as id from {source})"
            " where id is not null and try_cast(id as project) is null limit 1",
            values,
        ).fetchone()
        return ParquetError(
            f"{self.dataset.path}: {f'there is no project {found[0]}' if found else 'a number is too large'}"
        )


def _plan(dataset: Dataset, file: PabulibFile) -> BallotReader:
    columns = dataset.columns
    listed = "projects" in columns
    if not listed and not {"voter", "project"} <= set(columns):
        raise ParquetError(f"{dataset.path}: there is neither a column projects nor the columns voter and project")
    if listed and not columns["projects"].endswith("[]"):
        raise ParquetError(f"{dataset.path}: projects is no list")
    kind = file.kind
    points = None
    if kind in _WITH_POINTS:
        if "points" not in columns:
            raise ParquetError(f"{dataset.path}: {kind} ballots need a column points")
        points = max(_decimals(dataset, columns["points"].removesuffix("[]")), file.point_decimals)
    if "weight" in columns and columns["weight"] not in WHOLE_NUMBERS:
        raise ParquetError(f"{dataset.path}: weight is no whole number")
    placed = kind is BallotKind.RANKING and not listed
    if placed and columns.get("place") not in WHOLE_NUMBERS:
        raise ParquetError(f"{dataset.path}: rankings by row need a column place of whole numbers")
    by_district = "district" in columns and any(project.district for project in file.projects)
    return BallotReader(
        dataset=dataset,
        kind=kind,
        projects=tuple(project.id for project in file.projects),
        districts=_districts(dataset, file, by_district),
        listed=listed,
        points=points,
        weighted="weight" in columns,
        by_district=by_district,
        placed=placed,
        finer=1 if points is None else 10 ** (points - file.point_decimals),
    )


def _decimals(dataset: Dataset, type_name: str) -> int:
    if type_name in WHOLE_NUMBERS:
        return 0
    if type_name.startswith("DECIMAL("):
        return int(type_name[len("DECIMAL(") : -1].split(",")[1])
    raise ParquetError(
        f"{dataset.path}: points are {type_name}, but must be whole numbers or decimals to count exactly"
    )


def _districts(dataset: Dataset, file: PabulibFile, by_district: bool) -> tuple[str, ...]:
    names = {project.district for project in file.projects}
    if by_district:
        with connection(dataset.path) as database:
            query = f"select distinct district::varchar from read_parquet({list_of(dataset.files)})"
            names |= {row[0] or "" for row in database.execute(query).fetchall()}
    return tuple(sorted(names - {""}))


def _added_up(parts: Iterable[Ballots], reader: BallotReader) -> Ballots:
    """Groupings merged as they come, small ones first, so that a big one is seldom copied, while the next is read."""
    waiting: list[Ballots] = []

    def add(part: Ballots) -> None:
        waiting.append(part)
        while len(waiting) > 1 and len(waiting[-2]) < 2 * len(waiting[-1]):
            waiting[-2:] = [merge(waiting[-2:])]

    with ThreadPoolExecutor(1) as beside:
        adding: Future[None] | None = None
        for part in parts:
            if adding is not None:
                adding.result()
            adding = beside.submit(add, part)
        if adding is not None:
            adding.result()
    while len(waiting) > 1:
        waiting[-2:] = [merge(waiting[-2:])]
    if waiting:
        return waiting[0]
    nothing = np.empty(0, np.int64)
    points = None if reader.points is None else nothing
    return group(reader.kind, [0], nothing, points, nothing, nothing if reader.by_district else None)
