"""Stances in Parquet: what can be added up is counted shard by shard, first for the map and then for its groups."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kursbuch.counting.engine import Engine
from kursbuch.counting.parquet import (
    WHOLE_NUMBERS,
    Dataset,
    Keys,
    ParquetError,
    connection,
    cut_by_key,
    fetch,
    list_of,
    open_dataset,
    whole,
)
from kursbuch.domain.opinion.frame import Frame, learn
from kursbuch.domain.opinion.grouping import Votes, group_votes
from kursbuch.domain.opinion.landscape import Overview
from kursbuch.domain.opinion.partial import Partial, partial
from kursbuch.domain.opinion.settings import Moderation, Settings
from kursbuch.domain.opinion.stances import Stances, stances_of

_INSTANTS = {"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"}


def overview_from_parquet(
    path: Path, engine: Engine, *, moderation: Moderation, settings: Settings, agree: int = 1
) -> Overview:
    """The landscape, without its people, of the stances at ``path`` (a file or a folder; docs/parquet.md).

    ``agree`` is the number that means agreeing. The same as that of all stances at once: what shards count is added up
    in whole numbers. They are read twice, for the sums first and then for what the groups say.

    :raises ParquetError: if something is missing or no stance.
    """
    reader = _plan(open_dataset(path), settings, agree)
    shards = cut_by_key(reader.dataset, "person")
    total: Partial | None = None
    for part in engine.run(reader.count, shards):
        total = part if total is None else (total + part).settled(settings)
    if total is None:
        raise ParquetError(f"{path}: there are no stances")
    frame = learn(total, moderation, settings)
    votes = Votes.none(len(reader.statement_ids), settings)
    for said in engine.run(GroupReader(reader, frame).count, shards):
        votes = votes + said
    return Overview(moderation, settings, total, frame, votes)


@dataclass(frozen=True, slots=True, eq=False)
class StanceReader:
    """How the stances of a dataset are read; goes to other machines as it is."""

    dataset: Dataset
    settings: Settings
    statement_ids: NDArray[np.int64]
    order: str | None  # the expression by which the last of several stances is known
    agree: int

    def read(self, shard: Keys) -> Stances:
        """All stances of a shard's people; of several on one statement the last one."""
        source, values = shard.source()
        order = f", {self.order} as time" if self.order else ""
        with connection(self.dataset.path) as database:
            rows = fetch(
                database,
                f"select person::bigint as person, statement::bigint as statement, value::integer as value{order}"
                f" from {source}",
                values,
            )
            said = {name: whole(column, name) for name, column in rows.items()}
        if np.any((said["value"] < -1) | (said["value"] > 1)):
            raise ParquetError(f"{self.dataset.path}: a value is neither -1 nor 0 nor 1")
        stances = stances_of(said["person"], said["statement"], said["value"] * self.agree, said.get("time"))
        return stances.over(self.statement_ids)

    def count(self, shard: Keys) -> Partial:
        return partial(self.read(shard), self.settings)


@dataclass(frozen=True, slots=True, eq=False)
class GroupReader:
    """How the second reading counts what groups say."""

    reader: StanceReader
    frame: Frame

    def count(self, shard: Keys) -> Votes:
        return group_votes(self.reader.read(shard), self.frame, self.reader.settings)


def _plan(dataset: Dataset, settings: Settings, agree: int) -> StanceReader:
    columns = dataset.columns
    for name in ("person", "statement", "value"):
        if columns.get(name) not in WHOLE_NUMBERS:
            raise ParquetError(f"{dataset.path}: there is no column {name} of whole numbers")
    order = None
    if "time" in columns:
        if columns["time"] in _INSTANTS:
            order = "epoch_ns(time)"
        elif columns["time"] in WHOLE_NUMBERS:
            order = "time::bigint"
        else:
            raise ParquetError(f"{dataset.path}: time is neither an instant nor a whole number")
    with connection(dataset.path) as database:
        found = fetch(
            database, f"select distinct statement::bigint as statement from read_parquet({list_of(dataset.files)})"
        )
    return StanceReader(dataset, settings, np.sort(whole(found["statement"], "statement")), order, agree)
