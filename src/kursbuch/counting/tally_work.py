"""What ``kursbuch tally`` does once its options are understood: read, count, tell, certify, check."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from kursbuch.counting.tally_json import tally_as_json
from kursbuch.counting.tally_options import method, names_method
from kursbuch.counting.tally_text import Money, Page, describe, write_explanation, write_table
from kursbuch.counting.terminal import busy, read_whole, speak_utf8, write_whole
from kursbuch.domain.voting.certificate import certificate, method_as_json, method_from_json
from kursbuch.domain.voting.checker import check
from kursbuch.domain.voting.election import Election
from kursbuch.domain.voting.explanation import explain
from kursbuch.domain.voting.method import Utility
from kursbuch.domain.voting.outcome import Tally
from kursbuch.domain.voting.pabulib import parse, parse_projects
from kursbuch.domain.voting.remedies import what_suffices
from kursbuch.domain.voting.tally import tally
from kursbuch.domain.voting.utilities import profile

FINE, DOES_NOT_HOLD = 0, 1


def _read(asked: argparse.Namespace) -> Election:
    with busy(f"Reading {asked.file.name}"):
        described = read_whole(asked.projects, parse_projects) if asked.projects else read_whole(asked.file, parse)
        if not asked.projects:
            election = described.election()
        else:
            from kursbuch.counting.engine import engine  # with a database that a Pabulib file does not need
            from kursbuch.counting.parquet_ballots import election_from_parquet

            election = election_from_parquet(asked.file, described, engine(asked.engine))
    for warning in described.warnings:
        sys.stderr.write(f"{asked.projects or asked.file}: {warning}\n")
    return election


def count(asked: argparse.Namespace) -> int:
    election = _read(asked)
    chosen = method(asked, election)
    only = None if asked.project is None else _find(election, asked.project)
    with busy("Counting"):
        counted = tally(election, chosen)
    if asked.certificate:
        with busy("Writing down the evidence"):
            evidence = certificate(election, counted, every_step=asked.every_step)
            write_whole(asked.certificate, json.dumps(evidence, ensure_ascii=False, indent=1))
    if asked.json or asked.explain:
        _tell(asked, election, counted, only)
    else:
        write_table(Page(sys.stdout), election, counted, profile(election, Utility.CARDINALITY).votes.tolist())
    return FINE


def _tell(asked: argparse.Namespace, election: Election, counted: Tally, only: int | None) -> None:
    with busy("Explaining"):
        told = explain(election, counted)
    if asked.json:
        speak_utf8()
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
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{asked.check}: not JSON: {error}") from error
    election = _read(asked)
    with busy("Checking"):
        problems = check(found, election) if isinstance(found, dict) else ["this is no certificate"]
    if not problems and names_method(asked):
        problems = list(_other_methods(found["method"], method_as_json(method(asked, election))))
    page = Page(sys.stdout)
    for problem in problems:
        page.line(problem)
    if problems:
        return DOES_NOT_HOLD
    page.line(f"The certificate holds: {describe(method_from_json(found['method']), Money.of(election))}.")
    page.line(f"Funded: {', '.join(found['selected']) or 'nothing'}.")
    if any(pot["steps"] > len(pot["before"]) for pot in found["pots"]):
        page.line("Not shown: that no earlier step would have ended it. With --every-step it would be.")
    return FINE


def _other_methods(found: dict[str, Any], asked: dict[str, Any]) -> Iterator[str]:
    for name, value in asked.items():
        if found[name] != value:
            yield f"counted by another method: {name} is {json.dumps(found[name])}, not {json.dumps(value)}"


def _find(election: Election, name: str) -> int:
    for at, project in enumerate(election.projects):
        if project.id == name:
            return at
    raise ValueError(f"--project {name}: there is no such project")
