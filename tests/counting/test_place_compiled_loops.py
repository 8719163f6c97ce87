"""Where compiled loops are kept when the usual places cannot be written to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kursbuch.counting import compiled

PLACE = "NUMBA_CACHE_DIR"


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv(PLACE, raising=False)
    monkeypatch.delenv("KURSBUCH_DATA", raising=False)
    return monkeypatch


def test_the_usual_places_are_left_to_numba(only: pytest.MonkeyPatch, tmp_path: Path) -> None:
    compiled.find_place()
    assert PLACE not in os.environ
    only.setattr(compiled, "_writable", lambda path: path == tmp_path)
    only.setenv("XDG_CACHE_HOME", str(tmp_path))
    compiled.find_place()
    assert PLACE not in os.environ


def test_a_service_keeps_them_with_its_data(only: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only.setattr(compiled, "_writable", lambda path: path == tmp_path)
    only.setenv("KURSBUCH_DATA", str(tmp_path))
    compiled.find_place()
    assert os.environ[PLACE] == str(tmp_path / "compiled")


def test_without_any_place_they_last_as_long_as_the_process() -> None:
    program = (
        "import os;"
        "os.access = lambda path, mode: False;"
        "import kursbuch.counting; import kursbuch.domain.voting.grouping;"
        f"found = os.environ['{PLACE}']; print(found, os.path.isdir(found))"
    )
    environment = {name: value for name, value in os.environ.items() if name not in (PLACE, "KURSBUCH_DATA")}
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    place, existed = said.stdout.split()
    assert existed == "True"
    assert not Path(place).exists()
    assert Path(place).name.startswith("kursbuch-")


def test_a_folder_that_can_be_made_is_writable(tmp_path: Path) -> None:
    assert compiled._writable(tmp_path / "not" / "yet")
    assert not compiled._writable(Path("/proc/1/none"))
