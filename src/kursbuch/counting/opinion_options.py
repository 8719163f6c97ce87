"""The options of ``kursbuch opinion``."""

from __future__ import annotations

import argparse
from pathlib import Path

DESCRIPTION = """\
Draw the map of opinions from a file of stances: which groups people form, what each holds, what connects and
what divides them. Groups are only spoken of where they would come back with other people.

VOTES is votes.csv as Polis exports it (columns comment-id, voter-id, vote, timestamp), or the folder of the export;
or stances in Parquet, a file or a folder, larger than memory (columns person, statement, value, time). The comments.csv
and summary.csv that lie beside votes.csv are read as well: texts and moderation of the statements, and the title.
"""

EPILOG = """\
examples:
  kursbuch opinion votes.csv
  kursbuch opinion votes.csv --svg map.svg --title "Traffic in the old town"
  kursbuch opinion votes.csv --comments moderated.csv --json > opinion.json

exit codes:
  0    drawn, also if there are not enough people to speak of groups
  2    an option or a file is wrong, or there is no room for the output
  130  broken off (Ctrl-C)
  141  what reads the output stopped reading, as head does
"""


def parser() -> argparse.ArgumentParser:
    """All options and their help."""
    found = argparse.ArgumentParser(
        prog="kursbuch opinion", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawTextHelpFormatter
    )
    found.add_argument("votes", metavar="VOTES", type=Path, help="stances: votes.csv of Polis, or Parquet")
    found.add_argument(
        "--comments", metavar="FILE", type=Path,
        help="comments.csv of Polis: texts and moderation of the statements\n(default: the one beside VOTES)",
    )  # fmt: skip
    found.add_argument(
        "--summary", metavar="FILE", type=Path,
        help="summary.csv of Polis: what people were asked\n(default: the one beside VOTES)",
    )  # fmt: skip
    found.add_argument("--alone", action="store_true", help="leave aside what lies beside VOTES")
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
    group.add_argument("--title", default="", metavar="TEXT", help="what people were asked, instead of the summary")


def is_parquet(path: Path) -> bool:
    """Whether these are stances in Parquet: a file by its name, or a folder that is no export of Polis."""
    return path.suffix == ".parquet" or (path.is_dir() and not (path / "votes.csv").is_file())


def _from_zero(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 on")
    return int(text)


def _from_one(text: str) -> int:
    if _from_zero(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)
