"""A database that threads can share as they do in an installation."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """A SQLite database in memory is shared by the threads of a process in a way that knows no waiting; within
    this block it is a file, as it is wherever Kursbuch runs. Other databases stay as they are."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    path = folder / "kursbuch.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        memory.backup(file)
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = memory, name


def in_thread(work: Callable[[], Any]) -> Callable[[], Any]:
    """The work, with a connection of its own that it closes."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return run
