"""Backup and restoration, as an operator does them: real commands, real databases, writers at work."""

import json
import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.kit.conftest import POSTGRES
from tests.kit.installation import Installation

FOUND = "SELECT count(*) FROM kit_searchdocument"
Make = Callable[[], Installation]


def add_rows(installation: Installation, first: int, last: int) -> None:
    installation.sql(
        "WITH RECURSIVE numbers(n) AS "
        f"(SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last}) "
        "INSERT INTO kit_searchdocument (scope, thing, kind, language, title, body, title_folded, folded, updated) "
        "SELECT 1, 'element:' || n, 'element', 'de', 'Netz', 'Text', ' netz ', ' netz  text ', CURRENT_TIMESTAMP "
        "FROM numbers"
    )


def fill(installation: Installation) -> None:
    add_rows(installation, 1, 500)
    logo = installation.data / "media" / "logos" / "wappen.png"
    logo.parent.mkdir(parents=True)
    logo.write_bytes(b"\x89PNG ...")


@pytest.fixture
def backup(installation: Installation, tmp_path: Path) -> Path:
    fill(installation)
    target = tmp_path / "backups" / "one"
    output = installation.kursbuch("backup", str(target))
    assert "rows" in output
    return target


def test_a_backup_holds_everything_and_says_so(backup: Path, installation: Installation) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    database = "database.dump" if POSTGRES else "database.sqlite3"
    assert {file["path"] for file in manifest["files"]} == {database, "media/logos/wappen.png", "secret-key"}
    assert manifest["engine"] == ("postgresql" if POSTGRES else "sqlite")
    assert manifest["contents"]["counts"]["kit_searchdocument"] == 500
    assert ["kit", "0001_initial"] in manifest["contents"]["migrations"]
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert [path.name for path in backup.parent.iterdir()] == ["one"]  # nothing half-made beside it


def test_a_restored_installation_is_what_it_was(
    backup: Path, installation: Installation, empty_installation: Make
) -> None:
    other = empty_installation()
    output = other.kursbuch("restore", str(backup))
    assert "Restored the backup" in output
    assert "Gelsenkirchen: 0 editions and the chronicle are as they were written" in output
    assert other.sql(FOUND) == [(500,)]
    assert (other.data / "media" / "logos" / "wappen.png").read_bytes() == b"\x89PNG ..."
    assert (other.data / "secret-key").read_text() == (installation.data / "secret-key").read_text()
    assert stat.S_IMODE((other.data / "secret-key").stat().st_mode) == 0o600
    add_rows(other, 501, 510)  # their numbers follow on
    assert other.sql(FOUND) == [(510,)]


def test_an_alteration_before_the_backup_is_found_after_it(
    installation: Installation, empty_installation: Make, tmp_path: Path
) -> None:
    assert installation.sql("SELECT count(*) FROM chronicle_entry") != [(0,)]
    installation.sql("UPDATE chronicle_entry SET summary = 'forged'")
    installation.kursbuch("backup", str(tmp_path / "one"))
    output = empty_installation().kursbuch("restore", str(tmp_path / "one"), succeeds=False)
    assert "restored, but not verified" in output


def test_a_filled_installation_is_replaced_only_by_force(
    backup: Path, installation: Installation, empty_installation: Make
) -> None:
    (installation.data / "media" / "new.txt").write_text("later")
    installation.sql("DELETE FROM kit_searchdocument")
    installation.sql("CREATE TABLE of_a_newer_version (id int)")
    refused = installation.kursbuch("restore", str(backup), succeeds=False)
    assert "not empty" in refused
    assert installation.sql(FOUND) == [(0,)]
    installation.kursbuch("restore", "--force", str(backup))
    assert installation.sql(FOUND) == [(500,)]
    assert not (installation.data / "media" / "new.txt").exists()
    with pytest.raises((sqlite3.OperationalError, psycopg.errors.UndefinedTable)):
        installation.sql("SELECT * FROM of_a_newer_version")


def test_files_alone_make_an_installation_filled(backup: Path, empty_installation: Make) -> None:
    other = empty_installation()
    (other.data / "media").mkdir()
    (other.data / "media" / "a.txt").write_text("a")
    assert "not empty" in other.kursbuch("restore", str(backup), succeeds=False)


def test_a_damaged_backup_is_refused(backup: Path, empty_installation: Make) -> None:
    logo = backup / "media" / "logos" / "wappen.png"
    logo.write_bytes(b"\x89PNG ,,,")
    (backup / "media" / "smuggled.txt").write_text("x")
    (backup / "secret-key").unlink()
    refused = empty_installation().kursbuch("restore", str(backup), succeeds=False)
    assert "altered: media/logos/wappen.png" in refused
    assert "not in the manifest: media/smuggled.txt" in refused
    assert "missing: secret-key" in refused


