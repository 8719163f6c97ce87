"""Brings strategies in and out, compares editions, finds alterations, and fills the search anew."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from kursbuch.chronicle.queries.verify import verify_chronicle
from kursbuch.city.models import City
from kursbuch.identity.models import Membership
from kursbuch.strategy.documents.columns import guess
from kursbuch.strategy.documents.document import DocumentError
from kursbuch.strategy.documents.intake import Ground, Head, Intake, Source, default_reading, parse, take_in
from kursbuch.strategy.documents.messages import sentence
from kursbuch.strategy.documents.table import Table
from kursbuch.strategy.documents.table_format import TableReading
from kursbuch.strategy.documents.upload import open_upload
from kursbuch.strategy.documents.word_format import WordReading
from kursbuch.strategy.documents.word_reader import Outline
from kursbuch.strategy.models import Edition, Strategy
from kursbuch.strategy.queries import edition_on
from kursbuch.strategy.queries.downloads import CONTENT_TYPES, LANGUAGES, edition_file, redline_file
from kursbuch.strategy.queries.ground import ground_of
from kursbuch.strategy.queries.verify import verify_strategy
from kursbuch.strategy.queries.verify_records import verify_records
from kursbuch.strategy.rules import NotAllowed
from kursbuch.strategy.services.import_into_strategy import NothingNew, Outdated, only_allowed, take_in_file
from kursbuch.strategy.services.import_strategy import import_strategy
from kursbuch.strategy.services.index_edition import index_anew


class Command(BaseCommand):
    help = "Import, export, compare, verify and index strategies."

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
        self._import_arguments(steps.add_parser("import", help="bring a file in: YAML, XLSX, CSV or DOCX"))
        self._export_arguments(steps.add_parser("export", help="write an edition as a file"))
        redline = steps.add_parser("redline", help="write what changed between two editions")
        redline.add_argument("--from", dest="before", required=True, metavar="N", help="the older edition")
        redline.add_argument("--to", dest="after", required=True, metavar="M", help="the newer edition")
        redline.add_argument("--format", choices=("pdf", "html"), default="pdf")
        redline.add_argument("--language", choices=LANGUAGES, default="de")
        _output(redline)
        _city(redline)
        verify = steps.add_parser("verify", help="find alterations made behind the application's back")
        verify.add_argument("--city", metavar="SLUG", help="one city only")
        reindex = steps.add_parser("reindex", help="fill the search anew, after an update that asks for it")
        reindex.add_argument("--city", metavar="SLUG", help="one city only")

    def _import_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", metavar="EMAIL", help="who brings it in; needed where there is a strategy")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="what a column of a table is, or a heading's depth of a Word document: Kosten=budget, 2=field",
        )
        parser.add_argument("--kind", help="what a row of a table is")
        parser.add_argument("--under", metavar="KEY", help="where new rows stand that do not say it")
        parser.add_argument("--retire-missing", action="store_true", help="retire what a Word document leaves out")
        parser.add_argument("--title", help="of the strategy (new), or of the amendment")
        parser.add_argument("--horizon", type=int, default=0, help="year, for a new strategy from a table or document")
        parser.add_argument("--in-force-from", type=date.fromisoformat, metavar="DAY", help="for a new strategy")
        parser.add_argument("--rationale", default="", help="why, for an amendment")
        parser.add_argument("--dry-run", action="store_true", help="say what would come in, and write nothing")
        _city(parser)

    def _export_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--edition", metavar="N", help="its number, such as 2 or 2.1")
        which.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="the edition in force on this day")
        parser.add_argument("--format", choices=tuple(CONTENT_TYPES), default="yaml")
        parser.add_argument("--language", choices=LANGUAGES, default="de")
        _output(parser)
        _city(parser)

    def handle(self, *args: Any, step: str, city: str | None, **options: Any) -> None:
        with translation.override(translation.get_language() or "de"):
            steps: dict[str, Callable[..., None]] = {
                "import": self._import,
                "export": self._export,
                "redline": self._redline,
            }
            if step in ("verify", "reindex"):
                every = [_find_city(city)] if city else list(City.objects.order_by("slug"))
                self._verify(every) if step == "verify" else self._reindex(every)
            else:
                steps[step](_find_city(city), **options)

    # ---- import -----------------------------------------------------------------------------------------

    def _import(self, city: City, file: Path, **options: Any) -> None:
        try:
            upload = open_upload(file.name, file.read_bytes())
            source = parse(upload)
            strategy, ground = ground_of(city)
            intake = take_in(
                source,
                ground,
                _reading(source, ground, options["map"], options["kind"], options["under"]),
                head=_head(source, options),
                parent=options["under"],
                retire_missing=options["retire_missing"],
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except DocumentError as error:
            lines = [sentence(problem) for problem in error.problems]
            raise CommandError("\n".join([*lines, _("Nothing was written.")])) from error
        for remark in intake.remarks:
            self.stderr.write(sentence(remark))
        self._say(intake, ground)
        if not options["dry_run"]:
            self._store(city, strategy, ground, intake, file, options)

    def _say(self, intake: Intake, ground: Ground) -> None:
        counts: dict[str, int] = {}
        for _depth, element in intake.tree.walk():
            counts[element.kind] = counts.get(element.kind, 0) + 1
        schema = intake.document.schema if intake.document else ground.schema
        for kind, count in counts.items():
            names = schema.kind(kind)
            self.stdout.write(f"{count:6} {names.name('de') if count == 1 else names.plural('de')}")
        if not ground.is_new:
            for number, what in ((len(intake.offices), "new offices"), (len(intake.renditions), "translations")):
                if number:
                    self.stdout.write(f"{number:6} {what}, taken in at once")

    def _store(
        self,
        city: City,
        strategy: Strategy | None,
        ground: Ground,
        intake: Intake,
        file: Path,
        options: dict[str, Any],
    ) -> None:
        by = _member(city, options["by"])
        if strategy is None:
            if intake.document is None:
                raise CommandError("a new strategy from a table or document needs --title and --horizon")
            edition = import_strategy(city=city, document=intake.document, by=by.user if by else None)
            self.stdout.write(f"{city.name}: edition {edition.number}, digest {edition.digest}")
            return
        if by is None:
            raise CommandError("the city has a strategy: --by EMAIL says whose amendment this becomes")
        intake = only_allowed(intake, by)
        try:
            amendment = take_in_file(
                strategy=strategy,
                by=by,
                base=ground.base or intake.tree,
                intake=intake,
                title=options["title"] or file.stem,
                rationale=options["rationale"],
            )
        except NothingNew:
            self.stdout.write("The file says what the newest edition says; nothing to do.")
        except (NotAllowed, Outdated) as error:
            raise CommandError(str(error)) from error
        else:
            if intake.offices or intake.renditions:
                self.stdout.write("offices and translations taken in")
            if amendment is not None:
                count = amendment.changes.count()
                self.stdout.write(f"draft amendment {amendment.pk} of {by.person.email}, {count} changes")

    # ---- export, redline, verify, reindex ------------------------------------------------------------------------

    def _export(self, city: City, output: Path | None, format: str, language: str, **options: Any) -> None:  # noqa: A002
        strategy = _strategy(city)
        if options["edition"]:
            edition = _edition(strategy, options["edition"])
        elif options["on"]:
            found = edition_on(strategy, options["on"])
            if found is None:
                raise CommandError(f"no edition was in force on {options['on']}")
            edition = found
        else:
            edition = strategy.editions.select_related("decision").latest("ordinal")
        self._put(edition_file(city, edition, format, language).content(), output)

    def _redline(
        self,
        city: City,
        before: str,
        after: str,
        format: str,  # noqa: A002
        language: str,
        output: Path | None,
        **options: Any,
    ) -> None:
        strategy = _strategy(city)
        file = redline_file(city, _edition(strategy, before), _edition(strategy, after), format, language)
        self._put(file.content(), output)

    def _put(self, content: bytes, output: Path | None) -> None:
        if output is None:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
            return
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error

    def _verify(self, cities: Sequence[City]) -> None:
        """Every city's editions and chronicle; all findings are told before it fails."""
        altered = [f"{city.name}: {finding}" for city in cities for finding in self._verify_city(city)]
        if altered:
            raise CommandError("\n".join(altered))

    def _verify_city(self, city: City) -> list[str]:
        strategy = Strategy.objects.filter(city=city).first()
        findings: list[str] = [str(finding) for finding in verify_strategy(strategy)] if strategy else []
        findings += [str(finding) for finding in verify_records(strategy)] if strategy else []
        with translation.override("en"):  # as the findings on editions
            findings += [str(problem) for problem in verify_chronicle(city.pk)]
        if not findings:
            editions = strategy.editions.count() if strategy else 0
            self.stdout.write(f"{city.name}: {editions} editions and the chronicle are as they were written")
        return findings

    def _reindex(self, cities: Sequence[City]) -> None:
        for strategy in Strategy.objects.filter(city__in=cities).select_related("city").order_by("city__slug"):
            index_anew(strategy=strategy)
            self.stdout.write(f"{strategy.city.name}: the search has been filled anew")


