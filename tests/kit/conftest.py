"""A whole installation of its own for each test that needs real processes: a migrated database, a data directory."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import psycopg
import pytest
from tests.kit.installation import Installation

CITY = """
from kursbuch.city.services import create_city
create_city(slug="gelsenkirchen", name="Gelsenkirchen", hosts=["localhost"])
"""
POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")


def _administer(statement: str) -> None:
    parts = dj_database_url.parse(os.environ["DATABASE_URL"])
    with psycopg.connect(
        host=parts["HOST"],
        port=parts["PORT"],
        user=parts["USER"],
        password=parts["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _url_of(database: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


def _fill(template: Installation) -> None:
    template.kursbuch("migrate", "-v0", "--skip-checks")
    template.python(CITY)


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database with one city, to copy: its file, or its name on the PostgreSQL server."""
    home = tmp_path_factory.mktemp("template")
    if POSTGRES:
        name = f"kursbuch_template_{secrets.token_hex(4)}"
        _administer(f"CREATE DATABASE {name}")
        _fill(Installation(home, _url_of(name)))
        yield name
        _administer(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        file = home / "kursbuch.sqlite3"
        _fill(Installation(home, f"sqlite:///{file}"))
        yield str(file)


@pytest.fixture
def empty_installation(tmp_path: Path) -> Iterator[Callable[[], Installation]]:
    """Makes installations whose database holds nothing at all."""
    yield from _installations(tmp_path, template=None)


@pytest.fixture
def installation(tmp_path: Path, _migrated: str) -> Iterator[Installation]:
    """An installation with a migrated database and one city."""
    for make in _installations(tmp_path, template=_migrated):
        yield make()


def _installations(home: Path, template: str | None) -> Iterator[Callable[[], Installation]]:
    databases: list[str] = []

    def make() -> Installation:
        name = f"kursbuch_{secrets.token_hex(4)}"
        data = home / name
        data.mkdir()
        if not POSTGRES:
            file = data / "kursbuch.sqlite3"
            if template:
                shutil.copy(template, file)
            return Installation(data, f"sqlite:///{file}")
        databases.append(name)
        _administer(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return Installation(data, _url_of(name))

    yield make
    for name in databases:
        _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
