"""What a command owes its caller: exit codes, one line about what went wrong, whole files, quiet ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kursbuch.counting.terminal import run, write_whole


def failing(error: BaseException) -> Callable[[], int]:
    def work() -> int:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ValueError("line 1: nonsense"), 2, "kursbuch x: line 1: nonsense\n"),
        (FileNotFoundError(2, "No such file", "a.pb"), 2, "kursbuch x: a.pb: No such file\n"),
        (MemoryError(), 2, "kursbuch x: there is not enough memory\n"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(32, "Broken pipe"), 141, ""),
    ],
)
def test_says_what_went_wrong(error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("kursbuch x", failing(error)) == code
    assert capsys.readouterr().err == said


def test_writes_fractions_of_any_length() -> None:
    assert run("kursbuch x", lambda: len(str(10**5000))) == 5001


@pytest.mark.parametrize(
    ("how", "code", "said"),
    [
        ("{run} | head -c 1 >/dev/null; exit ${{PIPESTATUS[0]}}", 141, ""),
        ("{run} >/dev/full", 2, "kursbuch x: [Errno 28] No space left on device\n"),
        ("{run} >&-", 1, ""),
        ("{run} 2>&-", 1, ""),
    ],
)
def test_ends_quietly_where_nobody_reads(how: str, code: int, said: str) -> None:
    script = (
        "import sys; from kursbuch.counting.terminal import busy, run\n"
        "def work():\n    with busy('Counting'):\n        sys.stdout.writelines(['x' * 999] * 999)\n    return 1\n"
        "sys.exit(run('kursbuch x', work))"
    )
    command = how.format(run='"$PYTHON" -c "$SCRIPT"')
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHON": sys.executable, "SCRIPT": script},
    )
    assert (done.returncode, done.stderr) == (code, said)


def test_writes_all_of_a_file_or_nothing(tmp_path: Path) -> None:
    place = tmp_path / "found.json"
    place.write_text("before")
    link = tmp_path / "link.json"
    link.symlink_to(place)
    write_whole(link, "after")
    assert (place.read_text(), link.is_symlink()) == ("after", True)
    with pytest.raises(OSError, match="Is a directory") as failure:
        write_whole(tmp_path, "x")
    assert failure.value.filename == str(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["found.json", "link.json"]


def test_writes_into_a_pipe_as_it_is(tmp_path: Path) -> None:
    """A pipe or a device is not replaced by a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(pipe, "evidence")
        assert os.read(reader, 100) == b"evidence"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
