"""Backs SQLite up by its online backup, which copies one snapshot while others read and write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from kursbuch.kit.backup.contents import contents
from kursbuch.kit.backup.manifest import SQLITE_FILE, BackupError, Contents

WAIT = 30.0  # seconds, for another process's transaction


def dump(folder: Path) -> Contents:
    file = database_file()
    if not file.is_file():
        raise BackupError("There is no database yet. Run: kursbuch migrate")
    target = folder / SQLITE_FILE
    with closing(_open(file)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)  # all pages in one step: one read transaction
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a -wal beside it
        return _contents(copy)


def load(folder: Path) -> Contents:
    """Replace the database in one transaction; processes that have it open see it change, or not at all."""
    source = folder / SQLITE_FILE
    # immutable: reading leaves no trace in the backup
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?immutable=1", uri=True)) as copy:
        (result,) = copy.execute("PRAGMA integrity_check").fetchone()
        if result != "ok":
            raise BackupError(f"{source} is damaged: {result}. Nothing was restored.")
        connection.close()
        file = database_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(_open(file)) as live:
            try:
                copy.backup(live)
            except sqlite3.OperationalError as error:
                raise BackupError(f"The database is in use ({error}). Stop the server and the worker first.") from None
            return _contents(live)


def is_empty() -> bool:
    file = database_file()
    if not file.is_file():
        return True
    with closing(_open(file)) as live:
        return not _tables(live)


def version() -> str:
    return sqlite3.sqlite_version


def database_file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=WAIT)


def _tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [name for (name,) in rows]


def _contents(database: sqlite3.Connection) -> Contents:
    return contents(database.cursor(), _tables(database))
