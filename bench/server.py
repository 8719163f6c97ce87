"""Starts gunicorn for a measurement, ends it, or kills it with all its processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0


class Server:
    """gunicorn with two processes, as installations run it, in a process group of its own."""

    def __init__(self, port: int | None = None, *, settings: str = "bench.settings") -> None:
        self.port = port or free_port()
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "--config", "python:kursbuch.config.gunicorn"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", "2", "bench.wsgi:application"]
        self.process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": self.settings},
            start_new_session=True,
        )
        until = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the server does not start")
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def kill(self) -> None:
        """SIGKILL to every process at once: nothing can be finished or tidied up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, number)
        self.process.wait()
        self.process = None

    def memory(self) -> list[float]:
        """Megabytes in the memory of each worker process, shared pages included."""
        if self.process is None:
            return []
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [_resident(int(child)) for child in listed]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
