"""The quick way of reading votes, the long way, and both in two halves: the same ballots, or the same complaint."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.domain.voting.pabulib.files import KINDS, files
from tests.domain.voting.test_group_ballots import same

from kursbuch.domain.voting.election import Ballots
from kursbuch.domain.voting.pabulib import PabulibError, parse
from kursbuch.domain.voting.pabulib import short_rows_kernel as short
from kursbuch.domain.voting.pabulib import votes as reader

HEAD = "META\nkey;value\nbudget;9\nvote_type;{}\nPROJECTS\nproject_id;cost;district\n" + "".join(
    f"{name};1;N\n" for name in ("a", "bc", "def", "RM-XII.1", "7/8", "sevenby", "eight-by", "ß", "12345678901234")
)
_SCRAPS = st.sampled_from(
    ["a", "bc", "def", "ghi", "RM-XII.1", "sevenby", "eight-by", "ß", "12345678901234", "7", "0", "999999999",
     "1000000000", ",", ",", ";", ";", "\n", "\n", "\r\n", " ", '"', ".5", "-", "\0", "x" * 9]
)  # fmt: skip


@st.composite
def scribbles(draw: st.DrawFn) -> bytes:
    """Rows that may or may not make sense."""
    columns = draw(st.permutations(["voter_id", "vote", "points", "weight", "district"]))
    rows = "".join(draw(st.lists(_SCRAPS, max_size=40)))
    head = HEAD.format(draw(st.sampled_from(KINDS)))
    return f"{head}VOTES\n{';'.join(columns[: draw(st.integers(2, 5))])}\n{rows}".encode()


@st.composite
def plain_votes(draw: st.DrawFn) -> bytes:
    """Short rows for the most part, an odd one now and then."""
    kind = draw(st.sampled_from(KINDS))
    pointed = kind in ("cumulative", "scoring")
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    rows = []
    for number in range(draw(st.integers(0, 30))):
        most = 1 if kind == "choose-1" else 4
        named = draw(st.lists(st.sampled_from(["a", "bc", "def", "RM-XII.1", "7/8", "ß"]), unique=True, max_size=most))
        points = [str(draw(st.sampled_from([0, 1, 20, 999_999_999]))) for _ in named]
        odd = draw(st.sampled_from(["", "", "", "", " ", "\n", '"']))
        fields = [str(number), ",".join(named) + (" " if odd == " " else ""), ",".join(points), "3", "N" + odd * 2]
        rows.append(";".join(fields if pointed else [*fields[:2], *fields[3:]]))
    columns = "voter_id;vote;points;weight;district" if pointed else "voter_id;vote;weight;district"
    text = newline.join([HEAD.format(kind) + "VOTES", columns, *rows])
    return text.encode() + newline.encode() * draw(st.integers(0, 1))


def outcome(data: bytes) -> tuple[Ballots | None, object]:
    try:
        file = parse(data)
    except PabulibError as error:
        return None, str(error)
    return file.votes.ballots, (file.districts, file.point_decimals, file.warnings, bytes(file.votes.body))


@given(st.one_of(files(), scribbles(), plain_votes()))
@example((HEAD.format("approval") + "VOTES\nvoter_id;vote\n1;a,\n2;a,,bc\n").encode())
@example((HEAD.format("approval") + "VOTES\nvoter_id;vote;weight\n1;a;1,2\n2;a;5\n").encode())
@example((HEAD.format("approval") + "VOTES\nvoter_id;vote;weight\n1;a;0\n2;a;\n").encode())
@example((HEAD.format("approval") + "VOTES\nvoter_id;vote;weight\n1;a;3\n2;a;5\n").encode())  # seven bytes are left
@example((HEAD.format("cumulative") + "VOTES\nvoter_id;vote;points\n1;;3\n2;a;5\n").encode())
@example((HEAD.format("cumulative") + "VOTES\nvoter_id;vote;points\n1;a,bc;1,2,\n").encode())
@example((HEAD.format("cumulative") + "VOTES\nvoter_id;points;vote\n1;0.25;a\n2;999999999;a\n").encode())
def test_every_way_of_reading_votes_reads_the_same(data: bytes) -> None:
    ballots, said = outcome(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_WORTH_A_THREAD", 0)
        halved, said_halved = outcome(data)
        patch.setattr(reader, "_eights", no_eights)
        long_way, said_long_way = outcome(data)
    assert said == said_halved == said_long_way
    if ballots is not None and halved is not None and long_way is not None:
        assert same(ballots, halved)
        assert same(ballots, long_way)


def no_eights(data: bytes) -> np.ndarray:
    return np.ndarray(max(len(data) - 7, 0), np.uint64, data, strides=(1,))[:0]


def test_odd_rows_are_left_to_the_long_way_only(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"{number};{'a, bc' if number % 5000 == 0 else 'def,a'}\n" for number in range(20_000))
    calls = []

    def counted(*arguments: object) -> tuple[int, int]:
        found = read_votes(*arguments)
        calls.append(found[1] - int(arguments[9]))  # type: ignore[call-overload]
        return found

    read_votes = reader.kernel.read_votes
    monkeypatch.setattr(reader.kernel, "read_votes", counted)
    ballots = parse((HEAD.format("approval") + "VOTES\nvoter_id;vote\n" + rows).encode()).votes.ballots
    assert sorted(ballots.weights.tolist()) == [4, 19_996]
    assert sum(calls) < 100


@pytest.mark.skipif(sys.byteorder == "big", reason="there are no eights")
@given(st.binary(min_size=8, max_size=8))
def test_a_word_ends_at_the_first_separator(eight: bytes) -> None:
    length, code = short.take_word(np.frombuffer(eight, np.uint64)[0])
    ends = [place for place, byte in enumerate(eight) if byte < ord("-") or byte == ord(";")]
    assert length == (ends[0] if ends else 0)
    if length:
        assert int(code) == int.from_bytes(eight[:length], "little") + (length << 56)
