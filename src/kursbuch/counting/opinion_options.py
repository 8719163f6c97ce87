"""The options of ``kursbuch opinion``."""

from __future__ import annotations

import argparse
from pathlib import Path

DESCRIPTION = """\
Draw the map of opinions from a file of stances: which groups people form, what each holds, what connects and
what divides them. Groups are only spoken of where they would come back with other people.

VOTES is votes.csv as Polis exports it (columns comment-id, voter-id, vote, timestamp); or stances in Parquet, a file
or a folder, larger than memory (columns person, statement, value, time).
"""

EPILOG = """\
examples:
  kursbuch opinion votes.csv --comments comments.csv
  kursbuch opinion votes.csv --comments comments.csv --svg map.svg --title "Traffic in the old town"
  kursbuch opinion votes.csv --json > opinion.json

exit codes:
  0  drawn, also if there are not enough people to speak of groups
  2  an option or a file is wrong; nothing was written
"""


def parser() -> argparse.ArgumentParser:
    """All options and their help."""
    found = argparse.ArgumentParser(
        prog="kursbuch opinion", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawTextHelpFormatter
    )
    found.add_argument("votes", metavar="VOTES", type=Path, help="stances: votes.csv of Polis, or Parquet")
    found.add_argument(
        "--comments", metavar="FILE", type=Path, help="comments.csv of Polis: texts and moderation of the statements"
    )
    found.add_argument("--strict", action="store_true", help="leave out statements that moderation has not let in")
    found.add_argument(
        "--agree",
        type=int,
        choices=(1, -1),
        help="the number that means agreeing\n(default: as --comments counts, else 1)",
    )
    found.add_argument("--engine", metavar="URL", help="read Parquet on several machines: dask://host:port")
    _add_groups(found)
    _add_output(found)
    return found


def _add_groups(found: argparse.ArgumentParser) -> None:
    group = found.add_argument_group("groups")
    group.add_argument(
        "--seed", type=_from_zero, default=0, metavar="N",
        help="what people are drawn anew from, to see whether groups return\n(default: 0)",
    )  # fmt: skip
    group.add_argument(
        "--smallest", type=_from_one, default=5, metavar="N", help="no group has fewer people (default: 5)"
    )


def _add_output(found: argparse.ArgumentParser) -> None:
    group = found.add_argument_group("output")
    shape = group.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="everything as JSON (docs/schemas/opinion.json)")
    shape.add_argument("--svg", metavar="OUT", type=Path, help="write the map as a picture; - for standard output")
    group.add_argument("--title", default="", metavar="TEXT", help="what people were asked")


def _from_zero(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 on")
    return int(text)


def _from_one(text: str) -> int:
    if _from_zero(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)
