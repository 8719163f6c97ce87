"""``kursbuch opinion``: draws the landscape of stances from files and says what its groups hold."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kursbuch.counting.opinion_json import opinion_as_json
from kursbuch.counting.opinion_options import parser
from kursbuch.counting.opinion_text import write_opinion
from kursbuch.counting.terminal import busy
from kursbuch.domain.opinion.landscape import Overview, landscape
from kursbuch.domain.opinion.picture import draw
from kursbuch.domain.opinion.polis_csv import (
    PolisCsvError,
    Sign,
    Statement,
    Votes,
    moderated_out,
    read_statements,
    read_votes,
    sign_of,
)
from kursbuch.domain.opinion.settings import Moderation, Settings
from kursbuch.domain.opinion.stability import Stability, stability
from kursbuch.domain.opinion.stances import Stances

FINE, WRONG, BROKEN_OFF = 0, 2, 130


@dataclass(frozen=True, slots=True)
class Drawn:
    """A landscape, how far it can be relied on, and what its statements say."""

    overview: Overview
    stability: Stability
    statements: tuple[Statement, ...]

    @property
    def texts(self) -> dict[int, str]:
        return {each.id: each.text for each in self.statements}


def main(argv: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit code."""
    options = parser()
    try:
        asked = options.parse_args(argv)
        if asked.engine and not _is_parquet(asked.votes):
            options.error("--engine is for Parquet")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else WRONG
    try:
        _write(asked, _drawn(asked))
    except (ValueError, ArithmeticError, OSError) as error:
        sys.stderr.write(f"kursbuch opinion: {_words(error)}\n")
        return WRONG
    except KeyboardInterrupt:
        return BROKEN_OFF
    return FINE


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _drawn(asked: argparse.Namespace) -> Drawn:
    statements = _statements(asked.comments) if asked.comments else ()
    moderation = Moderation.of(
        moderated_out(statements, strict=asked.strict).tolist(), [each.id for each in statements if each.meta]
    )
    settings = Settings(minimum_group=asked.smallest)
    found: Overview
    if _is_parquet(asked.votes):
        found = _from_parquet(asked, moderation, settings)
    else:
        stances = _stances(asked, statements)
        with busy("Drawing the landscape"):
            found = landscape(stances, moderation=moderation, settings=settings)
    with busy("Drawing people anew, to see whether the groups return"):
        return Drawn(found, stability(found, asked.seed), statements)


def _is_parquet(path: Path) -> bool:
    return path.suffix == ".parquet" or path.is_dir()


def _from_parquet(asked: argparse.Namespace, moderation: Moderation, settings: Settings) -> Overview:
    from kursbuch.counting.engine import engine  # with a database that a CSV file does not need
    from kursbuch.counting.parquet_stances import overview_from_parquet

    with busy(f"Reading {asked.votes}"):
        return overview_from_parquet(
            asked.votes, engine(asked.engine), moderation=moderation, settings=settings, agree=asked.agree or 1
        )


def _statements(path: Path) -> tuple[Statement, ...]:
    try:
        return read_statements(path.read_bytes())
    except PolisCsvError as error:
        raise ValueError(f"{path}: {error}") from error


def _stances(asked: argparse.Namespace, statements: tuple[Statement, ...]) -> Stances:
    with busy(f"Reading {asked.votes}"):
        try:
            votes = read_votes(asked.votes.read_bytes(), Sign(asked.agree or Sign.AGREE_IS_PLUS))
        except PolisCsvError as error:
            raise ValueError(f"{asked.votes}: {error}") from error
        if asked.agree is None and sign_of(votes, statements) is Sign.AGREE_IS_MINUS:
            sys.stderr.write(f"In {asked.votes}, -1 means agreeing: so {asked.comments} counts.\n")
            votes = Votes(votes.timestamps, votes.statements, votes.people, -votes.values)
        return votes.stances()


def _write(asked: argparse.Namespace, drawn: Drawn) -> None:
    title = asked.title or asked.votes.stem
    if asked.json:
        told = opinion_as_json(drawn.overview, drawn.stability, drawn.statements, seed=asked.seed, title=title)
        json.dump(told, sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
        sys.stdout.write("\n")
    elif asked.svg:
        picture = draw(drawn.overview, drawn.stability, drawn.texts, title=title)
        if str(asked.svg) == "-":
            sys.stdout.write(picture)
        else:
            asked.svg.write_text(picture, encoding="utf-8")
    else:
        write_opinion(sys.stdout, drawn.overview, drawn.stability, drawn.texts, title=title)
