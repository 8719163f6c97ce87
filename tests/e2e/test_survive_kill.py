"""The server is killed while people hand in amendments: nothing accepted is lost, and nothing is there twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.kit.conftest import _migrated, empty_installation, installation
from tests.kit.installation import Installation

__all__ = ["_migrated", "empty_installation", "installation"]

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("kills", [2])
def test_what_was_accepted_survives(installation: Installation, kills: int) -> None:
    installation.extra |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "KURSBUCH_DEMO": "0"}
    manage("createcachetable", installation)
    manage("collectstatic", installation, "--noinput")
    crowd = ["--people", "8", "--seconds", "9", "--kills", str(kills), "--elements", "40"]
    output = run([sys.executable, "-m", "bench.crash", *crowd], installation)
    outcome = json.loads(output.splitlines()[-1])
    assert outcome["kills"] == kills
    assert outcome["accepted"] > 0
    assert outcome["again"] > 0, "nobody met the dead server"
    assert (outcome["lost"], outcome["twice"], outcome["half"]) == (0, 0, 0)
    assert outcome["findings"] == ""
    assert outcome["refused"] == []


def manage(command: str, installation: Installation, *arguments: str) -> str:
    return run([sys.executable, "-m", "django", command, "-v0", *arguments], installation)


def run(command: list[str], installation: Installation) -> str:
    process = subprocess.run(
        command,
        env={**installation.environment, "PYTHONPATH": str(CHECKOUT)},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout
