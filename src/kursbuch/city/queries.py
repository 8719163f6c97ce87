"""Finds a city, its offices and what its pages show of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from weakref import WeakSet

from django.core.exceptions import DisallowedHost
from django.db import Error, connection
from django.http import HttpRequest

from kursbuch.chronicle.revision import with_revision
from kursbuch.city.hosts import host_name
from kursbuch.city.models import City

ANY_HOST = "any.host.invalid"
PREPARED = "kursbuch_city_of_host"
_knowing: WeakSet[Any] = WeakSet()  # connections to PostgreSQL that have prepared it


@dataclass(frozen=True, slots=True)
class CityRow:
    """A city as it came from the database: a page that is kept needs no more of it than these two numbers."""

    pk: int
    revision: int
    values: tuple[Any, ...]

    def city(self) -> City:
        """The city with its ``revision``."""
        fields = City._meta.concrete_fields
        compiler = City.objects.all().query.get_compiler(connection=connection)
        converters = compiler.get_converters([field.cached_col for field in fields])
        (values,) = compiler.apply_converters([self.values[: len(fields)]], converters)
        found = City.from_db(connection.alias, [field.attname for field in fields], values)
        found.revision = self.revision  # type: ignore[attr-defined]
        return found


def city_row(request: HttpRequest) -> CityRow | None:
    """The city a request is for; asked for once, however many ask."""
    try:
        known: CityRow | None = request._kursbuch_city  # type: ignore[attr-defined]
    except AttributeError:
        try:
            known = _row_of_host(request.get_host())
        except DisallowedHost:  # not even the form of a host name
            known = None
        request._kursbuch_city = known  # type: ignore[attr-defined]
    return known


def _row_of_host(raw_host: str) -> CityRow | None:
    try:
        name = host_name(raw_host)
    except ValueError:
        return None
    row = _first_query(name)
    return CityRow(row[0], row[-1], row) if row is not None else None


def _first_query(name: str) -> tuple[Any, ...] | None:
    """One row. Every request begins with this query, so it is also what finds out that the connection kept from
    the request before has died meanwhile; asking for that by a query of its own would double the price."""
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        if connection.vendor == "postgresql" and not connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
            return _fetch(_prepared(), (name,))
        return _fetch(*_statement(name))
    except Error:
        if connection.in_atomic_block:
            raise
        connection.close()
        return _fetch(*_statement(name))


def _fetch(sql: str, params: tuple[Any, ...]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _prepared() -> str:
    """PostgreSQL plans the query once a connection: planning it takes three times as long as answering it."""
    connection.ensure_connection()
    server = connection.connection
    if server not in _knowing:
        sql, params = _template()
        query = sql % tuple("$1" if value == ANY_HOST else value for value in params)
        with connection.wrap_database_errors:
            server.execute(f"PREPARE {PREPARED} (text) AS {query}")
        _knowing.add(server)
    return f"EXECUTE {PREPARED} (%s)"


def _statement(name: str) -> tuple[str, tuple[Any, ...]]:
    sql, params = _template()
    return sql, tuple(name if value == ANY_HOST else value for value in params)


@cache
def _template() -> tuple[str, tuple[Any, ...]]:
    """The query as SQL. Every request asks it, and putting it together would cost far more than asking."""
    cities = with_revision(City.objects.filter(hosts__name=ANY_HOST))
    return cities.query.sql_with_params()
