"""``kursbuch serve``: up together, down together, nothing left behind, and quick the second time."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings
from tests.kit.installation import Installation

from kursbuch.kit.management.commands import serve


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def descendants(pid: int) -> set[int]:
    """All processes below one, by /proc."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    found, before = {pid}, 0
    while len(found) > before:
        before = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found - {pid}


def gone(pids: set[int]) -> bool:
    def lives(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False

    return not any(lives(pid) for pid in pids)


def wait_until(condition: object, seconds: float = 20) -> None:
    assert callable(condition)
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Collecting and compressing takes seconds: once is enough."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture
def installed(installation: Installation, static: Path) -> Installation:
    installation.extra["KURSBUCH_STATIC"] = str(static)
    return installation


@contextmanager
def serving(installation: Installation, port: int) -> Iterator[subprocess.Popen[str]]:
    process = installation.start("serve", "--port", str(port), "--skip-checks")
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if f"http://127.0.0.1:{port}" in line:
                break
        else:
            raise AssertionError("".join(lines))
        yield process
    finally:
        children = descendants(process.pid)
        process.kill()
        process.communicate()
        wait_until(lambda: gone(children))


def status(port: int, path: str = "/") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    return connection.getresponse().status


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_in_good_order(installed: Installation, number: signal.Signals) -> None:
    port = free_port()
    with serving(installed, port) as process:
        assert status(port) in {200, 302, 404}  # whatever the pages say: it answers
        wait_until(lambda: len(descendants(process.pid)) >= 4)  # gunicorn, its two processes, the worker
        children = descendants(process.pid)
        process.send_signal(number)
        output, _ = process.communicate(timeout=40)
    assert process.returncode == 0, output
    assert gone(children)


def test_nothing_survives_a_kill(installed: Installation) -> None:
    with serving(installed, free_port()) as process:
        wait_until(lambda: len(descendants(process.pid)) >= 4)
        children = descendants(process.pid)
        process.kill()
        wait_until(lambda: gone(children))


def test_a_dead_worker_is_replaced(installed: Installation) -> None:
    def workers(pid: int) -> set[int]:
        def command(child: int) -> str:
            try:
                return Path(f"/proc/{child}/cmdline").read_text()
            except (FileNotFoundError, ProcessLookupError):
                return ""

        return {child for child in descendants(pid) if command(child).endswith("worker\0")}

    with serving(installed, free_port()) as process:
        wait_until(lambda: len(workers(process.pid)) == 1)
        (first,) = workers(process.pid)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: len(workers(process.pid) - {first}) == 1)


def test_a_port_in_use_is_named(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = installation.kursbuch("serve", "--port", str(port), "--skip-checks", succeeds=False)
    assert f"Port {port} of 127.0.0.1 is in use" in refused


def test_static_files_are_collected_when_they_changed(installation: Installation) -> None:
    code = "from kursbuch.kit.serving import collect_static\n"
    output = installation.python(code + "print(collect_static(), collect_static())")
    assert output.split()[-2:] == ["True", "False"]
    stamp = installation.data / "static" / ".sources"
    stamp.write_text("another")
    (installation.data / "static" / "stale.css").write_text("")
    assert installation.python(code + "print(collect_static())").split()[-1] == "True"
    assert not (installation.data / "static" / "stale.css").exists()


def test_links_in_mails_lead_to_the_port_that_is_served(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.delenv("KURSBUCH_PUBLIC_PORT", raising=False)
    monkeypatch.setattr(serve, "prepare", lambda: None)
    monkeypatch.setattr(serve.Server, "run", lambda server: 0)
    settings.HTTPS = settings.BEHIND_PROXY = False
    port = free_port()
    call_command("serve", port=port)
    assert os.environ["KURSBUCH_PUBLIC_PORT"] == str(port)
    monkeypatch.setenv("KURSBUCH_PUBLIC_PORT", "0")  # what somebody has set stays
    call_command("serve", port=port)
    assert os.environ["KURSBUCH_PUBLIC_PORT"] == "0"
