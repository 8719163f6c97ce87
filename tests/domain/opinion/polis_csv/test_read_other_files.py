"""The small files of Polis: comments, participants' votes, summary; each returns from a round trip as it was."""

from __future__ import annotations

import csv
import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import real_data

from kursbuch.domain.opinion.polis_csv import (
    Participants,
    PolisCsvError,
    Sign,
    Statement,
    Summary,
    Verdict,
    Votes,
    counted,
    exported,
    moderated_out,
    read_participants,
    read_statements,
    read_summary,
    read_votes,
    sign_of,
    write_participants,
    write_statements,
    write_summary,
)
from kursbuch.domain.opinion.stances import Stances

IDS = st.integers(0, 2**62)
TEXTS = st.text(max_size=40)
STATEMENTS = st.lists(
    st.builds(
        Statement, IDS, TEXTS, IDS, st.integers(-(10**13), 10**14), IDS, IDS, st.sampled_from(Verdict),
        st.booleans(), st.booleans(),
    ),
    unique_by=lambda statement: statement.id,
    max_size=8,
)  # fmt: skip
FOLDERS = pytest.mark.parametrize("folder", real_data.conversations(), ids=lambda folder: folder.name)


@given(STATEMENTS)
def test_statements_return_as_they_were(statements: list[Statement]) -> None:
    assert read_statements(write_statements(statements)) == tuple(statements)


@given(
    st.builds(
        Summary, TEXTS, TEXTS, *[IDS] * 6, TEXTS, st.lists(st.tuples(st.text("xyz", min_size=1), TEXTS)).map(tuple)
    )
)
def test_a_summary_returns_as_it_was(summary: Summary) -> None:
    assert read_summary(write_summary(summary)) == summary


@st.composite
def participants(draw: st.DrawFn) -> Participants:
    people, statements = (np.array(sorted(draw(st.sets(IDS, max_size=6))), np.int64) for _ in range(2))
    cells = draw(
        st.lists(
            st.lists(st.sampled_from([None, -1, 0, 1]), min_size=len(statements), max_size=len(statements)),
            min_size=len(people),
            max_size=len(people),
        )
    )
    said = [[(place, value) for place, value in enumerate(row) if value is not None] for row in cells]
    stances = Stances(
        people,
        statements,
        np.cumsum([0, *map(len, said)], dtype=np.int64),
        np.array([place for row in said for place, _ in row], np.uint16),
        np.array([value for row in said for _, value in row], np.int8),
    )
    groups = draw(st.lists(st.integers(-1, 4), min_size=len(people), max_size=len(people)))
    wrote = draw(st.lists(st.integers(0, 9), min_size=len(people), max_size=len(people)))
    return Participants(stances, np.array(groups, np.int32), np.array(wrote, np.int64))


def cells(stances: Stances) -> set[tuple[int, int, int]]:
    people = np.repeat(stances.people, np.diff(stances.starts)).tolist()
    return set(zip(people, stances.statement_ids[stances.statements].tolist(), stances.values.tolist(), strict=True))


def parts(found: Participants) -> list[object]:
    stances = [getattr(found.stances, each.name).tolist() for each in dataclasses.fields(Stances)]
    return [*stances, found.groups.tolist(), found.wrote.tolist()]


@given(participants())
def test_participants_return_as_they_were(written: Participants) -> None:
    data = write_participants(written)
    assert parts(read_participants(data)) == parts(written)


def test_people_and_statements_are_put_in_order() -> None:
    found = read_participants(b"participant,xid,9,3,group-id\n5,a,1,-1,\n2,b,,0,1\n")
    assert parts(found) == [[2, 5], [3, 9], [0, 1, 3], [0, 0, 1], [0, -1, 1], [1, -1], [0, 0]]


HEAD = b"timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"


@pytest.mark.parametrize(
    ("read", "data", "line", "column", "reason"),
    [
        (read_statements, HEAD + b'1,,2,3,0,0,1,"a\nb"\n1,,3,3,0,0,2,c\n', 4, 7, "2 is not between -1 and 1"),
        (read_statements, HEAD + b"1,,2,3,0,0,1,a\n1,,2,3,0,0,1,b\n", 3, 3, "statement 2 is there already"),
        (read_statements, HEAD + b"1,,2,3,x,0,1,a\n", 2, 5, "'x' is not a whole number"),
        (read_statements, HEAD + b"1,,2,3,0,0,1\n", 2, 7, "the row has 7 fields, but the header 8"),
        (read_statements, HEAD + b"1,,2,3,0,0,1,a,b\n", 2, 9, "the row has 9 fields, but the header 8"),
        (read_statements, HEAD + b'1,,2,3,0,0,1,"a"b\n', 2, 1, "',' expected after '\"'"),
        (read_statements, HEAD + b"1,,2,3,0,0,1,\xe4\n", 2, 8, "the file is not UTF-8"),
        (read_statements, b"comment-id\n1\n", 1, 1, "the header has no column 'comment-body'"),
        (read_statements, b"comment-id,comment-body,is-meta\n1,a,maybe\n", 2, 3, "'maybe' is neither 1 nor 0"),
        (read_statements, b"", 1, 1, "the file is empty"),
        (read_participants, b"participant,0,1\n7,1,2\n", 2, 3, "'2' is none of 1, 0, -1 and nothing"),
        (read_participants, b"participant,0\n7,1\n7,1\n", 3, 1, "participant 7 is there already"),
        (read_participants, b"participant,0,0\n", 1, 3, "the header names the column '0' twice"),
        (read_summary, b"topic,a\nvoters,many\n", 2, 2, "'many' is not a whole number"),
        (read_summary, b"topic,a\ntopic,b\n", 2, 1, "'topic' is there already"),
    ],
)
def test_complains_with_line_column_and_reason(read, data: bytes, line: int, column: int, reason: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PolisCsvError) as complaint:
        read(data)
    assert (complaint.value.line, complaint.value.column, complaint.value.reason) == (line, column, reason)


