"""``kursbuch opinion``: what it prints, writes and returns."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import jsonschema_rs
import numpy as np
import pytest
from tests import real_data

from kursbuch.counting.opinion import main
from kursbuch.counting.opinion_text import write_opinion
from kursbuch.domain.opinion.landscape import landscape
from kursbuch.domain.opinion.polis_csv import Statement, Verdict, Votes, counted, write_statements, write_votes
from kursbuch.domain.opinion.stability import stability

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "opinion.json").read_text(encoding="utf-8"))
PEOPLE, STATEMENTS = 120, 12
BODIES = [
    "Im Zentrum soll Tempo 30 gelten.",
    "Die Busse sollen öfter fahren.",
    "=1+1, „Zitate“ & <Zeichen>\nund Zeilen",
]


def votes(leaning: float = 0.9) -> Votes:
    """Two camps that differ on statements 0 to 7 and agree on 8 to 11."""
    chance = np.random.default_rng(3)
    camp = np.arange(PEOPLE) % 3 == 0
    agreeing = np.where((np.arange(STATEMENTS) < 8) & camp[:, None], 1 - leaning, leaning)
    values = np.where(chance.random((PEOPLE, STATEMENTS)) < agreeing, 1, -1).astype(np.int8)
    people, statements = (each.ravel() for each in np.indices(values.shape))
    return Votes(np.arange(values.size) + 1_700_000_000_000, statements, people, values.ravel())


def statements() -> list[Statement]:
    return [
        Statement(number, BODIES[number] if number < len(BODIES) else f"Aussage {number}",
                  verdict=Verdict.OUT if number == 7 else Verdict.IN, meta=number == 11)
        for number in range(STATEMENTS)
    ]  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "votes.csv").write_bytes(write_votes(votes()))
    (tmp_path / "comments.csv").write_bytes(write_statements(counted(statements(), votes())))
    return str(tmp_path / "votes.csv"), str(tmp_path / "comments.csv")


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        return code, *capsys.readouterr()

    return command


def as_json(run: Run, *arguments: str) -> dict[str, Any]:
    code, out, _ = run(*arguments, "--json")
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    jsonschema_rs.validate(SCHEMA, found)
    return found


def test_prints_groups_and_what_connects_and_divides(run: Run, files: tuple[str, str]) -> None:
    code, out, _ = run(files[0], "--comments", files[1], "--title", "Verkehr in der Innenstadt")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "Verkehr in der Innenstadt"
    assert lines[1].startswith(
        "120 people took 1,440 stances on 12 statements (1 moderated out); the map shows the 120"
    )
    assert any(line.startswith("Group A  ") and line.endswith("80 people (67 %)") for line in lines)
    assert any(line.startswith("Group B  ") and line.endswith("40 people (33 %)") for line in lines)
    connects, divides = (
        next(i for i, line in enumerate(lines) if line.startswith(head)) for head in ("What connects", "What divides")
    )
    assert "agree" in lines[connects + 1]
    assert all(any(body in line for line in lines[divides:]) for body in BODIES[:1])
    assert "Aussage 7" not in out
    assert max(map(len, lines)) <= 100


def test_json_follows_the_schema_and_the_stances(run: Run, files: tuple[str, str]) -> None:
    found = as_json(run, files[0], "--comments", files[1])
    assert found["stability"]["groups_claimed"]
    assert [group["people"] for group in found["groups"]] == [80, 40]
    assert [(each["statement"], each["text"]) for each in found["statements"][:3]] == list(
        enumerate([*BODIES[:2], BODIES[2]])
    )
    given = votes()
    for each in found["statements"]:
        mine = given.values[given.statements == each["statement"]]
        total = {"disagree": int((mine == -1).sum()), "pass": 0, "agree": int((mine == 1).sum())}
        assert each["votes"] == total
        assert {key: sum(group[key] for group in each["groups"].values()) for key in total} == total
        assert each["moderated_out"] == (each["statement"] == 7) == (each["priority"] == 0)
        assert each["meta"] == (each["statement"] == 11)
    assert {each["statement"] for each in found["bridging"]} == {8, 9, 10, 11}
    assert {each["statement"] for each in found["dividing"]} <= set(range(7)) | {8, 9, 10, 11}
    assert not [said for group in found["groups"] for said in group["says"] if said["statement"] == 7]


def test_the_same_seed_prints_the_same(run: Run, files: tuple[str, str]) -> None:
    first, second = (run(files[0], "--json", "--seed", "4") for _ in range(2))
    assert first[:2] == second[:2]  # what is said of progress depends on the clock


def test_without_groups_nothing_is_said_of_any(run: Run, tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_bytes(write_votes(votes(leaning=0.5)))
    code, out, _ = run(str(tmp_path / "votes.csv"))
    assert code == 0
    assert "Not enough people yet" in out
    assert "Group" not in out
    found = as_json(run, str(tmp_path / "votes.csv"))
    assert found["groups"] == found["bridging"] == found["dividing"] == []
    assert {each["consensus"] for each in found["statements"]} == {None}
    _, picture, _ = run(str(tmp_path / "votes.csv"), "--svg", "-")
    assert "Not enough people yet" in picture
    assert "Group" not in picture


def test_writes_a_picture(run: Run, files: tuple[str, str], tmp_path: Path) -> None:
    code, out, _ = run(files[0], "--comments", files[1], "--svg", str(tmp_path / "map.svg"), "--title", "A & B")
    assert (code, out) == (0, "")
    root = ElementTree.fromstring((tmp_path / "map.svg").read_text(encoding="utf-8"))
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "A & B"


def test_finds_out_which_number_means_agreeing(run: Run, files: tuple[str, str]) -> None:
    right = as_json(run, *files[:1], "--comments", files[1])
    turned = votes()
    Path(files[0]).write_bytes(write_votes(Votes(turned.timestamps, turned.statements, turned.people, -turned.values)))
    _, out, errors = run(files[0], "--comments", files[1], "--json")
    assert "-1 means agreeing" in errors
    assert json.loads(out) == right
    assert as_json(run, files[0], "--comments", files[1], "--agree", "-1") == right
    assert as_json(run, files[0], "--comments", files[1], "--agree", "1") != right


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("votes.csv", b"comment-id,voter-id,vote\n1,2,5\n", "votes.csv: line 2, column 3: '5' is none of 1, 0 and -1"),
        (
            "comments.csv",
            b"comment-id,comment-body\nx,y\n",
            "comments.csv: line 2, column 1: 'x' is not a whole number",
        ),
    ],
)
def test_says_where_a_file_is_wrong(run: Run, files: tuple[str, str], name: str, data: bytes, message: str) -> None:
    wrong = Path(files[0]).parent / name
    wrong.write_bytes(data)
    code, out, errors = run(files[0], "--comments", files[1])
    assert (code, out) == (2, "")
    assert errors.endswith(message + "\n")


def test_refuses_what_it_does_not_understand(run: Run, files: tuple[str, str]) -> None:
    assert run(files[0] + "x")[0] == 2
    assert run(files[0], "--json", "--svg", "map.svg")[0] == 2
    assert run(files[0], "--seed", "-1")[0] == 2
    assert run(files[0], "--smallest", "0")[0] == 2
    assert run("--help")[0] == 0


def test_reads_what_lies_beside(run: Run, files: tuple[str, str]) -> None:
    """As Polis exports it: texts, moderation and the title; also if the folder is given, or other files instead."""
    folder = Path(files[0]).parent
    (folder / "summary.csv").write_text('topic,"Verkehr, ruhig"\nvoters,120\n', encoding="utf-8")
    found = as_json(run, files[0])
    assert (found["title"], found["statements"][0]["text"]) == ("Verkehr, ruhig", BODIES[0])
    assert found["statements"][7]["moderated_out"]
    assert run(files[0])[2] == f"Read as well: {files[1]}, {folder / 'summary.csv'} (not with --alone).\n"
    assert as_json(run, str(folder)) == found
    alone = as_json(run, files[0], "--alone")
    assert (alone["title"], alone["statements"][0]["text"]) == ("votes", None)
    assert not alone["statements"][7]["moderated_out"]
    assert as_json(run, files[0], "--title", "Ruhe")["title"] == "Ruhe"
    others = [Path(each).rename(folder / f"other-{Path(each).name}") for each in (*files, folder / "summary.csv")]
    assert as_json(run, str(others[0])) == found
    others[0].rename(files[0])
    assert as_json(run, files[0])["title"] == "votes"
    assert as_json(run, files[0], "--comments", str(others[1]), "--summary", str(others[2])) == found
    others[2].write_text("topic\n")
    code, out, errors = run(files[0], "--summary", str(others[2]))
    assert (code, out) == (2, "")
    assert "other-summary.csv: line 1, column 1" in errors


def test_reads_parquet_too(run: Run, files: tuple[str, str], tmp_path: Path) -> None:
    """The same stances, in two files of a folder, give the same groups, figures and picture's words."""
    from_csv = as_json(run, files[0], "--comments", files[1], "--title", "Verkehr")
    folder = tmp_path / "stances"
    folder.mkdir()
    given = votes()
    rows = {"person": given.people, "statement": given.statements, "value": given.values, "time": given.timestamps}
    with duckdb.connect() as database:
        database.register("rows", rows)
        for part in (0, 1):
            database.execute(
                f"copy (select * from rows where statement % 2 = {part}) to '{folder}/{part}.parquet' (format parquet)"
            )
    assert as_json(run, str(folder), "--comments", files[1], "--title", "Verkehr") == from_csv
    code, picture, _ = run(str(folder), "--comments", files[1], "--svg", "-")
    assert code == 0
    assert "Group B" in picture
    assert run(files[0], "--engine", "dask://localhost:1")[0] == 2


