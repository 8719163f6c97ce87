"""``kursbuch city``: what operators set up on the server itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email, validate_slug

from kursbuch.city.models import City
from kursbuch.city.services import HostTakenError, add_host, create_city
from kursbuch.identity.services import appoint_admin


class Command(BaseCommand):
    help = "Set up a city, give it host names and administrators, list the cities."

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        create = steps.add_parser("create", help="set up a city")
        create.add_argument("slug", help="short name in small letters: gelsenkirchen")
        create.add_argument("--name", required=True, help="as people read it: Gelsenkirchen")
        create.add_argument("--host", action="append", default=[], help="host name; may be repeated")
        create.add_argument("--key", default="", help="official municipality key (AGS)")
        codes = [code for code, _ in settings.LANGUAGES]
        create.add_argument("--language", action="append", choices=codes, help="the first is the city's own")
        host = steps.add_parser("host", help="let a city answer under one more host name")
        host.add_argument("slug")
        host.add_argument("host")
        admin = steps.add_parser("admin", help="make somebody an administrator")
        admin.add_argument("email")
        admin.add_argument("--city", help="short name of the city; not needed where there is only one")
        steps.add_parser("list", help="list the cities and their host names")

    def handle(self, *args: Any, step: str, **options: Any) -> None:
        try:
            getattr(self, f"_{step}")(**options)
        except HostTakenError as error:
            raise CommandError(f"The host name {error} belongs to another city.") from error
        except City.DoesNotExist as error:
            raise CommandError("There is no such city. See: kursbuch city list") from error
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _create(self, slug: str, name: str, **options: Any) -> None:
        try:
            validate_slug(slug)
        except ValidationError as error:
            raise CommandError("A slug has letters, digits and hyphens only.") from error
        if City.objects.filter(slug=slug).exists():
            raise CommandError(f"There is a city {slug!r} already.")
        city = create_city(
            slug=slug,
            name=name,
            hosts=options["host"],
            languages=options["language"] or (),
            official_key=options["key"],
        )
        self.stdout.write(f"{city.name} is set up. Next: kursbuch city admin E-MAIL --city {slug}")

    def _host(self, slug: str, host: str, **options: Any) -> None:
        added = add_host(city=City.objects.get(slug=slug), host=host)
        self.stdout.write(f"{slug} now answers under {added.name}.")

    def _admin(self, email: str, city: str | None, **options: Any) -> None:
        if city is None and City.objects.count() != 1:
            raise CommandError("Please say which city: --city SLUG")
        place = City.objects.get(slug=city) if city else City.objects.get()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"Not an e-mail address: {email}") from error
        is_new = appoint_admin(city=place, email=email)
        self.stdout.write(f"{email} is an administrator of {place.name}.")
        if is_new:
            self.stdout.write("The account is new: “Forgot your password?” on the sign-in page sets its password.")

    def _list(self, **options: Any) -> None:
        for city in City.objects.order_by("slug").prefetch_related("hosts"):
            hosts = ", ".join(sorted(host.name for host in city.hosts.all()))
            self.stdout.write(f"{city.slug}\t{city.name}\t{hosts}")
