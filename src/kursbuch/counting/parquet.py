"""Ballots and stances in Parquet files, cut into shards that fit into memory, whatever the whole takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np

MEMORY = "600MB"  # for DuckDB itself, arrays come on top
THREADS = 2
ROWS = 1 << 21  # in a shard by rows
KEYED_ROWS = 1 << 23  # in a shard by keys
_SAMPLE = 50_000
WHOLE_NUMBERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"})


class ParquetError(ValueError):
    """Files that are not what is asked of them (docs/parquet.md)."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Parquet files that together hold one table; ``columns`` are their names with DuckDB's types."""

    path: str
    files: tuple[str, ...]
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """A shard of rows that follow each other in one file."""

    file: str
    first: int
    stop: int

    def source(self) -> tuple[str, list[object]]:
        return (
            f"read_parquet({quoted(self.file)}, file_row_number = true)"
            f" where file_row_number between {self.first} and {self.stop - 1}",
            [],
        )


@dataclass(frozen=True, slots=True)
class Keys:
    """A shard of the rows whose key is above ``low`` and at most ``high`` (None: no bound), in all files."""

    files: tuple[str, ...]
    key: str
    low: int | str | None
    high: int | str | None

    def source(self) -> tuple[str, list[object]]:
        bounds = [(f"{self.key} > ?", self.low), (f"{self.key} <= ?", self.high)]
        given = [(condition, value) for condition, value in bounds if value is not None]
        where = " and ".join(condition for condition, _ in given) or "true"
        return f"read_parquet({list_of(self.files)}) where {where}", [value for _, value in given]


Shard = Rows | Keys


def open_dataset(path: Path) -> Dataset:
    """The Parquet file at ``path``, or all in the folder there.

    :raises ParquetError: if there are none, or they do not have the same columns.
    """
    files = sorted(map(str, path.rglob("*.parquet"))) if path.is_dir() else [str(path)]
    if not files:
        raise ParquetError(f"{path}: there is no .parquet file in this folder")
    with connection(str(path)) as database:
        described = database.execute(f"describe select * from read_parquet({list_of(files)})").fetchall()
    return Dataset(str(path), tuple(files), {row[0]: row[1] for row in described})


def cut_into_rows(dataset: Dataset) -> list[Rows]:
    """Shards of about ``ROWS`` rows, cut between row groups."""
    shards: list[Rows] = []
    with connection(dataset.path) as database:
        groups = database.execute(
            "select file_name, row_group_num_rows from parquet_metadata(?) where column_id = 0"
            " order by file_name, row_group_id",
            [list(dataset.files)],
        ).fetchall()
    for file, rows in groups:
        last = shards[-1] if shards else None
        if last is not None and last.file == file and last.stop - last.first + rows <= ROWS:
            shards[-1] = Rows(file, last.first, last.stop + rows)
        else:
            first = last.stop if last is not None and last.file == file else 0
            shards.append(Rows(file, first, first + rows))
    return shards


def cut_by_key(dataset: Dataset, key: str) -> list[Keys]:
    """Shards of about ``KEYED_ROWS`` rows that never part the rows of one key. Where files are sorted by the key,
    each shard reads its own row groups only.

    :raises ParquetError: if a row has no key.
    """
    source = f"read_parquet({list_of(dataset.files)})"
    with connection(dataset.path) as database:
        counted = fetch(database, f"select count(*) as rows, count(*) - count({key}) as without from {source}")
        total, without = int(counted["rows"][0]), int(counted["without"][0])
        if without:
            raise ParquetError(f"{dataset.path}: {without} rows have no {key}")
        shards = -(-total // KEYED_ROWS)
        if shards <= 1:
            return [Keys(dataset.files, key, None, None)]
        sample = f"select {key} from {source} using sample reservoir({_SAMPLE} rows) repeatable (1)"
        found = [row[0] for row in database.execute(sample).fetchall()]
    found.sort()
    cuts = sorted({found[len(found) * shard // shards] for shard in range(1, shards)})
    bounds = [None, *cuts, None]
    return [Keys(dataset.files, key, low, high) for low, high in pairwise(bounds)]


@contextmanager
def connection(path: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that keeps to its bounds; its complaints become ours."""
    with duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY}) as database:
        try:
            yield database
        except duckdb.Error as error:
            raise ParquetError(f"{path}: {str(error).splitlines()[0]}") from error


def fetch(database: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()) -> dict[str, np.ndarray]:
    """Columns as arrays; missing values stay masked."""
    return dict(database.execute(query, list(values)).fetchnumpy())


def whole(array: np.ndarray, what: str) -> np.ndarray:
    """The array, which must not lack a value."""
    if isinstance(array, np.ma.MaskedArray):
        if array.mask.any():
            raise ParquetError(f"a row has no {what}")
        return np.asarray(array.data)
    return array


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def list_of(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"