def test_an_empty_conversation_is_no_mistake(run: Run, tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text("timestamp,datetime,comment-id,voter-id,vote\n")
    assert run(str(tmp_path / "votes.csv"))[0] == 0
    assert as_json(run, str(tmp_path / "votes.csv"))["people"] == 0
    assert run(str(tmp_path / "votes.csv"), "--svg", "-")[0] == 0


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "44")
    monkeypatch.setenv("NO_COLOR", "1")
    drawn = landscape(votes().stances())
    out = Terminal()
    texts = {number: "公車應該更常開。" * 12 if number % 2 else "Öfter fahren " * 12 for number in range(STATEMENTS)}
    write_opinion(out, drawn, stability(drawn, 0), texts, title="Ein langer Titel " * 5)
    from kursbuch.counting.terminal import columns

    assert max(columns(line) for line in out.getvalue().splitlines()) <= 44
    assert "\x1b" not in out.getvalue()


def test_runs_without_loading_django() -> None:
    folder = real_data.find("opinion", "polis", "brexit-consensus")
    script = (
        "import sys; from kursbuch.config.cli import main\n"
        "try:\n    main()\nfinally:\n    assert 'django' not in sys.modules"
    )
    arguments = ["opinion", str(folder / "votes.csv"), "--comments", str(folder / "comments.csv")]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"}
    )
    assert (done.returncode, done.stdout.decode().splitlines()[0]) == (0, "Can there be consensus on Brexit?")
