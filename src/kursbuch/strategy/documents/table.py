"""Tables from XLSX and CSV: a head and rows, with the row numbers that people see in their program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kursbuch.strategy.documents.document import DocumentError, Problem
from kursbuch.strategy.documents.upload import Format, Upload, decoded

MAX_ROWS = 20_000
MAX_COLUMNS = 100
_HEAD_WITHIN = 20  # rows; above the head there may be a title and remarks


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    cells: tuple[Any, ...]  # str, int, float, bool, date or None


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def sample(self, column: int) -> str:
        """The first thing that stands in a column, for people to recognise it by."""
        found = next((row.cells[column] for row in self.rows if row.cells[column] not in (None, "")), "")
        text = " ".join(str(found).split())
        return text if len(text) <= 60 else f"{text[:58]} …"


def read_table(upload: Upload) -> Table:
    """The first sheet with content. Raises :class:`DocumentError`."""
    lines = _xlsx(upload.data) if upload.format == Format.XLSX else _csv(upload.data)
    found = [Row(number, cells) for number, cells in lines if any(cell not in (None, "") for cell in cells)]
    if not found:
        raise DocumentError([Problem("file", "", "has no rows")])
    head = _head(found)
    names = [" ".join(str(cell or "").split()) for cell in found[head].cells]
    while names and not names[-1]:
        names.pop()
    width = len(names)
    if not 1 <= width <= MAX_COLUMNS:
        raise DocumentError([Problem(f"row {found[head].number}", "", "must have 1 to 100 columns", str(width))])
    rows = tuple(
        Row(row.number, (row.cells + (None,) * width)[:width])
        for row in found[head + 1 :]
        if any(cell not in (None, "") for cell in row.cells[:width])
    )
    if not rows:
        raise DocumentError([Problem("file", "", "has a head but no rows")])
    return Table(tuple(names), rows)


def _head(rows: list[Row]) -> int:
    """The head is the first of the widest rows near the top that hold words only."""
    widths = [
        sum(1 for cell in row.cells if cell not in (None, "")) if all(_is_word(cell) for cell in row.cells) else 0
        for row in rows[:_HEAD_WITHIN]
    ]
    most = max(widths)
    if most == 0:
        return 0
    enough = most if most < 3 else max(3, (most * 2) // 3)
    return next(place for place, width in enumerate(widths) if width >= enough)


def _is_word(cell: Any) -> bool:
    return cell in (None, "") or (isinstance(cell, str) and len(cell) <= 120)


def _xlsx(data: bytes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # the library raises whatever it stumbles over
        raise DocumentError(
            [Problem("file", "", "cannot be opened; is it damaged or of another format?", type(error).__name__)]
        ) from error
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()  # files state wrong ones
            lines = list(_limited(enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1), 1)))
            if any(cell not in (None, "") for _number, cells in lines for cell in cells):
                yield from ((number, tuple(map(_cell, cells))) for number, cells in lines)
                return
    except DocumentError:
        raise
    except Exception as error:
        raise DocumentError(
            [Problem("file", "", "cannot be opened; is it damaged or of another format?", type(error).__name__)]
        ) from error
    finally:
        book.close()


def _limited(lines: Iterable[tuple[int, tuple[Any, ...]]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Ends at the limit; long stretches of empty rows, which formatting leaves behind, do not count."""
    kept = 0
    for number, cells in lines:
        if any(cell not in (None, "") for cell in cells):
            kept += 1
            if kept > MAX_ROWS:
                raise DocumentError([Problem("file", "", "has more than 20,000 rows")])
            yield number, cells
        elif number - kept > 100_000:
            return


def _cell(value: Any) -> Any:
    """What a person sees in the cell: formulas are values already, whole floats are whole numbers."""
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, float):
        return float(f"{value:.12g}")  # 0.1 + 0.2
    if isinstance(value, str):
        # a program escapes control signs and line ends this way
        return value.replace("_x000D_", "").replace("\0", "").strip()
    return value if value is None or isinstance(value, bool | int | date) else str(value)


def _csv(data: bytes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    text = decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    csv.field_size_limit(1_000_000)
    kept = 0
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                kept += 1
                if kept > MAX_ROWS:
                    raise DocumentError([Problem("file", "", "has more than 20,000 rows")])
                yield start, tuple(cell.strip() for cell in cells[: MAX_COLUMNS + 1])
            start = reader.line_num + 1
    except csv.Error as error:
        raise DocumentError([Problem(f"row {start}", "", "is not valid CSV", str(error))]) from error


def _delimiter(text: str) -> str:
    """The sign that divides the first lines most evenly: quoted stretches do not count."""
    sample = text[:20_000]
    best = (0, 0, ";")
    for place, sign in enumerate(";,\t|"):
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=sign) if row][:20]
        except csv.Error:
            continue
        if widths and max(widths) > 1:
            usual = max(set(widths), key=lambda width: (widths.count(width), width))
            best = max(best, (widths.count(usual) if usual > 1 else 0, -place, sign))
    return best[2]
