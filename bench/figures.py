"""What is measured against what: one row of the table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value and its bound, or none where a value only explains the others."""

    what: str
    measured: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    database: str = ""

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"≤ {written(self.at_most)}"
        return f"≥ {written(self.at_least)}" if self.at_least is not None else ""

    @property
    def ratio(self) -> float | None:
        """How much of the bound is used up; for a bound from below, how much of it is reached."""
        bound = self.at_most if self.at_most is not None else self.at_least
        return self.measured / bound if bound else None

    @property
    def passed(self) -> bool:
        above = self.at_most is not None and self.measured > self.at_most
        below = self.at_least is not None and self.measured < self.at_least
        return not above and not below

    @property
    def verdict(self) -> str:
        if self.at_most is None and self.at_least is None:
            return ""
        return "pass" if self.passed else "FAIL"


def written(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    head = ("measured", "database", "target", "figure", "unit", "of target", "")
    rows = [head, tuple("-" * len(name) for name in head)]
    for figure in figures:
        ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
        rows.append(
            (
                figure.what,
                figure.database,
                figure.target,
                written(figure.measured),
                figure.unit,
                ratio,
                figure.verdict,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = []
    for row in rows:
        fill = "-" if row is rows[1] else " "
        lines.append("| " + " | ".join(cell.ljust(width, fill) for cell, width in zip(row, widths, strict=True)) + " |")
    return "\n".join(lines)


def to_json(figures: Iterable[Figure]) -> str:
    return json.dumps([asdict(figure) for figure in figures])


def from_json(text: str) -> list[Figure]:
    return [Figure(**fields) for fields in json.loads(text)]
