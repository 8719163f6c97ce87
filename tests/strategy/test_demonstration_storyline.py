"""The storyline of the demonstration can really be played, by the right people, to an amendment in every state."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pytest
from tests.strategy.demonstration_files import EVENTS, OFFICES, PEOPLE, RATINGS, STRATEGY, Play, amends

# Who may do what, as the services see it.
ROLES = {
    "amend": {"resident", "office"},
    "comment": {"resident", "office", "editor"},
    "follow": {"resident", "office", "editor", "clerk"},
    "withdraw": {"resident", "office"},
    "translate": {"office", "editor"},
    "discuss": {"editor"},
    "split": {"editor"},
    "recommend": {"editor"},
    "correct": {"editor"},
    "decide": {"clerk", "editor"},
    "adopt": {"clerk", "editor"},
}
REQUIRED = {
    "amend": {"id", "title", "rationale", "changes", "submit"},
    "comment": {"on", "id", "text"},
    "follow": {"thing"},
    "withdraw": {"on", "reason"},
    "translate": {"element", "language", "fields", "translator", "reviewed"},
    "discuss": {"on"},
    "split": {"on", "take", "id"},
    "recommend": {"on", "kind", "reason"},
    "correct": {"changes", "reason"},
    "decide": {"on", "result", "decision"},
    "adopt": {"amendments", "decision", "in_force_from", "summary"},
}


def test_tells_events_in_order_of_time() -> None:
    times = [datetime.fromisoformat(event["at"]) for event in EVENTS]
    assert times[0].date() > STRATEGY["edition"]["in_force_from"]
    assert all(earlier < later for earlier, later in pairwise(times))


@pytest.mark.parametrize("event", EVENTS, ids=[f"{event['at']} {event['do']}" for event in EVENTS])
def test_lets_the_right_person_act(event: dict[str, Any]) -> None:
    assert PEOPLE[event["by"]]["role"] in ROLES[event["do"]]
    assert event.keys() >= REQUIRED[event["do"]]


def test_casts_invented_people_in_every_role() -> None:
    assert {person["role"] for person in PEOPLE.values()} == {"resident", "office", "editor", "clerk", "admin"}
    assert all(person["email"].endswith("@kursbuch.example") for person in PEOPLE.values())
    assert all(person["office"] in OFFICES for person in PEOPLE.values() if person["role"] == "office")
    assert any("group" in person for person in PEOPLE.values())


def test_marks_everything_invented() -> None:
    for event in EVENTS:
        if "decision" in event:
            assert event["decision"]["source"] == "Veranschaulichung"
        if event["do"] == "adopt":
            assert event["summary"]["de"].startswith("Veranschaulichung: ")
            assert event["summary"]["en"].startswith("Illustration: ")
        for change in event.get("changes", []):
            if "add" in change:
                assert "*Veranschaulichung: " in change["fields"]["text"]


def test_gives_ratings_to_invented_measures_only() -> None:
    added = [change for event in amends() for change in event["changes"] if change.get("add") == "measure"]
    assert len(added) >= 3
    assert all(change["fields"].keys() >= RATINGS for change in added)


@pytest.fixture(scope="module")
def play() -> Play:
    return Play()


def test_adopts_five_editions_and_a_correction(play: Play) -> None:
    assert [number for number, _ in play.editions] == ["1", "2", "2.1", "3", "4", "5"]
    assert play.editions[-1][1] == date(2027, 1, 1)
    adoptions = [event for event in EVENTS if event["do"] == "adopt"]
    assert date.fromisoformat(adoptions[-1]["at"][:10]) < adoptions[-1]["in_force_from"]


def test_leaves_amendments_in_every_state(play: Play) -> None:
    assert len(play.states) >= 14
    assert set(play.states.values()) == {
        "draft",
        "submitted",
        "in_discussion",
        "recommended",
        "decided",
        "in_force",
        "rejected",
        "withdrawn",
        "already_in_force",
        "in_conflict",
    }
    waiting = {kind for name, kind in play.kinds_of_recommendation.items() if play.states[name] == "recommended"}
    assert waiting == {"accept", "accept_modified", "reject"}
    assert play.states["wlan"] == "rejected"
    assert play.states["wlan-teil"] == "in_force"


def test_touches_many_kinds_of_fields_in_force(play: Play) -> None:
    done = [change for name, state in play.states.items() if state == "in_force" for change in play.changes[name]]
    fields = {change["field"] for change in done if "revise" in change}
    assert fields >= {"text", "quantity", "budget", "period", "place", "office", "target", "alignments"}
    assert {"add", "move", "retire"} <= {name for change in done for name in change}


def test_ends_with_the_expected_strategy(play: Play) -> None:
    assert play.tree["W02"]["fields"]["target"]["value"] == 75
    assert play.tree["M013"]["parent"] == "F03"
    assert play.tree["M011"]["parent"] == "F19"
    assert "M002" not in play.tree
    assert "zuletzt geprüft" in play.tree["M005"]["fields"]["text"]
    assert "Open-Data-Portal" in play.tree["M005"]["fields"]["text"]
    assert play.tree["M024"]["fields"]["title"] == "Anmelden mit der BundID"


def test_lets_people_talk(play: Play) -> None:
    assert len(play.comments) >= 10
    assert any(event.get("reply_to") for event in EVENTS)


def test_leaves_some_renditions_behind_the_original(play: Play) -> None:
    revised = {
        change["revise"]
        for name, state in play.states.items()
        if state == "in_force"
        for change in play.changes[name]
        if change.get("field") in {"title", "text"}
    }
    redone = {event["element"] for event in EVENTS if event["do"] == "translate"}
    assert "M013" in redone
    assert {"M003", "M005", "M007", "W01"} <= revised - redone
