"""What ``kursbuch opinion`` does once its options are understood: read, draw, ask how sure it is, and tell."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass

from kursbuch.counting.opinion_json import opinion_as_json
from kursbuch.counting.opinion_options import is_parquet
from kursbuch.counting.opinion_text import write_opinion
from kursbuch.counting.terminal import busy, read_whole, speak_utf8, write_whole
from kursbuch.domain.opinion.landscape import Overview, landscape
from kursbuch.domain.opinion.picture import draw
from kursbuch.domain.opinion.polis_csv import (
    Sign,
    Statement,
    Votes,
    moderated_out,
    read_statements,
    read_summary,
    read_votes,
    sign_of,
)
from kursbuch.domain.opinion.settings import Moderation, Settings
from kursbuch.domain.opinion.stability import Stability, stability
from kursbuch.domain.opinion.stances import Stances

FINE = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A landscape, how far it can be relied on, and what its statements say."""

    overview: Overview
    stability: Stability
    statements: tuple[Statement, ...]

    @property
    def texts(self) -> dict[int, str]:
        return {each.id: each.text for each in self.statements}


def tell(asked: argparse.Namespace) -> int:
    """Do what was asked for."""
    _take_what_lies_beside(asked)
    title = asked.title or (asked.summary and read_whole(asked.summary, read_summary).topic) or asked.votes.stem
    _write(asked, _drawn(asked), title)
    return FINE


def _take_what_lies_beside(asked: argparse.Namespace) -> None:
    """The texts of statements and the title, as Polis exports them with the votes; says so, as they change the map."""
    if asked.votes.is_dir() and (asked.votes / "votes.csv").is_file():
        asked.votes /= "votes.csv"
    if asked.alone or is_parquet(asked.votes) or "votes" not in asked.votes.name:
        return
    taken = []
    for kind, given in (("comments", asked.comments), ("summary", asked.summary or asked.title)):
        path = asked.votes.with_name(asked.votes.name.replace("votes", kind))
        if not given and path.is_file():
            setattr(asked, kind, path)
            taken.append(str(path))
    if taken:
        sys.stderr.write(f"Read as well: {', '.join(taken)} (not with --alone).\n")


def _drawn(asked: argparse.Namespace) -> Drawn:
    statements = read_whole(asked.comments, read_statements) if asked.comments else ()
    moderation = Moderation.of(
        moderated_out(statements, strict=asked.strict).tolist(), [each.id for each in statements if each.meta]
    )
    settings = Settings(minimum_group=asked.smallest)
    found: Overview
    if is_parquet(asked.votes):
        found = _from_parquet(asked, moderation, settings)
    else:
        stances = _stances(asked, statements)
        with busy("Drawing the landscape"):
            found = landscape(stances, moderation=moderation, settings=settings)
    with busy("Drawing people anew, to see whether the groups return"):
        return Drawn(found, stability(found, asked.seed), statements)


def _from_parquet(asked: argparse.Namespace, moderation: Moderation, settings: Settings) -> Overview:
    from kursbuch.counting.engine import engine  # with a database that a CSV file does not need
    from kursbuch.counting.parquet_stances import overview_from_parquet

    with busy(f"Reading {asked.votes}"):
        return overview_from_parquet(
            asked.votes, engine(asked.engine), moderation=moderation, settings=settings, agree=asked.agree or 1
        )


def _stances(asked: argparse.Namespace, statements: tuple[Statement, ...]) -> Stances:
    with busy(f"Reading {asked.votes}"):
        votes = read_whole(asked.votes, lambda data: read_votes(data, Sign(asked.agree or Sign.AGREE_IS_PLUS)))
        if asked.agree is None and sign_of(votes, statements) is Sign.AGREE_IS_MINUS:
            sys.stderr.write(f"In {asked.votes}, -1 means agreeing: so {asked.comments} counts.\n")
            votes = Votes(votes.timestamps, votes.statements, votes.people, -votes.values)
        return votes.stances()


def _write(asked: argparse.Namespace, drawn: Drawn, title: str) -> None:
    if asked.json:
        speak_utf8()
        told = opinion_as_json(drawn.overview, drawn.stability, drawn.statements, seed=asked.seed, title=title)
        json.dump(told, sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
        sys.stdout.write("\n")
    elif asked.svg:
        picture = draw(drawn.overview, drawn.stability, drawn.texts, title=title)
        if str(asked.svg) == "-":
            speak_utf8()
            sys.stdout.write(picture)
        else:
            write_whole(asked.svg, picture)
    else:
        write_opinion(sys.stdout, drawn.overview, drawn.stability, drawn.texts, title=title)