def test_a_restoration_that_fails_changes_nothing(backup: Path, installation: Installation) -> None:
    """The database part breaks off, with a manifest that agrees: the old database must be there afterwards."""
    path = backup / ("database.dump" if POSTGRES else "database.sqlite3")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    rewrite_digests(backup)
    installation.sql("DELETE FROM kit_searchdocument WHERE thing = 'element:1'")
    installation.kursbuch("restore", "--force", str(backup), succeeds=False)
    assert installation.sql(FOUND) == [(499,)]


def rewrite_digests(backup: Path) -> None:
    from kursbuch.kit.backup.manifest import MANIFEST, describe_all

    manifest = json.loads((backup / MANIFEST).read_text())
    manifest["files"] = [vars(file) for file in describe_all(backup) if file.path != MANIFEST]
    (backup / MANIFEST).write_text(json.dumps(manifest))


def change_manifest(backup: Path, change: Callable[[dict[str, object]], object]) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    change(manifest)
    (backup / "manifest.json").write_text(json.dumps(manifest))


def test_backups_that_do_not_fit_are_refused(backup: Path, empty_installation: Make, tmp_path: Path) -> None:
    other = empty_installation()
    assert "is not a backup" in other.kursbuch("restore", str(tmp_path), succeeds=False)
    change_manifest(backup, lambda manifest: manifest["contents"]["migrations"].append(["kit", "9999_future"]))  # type: ignore[index]
    assert "newer Kursbuch" in other.kursbuch("restore", str(backup), succeeds=False)
    change_manifest(backup, lambda manifest: manifest.update(engine="oracle"))
    assert "Set DATABASE_URL" in other.kursbuch("restore", str(backup), succeeds=False)
    change_manifest(backup, lambda manifest: manifest.update(format=2))
    assert "format" in other.kursbuch("restore", str(backup), succeeds=False)


def test_a_backup_of_an_older_version_asks_for_migration(
    installation: Installation, empty_installation: Make, tmp_path: Path
) -> None:
    installation.sql("DELETE FROM django_migrations WHERE app = 'kit'")
    installation.kursbuch("backup", str(tmp_path / "old"))
    assert "kursbuch migrate" in empty_installation().kursbuch("restore", str(tmp_path / "old"))


def test_a_backup_needs_a_new_place(backup: Path, installation: Installation) -> None:
    before = sorted(backup.iterdir())
    assert "not empty" in installation.kursbuch("backup", str(backup), succeeds=False)
    assert sorted(backup.iterdir()) == before


def test_dated_backups_are_thinned_out(installation: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for old in ("2020-01-01T000000Z", "2020-01-02T000000Z", "by-hand"):
        (folder / old).mkdir(parents=True)
        (folder / old / "manifest.json").write_text("{}")
    installation.kursbuch("backup", str(folder), "--dated", "--keep", "2")
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 3
    assert names[0] == "2020-01-02T000000Z"
    assert names[-1] == "by-hand"
    assert "--dated" in installation.kursbuch("backup", str(folder), "--keep", "2", succeeds=False)


if POSTGRES:  # SQLite needs no tools

    def test_a_missing_tool_is_named(installation: Installation, tmp_path: Path) -> None:
        installation.extra["PATH"] = str(tmp_path)
        refused = installation.kursbuch("backup", str(tmp_path / "one"), succeeds=False)
        assert "apt install postgresql-client" in refused


WRITER = """
import itertools, time
from django.db import transaction
from kursbuch.kit import search
print("writing", flush=True)
for n in itertools.count(FIRST):
    with transaction.atomic():  # two rows that belong together
        for language in ("de", "en"):
            search.index(scope=2, thing=f"element:{n}", language=language, kind="element", title="Netz")
    time.sleep(0.01)
"""
PAIRS = "SELECT count(*) FROM kit_searchdocument WHERE scope = 2 GROUP BY thing"


def test_a_backup_during_writing_is_consistent(
    installation: Installation, empty_installation: Make, tmp_path: Path
) -> None:
    writers = [installation.start_python(f"FIRST = {first}\n{WRITER}") for first in (0, 1_000_000)]
    try:
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "writing\n"
        for n in range(2):
            installation.kursbuch("backup", str(tmp_path / f"{n}"))
        assert all(writer.poll() is None for writer in writers)
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    sizes = []
    for n in range(2):
        other = empty_installation()
        other.kursbuch("restore", str(tmp_path / f"{n}"))  # compares the rows of every table, too
        pairs = other.sql(PAIRS)
        assert set(pairs) == {(2,)}
        sizes.append(len(pairs))
        shutil.rmtree(tmp_path / f"{n}")
    assert 0 < sizes[0] < sizes[1]


def test_the_key_from_the_environment_is_neither_saved_nor_replaced(installation: Installation, tmp_path: Path) -> None:
    installation.extra["KURSBUCH_SECRET_KEY"] = "x" * 50
    (installation.data / "secret-key").unlink(missing_ok=True)
    installation.kursbuch("backup", str(tmp_path / "one"))
    assert not (tmp_path / "one" / "secret-key").exists()
