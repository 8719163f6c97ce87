"""What an operator has, for tests that need real processes: a data directory, a database, the command."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg


@dataclass
class Installation:
    """What an operator has: a data directory, a database, the ``kursbuch`` command."""

    data: Path
    url: str
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "KURSBUCH_DATA": str(self.data),
            "DATABASE_URL": self.url,
            "KURSBUCH_DEBUG": "0",
            "KURSBUCH_HTTPS": "0",
            "PYTHONUNBUFFERED": "1",
        }
        return {**os.environ, **own, **self.extra}

    def start(self, *args: str, **options: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "kursbuch.config.cli", *args]
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            command,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **options,
        )

    def kursbuch(self, *args: str, succeeds: bool = True) -> str:
        process = self.start(*args)
        output, _ = process.communicate(timeout=120)
        assert (process.returncode == 0) == succeeds, output
        return str(output)

    def start_python(self, code: str) -> subprocess.Popen[str]:
        setup = (
            "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'kursbuch.config.settings'\n"
            "import django; django.setup()\n"
        )
        return subprocess.Popen(
            [sys.executable, "-c", setup + code],
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def python(self, code: str) -> str:
        process = self.start_python(code)
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
        return output

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement in the database, past Django: quicker than a process."""
        if self.url.startswith("postgres"):
            with psycopg.connect(self.url) as server:
                cursor = server.execute(statement)  # type: ignore[call-overload]
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=30)) as file, file:
            return file.execute(statement).fetchall()
