"""Where compiled loops are kept: beside the modules of a checkout, else in a folder of the user's own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kursbuch.counting import compiled

PLACE = "NUMBA_CACHE_DIR"


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An installed package, and no place to write to but the folder for what is temporary."""
    monkeypatch.setenv(PLACE, "")
    monkeypatch.delenv("KURSBUCH_DATA", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/proc/1/none")
    monkeypatch.setattr(compiled, "is_checkout", lambda: False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return monkeypatch


def test_a_checkout_keeps_them_beside_its_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiled.is_checkout()
    monkeypatch.setenv(PLACE, "")
    compiled.find_place()
    assert os.environ[PLACE] == ""


def test_a_user_keeps_them_in_the_cache(only: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only.setenv("HOME", str(tmp_path))
    compiled.find_place()
    assert os.environ[PLACE] == str(tmp_path / ".cache" / "kursbuch" / compiled.digest())
    only.setenv(PLACE, "")
    only.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    compiled.find_place()
    assert os.environ[PLACE] == str(tmp_path / "elsewhere" / "kursbuch" / compiled.digest())


def test_a_service_keeps_them_with_its_data(only: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only.setenv("KURSBUCH_DATA", str(tmp_path))
    compiled.find_place()
    assert os.environ[PLACE] == str(tmp_path / "compiled" / compiled.digest())


@pytest.mark.parametrize("known", [True, False])
def test_who_has_no_home_keeps_them_with_what_is_temporary(
    only: pytest.MonkeyPatch, tmp_path: Path, known: bool
) -> None:
    if not known:  # a user of whom the machine has never heard
        only.setattr(os.path, "expanduser", lambda path: path)
    compiled.find_place()
    assert os.environ[PLACE] == str(tmp_path / f"kursbuch-{os.getuid()}" / compiled.digest())


def test_what_others_may_write_to_is_not_trusted(only: pytest.MonkeyPatch, tmp_path: Path) -> None:
    theirs = tmp_path / f"kursbuch-{os.getuid()}"
    theirs.mkdir()
    theirs.chmod(0o777)
    compiled.find_place()
    place = Path(os.environ[PLACE])
    assert place.parent == tmp_path
    assert place.name != theirs.name
    assert place.stat().st_mode & 0o077 == 0
    theirs.rmdir()
    theirs.symlink_to("/")
    only.setenv(PLACE, "")
    compiled.find_place()
    assert Path(os.environ[PLACE]).parent == tmp_path


def test_a_place_of_last_resort_goes_with_the_process() -> None:
    program = (
        "import os; from kursbuch.counting import compiled;"
        "compiled.is_checkout = lambda: False; compiled._made = lambda folder: False; compiled.find_place();"
        f"print(os.environ['{PLACE}'], os.path.isdir(os.environ['{PLACE}']))"
    )
    environment = {name: value for name, value in os.environ.items() if name != PLACE}
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    place, existed = said.stdout.split()
    assert existed == "True"
    assert not Path(place).exists()


def test_the_digest_is_that_of_all_inner_loops(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(compiled, "PACKAGE", tmp_path)
    (tmp_path / "domain" / "voting").mkdir(parents=True)
    loops, others = (tmp_path / "domain" / "voting" / name for name in ("kernel.py", "words.py"))
    loops.write_text("@njit\ndef one(): ...")
    others.write_text("")
    first = compiled.digest()
    others.write_text("# what has no loops does not count")
    assert compiled.digest() == first
    loops.write_text("@njit\ndef two(): ...")
    assert compiled.digest() != first
