"""Ballots in Parquet become the same election as the same ballots in a Pabulib file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.counting.parquet_files import Value, write_parquet
from tests.domain.voting.ballot_strategies import WITH_POINTS, Cast, casts, grouped
from tests.domain.voting.test_group_ballots import same

from kursbuch.counting import parquet
from kursbuch.counting.engine import Here
from kursbuch.counting.parquet import ParquetError
from kursbuch.counting.parquet_ballots import election_from_parquet
from kursbuch.domain.voting.arrangement import arranged
from kursbuch.domain.voting.election import BallotKind, Election
from kursbuch.domain.voting.pabulib import PabulibFile, parse_projects

IDS = ("7", "a'b", "ß", "03", "3", "x")

ROWS = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def projects(kind: BallotKind, *, meta: str = "", districts: bool = True) -> PabulibFile:
    rows = "".join(
        f"{each};{10 * place + 1};{'NS'[place % 2] if districts else ''}\n" for place, each in enumerate(IDS)
    )
    return parse_projects(
        f"META\nkey;value\nbudget;100\nvote_type;{kind}\n{meta}PROJECTS\nproject_id;cost;district\n{rows}".encode()
    )


def listed(kind: BallotKind, ballots: list[Cast]) -> tuple[dict[str, str], list[tuple[Value, ...]]]:
    columns = {"projects": "varchar[]", "points": "decimal(9, 1)[]", "weight": "integer", "district": "varchar"}
    rows = [
        ([IDS[name] for name in cast.names], list(cast.points), cast.weight, ("N", "S", None)[cast.district])
        for cast in ballots
    ]
    if kind not in WITH_POINTS:
        del columns["points"]
        return columns, [(row[0], *row[2:]) for row in rows]
    return columns, list(rows)


def by_row(ballots: list[Cast], voter: str) -> tuple[dict[str, str], list[tuple[Value, ...]]]:
    columns = {
        "voter": voter,
        "project": "varchar",
        "points": "smallint",
        "place": "integer",
        "weight": "integer",
        "district": "varchar",
    }
    rows = [
        (number * 7 % 101, IDS[name], points, place, cast.weight, ("N", "S", "")[cast.district])
        for number, cast in enumerate(ballots)
        for place, (name, points) in enumerate(zip(cast.names, cast.points, strict=True))
    ]
    return columns, sorted(rows, key=lambda row: (row[3], row[1], row[0]))


def scaled(ballots: list[Cast], by: int) -> list[Cast]:
    return [replace(cast, points=tuple(point * by for point in cast.points)) for cast in ballots]


@ROWS
@given(st.data(), st.sampled_from(list(BallotKind)), st.integers(0, 3))
def test_lists_are_counted(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, kind: BallotKind, cut: int
) -> None:
    ballots = data.draw(casts(kind))
    folder = tmp_path_factory.mktemp("ballots")
    columns, rows = listed(kind, ballots)
    write_parquet(folder / "deeper" / "a.parquet", columns, rows[:cut])
    write_parquet(folder / "b.parquet", columns, rows[cut:])
    election = election_from_parquet(folder, projects(kind), Here())
    expected = scaled(ballots, 10) if kind in WITH_POINTS else ballots
    assert same(election.ballots, arranged(grouped(kind, expected)))
    assert (election.districts, election.budget) == (("N", "S"), 100)
    assert [project.id for project in election.projects] == list(IDS)


@ROWS
@given(st.data(), st.sampled_from(list(BallotKind)), st.sampled_from(("bigint", "varchar")), st.booleans())
def test_rows_of_voters_are_counted(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, kind: BallotKind, voter: str, small: bool
) -> None:
    ballots = [cast for cast in data.draw(casts(kind)) if cast.names]
    columns, rows = by_row(ballots, voter)
    path = write_parquet(tmp_path_factory.mktemp("rows") / "rows.parquet", columns, rows)
    with pytest.MonkeyPatch.context() as patch:
        if small:
            patch.setattr(parquet, "KEYED_ROWS", 5)
        election = election_from_parquet(path, projects(kind), Here())
    assert same(election.ballots, arranged(grouped(kind, ballots)))


def test_many_row_groups_are_counted_in_several_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [(number % 6, (number * number + 1) % 6) for number in range(10_000)]
    ids = ", ".join("'" + each.replace("'", "''") + "'" for each in IDS)
    with duckdb.connect() as database:
        database.execute(
            f"copy (select [ids[n % 6 + 1], ids[(n * n + 1) % 6 + 1]] as projects"
            f" from (select [{ids}] as ids, range as n from range(10000)) order by n)"
            f" to '{tmp_path}/a.parquet' (format parquet, row_group_size 2048)"
        )
    monkeypatch.setattr(parquet, "ROWS", 4096)
    shards = parquet.cut_into_rows(parquet.open_dataset(tmp_path))
    assert [(shard.first, shard.stop) for shard in shards] == [(0, 4096), (4096, 8192), (8192, 10000)]
    election = election_from_parquet(tmp_path, projects(BallotKind.APPROVAL, districts=False), Here())
    plain = [Cast(pair, (0, 0)) for pair in pairs]
    assert same(election.ballots, arranged(grouped(BallotKind.APPROVAL, plain, districts=False)))


def test_numbers_may_name_projects_and_nothing_may_be_named(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"projects": "integer[]"}, [([7, 3],), ([],), (None,)])
    ballots = election_from_parquet(path, projects(BallotKind.APPROVAL), Here()).ballots
    expected = grouped(BallotKind.APPROVAL, [Cast((0, 4), (0, 0)), Cast((), (), 2)], districts=False)
    assert same(ballots, arranged(expected))


def test_the_default_score_is_scaled_with_the_points(tmp_path: Path) -> None:
    path = write_parquet(
        tmp_path / "a.parquet", {"projects": "varchar[]", "points": "decimal(9, 2)[]"}, [(["x"], [2.25])]
    )
    file = projects(BallotKind.SCORING, meta="default_score;0.5\n")
    election: Election = election_from_parquet(path, file, Here())
    assert election.ballots.points is not None
    assert election.ballots.points.tolist() == [50, 50, 50, 50, 50, 225]


def refused(
    kind: BallotKind, columns: dict[str, str], *rows: tuple[Value, ...]
) -> Callable[[Path], tuple[Path, PabulibFile]]:
    return lambda folder: (write_parquet(folder / "a.parquet", columns, rows), projects(kind))


@pytest.mark.parametrize(
    ("made", "complaint"),
    [
        (refused(BallotKind.APPROVAL, {"projects": "varchar[]"}, (["8"],)), "there is no project 8"),
        (
            refused(BallotKind.APPROVAL, {"projects": "varchar[]"}, (["7"],), (["x", "x"],)),
            "row 2 of .* project twice",
        ),
        (refused(BallotKind.APPROVAL, {"projects": "varchar[]"}, ([None],)), "a row has no project"),
        (refused(BallotKind.APPROVAL, {"projects": "varchar"}, ("7",)), "projects is no list"),
        (refused(BallotKind.APPROVAL, {"voter": "integer"}, (7,)), "neither a column projects nor"),
        (refused(BallotKind.CHOOSE_ONE, {"projects": "varchar[]"}, (["7", "x"],)), "names more than one project"),
        (refused(BallotKind.SCORING, {"projects": "varchar[]"}, (["7"],)), "scoring ballots need a column points"),
        (
            refused(BallotKind.SCORING, {"projects": "varchar[]", "points": "double[]"}, (["7"], [1])),
            "points are DOUBLE, but must be whole numbers or decimals",
        ),
        (
            refused(BallotKind.SCORING, {"projects": "varchar[]", "points": "integer[]"}, (["7"], [1, 2])),
            "row 1 of .* has other points than projects",
        ),
        (
            refused(BallotKind.APPROVAL, {"projects": "varchar[]", "weight": "integer"}, (["7"], 0)),
            "a weight is not above zero",
        ),
        (
            refused(BallotKind.APPROVAL, {"projects": "varchar[]", "weight": "double"}, (["7"], 1)),
            "weight is no whole number",
        ),
        (
            refused(BallotKind.APPROVAL, {"voter": "integer", "project": "varchar"}, (1, "7"), (1, "7")),
            "the voter 1 names a project twice",
        ),
        (
            refused(BallotKind.APPROVAL, {"voter": "integer", "project": "varchar"}, (None, "7")),
            "1 rows have no voter",
        ),
        (
            refused(
                BallotKind.APPROVAL,
                {"voter": "integer", "project": "varchar", "weight": "integer"},
                (1, "7", 1),
                (1, "x", 2),
            ),
            "a voter's rows differ in weight",
        ),
        (
            refused(BallotKind.RANKING, {"voter": "integer", "project": "varchar"}, (1, "7")),
            "rankings by row need a column place",
        ),
        (
            refused(
                BallotKind.RANKING,
                {"voter": "integer", "project": "varchar", "place": "integer"},
                (1, "7", 1),
                (1, "x", 1),
            ),
            "a voter gives one place twice",
        ),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, made: Callable[[Path], tuple[Path, PabulibFile]], complaint: str
) -> None:
    path, file = made(tmp_path)
    with pytest.raises(ParquetError, match=complaint) as mistake:
        election_from_parquet(path, file, Here())
    assert str(path) in str(mistake.value)


def test_what_is_no_parquet_is_said(tmp_path: Path) -> None:
    with pytest.raises(ParquetError, match=r"there is no \.parquet file in this folder"):
        parquet.open_dataset(tmp_path)
    (tmp_path / "a.parquet").write_bytes(b"no")
    with pytest.raises(ParquetError, match=r"a\.parquet"):
        parquet.open_dataset(tmp_path / "a.parquet")
