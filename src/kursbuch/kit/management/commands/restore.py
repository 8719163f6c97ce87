"""Restores a backup and checks what was restored."""

from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kursbuch.kit.backup import BackupError, pending_migrations, restore_backup


class Command(BaseCommand):
    help = "Restore a backup made by `kursbuch backup`. Stop the server and the worker first."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, help="the backup")
        parser.add_argument("--force", action="store_true", help="replace what the installation holds")

    def handle(self, *args: Any, directory: Path, force: bool, **options: Any) -> None:
        try:
            manifest = restore_backup(directory, force=force)
        except BackupError as error:
            raise CommandError(str(error)) from None
        rows = sum(manifest.contents.counts.values())
        self.stdout.write(f"Restored the backup of {manifest.made}: {rows} rows, {len(manifest.files)} files.")
        pending = pending_migrations()
        if pending:
            self.stdout.write(
                f"It is of an older version ({manifest.kursbuch}). "
                "Now run: kursbuch migrate && kursbuch strategy verify"
            )
        elif "strategy" in get_commands():
            self._verify()

    def _verify(self) -> None:
        try:
            call_command("strategy", "verify", stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            raise CommandError(
                f"The backup is restored, but not verified. `kursbuch strategy verify`: {error}"
            ) from None
