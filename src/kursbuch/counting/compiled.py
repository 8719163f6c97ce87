"""Finds a place for compiled inner loops where neither the package's folder nor the user's cache may be written to."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import kursbuch

_PLACE = "NUMBA_CACHE_DIR"


def find_place() -> None:
    """To be called before the first inner loop is imported: Numba refuses to import one it cannot keep.

    A folder in KURSBUCH_DATA is kept; without one, what is compiled lasts as long as the process. A fixed name in a
    folder that everybody may write to would let others slip in their code.
    """
    if os.environ.get(_PLACE) or _writable(Path(kursbuch.__file__).parent) or _writable(_user_cache()):
        return
    data = Path(os.environ.get("KURSBUCH_DATA") or "/nowhere")
    if data.is_dir() and _writable(data):
        os.environ[_PLACE] = str(data / "compiled")
        return
    os.environ[_PLACE] = tempfile.mkdtemp(prefix="kursbuch-")
    atexit.register(shutil.rmtree, os.environ[_PLACE], ignore_errors=True)


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()


def _writable(path: Path) -> bool:
    """Whether a folder may be written to, or made."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return os.access(path, os.W_OK | os.X_OK)
