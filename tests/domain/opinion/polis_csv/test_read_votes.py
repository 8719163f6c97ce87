"""votes.csv is read by compiled loops: they must find what the obvious way finds, and complain about what it cannot."""

import csv
import io
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import real_data

from kursbuch.domain.opinion.polis_csv import PolisCsvError, Sign, Votes, read_votes, votes, write_votes

HEADER = b"timestamp,datetime,comment-id,voter-id,vote\n"


def slowly(data: bytes) -> list[tuple[int, int, int, int]]:
    """The obvious way: one dictionary per row."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [(int(r["timestamp"]), int(r["comment-id"]), int(r["voter-id"]), int(r["vote"])) for r in rows]


def listed(found: Votes) -> list[tuple[int, int, int, int]]:
    columns = (found.timestamps, found.statements, found.people, found.values)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def made(rows: list[tuple[int, int, int, int]]) -> Votes:
    columns = list(zip(*rows, strict=True)) or [()] * 4
    return Votes(*(np.array(each, dtype) for each, dtype in zip(columns, [np.int64] * 3 + [np.int8], strict=True)))


ROWS = st.lists(
    st.tuples(
        st.integers(-(10**13), 10**14), st.integers(0, 10**18 - 1), st.integers(0, 10**18 - 1), st.integers(-1, 1)
    ),
    max_size=30,
)


@given(ROWS)
def test_writing_and_reading_returns_the_same(rows: list[tuple[int, int, int, int]]) -> None:
    data = write_votes(made(rows))
    assert listed(read_votes(data)) == rows == slowly(data)


@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans(), st.permutations(range(6)))
def test_any_order_of_columns_and_quoting(rows, end, mark, quote, order) -> None:
    names = ["timestamp", "datetime", "comment-id", "voter-id", "vote", "xid, and\nmore"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL)
    names[5] = "xid, and more" if not quote else "xid"
    writer.writerow([names[place] for place in order])
    for row in rows:
        fields = [row[0], "Wed Jun 18", row[1], row[2], row[3], 'a "x", or\nb' if quote else ""]
        writer.writerow([fields[place] for place in order])
    data = (b"\xef\xbb\xbf" if mark else b"") + text.getvalue().encode()
    assert listed(read_votes(data)) == rows == slowly(data)


@given(ROWS)
def test_the_sign_turns_every_vote(rows: list[tuple[int, int, int, int]]) -> None:
    data = write_votes(made(rows))
    turned = read_votes(data, Sign.AGREE_IS_MINUS)
    assert listed(turned) == [(*row[:3], -row[3]) for row in rows]


def test_many_blocks_read_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    rows = [
        (int(t), int(s), int(p), int(v)) for t, s, p, v in rng.integers([0, 0, 0, -1], [10**13, 99, 10**6, 2], (500, 4))
    ]
    lines = write_votes(made(rows)).splitlines(keepends=True)
    data = b"".join([lines[0], b"\n", *(line + b"\r\n" * (number % 3 == 0) for number, line in enumerate(lines[1:]))])
    monkeypatch.setattr(votes, "BLOCK", 97)
    assert listed(read_votes(data)) == rows
    monkeypatch.setattr(votes, "ROWS", 7)
    assert write_votes(made(rows)) == b"".join(lines)


def test_a_file_without_times_or_rows() -> None:
    assert listed(read_votes(b"voter-id,comment-id,vote\n7,3,-1")) == [(0, 3, 7, -1)]
    assert listed(read_votes(HEADER)) == listed(read_votes(HEADER[:-1])) == []


@pytest.mark.parametrize(
    ("rows", "line", "column", "reason"),
    [
        (b"1,x,2,3,1\n1,x,2,3,2\n", 3, 5, "'2' is none of 1, 0 and -1"),
        (b"1,x,2,3,\n", 2, 5, "'' is not a whole number"),
        (b"1,x,2,3,agree\n", 2, 5, "'agree' is not a whole number"),
        (b"1,x,2,3.0,1\n", 2, 4, "'3.0' is not a whole number"),
        (b"1,x,-2,3,1\n", 2, 3, "'-2' is negative"),
        (b"\n\n1,x,9999999999999999999,3,1\n", 4, 3, "'9999999999999999999' is too large"),
        (b"1,x,2,3\n", 2, 4, "the row ends here, but the header names 5 columns"),
        (b"1,x,2,3", 2, 4, "the row ends here, but the header names 5 columns"),
        (b"1,x,2\r3,3,1\n", 2, 3, "'2\\r3' is not a whole number"),
        (b"1,x,2,3,1,9\n", 2, 6, "the row goes on, but the header names 5 columns only"),
        (b'1,"x,2,3,1\n', 2, 2, "a quotation mark is not closed, or something follows it"),
        (b'1,"x\ny",2,3,1\n1,"x"y,2,3,1\n', 4, 2, "a quotation mark is not closed, or something follows it"),
        (b'1,x,"2"3,3,1\n', 2, 3, "'23' is not a whole number"),
    ],
)
def test_complains_with_line_column_and_reason(rows: bytes, line: int, column: int, reason: str) -> None:
    with pytest.raises(PolisCsvError) as complaint:
        read_votes(HEADER + rows)
    assert (complaint.value.line, complaint.value.column, complaint.value.reason) == (line, column, reason)


@pytest.mark.parametrize("block", [11, 8_000_000])
def test_complains_about_the_first_of_several(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(votes, "BLOCK", block)
    with pytest.raises(PolisCsvError, match="line 41, column 3"):
        read_votes(HEADER + b"1,x,2,3,1\n" * 39 + b"1,x,,3,1\n" + b"1,x,2,3,7\n" * 9)


@pytest.mark.parametrize(
    ("header", "column", "reason"),
    [
        (b"timestamp,comment-id,voter-id\n", 3, "the header has no column 'vote'"),
        (b"", 1, "the header has no column 'comment-id'"),
        (b"comment-id,voter-id,vote\r1,2,1\r", 1, "the header has a lone carriage return, or a field that is too long"),
        (b"comment-id,voter-id,vote,vote\n", 4, "the header names the column 'vote' twice"),
    ],
)
def test_complains_about_the_header(header: bytes, column: int, reason: str) -> None:
    with pytest.raises(PolisCsvError) as complaint:
        read_votes(header)
    assert (complaint.value.line, complaint.value.column, complaint.value.reason) == (1, column, reason)


@given(st.integers(-(10**10), 10**10))
def test_times_are_written_in_utc(second: int) -> None:
    moment = datetime.fromtimestamp(second, UTC) if abs(second) < 10**10 else None
    written = write_votes(made([(second, 0, 0, 0)])).splitlines()[1].split(b",")[1].decode()
    if moment is not None:
        assert written == f"{moment:%a %b %d %H:%M:%S UTC} {moment.year}"


def test_milliseconds_and_seconds_are_told_apart() -> None:
    lines = write_votes(made([(1403054214196, 0, 0, 0), (1403054214, 0, 0, 0)])).splitlines()[1:]
    assert [line.split(b",")[1] for line in lines] == [b"Wed Jun 18 01:16:54 UTC 2014"] * 2


@pytest.mark.parametrize("folder", real_data.conversations(), ids=lambda folder: folder.name)
def test_reads_real_conversations(folder) -> None:
    data = (folder / "votes.csv").read_bytes()
    found = read_votes(data)
    assert listed(found) == slowly(data)
    assert listed(read_votes(write_votes(found))) == listed(found)
