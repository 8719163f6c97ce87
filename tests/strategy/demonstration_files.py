"""The demonstration's two files as plain data, and a play of the storyline on dictionaries, for the tests of both."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any

import yaml

from kursbuch.domain.framework.markup import canonical
from kursbuch.domain.framework.schema import Schema

FOLDER = resources.files("kursbuch.strategy").joinpath("demonstration")
SOURCE = FOLDER.joinpath("gelsenkirchen.yaml").read_text(encoding="utf-8")
STRATEGY = yaml.safe_load(SOURCE)
STORY = yaml.safe_load(FOLDER.joinpath("storyline.yaml").read_text(encoding="utf-8"))
EVENTS = STORY["events"]
PEOPLE = {person["id"]: person for person in STORY["people"]}
OFFICES = {office["id"] for office in STRATEGY["offices"]}
SCHEMA = Schema.from_data(STRATEGY["kinds"])
RATINGS = {"importance", "urgency", "precision", "feasibility"}
NOT_FIELDS = {"key", "kind", "elements", "renditions"}


def walk(elements: list[dict[str, Any]], parent: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for element in elements:
        yield parent, element
        yield from walk(element.get("elements", []), element["key"])


ELEMENTS = {element["key"]: element for _, element in walk(STRATEGY["elements"])}


def amends() -> list[dict[str, Any]]:
    return [event for event in EVENTS if event["do"] == "amend"]


class Play:
    """Plays the story on plain dictionaries: what the services will do, checked without them."""

    def __init__(self) -> None:
        self.tree: dict[str, dict[str, Any]] = {
            element["key"]: {
                "kind": element["kind"],
                "parent": parent,
                "fields": {name: value for name, value in element.items() if name not in NOT_FIELDS},
            }
            for parent, element in walk(STRATEGY["elements"])
        }
        self.used = set(self.tree)
        self.editions: list[tuple[str, date]] = [("1", STRATEGY["edition"]["in_force_from"])]
        self.states: dict[str, str] = {}
        self.kinds_of_recommendation: dict[str, str] = {}
        self.history: dict[str, list[str]] = {}
        self.changes: dict[str, list[dict[str, Any]]] = {}
        self.authors: dict[str, str] = {}
        self.comments: set[str] = set()
        for event in EVENTS:
            getattr(self, event["do"])(event)

    def to(self, name: str, state: str, *allowed: str) -> None:
        assert self.states.get(name, "") in allowed, f"{name} is {self.states.get(name)}, not one of {allowed}"
        self.states[name] = state
        self.history.setdefault(name, []).append(state)

    def amend(self, event: dict[str, Any]) -> None:
        for change in event["changes"]:
            self.check(change)
        self.changes[event["id"]] = copy.deepcopy(event["changes"])
        self.authors[event["id"]] = event["by"]
        self.to(event["id"], "submitted" if event["submit"] else "draft", "")

    def discuss(self, event: dict[str, Any]) -> None:
        self.to(event["on"], "in_discussion", "submitted")

    def comment(self, event: dict[str, Any]) -> None:
        assert self.states[event["on"]] in {"submitted", "in_discussion", "recommended", "in_conflict"}
        assert event["id"] not in self.comments
        assert event.get("reply_to") is None or event["reply_to"] in self.comments
        self.comments.add(event["id"])

    def split(self, event: dict[str, Any]) -> None:
        changes = self.changes[event["on"]]
        taken = [changes[index] for index in event["take"]]
        self.changes[event["on"]] = [change for index, change in enumerate(changes) if index not in event["take"]]
        assert taken
        assert self.changes[event["on"]]
        self.changes[event["id"]] = taken
        self.to(event["id"], self.states[event["on"]], "")
        assert self.states[event["on"]] in {"submitted", "in_discussion", "recommended"}

    def recommend(self, event: dict[str, Any]) -> None:
        self.to(event["on"], "recommended", "submitted", "in_discussion")
        self.kinds_of_recommendation[event["on"]] = event["kind"]
        assert ("changes" in event) == (event["kind"] == "accept_modified")
        for change in event.get("changes", []):
            self.check(change)
        self.changes[event["on"]] = copy.deepcopy(event.get("changes", self.changes[event["on"]]))

    def decide(self, event: dict[str, Any]) -> None:
        for name in event["on"]:
            self.to(name, "decided" if event["result"] == "accepted" else "rejected", "recommended")

    def withdraw(self, event: dict[str, Any]) -> None:
        assert self.authors[event["on"]] == event["by"]
        self.to(event["on"], "withdrawn", "draft", "submitted", "in_discussion", "recommended", "in_conflict")

    def adopt(self, event: dict[str, Any]) -> None:
        for name in event["amendments"]:
            assert self.kinds_of_recommendation[name] != "reject"
            self.to(name, "in_force", "recommended", "decided")
            for change in self.changes[name]:
                self.check(change)
                self.apply(change)
        assert event["decision"]["day"] <= event["in_force_from"]
        assert self.editions[-1][1] < event["in_force_from"]
        self.editions.append((str(int(self.editions[-1][0].split(".")[0]) + 1), event["in_force_from"]))
        self.rebase()

    def correct(self, event: dict[str, Any]) -> None:
        for change in event["changes"]:
            assert "replace" in change
            self.check(change)
            self.apply(change)
        major, _, minor = self.editions[-1][0].partition(".")
        self.editions.append((f"{major}.{int(minor or 0) + 1}", date.fromisoformat(event["at"][:10])))
        self.rebase()

    def translate(self, event: dict[str, Any]) -> None:
        assert event["element"] in self.tree

    def follow(self, event: dict[str, Any]) -> None:
        kind, _, key = event["thing"].partition(":")
        assert kind in self.states or (kind == "element" and key in self.tree)

    def rebase(self) -> None:
        """Carries what is pending onto the new edition: it fits, it is there already, or it collides."""
        for name, state in list(self.states.items()):
            if state in {"in_force", "rejected", "withdrawn", "already_in_force", "in_conflict"}:
                continue
            fates = [self.fate(change) for change in self.changes[name]]
            if set(fates) == {"there"}:
                self.to(name, "already_in_force", state)
            elif "collides" in fates:
                self.to(name, "in_conflict", state)

    def fate(self, change: dict[str, Any]) -> str:
        if "retire" in change:
            return "fits" if change["retire"] in self.tree else "there"
        if "revise" in change and change["revise"] not in self.tree:
            return "collides"
        if "replace" in change:
            text = self.tree[change["revise"]]["fields"][change["field"]]
            return "there" if change["with"] in text else "fits" if text.count(change["replace"]) == 1 else "collides"
        if "to" in change:
            return "there" if self.tree[change["revise"]]["fields"].get(change["field"]) == change["to"] else "fits"
        return "fits"

    def check(self, change: dict[str, Any]) -> None:
        """Raises when the change does not fit the tree as it stands, or its value makes no sense."""
        if "revise" in change:
            element = self.tree[change["revise"]]
            if "replace" in change:
                text = element["fields"][change["field"]]
                assert text.count(change["replace"]) == 1, change
                value = text.replace(change["replace"], change["with"])
                assert canonical(value) == value
            else:
                value = change["to"]
                assert value != element["fields"].get(change["field"]), change
            SCHEMA.value(element["kind"], change["field"], value)
            assert change["field"] != "office" or value in OFFICES
        elif "retire" in change:
            assert change["retire"] in self.tree
            assert all(key in self.tree for key in change.get("replaced_by", []))
            assert not [key for key, element in self.tree.items() if element["parent"] == change["retire"]]
        else:
            kind = change.get("add") or self.tree[change["move"]]["kind"]
            SCHEMA.check_place(kind, self.tree[change["below"]]["kind"])
            assert self.tree[change["after"]]["parent"] == change["below"], change
            if "add" in change:
                SCHEMA.fields(kind, change["fields"])
                assert change["fields"]["office"] in OFFICES

    def apply(self, change: dict[str, Any]) -> None:
        if "revise" in change:
            fields = self.tree[change["revise"]]["fields"]
            if "replace" in change:
                fields[change["field"]] = fields[change["field"]].replace(change["replace"], change["with"])
            else:
                fields[change["field"]] = change["to"]
        elif "move" in change:
            self.tree[change["move"]]["parent"] = change["below"]
        elif "retire" in change:
            del self.tree[change["retire"]]
        else:
            prefix = SCHEMA.kind(change["add"]).prefix
            taken = [key for key in self.used if re.fullmatch(rf"{prefix}\d+", key)]
            number = max(int(key.removeprefix(prefix)) for key in taken) + 1
            key = f"{prefix}{number:0{len(taken[0]) - len(prefix)}}"
            self.used.add(key)
            self.tree[key] = {"kind": change["add"], "parent": change["below"], "fields": dict(change["fields"])}