def _city(parser: ArgumentParser) -> None:
    parser.add_argument("--city", metavar="SLUG", help="needed where the installation has several")


def _output(parser: ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="else standard output")


def _find_city(slug: str | None) -> City:
    cities = list(City.objects.filter(slug=slug) if slug else City.objects.order_by("slug")[:2])
    if len(cities) == 1:
        return cities[0]
    known = ", ".join(City.objects.order_by("slug").values_list("slug", flat=True)[:20])
    raise CommandError(f"which city? --city must be one of: {known}" if known else "there is no city yet")


def _strategy(city: City) -> Strategy:
    strategy = Strategy.objects.filter(city=city).first()
    if strategy is None:
        raise CommandError(f"{city.name} has no strategy yet")
    return strategy


def _edition(strategy: Strategy, number: str) -> Edition:
    edition = strategy.editions.select_related("decision").filter(number=number).first()
    if edition is None:
        known = ", ".join(strategy.editions.values_list("number", flat=True))
        raise CommandError(f"there is no edition {number}; there are {known}")
    return edition


def _member(city: City, email: str | None) -> Membership | None:
    if not email:
        return None
    member = Membership.objects.filter(city=city, user__email=email.lower()).select_related("user", "office").first()
    if member is None:
        raise CommandError(f"nobody in {city.name} has the address {email}")
    return member


