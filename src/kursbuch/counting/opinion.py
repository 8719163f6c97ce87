"""``kursbuch opinion``: draws the landscape of stances from files and says what its groups hold."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from kursbuch.counting.opinion_options import is_parquet, parser
from kursbuch.counting.terminal import WRONG, run


def main(argv: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit code."""
    options = parser()
    try:
        asked = options.parse_args(argv)
        if asked.engine and not is_parquet(asked.votes):
            options.error("--engine is for Parquet")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else WRONG
    return run(options.prog, lambda: _work(asked))


def _work(asked: argparse.Namespace) -> int:
    from kursbuch.counting.opinion_work import tell  # whose compiled loops --help need not wait for

    return tell(asked)
