"""The ``kursbuch`` command: Django's management commands under one short name."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kursbuch.config.settings")
    execute_from_command_line([sys.argv[0].rsplit("/", 1)[-1], *sys.argv[1:]])


if __name__ == "__main__":
    main()
