"""The ``kursbuch`` command: Django's management commands under one short name, and counting votes and stances."""

import os
import sys
from importlib import import_module

# Counting needs neither Django nor a database: a clerk's computer and the files are enough.
COUNTING = {
    "opinion": "Draw the map of opinions from a file of stances",
    "tally": "Count the ballots of a participatory budget",
}


def main() -> None:
    program, *arguments = [sys.argv[0].rsplit("/", 1)[-1], *sys.argv[1:]]
    asked_for_help = arguments[:1] == ["help"] and len(arguments) == 2
    command = arguments[-1] if asked_for_help else arguments[0] if arguments else "help"
    if command in COUNTING:
        sys.exit(import_module(f"kursbuch.counting.{command}").main(["--help"] if asked_for_help else arguments[1:]))
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kursbuch.config.settings")
    execute_from_command_line([program, *arguments])
    if not arguments or arguments in (["help"], ["--help"], ["-h"]):
        listed = "\n".join(f"    {name:<10}{purpose}" for name, purpose in sorted(COUNTING.items()))
        sys.stdout.write(f"\n[counting]\n{listed}\n")


if __name__ == "__main__":
    main()
