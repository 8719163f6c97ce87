"""``kursbuch tally``: what it prints, writes and returns."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import jsonschema_rs
import pytest

from kursbuch.counting.tally import main
from kursbuch.counting.tally_text import Page, write_table
from kursbuch.counting.terminal import bar, busy, columns, fit
from kursbuch.domain.voting.method import Method
from kursbuch.domain.voting.pabulib import parse
from kursbuch.domain.voting.tally import tally

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
SIX_PEOPLE = """\
META
key;value
description;Sechs Menschen
country;Deutschland
unit;Musterstadt
instance;2026
num_projects;4
num_votes;6
budget;6000
vote_type;approval
rule;equalshares
date_begin;01.09.2026
date_end;30.09.2026
currency;EUR
PROJECTS
project_id;cost;name;category
S;2400;Spielplatz;sport
B;2700;Bolzplatz;sport
G;1350;Garten;green
T;1800;Trinkbrunnen;green
VOTES
voter_id;vote
1;S,B
2;S,B
3;S,B
4;S,B,G
5;G,T
6;G,T
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "six.pb"
    path.write_text(SIX_PEOPLE, encoding="utf-8")
    return path


def schema(name: str) -> Any:
    return jsonschema_rs.validator_for(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


def run(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    code = main([str(each) for each in argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_prints_a_table(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, file)
    assert code == 0
    assert "4 projects, 6 voters, 6,000 EUR; equal shares, add1 in steps of 1%, then greedy" in " ".join(out.split())
    assert "In the end everybody started with 1,270 EUR after 27 steps." in out
    lines = [line.split()[:4] for line in out.splitlines()]
    assert ["✓", "1", "S", "Spielplatz"] in lines
    assert ["✓", "2", "G", "Garten"] in lines
    assert ["✓", "3", "T", "Trinkbrunnen"] in lines
    assert ["B", "Bolzplatz", "2,700", "4"] in lines
    assert "Funded: 3 of 4 projects for 5,550 EUR; 450 EUR left over." in out
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("options", "selected"),
    [
        (["--rule", "greedy"], ["S", "B"]),
        (["--completion", "none"], ["S", "G"]),
        (["--rule", "phragmen"], ["G", "S", "T"]),
        (["--utility", "cardinality"], ["G", "S", "T"]),
        (["--preset", "wieliczka"], ["S", "B"]),
        (["--preset", "wieliczka", "--no-compare-greedy"], ["S", "G"]),
        (["--rule", "greedy", "--category-budget", "sport=3000"], ["S", "G", "T"]),
        (["--rule", "greedy", "--incompatible", "S,B"], ["S", "G", "T"]),
        (["--rule", "greedy", "--min-votes", "3"], ["S", "B"]),
        (["--rule", "greedy", "--min-share", "60%"], ["S", "B"]),
        (["--completion", "add1", "--step", "200"], ["S", "G"]),
        (["--rule", "greedy", "--ties", "votes,name"], ["B", "S"]),
    ],
)
def test_counts_as_asked(options: list[str], selected: list[str], file: Path, capsys: Any) -> None:
    code, out, _ = run(capsys, "--json", *options, file)
    assert code == 0
    assert json.loads(out)["selected"] == selected


def test_writes_json_after_its_schema(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checked = schema("tally")
    for options in ([], ["--rule", "phragmen"], ["--rule", "greedy"], ["--compare-greedy"], ["--min-votes", "3"]):
        _, out, _ = run(capsys, "--json", *options, file)
        found = json.loads(out)
        assert [str(error) for error in checked.iter_errors(found)] == []
    _, out, _ = run(capsys, "--json", file)
    found = json.loads(out)
    garden = next(each for each in found["projects"] if each["id"] == "G")
    scale = found["election"]["scale"]
    assert (garden["price"], garden["effective_votes"]) == (str(450 * scale), "3")
    assert found["spending"]["deciles"][0] == str(600 * scale)
    found["projects"][0]["cost"] = "2400"
    assert not checked.is_valid(found)


def test_explains(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--explain", "--completion", "none", file)
    assert code == 0
    text = " ".join(out.split())
    assert "2. G Garten, 1,350 EUR 3 people voted for it and paid 475 EUR each; effective votes: 2.8." in text
    assert "1 of them paid less: 400 EUR." in text
    assert "Affordable only at 675 EUR a head; its supporters had 1,200 EUR left: 1,500 EUR was missing." in text
    assert "if it had cost no more than 1,200 EUR, or if 2 people more had voted for it alone." in text
    assert "No group whose share of the budget could have paid for a project was passed over" in text
    assert max(columns(line) for line in out.splitlines()) <= 100


def test_tells_of_those_with_nothing_left(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everybody has 10: two spend all on the first project, so that the others' supporters include the penniless."""
    head = SIX_PEOPLE.partition("S;2400")[0].replace("budget;6000", "budget;30")
    name = "Café mit einem sehr langen Namen, der in gar keine Zeile eines Terminals passt und deshalb gekürzt wird"
    projects = f"A;20;Allee;x\nB;5;Bank;x\nC;14;{name};x\n"
    votes = "1;A\n2;A,B\n3;B,C\n"
    file.write_text(f"{head}{projects}VOTES\nvoter_id;vote\n{votes}", encoding="utf-8")
    text = run(capsys, file, "--explain", "--completion", "none", "--ties", "name")[1]
    assert "2 people voted for it and paid 5 EUR each; effective votes: 1.\n  1 of them had nothing left." in text
    assert "…, 14 EUR\n" in text
    assert run(capsys, file, "--explain", "--rule", "phragmen")[0] == 0


def test_explains_one_project_by_counting_again(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--explain", "--project", "B", "--completion", "none", file)
    assert code == 0
    assert "Bolzplatz" in out
    assert "Spielplatz" not in out
    assert "Counted again, it would have been funded if it had cost no more than 2,400 EUR" in " ".join(out.split())


def test_certifies_and_checks(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "six.json"
    assert run(capsys, file, "--certificate", written, "--seed", "7")[0] == 0
    found = json.loads(written.read_text(encoding="utf-8"))
    assert [str(error) for error in schema("certificate").iter_errors(found)] == []
    code, out, _ = run(capsys, "--check", written, file)
    assert code == 0
    assert (
        "The certificate holds: equal shares, add1 in steps of 1%, then greedy, ties by cost, votes, lot (seed 7)."
        in out
    )
    assert "Funded: S, G, T." in out
    found["pots"][0]["run"]["rounds"][1]["rho"] = "1/2"
    written.write_text(json.dumps(found), encoding="utf-8")
    code, out, _ = run(capsys, "--check", written, file)
    assert code == 1
    assert "round 2: G could not be funded at 1/2" in out
    file.write_text(SIX_PEOPLE.replace("6;G,T", "6;S,B"), encoding="utf-8")
    code, out, _ = run(capsys, "--check", written, file)
    assert (code, "another election" in out) == (1, True)


def test_checks_the_method_too(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "six.json"
    assert run(capsys, file, "--certificate", written, "--completion", "add1", "--step", "1")[0] == 0
    assert run(capsys, "--check", written, file, "--preset", "Assen")[0] == 0
    code, out, _ = run(capsys, "--check", written, file, "--preset", "wieliczka")
    assert (code, out) == (1, "counted by another method: compare_greedy is false, not true\n")


def test_describes_the_whole_method(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What somebody holds against the resolution."""
    options = (
        "--preset wieliczka --exhaustive --integral --no-skip --utility cardinality --min-votes 1 --min-share 2.5% "
        "--min-cost-share 1/3 --category-budget sport=3000 --incompatible G,T --ties lot --seed 3 --step 0.5"
    )
    written = tmp_path / "six.json"
    assert run(capsys, file, "--certificate", written, *options.split())[0] == 0
    assert run(capsys, "--check", written, file)[1].splitlines()[0] == (
        "The certificate holds: equal shares, cardinality utility, add1 in steps of 0.5 EUR, exhaustive, integral, "
        "greedy stops at what does not fit, compared with greedy, at least 1 vote, at least 2.5% of the voters, "
        "at least 1/3 × voters × cost / budget votes, 3,000 EUR for sport at most, one of G/T at most, ties by lot "
        "(seed 3)."
    )


def test_shows_every_step(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "six.json"
    assert run(capsys, file, "--certificate", written)[0] == 0
    assert "Not shown: that no earlier step would have ended it." in run(capsys, "--check", written, file)[1]
    assert run(capsys, file, "--certificate", written, "--every-step")[0] == 0
    found = json.loads(written.read_text(encoding="utf-8"))
    assert [str(error) for error in schema("certificate").iter_errors(found)] == []
    assert len(found["pots"][0]["before"]) == 27
    code, out, _ = run(capsys, "--check", written, file)
    assert (code, "Not shown" in out) == (0, False)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--rule", "nonsense", "{file}"], "--rule"),
        (["{file}", "--project", "S"], "--project goes with --explain"),
        (["{file}", "--explain", "--project", "X"], "there is no such project"),
        (["{file}", "--json", "--explain"], "not allowed with"),
        (["{file}", "--step", "0"], "above 0"),
        (["{file}", "--step", "much"], "'much' is not a number"),
        (["{file}", "--step", "1/0"], "'1/0' is not a number"),
        (["{file}", "--district-budget", "=5"], "NAME=AMOUNT"),
        (["{file}", "--certificate", "{file}.none/x.json"], "six.pb.none/x.json: No such file"),
        (["{file}", "--every-step"], "--every-step goes with --certificate"),
        (["{file}", "--ties", "size"], "size"),
        (["{file}", "--min-share", "many"], "many"),
        (["{file}", "--category-budget", "sport"], "NAME=AMOUNT"),
        (["{file}", "--category-budget", "water=100"], "water"),
        (["{file}", "--incompatible", "S,X"], "there is no project X"),
        (["{file}", "--check", "{file}"], "not JSON"),
        (["{file}", "--utility", "lexicographic"], "rankings"),
        (["{file}.none"], "No such file"),
        (["{file}", "--projects", "{file}"], "only Parquet"),
        (["{file}.parquet"], "Parquet needs --projects"),
        (["{file}", "--engine", "dask://localhost:1"], "--engine is for Parquet"),
        ([], "FILE"),
    ],
)
def test_refuses_what_is_wrong(argv: list[str], said: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *(each.format(file=file) for each in argv))
    assert (code, out) == (2, "")
    assert said in err


def test_says_where_a_file_is_wrong(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(SIX_PEOPLE.replace("4;S,B,G", "4;S,B,Q"), encoding="utf-8")
    certificate = tmp_path / "none.json"
    code, out, err = run(capsys, file, "--certificate", certificate)
    assert (code, out, certificate.exists()) == (2, "", False)
    assert "six.pb" in err
    assert "line 26, column 7: there is no project Q" in err


def test_counts_parquet_alike(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, expected, _ = run(capsys, "--json", file)
    ballots = tmp_path / "ballots.parquet"
    cast = "('S,B'), ('S,B'), ('S,B'), ('S,B,G'), ('G,T'), ('T,G')"
    rows = duckdb.sql(f"SELECT string_split(vote, ',') AS projects FROM (VALUES {cast}) AS cast_(vote)")
    rows.write_parquet(str(ballots))
    head = tmp_path / "projects.pb"
    head.write_text(SIX_PEOPLE.split("1;S,B")[0], encoding="utf-8")
    code, out, err = run(capsys, "--json", ballots, "--projects", head)
    assert code == 0, err
    assert json.loads(out) == json.loads(expected)


class Terminal(io.StringIO):
    """A terminal of any width that can show colours."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [30, 40, 60, 80, 200])
def test_fits_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    election = parse(SIX_PEOPLE.encode()).election()
    shown = Terminal()
    write_table(Page(shown), election, tally(election, Method()), [4, 4, 3, 2])
    rows = [line for line in shown.getvalue().splitlines() if "✓" in line]
    assert len(rows) == 3
    assert all(row.startswith("\x1b[32m") and row.endswith("\x1b[0m") for row in rows)
    lines = shown.getvalue().replace("\x1b[32m", "").replace("\x1b[0m", "").splitlines()
    assert all(columns(line) <= width for line in lines)
    monkeypatch.setenv("NO_COLOR", "1")
    plain = Terminal()
    write_table(Page(plain), election, tally(election, Method()), [4, 4, 3, 2])
    assert "\x1b" not in plain.getvalue()


def test_fits_text_of_any_width() -> None:
    assert fit("Straße", 8) == "Straße  "
    assert fit("Straßenbahn", 6) == "Straß…"
    assert columns(fit("公園公園公園", 5)) == 5
    assert fit("two\nlines\t\x07", 12) == "two lines   "
    assert (bar(1, 4), bar(0, 4), bar(0.5, 4)) == ("████", "    ", "██  ")
    assert bar(0.001, 4) == "▏   "
    assert (bar(0.5, 4, blocks=False), bar(0.3, 4, blocks=False)) == ("##  ", "##  ")


def test_shows_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kursbuch.counting.terminal.PATIENCE", 0.01)
    for stream, expected in ((Terminal(), "\r\x1b[K"), (io.StringIO(), "Counting …\n")):
        with busy("Counting", stream):
            while not stream.getvalue():
                pass
        assert stream.getvalue().startswith("\rCounting … " if stream.isatty() else "Counting …\n")
        assert stream.getvalue().endswith(expected)


def test_speaks_utf8_to_programs(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of another alphabet does not break JSON."""
    file.write_text(SIX_PEOPLE.replace("Garten", "Gärten"), encoding="utf-8")
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    assert main([str(file), "--json"]) == 0
    assert "Gärten" in out.buffer.getvalue().decode("utf-8")


def test_makes_do_with_any_alphabet(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """People read on with question marks where a terminal lacks letters."""
    written = tmp_path / "six.json"
    for arguments in (["--rule", "phragmen", "--certificate", str(written)], ["--check", str(written)]):
        out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        monkeypatch.setattr(sys, "stdout", out)
        assert main([str(file), *arguments]) == 0
        assert b"sequential Phragm?n" in out.buffer.getvalue()


@pytest.mark.parametrize(("count", "said"), [(0, "0 projects, 0 voters"), (1, "1 project, 1 voter,")])
def test_counts_next_to_nothing(count: int, said: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, projects, votes = SIX_PEOPLE.partition("S;2400")[0], "S;2400;Spielplatz;sport\n", "1;S\n"
    file.write_text(f"{head}{projects * count}VOTES\nvoter_id;vote\n{votes * count}", encoding="utf-8")
    code, out, _ = run(capsys, file)
    assert (code, said in out) == (0, True)
    assert run(capsys, file, "--explain")[0] == 0


def test_counts_without_django(file: Path) -> None:
    """As the installed command, in a process of its own that must not load the web application."""
    code = (
        "import sys; sys.argv = ['kursbuch', 'tally', sys.argv[1]]\n"
        "from kursbuch.config.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert stop.code == 0\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'django']\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict"},
    )
    assert done.returncode == 0, done.stderr
    assert ["*", "1", "S", "Spielplatz"] in [line.split()[:4] for line in done.stdout.splitlines()]
    assert "#" in done.stdout
