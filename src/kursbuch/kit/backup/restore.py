"""Restores a backup: everything is checked before anything is touched."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from kursbuch.kit.backup.make import database
from kursbuch.kit.backup.manifest import KEY_FILE, MEDIA, BackupError, Manifest


def restore_backup(source: Path, *, force: bool = False) -> Manifest:
    """Make the installation what it was when the backup was made.

    Refuses a damaged backup, one of another database or of a newer Kursbuch, and, without ``force``, an installation
    that already holds anything. The database changes in one transaction or not at all.
    """
    manifest = Manifest.read(source)
    manifest.verify(source)
    if manifest.engine != connection.vendor:
        raise BackupError(
            f"The backup is of {manifest.engine}, this installation uses {connection.vendor}. Set DATABASE_URL."
        )
    _refuse_newer(manifest)
    if not force:
        _refuse_filled()
    media = source / MEDIA
    # Files come before the rows that name them and go after them.
    _add_files(media)
    contents = database().load(source)
    _remove_other_files(media)
    _restore_key(source / KEY_FILE)
    if contents != manifest.contents:
        raise BackupError("The database does not hold what the manifest says. Is a server still running?")
    return manifest


def pending_migrations() -> list[str]:
    """Migrations the restored database still needs, because the backup is of an older Kursbuch."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _refuse_newer(manifest: Manifest) -> None:
    known = MigrationLoader(None).disk_migrations or {}
    own = {config.label for config in apps.get_app_configs() if config.name.startswith("kursbuch.")}
    unknown = [f"{app}.{name}" for app, name in manifest.contents.migrations if app in own and (app, name) not in known]
    if unknown:
        raise BackupError(
            f"The backup was made by a newer Kursbuch ({manifest.kursbuch}). Install that version first. "
            f"Unknown here: {', '.join(unknown)}"
        )


def _refuse_filled() -> None:
    if not database().is_empty():
        raise BackupError("The database is not empty. With --force it is replaced, and what it holds is lost.")
    root = Path(settings.MEDIA_ROOT)
    if root.is_dir() and any(path.is_file() for path in root.rglob("*")):
        raise BackupError(f"{root} is not empty. With --force its files are replaced.")


def _add_files(media: Path) -> None:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(media.rglob("*")):
        if path.is_file():
            target = root / path.relative_to(media)
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            shutil.copy2(path, part)
            part.replace(target)


def _remove_other_files(media: Path) -> None:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not (media / path.relative_to(root)).is_file():
            path.unlink()


def _restore_key(key: Path) -> None:
    if not key.is_file() or os.environ.get("KURSBUCH_SECRET_KEY", "").strip():
        return
    target = Path(settings.DATA) / KEY_FILE
    part = target.with_name(f".{KEY_FILE}.part")
    shutil.copyfile(key, part)
    part.chmod(0o600)
    part.replace(target)
