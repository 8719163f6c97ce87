"""Keeps the log readable: what went wrong here comes with its traceback, what a request got wrong takes one line."""

from __future__ import annotations

import logging


class WithoutOthersTraceback(logging.Filter):
    """Django adds the traceback of the refusal to every 403 and 404; it leads to no mistake of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.") and record.levelno < logging.ERROR:
            record.exc_info = None
            record.exc_text = None
        return True
