"""``kursbuch demo``: the Gelsenkirchen demonstration, loaded once and served."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from kursbuch.city.models import City
from kursbuch.city.services import create_city
from kursbuch.identity.models import Role
from kursbuch.strategy.demonstration.play import load_strategy, play_story, read

CITY = "gelsenkirchen"
PASSWORD = "kursbuch-demo"  # noqa: S105 - printed on purpose: these accounts are for trying things out
HOSTS = ("localhost", "127.0.0.1")


class Command(BaseCommand):
    help = "Loads the demonstration where it is not there yet, prints its accounts and serves it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--only-load", action="store_true", help="load, but do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This makes accounts with a known password. Set KURSBUCH_DEMO=1 if you mean it.")
        settings.DATA.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if not City.objects.filter(slug=CITY).exists():
            self.stdout.write("Loading the demonstration: Gelsenkirchen, five editions, two dozen amendments …")
            with transaction.atomic():
                city = create_city(slug=CITY, name="Gelsenkirchen", hosts=HOSTS, official_key="05513000")
                play_story(load_strategy(city), PASSWORD)
        if options["only_load"]:
            return
        self._introduce(options["host"], options["port"])
        call_command("serve", host=options["host"], port=options["port"])

    def _introduce(self, host: str, port: int) -> None:
        people = yaml.safe_load(read("storyline.yaml"))["people"]
        first: dict[str, dict[str, str]] = {}
        for person in people:
            first.setdefault(person["role"], person)
        self.stdout.write(f"\n  http://{host}:{port}\n")
        if host == "127.0.0.1":  # browsers want a name for passkeys, not a number
            self.stdout.write(f"  http://localhost:{port}, for trying passkeys\n")
        self.stdout.write(f"\n  Accounts to try things out (password {PASSWORD}):")
        for role in Role:
            if role in first:
                self.stdout.write(f"    {first[role]['email']:<32} {role.value}")
        self.stdout.write(f"\n  Mail is not sent but kept in {settings.EMAIL_FILE_PATH}\n  Stop with Ctrl+C\n")
        self.stdout.flush()
