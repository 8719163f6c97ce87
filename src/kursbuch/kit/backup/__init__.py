"""A backup of a whole installation while it runs, and its restoration.

    manifest.json       what is in here: versions, the digest of every file, the number of rows of every table
    database.sqlite3    a consistent snapshot (SQLite's online backup), or
    database.dump       the same by pg_dump in its custom format
    media/              uploaded files
    secret-key          only where the installation keeps its key beside its data

The databases' own tools do the work: they are what an operator can use by hand if everything else is lost.
"""

from kursbuch.kit.backup.make import make_backup, make_dated_backup
from kursbuch.kit.backup.manifest import BackupError, Manifest
from kursbuch.kit.backup.restore import pending_migrations, restore_backup

__all__ = [
    "BackupError",
    "Manifest",
    "make_backup",
    "make_dated_backup",
    "pending_migrations",
    "restore_backup",
]
