"""Writing Pabulib files: what nobody changed stays as it was, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.voting.elections import elections
from tests.domain.voting.pabulib.files import files
from tests.domain.voting.pabulib.slow_reader import read_slowly
from tests.domain.voting.pabulib.test_read_pabulib import SMALL
from tests.domain.voting.test_group_ballots import same
from tests.real_data import parametrize_elections

from kursbuch.domain.voting.arrangement import arranged
from kursbuch.domain.voting.election import BallotKind, Election, Project
from kursbuch.domain.voting.grouping import group
from kursbuch.domain.voting.pabulib import file_of, parse, write


@given(files())
def test_what_was_read_is_written_as_it_was(data: bytes) -> None:
    assert write(parse(data)) == data


@parametrize_elections()
def test_real_elections_are_written_as_they_were(path: Path) -> None:
    data = path.read_bytes()
    assert write(parse(data)) == data


def test_unknown_sections_columns_and_keys_are_written_as_they_were() -> None:
    text = "\ufeff\n" + SMALL.replace("PROJECTS", "x y; 1 \nSIGNATURES \nwho;\r\nwhere\n\nPROJECTS\t") + "NOTES\n;;\n"
    assert write(parse(text.encode())) == text.encode()


@given(files(), st.data())
def test_a_change_touches_its_own_rows_only(data: bytes, choice: st.DataObject) -> None:
    file = parse(data)
    chosen = choice.draw(st.sets(st.sampled_from([project.id for project in file.projects])))
    changed = write(file.with_meta({"description": "new; new", "made_by": None, "rule": "mes"}).with_selected(chosen))
    before, after = read_slowly(data), read_slowly(changed)
    expected = {key: value for key, value in before["meta"].items() if key != "made_by"}
    assert after["meta"] == expected | {"description": "new; new", "rule": "mes"}
    assert {project["project_id"] for project in after["projects"] if project.pop("selected") == "1"} == chosen
    assert (after["projects"], after["votes"]) == (before["projects"], before["votes"])
    votes = data[data.index(b"VOTES") :]
    assert changed.endswith(votes)


def test_changing_back_restores_the_value() -> None:
    file = parse(SMALL.encode()).with_column("name", {"1": "Bank", "2": "Tree"})
    assert write(file) == SMALL.replace("Bench", "Bank").encode()
    assert write(parse(write(file)).with_column("name", {"1": "Bench", "2": "Tree"})) == SMALL.encode()


def test_a_new_column_stands_behind_the_others_in_rows_that_end_in_semicolons() -> None:
    file = parse(SMALL.replace("Bench", "Bench;;").encode()).with_selected({"1"})
    assert parse(write(file)).column("selected") == {"1": "1", "2": "0"}


def test_what_is_counted_by_cannot_be_changed() -> None:
    file = parse(SMALL.encode())
    with pytest.raises(ValueError, match="budget cannot be changed"):
        file.with_meta({"budget": "1"})
    with pytest.raises(ValueError, match="cost cannot be changed"):
        file.with_column("cost", {"1": "1", "2": "1"})
    with pytest.raises(ValueError, match="no name for the project 2"):
        file.with_column("name", {"1": "Bank"})


@given(elections(), st.booleans())
def test_an_election_is_read_back_as_it_was(election: Election, weighted: bool) -> None:
    data = write(file_of(election, {"language": "de"}, weighted=weighted, selected=[0]))
    file = parse(data)
    assert file.warnings == ()
    assert file.meta["language"] == "de"
    assert file.column("selected")[election.projects[0].id] == "1"
    again = file.election()
    assert (again.projects, again.budget, again.scale) == (election.projects, election.budget, election.scale)
    assert same(again.ballots, arranged(election.ballots))


def test_districts_decimals_and_quotation_marks_are_read_back() -> None:
    projects = (
        Project('a"1', 1250, "Bench; big", ("green", "play"), ("young",), 'No"rth'),
        Project("ß 2", 1, "Tree", (), (), ""),
    )
    ballots = group(BallotKind.APPROVAL, [0, 2, 3, 3], [0, 1, 1], weights=[2, 1, 3], districts=[0, -1, 1])
    election = Election(projects, ballots, 100_005, 100, "EUR", ('No"rth', "South"), "Six")
    again = parse(write(file_of(election))).election()
    assert (again.projects, again.budget, again.scale, again.currency) == (projects, 100_005, 100, "EUR")
    assert (again.districts, again.title) == (election.districts, "Six")
    assert same(again.ballots, arranged(ballots))


@pytest.mark.parametrize(("project", "scale"), [("a,b", 1), (" a", 1), ("", 1), ("a", 60)])
def test_what_the_format_cannot_hold_is_refused(project: str, scale: int) -> None:
    election = Election((Project(project, 1),), group(BallotKind.APPROVAL, [0, 1], [0]), 1, scale)
    with pytest.raises(ValueError, match=r"cannot be a project's id|is no number of decimals"):
        file_of(election)
