"""Text that fits the terminal it is written to: columns, bars, colours where they are wanted, and signs of life;
and what a command owes its caller: one line about what went wrong, an exit code, silence once nobody reads on.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypeVar

Content = TypeVar("Content")

EIGHTHS = " ▏▎▍▌▋▊▉"
WIDTH_OF_A_FILE = 100  # what is piped or saved
PATIENCE = 1.0  # seconds of silence that nobody minds
WRONG, BROKEN_OFF, UNREAD = 2, 130, 141  # an option or a file; by Ctrl-C; nobody read to the end (as of SIGPIPE)


def run(program: str, work: Callable[[], int]) -> int:
    """The exit code of a command's work, all of whose output has arrived; what is wrong is said in one line."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller (>&-)
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - for as long as the process lives
    sys.set_int_max_str_digits(0)  # the exact fractions of very large elections are longer than Python thinks fit
    try:
        code = work()
        sys.stdout.flush()
    except BrokenPipeError:
        code = UNREAD
    except (ValueError, ArithmeticError, OSError, MemoryError) as error:
        sys.stderr.write(f"{program}: {_words(error)}\n")
        code = WRONG
    except KeyboardInterrupt:
        code = BROKEN_OFF
    _leave_nothing_to_write()
    return code


def _leave_nothing_to_write() -> None:
    """Or else Python would complain on its way out about what it cannot write."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error) or "there is not enough memory"


def read_whole(path: Path, reader: Callable[[bytes], Content]) -> Content:
    """What ``reader`` makes of a file; what it says is wrong names the file.

    :raises ValueError: for what the reader cannot take.
    """
    data = path.read_bytes()
    try:
        return reader(data)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def write_whole(path: Path, text: str) -> None:
    """All of a file or nothing of it; what is no plain file, as a pipe or a device, is written to as it is."""
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path.resolve())
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        beside.unlink(missing_ok=True)


def speak_utf8() -> None:
    """For what is read by programs: JSON and SVG are UTF-8 whatever the place they go to is taken for."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def width_of(stream: TextIO) -> int:
    """How many columns a line may fill."""
    return shutil.get_terminal_size((WIDTH_OF_A_FILE, 0)).columns if stream.isatty() else WIDTH_OF_A_FILE


def wants_colour(stream: TextIO) -> bool:
    """Only a terminal, and only if nobody objects (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def can_show(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def columns(text: str) -> int:
    """How many columns a terminal needs for a text: two for wide characters, none for combining ones."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


def fit(text: str, width: int) -> str:
    """The text in exactly ``width`` columns: filled up, or cut with an ellipsis; without line breaks and controls."""
    text = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    if columns(text) > width:
        while text and columns(text) > width - 1:
            text = text[:-1]
        text = text.rstrip() + "…"
    return text + " " * (width - columns(text))


def bar(share: float, width: int, *, blocks: bool = True) -> str:
    """A bar that fills ``share`` (0 to 1) of ``width`` columns, to an eighth of one where the characters exist."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    if share > 0:
        eighths = max(eighths, 1)
    if not blocks:
        return ("#" * -(-eighths // 8)).ljust(width)
    return ("█" * (eighths // 8) + (EIGHTHS[eighths % 8] if eighths % 8 else "")).ljust(width)


@contextmanager
def busy(what: str, stream: TextIO | None = None) -> Iterator[None]:
    """Say what goes on, with the seconds gone by, once it takes longer than people like to wait in silence.

    On a terminal the line goes away at the end; elsewhere it is said once.
    """
    out = sys.stderr if stream is None else stream
    done, began, said = threading.Event(), time.monotonic(), False

    def tell() -> None:
        nonlocal said
        while not done.wait(PATIENCE):
            if out.isatty():
                gone = f" … {time.monotonic() - began:.0f} s"
                room = max(width_of(out) - len(gone) - 1, 0)
                out.write(f"\r{fit(what, room).rstrip() if columns(what) > room else what}{gone}")
            elif not said:
                out.write(f"{what} …\n")
            said = True
            out.flush()

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
        if said and out.isatty():
            out.write("\r\x1b[K")
            out.flush()
