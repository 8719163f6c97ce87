"""Conversations with the output of Polis's own mathematics, which lies beside the project."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests import real_data
from tests.domain.opinion.conversations import dense

from kursbuch.domain.opinion.settings import Moderation
from kursbuch.domain.opinion.stances import Stances, stances_of


@dataclass(frozen=True)
class Oracle:
    """Stances, and what Polis made of them. Polis counts agreement as -1."""

    stances: Stances
    math: dict[str, Any]

    @property
    def moderation(self) -> Moderation:
        return Moderation.of(self.math["mod-out"], self.math["meta-tids"])

    @cached_property
    def groups(self) -> dict[int, int]:
        """The group of everybody in Polis's picture."""
        members = dict(zip(self.math["base-clusters"]["id"], self.math["base-clusters"]["members"], strict=True))
        return {
            person: number
            for number, group in enumerate(self.math["group-clusters"])
            for base in group["members"]
            for person in members[base]
        }

    @cached_property
    def votes(self) -> NDArray[np.int64]:
        """(groups, statements, 3): what these groups say, counted here."""
        matrix = dense(self.stances)
        of_row = np.array([self.groups.get(person, -1) for person in self.stances.people.tolist()])
        groups = range(len(self.math["group-clusters"]))
        counted = [[(matrix[of_row == group] == value).sum(axis=0) for value in (-1, 0, 1)] for group in groups]
        return np.moveaxis(np.array(counted), 1, 2)

    def by_statement(self, values: dict[str, Any]) -> list[Any]:
        return [values[str(statement)] for statement in self.stances.statement_ids.tolist()]


@cache
def read(folder: Path) -> Oracle:
    votes = json.loads((folder / "votes.json").read_text())
    person, statement = ("pid", "tid") if "pid" in votes[0] else ("participant_id", "statement_id")
    stances = stances_of(
        [vote[person] for vote in votes],
        [vote[statement] for vote in votes],
        [vote["vote"] for vote in votes],
        [float(vote["modified"]) for vote in votes],
    )
    return Oracle(stances, json.loads((folder / "math-pca2.json").read_text()))


def parametrize() -> pytest.MarkDecorator:
    """A test for each conversation; one skip where there are none."""
    folders = real_data.conversations("polismath")
    if not folders:
        reason = f"no real data at {real_data.ROOT}; set KURSBUCH_REAL_DATA"
        return pytest.mark.parametrize("folder", [pytest.param(None, marks=pytest.mark.skip(reason=reason))])
    return pytest.mark.parametrize("folder", folders, ids=lambda folder: folder.name)
