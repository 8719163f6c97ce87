"""What a backup says of itself, and whether that is true."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE_FILE = "database.sqlite3"
POSTGRESQL_FILE = "database.dump"
KEY_FILE = "secret-key"
MEDIA = "media"


class BackupError(Exception):
    """The backup or the restoration cannot be done; the text says why and what to do."""


@dataclass(frozen=True)
class Contents:
    """What a database holds: rows by table, and its migrations as (app, name)."""

    counts: dict[str, int]
    migrations: list[list[str]]


@dataclass(frozen=True)
class File:
    path: str  # within the backup, with "/"
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    made: str  # ISO 8601
    kursbuch: str
    engine: str  # "sqlite" or "postgresql"
    server: str  # version of the database
    contents: Contents
    files: list[File]
    format: int = field(default=FORMAT)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        try:
            data: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        except FileNotFoundError:
            raise BackupError(f"{folder} is not a backup: it has no {MANIFEST}.") from None
        except ValueError as error:
            raise BackupError(f"{folder / MANIFEST} cannot be read: {error}") from None
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise BackupError(f"{folder / MANIFEST} has a format that this version does not know.")
        contents = Contents(**data.pop("contents"))
        files = [File(**file) for file in data.pop("files")]
        return cls(**data, contents=contents, files=files)

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")

    def verify(self, folder: Path) -> None:
        """Raise ``BackupError`` unless the folder holds exactly these files, unaltered."""
        listed = {file.path: file for file in self.files}
        present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
        present.discard(MANIFEST)
        wrong = [f"missing: {path}" for path in sorted(listed.keys() - present)]
        wrong += [f"not in the manifest: {path}" for path in sorted(present - listed.keys())]
        wrong += [
            f"altered: {path}"
            for path in sorted(listed.keys() & present)
            if describe(folder, folder / path) != listed[path]
        ]
        if wrong:
            raise BackupError("The backup is damaged. Nothing was restored.\n" + "\n".join(wrong))


def describe(folder: Path, path: Path) -> File:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(path.relative_to(folder).as_posix(), path.stat().st_size, digest)


def describe_all(folder: Path) -> Iterator[File]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield describe(folder, path)
