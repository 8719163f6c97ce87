"""Reads what a database holds, through any cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from kursbuch.kit.backup.manifest import Contents


class Cursor(Protocol):
    def execute(self, sql: str, /) -> Any: ...
    def fetchall(self) -> Sequence[Sequence[Any]]: ...


def contents(cursor: Cursor, tables: Iterable[str]) -> Contents:
    def rows(sql: str) -> Sequence[Sequence[Any]]:
        cursor.execute(sql)
        return cursor.fetchall()

    names = sorted(tables)
    counts = {name: int(rows(f'SELECT count(*) FROM "{name}"')[0][0]) for name in names}  # noqa: S608
    migrations: Sequence[Sequence[Any]] = []
    if "django_migrations" in counts:
        migrations = rows("SELECT app, name FROM django_migrations ORDER BY app, name")
    return Contents(counts, [[str(app), str(name)] for app, name in migrations])
