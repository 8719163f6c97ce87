"""Elements over the interface: as of any day, in parts, translated, retired, proved; editions and what differs."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.api.conftest import Story, get, read
from tests.strategy.reading_story import adopt_changes, at

from kursbuch.domain.framework.changes import Retire, apply
from kursbuch.domain.framework.codec import changes_from_json, element_from_json
from kursbuch.domain.framework.digest import Level, Proof, digest, verify_proof
from kursbuch.kit import clock
from kursbuch.strategy.models import Edition
from kursbuch.strategy.queries import load_edition


def keys(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["key"] for item in answer["items"]]


def test_reads_the_strategy_as_of_a_day(story: Story, visitor: Client) -> None:
    assert keys(read(visitor, "/elements?on=2020-12-31")) == ["L1", "M001", "M002", "L2"]
    assert keys(read(visitor, "/elements?on=2022-06-01")) == ["L1", "L2", "M001"]
    assert read(visitor, "/elements?edition=2")["edition"]["in_force_from"] == "2021-04-01"
    assert read(visitor, "/elements")["edition"]["number"] == "3"


def test_filters_by_kind_and_place(story: Story, visitor: Client) -> None:
    assert keys(read(visitor, "/elements?edition=1&kind=measure")) == ["M001", "M002"]
    below = read(visitor, "/elements?edition=1&below=L1")
    assert keys(below) == ["L1", "M001", "M002"]
    assert [item["parent"] for item in below["items"]] == [None, "L1", "L1"]
    assert get(visitor, "/elements?below=M999").status_code == 404
    assert get(visitor, "/elements?kind=nothing").status_code == 404


def test_gives_renditions(story: Story, visitor: Client) -> None:
    english = {item["key"]: item["rendition"] for item in read(visitor, "/elements?edition=4&language=en")["items"]}
    assert english["M001"] == {
        "language": "en",
        "fields": {"title": "Trees"},
        "stale": False,
        "reviewed": False,
        "translator": "Übersetzungsbüro",
    }
    assert english["L1"] is None
    one = read(visitor, "/elements/M001?edition=4")
    assert {rendition["language"] for rendition in one["renditions"]} == {"en", "de-simple"}
    assert read(visitor, "/elements/M001?edition=1")["renditions"] == []  # written for a later version


def test_parts_stay_in_the_edition_they_began_with(story: Story, visitor: Client) -> None:
    whole = keys(read(visitor, "/elements"))
    first = read(visitor, "/elements?limit=1")
    with clock.at(at("2024-01-01")):
        adopt_changes(story.strategy, story.cast, [Retire("L1")], "Weg damit", "2024-01-01", "2099-01-02")
    found = keys(first)
    following = first["next"]
    with clock.at(at("2099-06-01")):
        while following:
            answer = read(visitor, following.partition("/api/v1")[2])
            assert answer["edition"] == first["edition"]
            found += keys(answer)
            following = answer["next"]
        assert keys(read(visitor, "/elements")) == ["L2", "M001"]
    assert found == whole


def test_shows_one_element_with_its_past(story: Story, visitor: Client) -> None:
    element = read(visitor, "/elements/M001")
    assert [one["key"] for one in element["above"]] == ["L2"]
    assert [(one["since_edition"], one["until_edition"]) for one in element["versions"]] == [
        ("1", "2"),
        ("2", "3"),
        ("3", "4"),
        ("4", None),
    ]
    assert element["alignments"][0]["id"] == "sdg:11.7"
    assert set(element["alignments"][0]["labels"]) == {"de", "en"}
    assert story.waiting.pk in {one["id"] for one in element["amendments"]}
    assert "Geheimer Entwurf" not in get(visitor, "/elements/M001").content.decode()
    assert element["url"] == "http://testserver/M001/"


def test_says_what_replaced_a_retired_element(story: Story, visitor: Client) -> None:
    response = get(visitor, "/elements/M002")
    assert response.status_code == 410
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["replaced_by"] == ["M001"]  # type: ignore[attr-defined]
    assert read(visitor, "/elements/M002?edition=2")["key"] == "M002"


@pytest.mark.parametrize("path", ["/elements/M900", "/elements/m1", "/elements?edition=9", "/elements?on=1999-01-01"])
def test_knows_nothing_of_what_never_was(story: Story, visitor: Client, path: str) -> None:
    response = get(visitor, path)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_day_and_edition_must_agree(story: Story, visitor: Client) -> None:
    assert read(visitor, "/elements?edition=1&on=2020-12-31")["edition"]["number"] == "1"
    assert get(visitor, "/elements?edition=1&on=2022-12-31").status_code == 404


def test_proves_an_element(story: Story, visitor: Client) -> None:
    answer = read(visitor, "/elements/M001/proof?edition=2")
    path = answer["proof"]
    levels = tuple(Level(one["content"], tuple(one["left"]), tuple(one["right"])) for one in path["levels"])
    proof = Proof("M001", tuple(path["children"]), levels, tuple(path["left"]), tuple(path["right"]))
    element = element_from_json(answer["element"])
    assert verify_proof(answer["edition"]["digest"], element, proof)
    assert not verify_proof("0" * 64, element, proof)


def test_differences_can_be_applied_again(story: Story, visitor: Client) -> None:
    answer = read(visitor, "/differences?from=1&to=2022-12-31")
    assert (answer["before"]["number"], answer["after"]["number"]) == ("1", "3")
    assert answer["summary"]["retired"] == {"measure": 1}
    before = load_edition(Edition.objects.get(strategy=story.strategy, number="1")).tree
    after = apply(before, changes_from_json(answer["changes"]))
    assert digest(after) == answer["after"]["digest"]


def test_differences_lead_to_today_unless_told(story: Story, visitor: Client) -> None:
    assert read(visitor, "/differences?from=3") == read(visitor, "/differences?from=3&to=3")
    assert read(visitor, "/differences?from=3")["changes"] == []


def test_lists_editions_with_their_status(story: Story, visitor: Client) -> None:
    editions = read(visitor, "/editions")["items"]
    assert [(one["number"], one["status"]) for one in editions] == [
        ("4", "future"),
        ("3", "in_force"),
        ("2", "past"),
        ("1", "past"),
    ]
    assert editions[2]["in_force_until"] == "2022-05-31"
    assert editions[2]["decision"]["paper"] == "Vorlage 7"
    one = read(visitor, "/editions/2")
    assert [amendment["title"] for amendment in one["amendments"]] == ["Mehr Bäume"]
    with clock.at(at("2099-01-02")):
        assert read(visitor, "/strategy")["edition"]["number"] == "4"
    assert read(visitor, "/strategy")["edition"]["in_force_from"] == date(2022, 6, 1).isoformat()
