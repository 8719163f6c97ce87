"""Makes a backup: beside its place, and moved there when it is whole."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from importlib import metadata
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import connection

from kursbuch.kit import clock
from kursbuch.kit.backup import postgresql, sqlite
from kursbuch.kit.backup.manifest import KEY_FILE, MANIFEST, MEDIA, BackupError, Manifest, describe_all

DATED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z")


def database() -> ModuleType:
    """The module that backs up and restores the database in use."""
    return sqlite if connection.vendor == "sqlite" else postgresql


def make_backup(target: Path) -> Manifest:
    """Back the installation up into the directory ``target``, which must be new or empty."""
    target = target.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError(f"{target} is not empty. A backup is made in a new directory.")
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))  # for its owner only
    try:
        # The database first: every file it names is there, and stays while the files are copied.
        contents = database().dump(work)
        _copy_media(work / MEDIA)
        _copy_key(work)
        manifest = Manifest(
            made=clock.now().isoformat(),
            kursbuch=metadata.version("kursbuch"),
            engine=connection.vendor,
            server=database().version(),
            contents=contents,
            files=list(describe_all(work)),
        )
        manifest.write(work)
        _flush(work)
        work.replace(target)  # an empty directory may be there
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return manifest


def make_dated_backup(folder: Path, keep: int | None = None) -> tuple[Path, Manifest]:
    """Make a backup in a new directory of ``folder`` named by date; then delete all but the last ``keep``."""
    target = folder / f"{clock.now():%Y-%m-%dT%H%M%SZ}"
    manifest = make_backup(target)
    if keep is not None:
        made = sorted(path for path in folder.iterdir() if DATED.fullmatch(path.name) and (path / MANIFEST).is_file())
        for old in made[: -max(1, keep)]:
            shutil.rmtree(old)
    return target, manifest


def _copy_media(target: Path) -> None:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        copy = target / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy2(path, copy)
        except FileNotFoundError:
            continue  # deleted meanwhile


def _copy_key(work: Path) -> None:
    # Without it, links in mails already sent would no longer work after a restoration.
    key = Path(settings.DATA) / KEY_FILE
    if key.is_file():
        shutil.copy2(key, work / KEY_FILE)


def _flush(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
