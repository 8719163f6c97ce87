"""The installation that is measured: two cities in a database of its own, one with 400 editions, one with 40."""

from __future__ import annotations

from bench.generate import generate_strategy
from django.core.management import call_command
from django.db import connection

from kursbuch.strategy.models import Strategy

MANY, FEW = "localhost", "few.example"


def build() -> None:
    if connection.vendor == "postgresql":
        be_durable()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    generate_strategy(host=MANY, slug="viele", editions=400)
    generate_strategy(host=FEW, slug="wenige", editions=40)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def be_durable() -> None:
    """A throw-away PostgreSQL writes carelessly; what is measured has to survive a power cut, as in production."""
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"ALTER SYSTEM SET {name} = on")
        cursor.execute("SELECT pg_reload_conf()")


def strategy_of(host: str) -> Strategy:
    return Strategy.objects.select_related("city").get(city__hosts__name=host)