def test_moderation_is_honoured() -> None:
    statements = [
        Statement(number, "", verdict=verdict)
        for number, verdict in ((7, Verdict.OUT), (3, Verdict.OPEN), (5, Verdict.IN))
    ]
    assert moderated_out(statements).tolist() == [7]
    assert moderated_out(statements, strict=True).tolist() == [3, 7]


def test_the_sign_stays_open_where_the_counts_do_not_tell() -> None:
    votes = Votes(np.zeros(2, np.int64), np.array([0, 0]), np.array([0, 1]), np.array([1, -1], np.int8))
    assert sign_of(votes, [Statement(0, "", agrees=1, disagrees=1)]) is None
    assert sign_of(votes, []) is None
    assert sign_of(votes, [Statement(0, "")]) is None


@FOLDERS
def test_all_files_of_a_conversation_agree_that_one_is_agree(folder) -> None:  # type: ignore[no-untyped-def]
    """comments.csv counts rows of votes.csv; participants-votes.csv holds the same signs and counts them itself."""
    data = (folder / "votes.csv").read_bytes()
    votes, statements = read_votes(data), read_statements((folder / "comments.csv").read_bytes())
    assert counted(statements, votes) == statements
    assert sign_of(votes, statements) is Sign.AGREE_IS_PLUS
    assert sign_of(read_votes(data, Sign.AGREE_IS_MINUS), statements) is Sign.AGREE_IS_MINUS

    table = folder / "participants-votes.csv"
    found = read_participants(table.read_bytes()).stances
    ids = set(votes.statements.tolist()) - set(found.statement_ids.tolist())  # two in all, both moderated out
    assert not [each for each in statements if each.id in ids and not each.is_out()]
    assert {each for each in cells(votes.stances()) if each[1] not in ids} == cells(found)

    counts = {
        person: ((found.values[start:stop] == 1).sum(), (found.values[start:stop] == -1).sum())
        for person, start, stop in zip(found.people.tolist(), found.starts[:-1], found.starts[1:], strict=True)
    }
    with table.open(encoding="utf-8", newline="") as lines:
        named = {int(r["participant"]): (int(r["n-agree"]), int(r["n-disagree"])) for r in csv.DictReader(lines)}
    assert counts == named


@FOLDERS
def test_real_files_return_as_they_were(folder) -> None:  # type: ignore[no-untyped-def]
    table = (folder / "participants-votes.csv").read_bytes()
    assert sorted(write_participants(read_participants(table)).splitlines()) == sorted(table.splitlines())
    statements = read_statements((folder / "comments.csv").read_bytes())
    assert read_statements(write_statements(statements)) == statements
    summary = read_summary((folder / "summary.csv").read_bytes())
    assert read_summary(write_summary(summary)) == summary
    assert summary.voters == len(read_participants(table).groups)


@FOLDERS
def test_an_export_says_what_polis_says(folder) -> None:  # type: ignore[no-untyped-def]
    """From votes, texts and groups alone, all files are as Polis wrote them (times in words and order apart)."""
    data = {name: (folder / name).read_bytes() for name in ("votes.csv", "comments.csv", "participants-votes.csv")}
    votes, statements = read_votes(data["votes.csv"]), read_statements(data["comments.csv"])
    theirs, summary = (
        read_participants(data["participants-votes.csv"]),
        read_summary((folder / "summary.csv").read_bytes()),
    )
    found = exported(votes, statements, theirs.groups, summary)
    assert read_statements(found["comments.csv"]) == statements
    ours = read_participants(found["participants-votes.csv"])
    columns = np.isin(ours.stances.statement_ids, theirs.stances.statement_ids)
    if columns.all():
        assert sorted(found["participants-votes.csv"].splitlines()) == sorted(
            data["participants-votes.csv"].splitlines()
        )
    told = read_summary(found["summary.csv"])
    assert (told.topic, told.views, told.voters) == (summary.topic, summary.views, summary.voters)
    assert (told.groups, told.voters_in_groups) == (summary.groups, int((theirs.groups >= 0).sum()))
    with pytest.raises(ValueError, match="but groups for 1"):
        exported(votes, statements, theirs.groups[:1], summary)