def _head(source: Source, options: dict[str, Any]) -> Head | None:
    title = options["title"] or (source.title if isinstance(source, Outline) else "")
    if not title or not 1900 <= options["horizon"] <= 2200:
        return None
    return Head(title, options["horizon"], in_force_from=options["in_force_from"])


def _reading(
    source: Source, ground: Ground, given: Sequence[str], kind: str | None, under: str | None
) -> TableReading | WordReading | None:
    reading = default_reading(source, ground.schema)
    pairs = dict(_pair(one) for one in given)
    if isinstance(source, Table) and isinstance(reading, TableReading):
        kind = kind or reading.kind
        mapping = guess(source.columns, ground.schema, kind)
        for column, target in pairs.items():
            if column not in source.columns:
                raise CommandError(f"there is no column {column!r}; there are {', '.join(source.columns)}")
            mapping[source.columns.index(column)] = target
        return TableReading(kind, mapping, under)
    if isinstance(reading, WordReading):
        return WordReading({**reading.kinds, **{int(depth): slug for depth, slug in pairs.items() if depth.isdigit()}})
    return reading


def _pair(text: str) -> tuple[str, str]:
    column, sign, target = text.rpartition("=")
    if not sign:
        raise CommandError(f"--map {text}: must read COLUMN=FIELD")
    return column, target
