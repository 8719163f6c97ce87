"""Two real worker processes count as one machine does, even if one of them is killed on the way."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest
from distributed import LocalCluster
from tests.domain.voting.test_group_ballots import same

from kursbuch.counting import cluster, parquet
from kursbuch.counting.cluster import Cluster
from kursbuch.counting.engine import Here, engine
from kursbuch.counting.parquet_ballots import election_from_parquet
from kursbuch.counting.parquet_stances import overview_from_parquet
from kursbuch.domain.opinion.settings import Moderation, Settings
from kursbuch.domain.voting.pabulib import parse_projects

PROJECTS = b"META\nkey;value\nbudget;9\nvote_type;approval\nPROJECTS\nproject_id;cost\n" + b"".join(
    b"%d;1\n" % number for number in range(12)
)


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as found:
        yield found


class OneIsKilled(Cluster):
    """A cluster one of whose workers dies after the first part has come."""

    def __init__(self, workers: LocalCluster) -> None:
        super().__init__(address(workers))
        self._workers = workers

    def run(self, work, shards):  # type: ignore[no-untyped-def]
        parts = super().run(work, shards)
        yield next(parts)
        os.kill(next(iter(self._workers.workers.values())).pid, signal.SIGKILL)
        yield from parts


def address(workers: LocalCluster) -> str:
    return str(workers.scheduler_address).removeprefix("tcp://")


@pytest.fixture(scope="module")
def ballots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ballots")
    with duckdb.connect() as database:
        for part in range(8):
            database.execute(
                "copy (select list_distinct([(n * 7 + a) % 12, (n * n) % 12, (n // 5) % 12]) as projects"
                f" from (select range as n, {part} as a from range(2000)))"
                f" to '{folder}/{part}.parquet' (format parquet)"
            )
    return folder


@pytest.fixture(scope="module")
def stances(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stances")
    chance = np.random.default_rng(3)
    camp = chance.integers(0, 2, 400)
    agree = np.where(chance.random((400, 20)) < 0.85, 2 * camp[:, None] - 1, 0) * np.where(np.arange(20) % 3, 1, -1)
    rows = {
        "person": np.repeat(np.arange(400), 20),
        "statement": np.tile(np.arange(20), 400),
        "value": agree.ravel().astype(np.int8),
    }
    with duckdb.connect() as database:
        database.register("rows", rows)
        for part in range(2):
            database.execute(
                f"copy (select * from rows where (person + statement) % 2 = {part} order by statement)"
                f" to '{folder}/{part}.parquet' (format parquet)"
            )
    return folder


def test_a_cluster_counts_ballots_alike_though_a_worker_dies(workers: LocalCluster, ballots: Path) -> None:
    here = election_from_parquet(ballots, parse_projects(PROJECTS), Here()).ballots
    assert here.voters == 16_000
    there = election_from_parquet(ballots, parse_projects(PROJECTS), engine(f"dask://{address(workers)}")).ballots
    assert same(here, there)
    killed = election_from_parquet(ballots, parse_projects(PROJECTS), OneIsKilled(workers)).ballots
    assert same(here, killed)


def test_a_cluster_draws_the_same_map_though_a_worker_dies(
    workers: LocalCluster, stances: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "KEYED_ROWS", 1000)
    alike = {"moderation": Moderation(), "settings": Settings()}
    here = overview_from_parquet(stances, Here(), **alike)
    assert len(here.groups) == 2
    there = overview_from_parquet(stances, OneIsKilled(workers), **alike)
    assert np.array_equal(here.counts, there.counts)
    assert np.array_equal(here.group_votes, there.group_votes)
    for mine, other in ((here.axes, there.axes), (here.centres, there.centres), (here.priorities, there.priorities)):
        np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("url", ["ray://somewhere:1", "somewhere:1", "dask://"])
def test_other_engines_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="is no engine: dask://host:port is one"):
        engine(url)


def refuse(shard: object) -> object:
    raise ImportError("no module named so")


def run(address: str, work: Callable[[int], object] = abs) -> list[object]:
    return list(Cluster(address).run(work, [1, 2]))


def test_what_is_wrong_with_a_cluster_is_said(workers: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(address(workers)) == [1, 2]
    with pytest.raises(
        ConnectionError, match=r"^dask://\S+: a worker cannot do the work: ImportError: no module named"
    ):
        run(address(workers), refuse)
    monkeypatch.setattr(cluster, "version", lambda name: "0")
    with pytest.raises(
        ConnectionError, match=r"^dask://\S+: the worker tcp://\S+ has kursbuch \S+ instead of 0, numpy"
    ):
        run(address(workers))
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    with pytest.raises(ConnectionError, match=r"^dask://127.0.0.1:9: Timed out trying to connect"):
        run("127.0.0.1:9")


def test_a_cluster_without_workers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    monkeypatch.setattr(cluster, "_LOOK", 1)
    with LocalCluster(n_workers=0, dashboard_address=None) as nobody:
        with pytest.raises(ConnectionError, match=r"^dask://\S+: no worker has come to the scheduler$"):
            run(address(nobody))
        nobody.scale(1)
        nobody.wait_for_workers(1)
        parts = Cluster(address(nobody)).run(time.sleep, [0, 60])
        assert next(parts) is None
        nobody.scale(0)
        with pytest.raises(ConnectionError, match=r"^dask://\S+: all workers are gone$"):
            list(parts)
