"""``kursbuch tally``: counts a file of ballots and prints the result, or checks somebody else's certificate."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from kursbuch.counting.tally_options import parser
from kursbuch.counting.terminal import WRONG, run


def main(argv: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit code."""
    options = parser()
    try:
        asked = options.parse_args(argv)
        _refuse_contradictions(options, asked)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else WRONG
    return run(options.prog, lambda: _work(asked))


def _work(asked: argparse.Namespace) -> int:
    from kursbuch.counting.tally_work import count, verify  # whose compiled loops --help need not wait for

    return verify(asked) if asked.check else count(asked)


def _refuse_contradictions(options: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    if asked.project is not None and not asked.explain:
        options.error("--project goes with --explain")
    if asked.check and (asked.json or asked.explain or asked.certificate):
        options.error("--check only checks")
    if asked.every_step and not asked.certificate:
        options.error("--every-step goes with --certificate")
    if _is_parquet(asked.file) != (asked.projects is not None):
        options.error("Parquet needs --projects, and only Parquet does")
    if asked.engine and not _is_parquet(asked.file):
        options.error("--engine is for Parquet")


def _is_parquet(path: Path) -> bool:
    return path.suffix == ".parquet" or path.is_dir()
