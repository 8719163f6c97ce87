"""Writes small Parquet files for tests, as docs/parquet.md describes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

Value = object


def write_parquet(
    path: Path, columns: dict[str, str], rows: Sequence[tuple[Value, ...]], *, row_group: int = 0
) -> Path:
    """Rows with these columns (name → DuckDB's type) as one file; ``row_group`` rows together (0: all)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = f", row_group_size {row_group}" if row_group else ""
    with duckdb.connect() as database:
        database.execute(f"create table made ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        if rows:
            database.executemany(
                f"insert into made values ({', '.join('?' * len(columns))})", [list(row) for row in rows]
            )
        database.execute(f"copy made to '{path}' (format parquet{size})")
    return path
