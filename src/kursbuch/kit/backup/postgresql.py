"""Backs PostgreSQL up by pg_dump, and restores it in a single transaction by psql."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.db import connection, transaction

from kursbuch.kit.backup.contents import contents
from kursbuch.kit.backup.manifest import POSTGRESQL_FILE, BackupError, Contents

# What Django makes lives in the schema of the connection; whatever is there goes, tables of newer versions too.
EMPTY_THE_SCHEMA = """
DO $$
DECLARE thing record;
BEGIN
  FOR thing IN SELECT c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm')
  LOOP
    EXECUTE format('DROP %s IF EXISTS %I CASCADE',
      CASE thing.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, thing.relname);
  END LOOP;
  FOR thing IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = current_schema() AND c.relkind = 'S'
  LOOP
    EXECUTE format('DROP SEQUENCE IF EXISTS %I CASCADE', thing.relname);
  END LOOP;
END $$;
"""


def dump(folder: Path) -> Contents:
    """The dump and the counted rows are of the same snapshot."""
    tool = _tool("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        target = str(folder / POSTGRESQL_FILE)
        _run([tool, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"])
        return contents(cursor, connection.introspection.table_names(cursor))


def load(folder: Path) -> Contents:
    """Replace everything in one transaction: after an error the database is as it was."""
    pg_restore, psql = _tool("pg_restore"), _tool("psql")
    connection.close()  # its own locks
    with tempfile.TemporaryDirectory(prefix="kursbuch-restore-") as work:
        script, empty = Path(work, "restore.sql"), Path(work, "empty.sql")
        empty.write_text(EMPTY_THE_SCHEMA)
        _run([pg_restore, "--no-owner", "--no-privileges", f"--file={script}", str(folder / POSTGRESQL_FILE)])
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        _run([psql, *options, f"--file={empty}", f"--file={script}"])
    with connection.cursor() as cursor:
        return contents(cursor, connection.introspection.table_names(cursor))


def is_empty() -> bool:
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def _tool(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise BackupError(f"{name} is missing. Install PostgreSQL's client: apt install postgresql-client")
    return found


def _run(command: list[str]) -> None:
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode == 0:
        return
    message = done.stderr.strip() or f"exit code {done.returncode}"
    hint = ""
    if "server version mismatch" in message:
        major = version().partition(".")[0]
        hint = f"\nThe tools must be at least as new as the server: apt install postgresql-client-{major}"
    if "lock timeout" in message:
        hint = "\nThe database is in use. Stop the server and the worker first."
    raise BackupError(f"{Path(command[0]).name} failed: {message}{hint}")


def _environment() -> dict[str, str]:
    """How to reach the database, for libpq: a password on the command line could be read by everyone."""
    parameters = connection.get_connection_params()
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
        "sslcert": "PGSSLCERT",
        "sslkey": "PGSSLKEY",
        "service": "PGSERVICE",
    }
    given = {names[key]: str(value) for key, value in parameters.items() if key in names and value}
    return {**os.environ, "PGOPTIONS": "-c lock_timeout=20000", **given}
