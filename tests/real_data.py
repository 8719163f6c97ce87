"""Finds the real elections and conversations that tests compare with; they are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE_THE_PROJECT = Path(__file__).parents[2] / "shared" / "data"
ROOT = Path(os.environ.get("KURSBUCH_REAL_DATA") or _BESIDE_THE_PROJECT)


def find(*parts: str) -> Path:
    """The file or folder ``parts`` below the real data; the test is skipped where there is none."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no real data at {path}; set KURSBUCH_REAL_DATA to where it is")
    return path


def elections(pattern: str = "*.pb") -> list[Path]:
    """Every Pabulib file that matches, by name; empty where there is no real data."""
    return sorted((ROOT / "pabulib").glob(pattern))


def conversations(kind: str = "polis") -> list[Path]:
    """The folders of real conversations (``polis``) or of Polis's own mathematics (``polismath``), by name."""
    return sorted(path for path in (ROOT / "opinion" / kind).glob("*") if path.is_dir())


def parametrize_elections(*names: str) -> pytest.MarkDecorator:
    """A test for each named Pabulib file (without ``.pb``), or for each there is; one skip where there are none."""
    paths = [ROOT / "pabulib" / f"{name}.pb" for name in names] if names else elections()
    if not paths or not all(path.exists() for path in paths):
        skipped = pytest.param(None, marks=pytest.mark.skip(reason=f"no real data at {ROOT}; set KURSBUCH_REAL_DATA"))
        return pytest.mark.parametrize("path", [skipped])
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem[:60])
