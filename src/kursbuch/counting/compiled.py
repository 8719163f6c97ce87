"""Finds a place of the user's own for compiled inner loops, so that they are compiled once and always fit the code."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import kursbuch

_PLACE = "NUMBA_CACHE_DIR"
PACKAGE = Path(kursbuch.__file__).parent


def find_place() -> None:
    """To be called before the first inner loop is imported: Numba refuses to import one it cannot keep.

    A checkout keeps them beside its modules (``kursbuch.counting.warm`` sees that they fit). Everywhere else they lie
    in a folder named for the digest of all inner loops: Numba looks at a loop's own file only, and would go on using
    what an older version of another one has become part of.
    """
    if os.environ.get(_PLACE) or (is_checkout() and os.access(PACKAGE, os.W_OK | os.X_OK)):
        return
    for place in _places():
        folder = place / digest()
        if _made(place) and _made(folder):
            os.environ[_PLACE] = str(folder)
            return
    os.environ[_PLACE] = tempfile.mkdtemp(prefix="kursbuch-")  # lasts as long as the process
    atexit.register(shutil.rmtree, os.environ[_PLACE], ignore_errors=True)


def is_checkout() -> bool:
    return (PACKAGE.parents[1] / "pyproject.toml").is_file()


def digest() -> str:
    """A short digest of all modules that have inner loops."""
    texts = [path.read_bytes() for path in sorted(PACKAGE.glob("domain/**/*.py"))]
    return hashlib.sha256(b"\0".join(text for text in texts if b"njit" in text)).hexdigest()[:16]


def _places() -> Iterator[Path]:
    """The user's cache folder, a service's data, and what outlives the process in any case."""
    with suppress(RuntimeError):  # nobody knows a home for this user
        cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
        if cache.is_absolute():
            yield cache / "kursbuch"
    data = os.environ.get("KURSBUCH_DATA")
    if data and Path(data).is_dir():
        yield Path(data).absolute() / "compiled"
    yield Path(tempfile.gettempdir()) / f"kursbuch-{os.getuid()}"


def _made(folder: Path) -> bool:
    """Whether the folder is there now and only its user may write to it: others could slip in their code."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022
