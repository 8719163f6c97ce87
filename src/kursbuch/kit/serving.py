"""Serves an installation on one machine: gunicorn and the worker side by side, started and stopped together."""

from __future__ import annotations

import ctypes
import hashlib
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

log = logging.getLogger(__name__)

STAMP = ".sources"
PATIENCE = 30.0  # seconds for both to end by themselves
LOOK = 0.2
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # before a worker that ended is started again
PR_SET_PDEATHSIG = 1


def prepare() -> None:
    """Bring database and static files up to date; costs a fraction of a second if they are."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    collect_static()
    connections.close_all()


def collect_static() -> bool:
    """Collect the static files if a source has changed since the last time; whether it was needed."""
    root = Path(settings.STATIC_ROOT)
    sources = _digest_of_sources()
    stamp = root / STAMP
    if stamp.is_file() and stamp.read_text() == sources:
        return False
    root.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)  # an interrupted run must not look finished
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(sources)
    return True


def _digest_of_sources() -> str:
    lines = [str(settings.STORAGES["staticfiles"])]
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            lines.append(f"{getattr(storage, 'prefix', '')}/{path} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@dataclass
class Child:
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = SHORTEST_PAUSE

    def start(self) -> None:
        # A process group of its own: Ctrl+C reaches the parent only, which ends both in good order.
        self.process = subprocess.Popen(  # noqa: S603
            self.command, process_group=0, preexec_fn=_end_with_parent(os.getpid())
        )
        self.started = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, number: int) -> None:
        if self.process is not None and self.is_running:
            self.process.send_signal(number)


@dataclass
class Server:
    """The web server and the worker as child processes. The worker is started again if it ends; the web server's
    end is the end of all."""

    host: str
    port: int
    workers: int
    on_ready: Callable[[], None]
    web: Child = field(init=False)
    worker: Child = field(init=False)
    signals: int = 0

    def __post_init__(self) -> None:
        name = f"[{self.host}]" if ":" in self.host else self.host
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:kursbuch.config.gunicorn"]
        self.web = Child([*gunicorn, "--bind", f"{name}:{self.port}", "--workers", str(self.workers)])
        self.worker = Child([sys.executable, "-m", "kursbuch.config.cli", "worker"])

    def run(self) -> int:
        """Serve until a signal or the end of the web server; gunicorn's exit code, 0 if stopped by a signal."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        self.web.start()
        self.worker.start()
        ready = False
        try:
            while not self.signals and self.web.is_running:
                if not ready and self._answers():
                    ready = True
                    self.on_ready()
                self._revive_worker()
                time.sleep(LOOK)
        finally:
            self._stop()
        return 0 if self.signals or self.web.process is None else int(self.web.process.returncode)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def _answers(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        try:
            with socket.create_connection((host, self.port), timeout=1):
                return True
        except OSError:
            return False

    def _revive_worker(self) -> None:
        child = self.worker
        if child.is_running:
            return
        if time.monotonic() - child.started < child.pause:
            return
        log.error("the worker ended and is started again")
        lasted = time.monotonic() - child.started
        child.pause = SHORTEST_PAUSE if lasted > LONGEST_PAUSE else min(child.pause * 2, LONGEST_PAUSE)
        child.start()

    def _stop(self) -> None:
        children = [self.web, self.worker]
        asked = self.signals
        for child in children:
            child.send(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        # A second signal means: now.
        while (
            any(child.is_running for child in children) and time.monotonic() < until and self.signals <= max(1, asked)
        ):
            time.sleep(0.05)
        for child in children:
            child.send(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()


def _end_with_parent(parent: int) -> Callable[[], None] | None:
    """Has the kernel end a child whose parent was killed, so that nobody is left holding the port."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it was quicker
            os._exit(1)

    return arrange
