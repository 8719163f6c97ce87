"""Measures Kursbuch on this machine and prints one table: ``python -m bench`` (``make bench``).

Everything happens in a directory and databases of its own, and on the loopback interface; nothing is left behind.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PARTS = ("reading", "pages", "texts", "adoption", "submitting", "writes", "crash")
PACKAGES = ("django", "gunicorn", "psycopg")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append", help="default: both")
    parser.add_argument("--part", choices=PARTS, action="append", help="default: all")
    parser.add_argument("--here", metavar="FILE", type=Path, help=argparse.SUPPRESS)  # within one database
    asked = parser.parse_args()
    parts = [part for part in PARTS if part in (asked.part or PARTS)]
    if asked.here:
        measure_here(parts, asked.here)
        return
    from bench.figures import table

    print(machine())
    figures = [
        figure for database in asked.database or ("sqlite", "postgresql") for figure in measure_on(database, parts)
    ]
    print(f"\n{table(figures)}\n\nLoad of the machine at the end: {os.getloadavg()[0]:.1f}")
    sys.exit(0 if all(figure.passed for figure in figures) else 1)


def measure_on(database: str, parts: list[str]) -> list:  # type: ignore[type-arg]
    """All figures of one database, measured by a process of its own."""
    from bench.figures import from_json

    with tempfile.TemporaryDirectory(prefix="kursbuch-bench-") as data:
        result = Path(data) / "figures.json"
        command = [sys.executable, "-m", "bench", "--here", str(result)]
        for part in parts:
            command += ["--part", part]
        environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "KURSBUCH_DATA": data,
            "KURSBUCH_HTTPS": "0",
            "KURSBUCH_DEBUG": "0",
            "KURSBUCH_LOG_LEVEL": "error",
            "BENCH_DATABASE": database,
        }
        if database == "postgresql":
            command = [str(CHECKOUT / ".ci" / "with-postgres"), *command]
        subprocess.run(command, check=True, cwd=CHECKOUT, env=environment)
        return from_json(result.read_text())


def measure_here(parts: list[str], result: Path) -> None:
    import django

    django.setup()
    from importlib import import_module

    from bench import place
    from bench.figures import Figure, to_json

    say(f"{os.environ['BENCH_DATABASE']}: making two strategies of 300,000 words")
    place.build()
    found: list[Figure] = []
    for part in parts:
        say(f"{os.environ['BENCH_DATABASE']}: {part}, load {os.getloadavg()[0]:.1f}")
        found += import_module(f"bench.{part}").figures()
    for figure in found:
        object.__setattr__(figure, "database", os.environ["BENCH_DATABASE"])
    result.write_text(to_json(found))


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start; {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, {versions}; gunicorn with 2 processes"
    )


if __name__ == "__main__":
    main()
