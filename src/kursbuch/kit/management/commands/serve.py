"""Serves the installation: web server and worker together, on one machine."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kursbuch.kit.serving import Server, is_free, prepare


class Command(BaseCommand):
    help = "Bring the installation up to date and serve it with gunicorn, with the worker beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="web server processes")

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        if not is_free(host, port):
            raise CommandError(f"Port {port} of {host} is in use. Choose another one: --port {port + 1}")
        prepare()
        if not settings.HTTPS and not settings.BEHIND_PROXY:  # people reach this port itself, also from a mail
            os.environ.setdefault("KURSBUCH_PUBLIC_PORT", str(port))
        name = f"[{host}]" if ":" in host else host
        server = Server(host, port, workers, lambda: self._announce(f"http://{name}:{port}"))
        code = server.run()
        if code:
            sys.exit(code)

    def _announce(self, address: str) -> None:
        self.stdout.write(f"Kursbuch is running: {address}  (Ctrl+C stops it)")
        self.stdout.flush()
