"""What ``kursbuch tally`` does once its options are understood: read, count, tell, certify, check."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from kursbuch.counting.tally_json import tally_as_json
from kursbuch.counting.tally_options import method
from kursbuch.counting.tally_text import Page, describe, write_explanation, write_table
from kursbuch.counting.terminal import busy
from kursbuch.domain.voting.certificate import certificate, method_from_json
from kursbuch.domain.voting.checker import check
from kursbuch.domain.voting.election import Election
from kursbuch.domain.voting.explanation import explain
from kursbuch.domain.voting.method import Utility
from kursbuch.domain.voting.outcome import Tally
from kursbuch.domain.voting.pabulib import PabulibFile, parse, parse_projects
from kursbuch.domain.voting.remedies import what_suffices
from kursbuch.domain.voting.tally import tally
from kursbuch.domain.voting.utilities import profile

FINE, DOES_NOT_HOLD = 0, 1


def _read(asked: argparse.Namespace) -> Election:
    with busy(f"Reading {asked.file.name}"):
        if not asked.projects:
            return _parsed(asked.file, parse).election()
        from kursbuch.counting.engine import engine  # with a database that a Pabulib file does not need
        from kursbuch.counting.parquet_ballots import election_from_parquet

        described = _parsed(asked.projects, parse_projects)
        return election_from_parquet(asked.file, described, engine(asked.engine))


def _parsed(path: Path, reader: Callable[[bytes], PabulibFile]) -> PabulibFile:
    data = path.read_bytes()
    try:
        return reader(data)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def count(asked: argparse.Namespace) -> int:
    election = _read(asked)
    chosen = method(asked, election)
    only = None if asked.project is None else _find(election, asked.project)
    with busy("Counting"):
        counted = tally(election, chosen)
    if asked.certificate:
        with busy("Writing down the evidence"):
            _write(asked.certificate, certificate(election, counted))
    if asked.json or asked.explain:
        _tell(asked, election, counted, only)
    else:
        write_table(Page(sys.stdout), election, counted, _votes(election))
    return FINE


def _tell(asked: argparse.Namespace, election: Election, counted: Tally, only: int | None) -> None:
    with busy("Explaining"):
        told = explain(election, counted)
    if asked.json:
        json.dump(tally_as_json(election, counted, told), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return
    again = None
    if only is not None and only not in counted.selected:
        with busy("Counting again with less cost and more votes"):
            again = what_suffices(election, counted.method, only)
    write_explanation(Page(sys.stdout), election, counted, told, only, again)


def verify(asked: argparse.Namespace) -> int:
    """Say whether a certificate holds, and for which method."""
    try:
        found = json.loads(asked.check.read_bytes())
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{asked.check}: not JSON: {error}") from error
    election = _read(asked)
    with busy("Checking"):
        problems = check(found, election) if isinstance(found, dict) else ["this is no certificate"]
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    if problems:
        return DOES_NOT_HOLD
    sys.stdout.write(f"The certificate holds: {describe(method_from_json(found['method']))}.\n")
    sys.stdout.write(f"Funded: {', '.join(found['selected']) or 'nothing'}.\n")
    return FINE


def _votes(election: Election) -> list[int]:
    """How many people voted for each project."""
    supporters = profile(election, Utility.CARDINALITY)
    return [
        int(supporters.weights[supporters.types[first:stop]].sum())
        for first, stop in pairwise(supporters.starts.tolist())
    ]


def _find(election: Election, name: str) -> int:
    for at, project in enumerate(election.projects):
        if project.id == name:
            return at
    raise ValueError(f"--project {name}: there is no such project")


def _write(path: Path, content: dict[str, Any]) -> None:
    """All of it or nothing."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
