"""Backs the installation up while it runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kursbuch.kit.backup import BackupError, make_backup, make_dated_backup


class Command(BaseCommand):
    help = "Back the database and the uploaded files up into a new directory. The server may keep running."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, help="a new or empty directory")
        parser.add_argument(
            "--dated", action="store_true", help="make the backup in a new directory, named by date, inside DIRECTORY"
        )
        parser.add_argument("--keep", type=int, help="with --dated: delete all but so many of the latest")

    def handle(self, *args: Any, directory: Path, dated: bool, keep: int | None, **options: Any) -> None:
        if keep is not None and (not dated or keep < 1):
            raise CommandError("--keep needs --dated and a number of at least 1.")
        try:
            if dated:
                directory, manifest = make_dated_backup(directory, keep)
            else:
                manifest = make_backup(directory)
        except BackupError as error:
            raise CommandError(str(error)) from None
        size = sum(file.size for file in manifest.files)
        rows = sum(manifest.contents.counts.values())
        self.stdout.write(f"{directory}: {rows} rows, {len(manifest.files)} files, {size / 1e6:.1f} MB")
