"""A Pabulib file as data: what it says, and the bytes it said it with: what nobody changed is written as it was."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from kursbuch.domain.voting.arrangement import arranged
from kursbuch.domain.voting.election import BallotKind, Ballots, Election, Project
from kursbuch.domain.voting.grouping import group

_AMOUNT: Final = re.compile(r"[0-9]{1,40}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Row:
    """Fields, and the bytes that stood for them; no bytes if the row is new or changed."""

    fields: tuple[str, ...]
    written: bytes = b""


@dataclass(frozen=True, slots=True)
class Table:
    """META, PROJECTS or a section that the format does not know (then without columns)."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    head: bytes  # title and columns as they stood

    def column(self, *names: str) -> int | None:
        """Where the first of these columns that there is stands."""
        return next((self.columns.index(name) for name in names if name in self.columns), None)


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """The votes, grouped; ``body`` is their lines as they stood."""

    columns: tuple[str, ...]
    ballots: Ballots
    head: bytes
    body: bytes | memoryview


@dataclass(frozen=True, slots=True, eq=False)
class PabulibFile:
    """One election in the Pabulib format (pabulib.org/format). Amounts are in minor units, ``scale`` to a unit.

    ``warnings`` tells of what the file says of itself and does not keep, where the votes can be counted all the same.
    """

    tables: tuple[Table, ...]  # as they follow each other, the votes between those before and those after
    votes: Votes
    votes_at: int  # how many tables stand before the votes
    projects: tuple[Project, ...]
    budget: int
    scale: int
    districts: tuple[str, ...] = ()
    default_score: int = 0  # in the ballots' points
    point_decimals: int = 0  # points are scaled by ten to this power
    start: bytes = b""  # a byte order mark
    end: bytes = b""
    newline: bytes = b"\n"
    warnings: tuple[str, ...] = ()

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)

    @property
    def meta(self) -> dict[str, str]:
        """What META says, as text, in its order."""
        return {row.fields[0]: row.fields[1] for row in self.table("META").rows}

    @property
    def kind(self) -> BallotKind:
        return self.votes.ballots.kind

    def column(self, name: str) -> dict[str, str]:
        """What PROJECTS says in a column, by project id; empty where there is no such column."""
        table = self.table("PROJECTS")
        place = table.column(name)
        if place is None:
            return {}
        return {project.id: row.fields[place] for project, row in zip(self.projects, table.rows, strict=True)}

    @property
    def category_budgets(self) -> dict[str, int]:
        """``budget_per_category`` in minor units, if META has it.

        :raises ValueError: if it is no list of amounts, one for each of ``categories``, or finer than the costs.
        """
        meta = self.meta
        if "budget_per_category" not in meta:
            return {}
        names = [name.strip() for name in meta.get("categories", "").split(",")]
        texts = [text.strip() for text in meta["budget_per_category"].split(",")]
        if not all(map(_AMOUNT.fullmatch, texts)):
            raise ValueError("budget_per_category is no list of amounts")
        amounts = [Fraction(text) * self.scale for text in texts]
        if len(amounts) != len(names) or len(set(names)) != len(names):
            raise ValueError("budget_per_category is not one amount for each of the categories")
        if any(amount.denominator != 1 for amount in amounts):
            raise ValueError("budget_per_category is finer than the costs")
        return {name: int(amount) for name, amount in zip(names, amounts, strict=True)}

    def election(self) -> Election:
        """What a tally needs of the file. Under ``default_score``, projects that a ballot leaves out get that score."""
        meta = self.meta
        return Election(
            projects=self.projects,
            ballots=arranged(_with_default(self.votes.ballots, self.default_score, len(self.projects))),
            budget=self.budget,
            scale=self.scale,
            currency=meta.get("currency", ""),
            districts=self.districts,
            title=meta.get("description", ""),
        )

    def with_meta(self, changes: Mapping[str, str | None]) -> PabulibFile:
        """The file with other metadata; ``None`` takes a key out. Keys that ``election`` counts by cannot be changed.

        :raises ValueError: for budget, vote_type and default_score.
        """
        if fixed := {"budget", "vote_type", "default_score"} & set(changes):
            raise ValueError(f"{', '.join(sorted(fixed))} cannot be changed in a file that has been read")
        table = self.table("META")
        left = dict(changes)
        rows = []
        for row in table.rows:
            if row.fields[0] not in left:
                rows.append(row)
            elif (value := left.pop(row.fields[0])) is not None:
                rows.append(row if row.fields[1] == value else Row((row.fields[0], value)))
        rows += [Row((key, value)) for key, value in left.items() if value is not None]
        return self._with(replace(table, rows=tuple(rows)))

    def with_column(self, name: str, values: Mapping[str, str]) -> PabulibFile:
        """The file with a column of PROJECTS, there already or new, filled by project id.

        :raises ValueError: for project_id and cost, or if a project is missing.
        """
        if name in ("project_id", "cost"):
            raise ValueError(f"{name} cannot be changed in a file that has been read")
        table = self.table("PROJECTS")
        place = table.column(name)
        rows = []
        for project, row in zip(self.projects, table.rows, strict=True):
            if project.id not in values:
                raise ValueError(f"no {name} for the project {project.id}")
            value = values[project.id]
            if place is None:
                rows.append(Row((*row.fields, value)))
            elif row.fields[place] == value:
                rows.append(row)
            else:
                rows.append(Row((*row.fields[:place], value, *row.fields[place + 1 :])))
        if place is None:
            return self._with(replace(table, columns=(*table.columns, name), rows=tuple(rows), head=b""))
        return self._with(replace(table, rows=tuple(rows)))

    def with_selected(self, projects: Collection[str]) -> PabulibFile:
        """The file with this outcome in its column ``selected``."""
        return self.with_column("selected", {each.id: "1" if each.id in projects else "0" for each in self.projects})

    def _with(self, table: Table) -> PabulibFile:
        return replace(self, tables=tuple(table if each.name == table.name else each for each in self.tables))


def _with_default(ballots: Ballots, default: int, projects: int) -> Ballots:
    """Every ballot with points for every project."""
    if default == 0 or ballots.points is None:
        return ballots
    points = np.full((len(ballots), projects), default, np.int64)
    points[np.repeat(np.arange(len(ballots)), np.diff(ballots.starts)), ballots.projects] = ballots.points
    return group(
        ballots.kind,
        np.arange(len(ballots) + 1) * projects,
        np.tile(np.arange(projects, dtype=np.int32), len(ballots)),
        points.ravel(),
        ballots.weights,
        ballots.districts,
    )
