"""Reading Pabulib files: as the csv module would, but with the place of every mistake."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from tests.domain.voting.pabulib.files import files
from tests.domain.voting.pabulib.slow_reader import Contents, read_slowly
from tests.real_data import parametrize_elections

from kursbuch.domain.voting.election import BallotKind, Election
from kursbuch.domain.voting.pabulib import PabulibError, PabulibFile, parse

NONE = Decimal(0)

SMALL = """META
key;value
description;Six people
num_projects;2
num_votes;3
budget;1000
vote_type;approval
PROJECTS
project_id;cost;name
1;600;Bench
2;800;Tree
VOTES
voter_id;vote
a;1,2
b;1
c;
"""


def counted(election: Election, points_scale: int) -> Counter[Contents]:
    ballots = election.ballots
    found: Counter[Contents] = Counter()
    for index in range(len(ballots)):
        part = slice(ballots.starts[index], ballots.starts[index + 1])
        names = [election.projects[project].id for project in ballots.projects[part]]
        points = [NONE] * len(names)
        if ballots.points is not None:
            points = [Decimal(point) / points_scale for point in ballots.points[part].tolist()]
        district = -1 if ballots.districts is None else int(ballots.districts[index])
        found[tuple(zip(names, points, strict=True)), election.districts[district] if district >= 0 else ""] += int(
            ballots.weights[index]
        )
    return found


def agree(data: bytes) -> PabulibFile:
    """Check what the fast reader says against the csv module; points may be scaled by up to a hundred."""
    slow = read_slowly(data)
    file = parse(data)
    election = file.election()
    assert file.meta == slow["meta"]
    costs = [Decimal(project["cost"].replace(",", ".")) * election.scale for project in slow["projects"]]
    assert [(each.id, each.cost) for each in election.projects] == [
        (project["project_id"], cost) for project, cost in zip(slow["projects"], costs, strict=True)
    ]
    assert election.budget == Decimal(slow["meta"]["budget"].replace(",", ".")) * election.scale
    assert any(counted(election, 10**decimals) == slow["votes"] for decimals in range(3))
    return file


@given(files())
def test_reading_agrees_with_the_csv_module(data: bytes) -> None:
    file = agree(data)
    assert file.warnings == ()
    for project, said in zip(file.projects, read_slowly(data)["projects"], strict=True):
        assert (project.name, project.district) == (said["name"], said["district"])


@parametrize_elections()
def test_real_elections_are_read_as_the_csv_module_reads_them(path: Path) -> None:
    data = path.read_bytes()
    file = agree(data)
    assert file.warnings == ()
    votes = file.column("votes")
    people: Counter[str] = Counter()
    for (named, _district), weight in counted(file.election(), 1).items():
        people.update(dict.fromkeys([name for name, _points in named], weight))
    differing = [each for each in votes if int(votes[each]) != people[each]]
    assert len(differing) <= len(votes) // 2, differing


def test_all_metadata_are_there() -> None:
    text = SMALL.replace("600;Bench", "600.50;Bench").replace("name\n", "name;category;target;district;x\n")
    text = text.replace("Bench", "Bench;green, play;none;North;7").replace("Tree", "Tree;;young,old;;8")
    file = parse(text.replace("vote_type", "currency;EUR\nmy key;my value\nvote_type").encode())
    election = file.election()
    assert (election.title, election.currency, election.budget, election.scale) == ("Six people", "EUR", 10000, 10)
    bench, tree = election.projects
    assert (bench.cost, bench.categories, bench.targets, bench.district) == (6005, ("green", "play"), (), "North")
    assert (tree.categories, tree.targets, tree.district) == ((), ("young", "old"), "")
    assert election.districts == ("North",)
    assert file.meta["my key"] == "my value"
    assert file.column("x") == {"1": "7", "2": "8"}
    assert file.column("selected") == {}


def test_budgets_of_categories_are_scaled_with_the_costs() -> None:
    text = SMALL.replace("600", "600.25").replace(
        "PROJECTS", "categories;a, b\nbudget_per_category;300,200.5\nPROJECTS"
    )
    assert parse(text.encode()).category_budgets == {"a": 30000, "b": 20050}
    with pytest.raises(ValueError, match="finer"):
        _ = parse(text.replace("600.25", "600").encode()).category_budgets
    assert parse(SMALL.encode()).category_budgets == {}


@pytest.mark.parametrize("default", ["9" * 10, "0." + "0" * 9 + "1", "9" * 5000, "x"])
def test_default_scores_stay_small(default: str) -> None:
    text = SMALL.replace("approval", "scoring").replace("PROJECTS", f"default_score;{default}\nPROJECTS")
    with pytest.raises(PabulibError, match=r"line 8, column 15: default_score (is|has) "):
        parse(text.encode())


def test_projects_left_out_get_the_default_score() -> None:
    text = SMALL.replace("approval", "scoring").replace("PROJECTS", "default_score;0.5\nPROJECTS")
    text = text.replace("vote\na;1,2\nb;1\nc;", "vote;points\na;1,2;3,-1\nb;1;0.25\nc;;")
    election = parse(text.encode()).election()
    assert counted(election, 100) == {
        ((("1", Decimal(3)), ("2", Decimal(-1))), ""): 1,
        ((("1", Decimal("0.25")), ("2", Decimal("0.5"))), ""): 1,
        ((("1", Decimal("0.5")), ("2", Decimal("0.5"))), ""): 1,
    }


def test_files_may_differ_from_what_they_say_of_themselves() -> None:
    text = SMALL.replace("num_votes;3", "num_votes;4").replace("num_projects;2", "num_projects;x")
    file = parse(text.replace("b;1", "a;1").encode())
    assert file.warnings == (
        "num_projects says x, but there are 2",
        "num_votes says 4, but there are 3",
        "1 votes have the voter_id of another vote",
    )


def test_two_halves_of_many_votes_are_read_alike() -> None:
    rows = "".join(f"{number};{number % 2 + 1}\n" for number in range(30_000))
    text = SMALL.replace("a;1,2\nb;1\nc;\n", rows).replace("num_votes;3", "num_votes;30000")
    file = parse(text.encode())
    assert (file.warnings, file.votes.ballots.weights.tolist()) == ((), [15000, 15000])
    quoted = parse(text.replace("\n29999;", '\n"29""999";').encode())
    assert quoted.votes.ballots.weights.tolist() == [15000, 15000]
    with pytest.raises(PabulibError) as mistake:
        parse(text.replace("\n29998;1\n", "\n29998;1,3\n").encode())
    assert (mistake.value.line, mistake.value.column) == (30_012, 9)


def test_an_unknown_section_may_follow_the_votes() -> None:
    file = parse((SMALL + "NOTES\nwhatever; stands here;\n").encode())
    assert file.votes.ballots.voters == 3
    assert [table.name for table in file.tables] == ["META", "PROJECTS", "NOTES"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("META", "Meta data", "line 1, column 1: a section is expected: META, PROJECTS or VOTES"),
        ("key;value\n", "key\n", "line 2, column 1: META has no line that names its columns"),
        ("budget;1000", "budgets;1000", "line 1, column 1: META does not say budget"),
        ("budget;1000", "budget;1e3", "line 6, column 8: budget is not a number: '1e3'"),
        ("budget;1000", "budget;-1", "line 6, column 8: budget is negative"),
        ("budget;1000", "budget", "line 6, column 1: the field value is missing"),
        ("budget;1000", "budget;1;2", "line 6, column 10: there are more fields than 2 columns"),
        ("budget;1000", "budget;" + "9" * 19, "line 6, column 8: budget is too large"),
        ("budget;1000", f"budget;{2**62}", "line 6, column 8: budget is too large"),
        ("budget;1000", f"budget;{2**62 - 1}", "line 8, column 1: the amounts are too large for 62 bits"),
        ("1;600", "1;" + "9" * 19, "line 8, column 1: the amounts are too large for 62 bits"),
        ("budget;1000", "budget;" + "9" * 5000, "line 6, column 8: budget is too large"),
        ("1;600", "1;0." + "0" * 5000 + "1", "line 10, column 3: cost has more than 9 decimals"),
        ("key;value\n", "", "line 2, column 1: the columns of META are not key and value"),
        ("cost;name", "cost;cost", "line 9, column 17: the column cost stands twice"),
        (";vote\n", ";vote;vote\n", "line 13, column 15: the column vote stands twice"),
        ("num_votes;3", "budget;3", "line 6, column 1: budget stands twice"),
        ("approval", "veto", "line 7, column 11: vote_type is none of "),
        ("PROJECTS", "projets", "line 8, column 1: the field value is missing"),
        ("PROJECTS", "PROJETS", "line 8, column 1: there is no section PROJECTS before the votes"),
        ("PROJECTS", "META", "line 8, column 1: META stands twice"),
        ("_id;cost", "_id;price", "line 9, column 1: there is no column cost"),
        ("1;600;Bench", "1;;Bench", "line 10, column 3: cost is not a number: ''"),
        ("1;600;Bench", "1;0;Bench", "line 10, column 3: cost is not positive"),
        ("1;600;Bench", ";600;Bench", "line 10, column 1: project_id is empty"),
        ("1;600;Bench", "1,5;600;Bench", "line 10, column 1: project_id contains a comma: '1,5'"),
        ("2;800", "1;800", "line 11, column 1: the project 1 stands twice"),
        ("1;600;Bench", '1;600;"Bänke"x', "line 10, column 14: there is text after a closing quotation mark"),
        ("1;600;Bench", '1;600;"Bench', "line 10, column 7: this quotation mark is never closed"),
        ("1;600;Bench", "1;600;\udcff", "line 10, column 7: this is not UTF-8 text"),
        ("VOTES", "VOTE", "line 17, column 1: there is no section VOTES"),
        (";vote\n", ";votes\n", "line 13, column 1: there is no column vote"),
        ("voter_id", "voter", "line 13, column 1: there is no column voter_id"),
        ("a;1,2", "ä;1, 33", "line 14, column 6: there is no project 33"),
        ("a;1,2", "a;1,2,1", "line 14, column 7: the vote names the project 1 twice"),
        ("a;1,2", "a;1,,2", "line 14, column 5: a project's id is missing between commas"),
        ("a;1,2", "a;1,", "line 14, column 5: a project's id is missing between commas"),
        ("a;1,2", "a;1;2", "line 14, column 5: there are more fields than 2 columns"),
        ("a;1,2", "a", "line 14, column 2: the field vote is missing"),
        ("a;1,2", 'a;"1,2', "line 14, column 3: a quotation mark is not closed at the end of its field"),
        ("c;\n", "c;\nVOTES\nvoter_id;vote\n", "line 17, column 1: VOTES stands twice"),
        ("c;\n", "c;\nMETA\nkey;value\n", "line 17, column 1: META must precede VOTES"),
        (
            "voter_id;vote\na;1,2",
            "voter_id;vote;weight\na;1;0",
            "line 14, column 5: this is not a whole number above zero",
        ),
        (
            "voter_id;vote\na;1,2",
            "voter_id;vote;weight\na;1;",
            "line 14, column 5: this is not a whole number above zero",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(old: str, new: str, complaint: str) -> None:
    assert old in SMALL
    with pytest.raises(PabulibError) as mistake:
        parse(SMALL.replace(old, new, 1).encode(errors="surrogateescape"))
    assert str(mistake.value).startswith(complaint)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("a;1,2;1", "line 14, column 1: there are not as many points as projects in the vote"),
        ("a;1;1,2", "line 14, column 1: there are not as many points as projects in the vote"),
        ("a;1;x", "line 14, column 5: this is not a number"),
        ("a;1,2;1,", "line 14, column 9: this is not a number"),
        ("a;1;1 2", "line 14, column 5: this is not a number"),
        ("a;1;" + "9" * 30, "line 14, column 5: this number is too large"),
        ("a;1;0.0000000001", "line 14, column 5: this number has more than 9 decimals"),
    ],
)
def test_mistakes_in_points_are_named_with_their_place(row: str, complaint: str) -> None:
    text = SMALL.replace("approval", "cumulative").replace(
        "voter_id;vote\na;1,2\nb;1\nc;", f"voter_id;vote;points\n{row}"
    )
    with pytest.raises(PabulibError) as mistake:
        parse(text.encode())
    assert str(mistake.value) == complaint


def test_a_vote_for_one_project_names_no_second() -> None:
    with pytest.raises(PabulibError, match="line 14, column 5: the vote names more than one project"):
        parse(SMALL.replace("approval", "choose-1").encode())
    one = parse(SMALL.replace("approval", "choose-1").replace("1,2", "1").encode())
    assert (one.kind, one.votes.ballots.voters) == (BallotKind.CHOOSE_ONE, 3)


def test_districts_of_voters_must_be_text() -> None:
    """Names that cannot be read might be two names."""
    text = SMALL.replace("cost;name", "cost;district").replace("vote\na;1,2\nb;1\nc;", "vote;district\na;1;\udcc4")
    with pytest.raises(PabulibError, match="line 14, column 5: this is not UTF-8 text"):
        parse(text.encode(errors="surrogateescape"))


def test_weights_must_add_up() -> None:
    rows = "".join(f"{voter};1;{10**18 - 1}\n" for voter in range(5))
    with pytest.raises(PabulibError, match="line 13, column 1: the weights add up to more than 62 bits hold"):
        parse(SMALL.replace("vote\na;1,2\nb;1\nc;\n", "vote;weight\n" + rows).encode())


def test_a_section_that_the_format_does_not_know_is_told_of() -> None:
    """Or else a vote without its second field would take all that follow it away."""
    file = parse(SMALL.replace("b;1", "B").encode())
    assert file.votes.ballots.voters == 1
    assert file.warnings == (
        "the section B is none of META, PROJECTS, VOTES: its lines are carried along, not counted",
        "num_votes says 3, but there are 1",
    )


@pytest.mark.parametrize("amounts", ["300", "300,x", "300,-1", "300,1e999999999", "300,nan", "1/2,3", "300,0.123", ""])
def test_budgets_of_categories_that_are_none_are_refused(amounts: str) -> None:
    text = SMALL.replace("PROJECTS", f"categories;a, b\nbudget_per_category;{amounts}\nPROJECTS")
    with pytest.raises(ValueError, match="budget_per_category"):
        _ = parse(text.encode()).category_budgets
