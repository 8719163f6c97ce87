"""Stances in Parquet, in as many shards as may be, draw the map that the same stances draw at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.counting.parquet_files import Value, write_parquet

from kursbuch.counting import parquet
from kursbuch.counting.engine import Here
from kursbuch.counting.parquet import ParquetError
from kursbuch.counting.parquet_stances import overview_from_parquet
from kursbuch.domain.opinion.landscape import Overview, landscape
from kursbuch.domain.opinion.settings import Moderation, Settings
from kursbuch.domain.opinion.stances import stances_of

COLUMNS = {"person": "bigint", "statement": "integer", "value": "tinyint", "time": "timestamp"}


def rows_of_two_camps() -> list[tuple[Value, ...]]:
    """Sixty people on nine statements, some of them with second thoughts, in no order."""
    chance = np.random.default_rng(5)
    rows: list[tuple[Value, ...]] = []
    for person in range(60):
        for statement in range(9):
            lean = 1 if (person % 2 == 0) == (statement % 3 > 0) else -1
            value = int(chance.choice([lean, 0, -lean], p=[0.8, 0.1, 0.1]))
            rows.append((person * 11, statement, value, f"2026-01-01 00:{chance.integers(60):02d}:00"))
            if chance.random() < 0.2:
                rows.append((person * 11, statement, -value, f"2026-01-02 00:{chance.integers(60):02d}:00"))
    return [rows[place] for place in chance.permutation(len(rows))]


def overview(path: Path, agree: int = 1) -> Overview:
    return overview_from_parquet(path, Here(), moderation=Moderation.of([4], [5]), settings=Settings(), agree=agree)


@pytest.mark.parametrize("most", [10**6, 40])
@pytest.mark.parametrize("agree", [1, -1])
def test_shards_draw_the_same_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, agree: int) -> None:
    rows = rows_of_two_camps()
    for part in range(3):
        write_parquet(tmp_path / f"{part}.parquet", COLUMNS, rows[part::3])
    monkeypatch.setattr(parquet, "KEYED_ROWS", most)
    assert (len(parquet.cut_by_key(parquet.open_dataset(tmp_path), "person")) > 5) == (most == 40)
    people, statements, values, times = zip(*rows, strict=True)
    at_once = landscape(
        stances_of(people, statements, agree * np.array(values), np.array(times, "datetime64[s]").astype(np.int64)),
        moderation=Moderation.of([4], [5]),
    )
    found = overview(tmp_path, agree)
    assert len(found.groups) >= 2
    for name in ("statement_ids", "counts", "group_votes", "axes", "centres", "priorities", "extremity"):
        assert np.array_equal(getattr(found, name), getattr(at_once, name)), name


def test_without_a_time_the_last_row_counts(tmp_path: Path) -> None:
    columns = {"person": "bigint", "statement": "integer", "value": "integer"}
    path = write_parquet(tmp_path / "a.parquet", columns, [(1, 1, 1), (1, 2, 0), (1, 1, -1), (2, 1, 1)])
    assert overview(path).counts.tolist() == [[1, 0, 1], [0, 1, 0]]


@pytest.mark.parametrize(
    ("columns", "row", "complaint"),
    [
        ({"person": "varchar", "statement": "integer", "value": "integer"}, ("1", 1, 1), "no column person of whole"),
        ({"person": "integer", "statement": "integer"}, (1, 1), "no column value of whole"),
        ({"person": "integer", "statement": "integer", "value": "integer"}, (1, 1, 2), "neither -1 nor 0 nor 1"),
        ({"person": "integer", "statement": "integer", "value": "integer"}, (1, None, 1), "a row has no statement"),
        ({"person": "integer", "statement": "integer", "value": "integer"}, (None, 1, 1), "1 rows have no person"),
        (
            {"person": "integer", "statement": "integer", "value": "integer", "time": "varchar"},
            (1, 1, 1, "now"),
            "time is neither an instant nor a whole number",
        ),
    ],
)
def test_what_is_no_stance_is_refused(
    tmp_path: Path, columns: dict[str, str], row: tuple[Value, ...], complaint: str
) -> None:
    path = write_parquet(tmp_path / "a.parquet", columns, [row])
    with pytest.raises(ParquetError, match=complaint):
        overview(path)
