"""Runs the periodic tasks: seals, notifications, clean-up. One of these should always be running."""

import os
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kursbuch.kit import tasks
from kursbuch.kit.worker import Worker


class Command(BaseCommand):
    help = "Run the periodic tasks of the installation until stopped."
    requires_system_checks = ()  # they look at pages, which a worker has none of

    def add_arguments(self, parser: CommandParser) -> None:
        modes = parser.add_mutually_exclusive_group()
        modes.add_argument("--once", action="store_true", help="run what is due one time and end")
        modes.add_argument("--check", action="store_true", help="say whether a worker is doing its work")

    def handle(self, *args: Any, once: bool, check: bool, **options: Any) -> None:
        registered = list(tasks.registered().values())
        if check:
            self._check(registered)
            return
        worker = Worker(registered)
        if once:
            failed = worker.once()
            if failed:
                raise CommandError(f"failed: {', '.join(sorted(failed))}")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        worker.serve()
        if worker.running:
            os._exit(1)  # a thread that does not end must not keep the process alive

    def _check(self, registered: list[tasks.Task]) -> None:
        troubles = tasks.troubles(registered)
        if troubles:
            raise CommandError("\n".join(troubles))
        self.stdout.write(f"{len(registered)} tasks are run on time")
