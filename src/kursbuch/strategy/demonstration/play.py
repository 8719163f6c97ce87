"""Plays the demonstration's story: every event is one call of a service, by a person, at its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from kursbuch.chronicle.services import follow, keep_quiet, seal_entries
from kursbuch.city.models import City, Office
from kursbuch.city.services import TEXTS
from kursbuch.domain.framework.changes import PROVISIONAL, Add, Change, Move, Retire, Revise, apply
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.identity.models import Membership, Role, User
from kursbuch.kit import clock
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.documents.yaml_format import read_yaml
from kursbuch.strategy.models import Amendment, Comment, Recommendation, Strategy
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.services.adopt_edition import adopt_edition, correct_edition, decide_amendments
from kursbuch.strategy.services.bring_into_force import bring_into_force
from kursbuch.strategy.services.discuss_amendment import (
    comment_on_amendment,
    open_discussion,
    recommend_amendment,
    split_amendment,
)
from kursbuch.strategy.services.draft_amendment import draft_amendment, submit_amendment, withdraw_amendment
from kursbuch.strategy.services.import_strategy import import_strategy
from kursbuch.strategy.services.render_element import render_element

Event = Mapping[str, Any]


def read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def load_strategy(city: City) -> Strategy:
    """Puts the demonstration strategy in as edition 1, on the day of its decision."""
    document = read_yaml(read("gelsenkirchen.yaml"))
    with clock.at(_moment(document.in_force_from or date(2020, 6, 25))):
        import_strategy(city=city, document=document)
        city.notice = dict(document.notice)  # on every page, also where the strategy itself is not shown
        for name, texts in yaml.safe_load(read("texts.yaml")).items():
            setattr(city, name, texts)
        city.save(update_fields=["notice", *TEXTS])
        seal_entries(city.pk)
    return Strategy.objects.get(city=city)


def play_story(strategy: Strategy, password: str, told: Callable[[str], None] = lambda line: None) -> None:
    story = yaml.safe_load(read("storyline.yaml"))
    stage = Stage(strategy)
    hashed = make_password(password)  # once for all: hashing is slow on purpose, and they all have the same one
    for person in story["people"]:
        stage.cast(person, hashed)
    for event in story["events"]:
        stage.play(event)
        told(f"{event['at']}  {event['do']}")
    stage.wait_until(clock.today())
    seal_entries(strategy.city_id)
    keep_quiet(strategy.city_id)


def _moment(given: object) -> datetime:
    """A day or moment of the story, in the city's time."""
    if isinstance(given, datetime):
        moment = given
    elif isinstance(given, date):
        moment = datetime(given.year, given.month, given.day, 9, 0)  # noqa: DTZ001 - the zone follows
    else:
        moment = datetime.fromisoformat(str(given))
    return moment.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


class Stage:
    """The people and things that the story names."""

    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy
        self.people: dict[str, Membership] = {}
        self.amendments: dict[str, int] = {}
        self.comments: dict[str, Comment] = {}

    def cast(self, person: Mapping[str, Any], hashed: str) -> None:
        user, _ = User.objects.get_or_create(
            email=person["email"], defaults={"name": person["name"], "password": hashed}
        )
        office = Office.objects.filter(city=self.strategy.city, slug=person.get("office", "")).first()
        member, _ = Membership.objects.update_or_create(
            user=user,
            city=self.strategy.city,
            defaults={"role": Role(person["role"]), "office": office, "group": person.get("group", "")},
        )
        self.people[person["id"]] = member

    def play(self, event: Event) -> None:
        self.wait_until(_moment(event["at"]).date())
        with clock.at(_moment(event["at"])), transaction.atomic():
            getattr(self, f"_{event['do']}")(self.people[event["by"]], event)

    def wait_until(self, day: date) -> None:
        """What the clock does by itself between two events: editions come into force, each on its day."""
        self.strategy.refresh_from_db(fields=["searchable"])
        due = self.strategy.editions.filter(ordinal__gt=self.strategy.searchable, in_force_from__lte=day)
        for edition in due.order_by("ordinal"):
            with clock.at(_moment(edition.in_force_from)):
                bring_into_force(strategy=self.strategy)

    # ---- one method an event -------------------------------------------------------------------------

    def _amend(self, by: Membership, event: Event) -> None:
        tree = self._tree()
        amendment = draft_amendment(
            strategy=self.strategy,
            by=by,
            title=event["title"],
            rationale=event["rationale"],
            changes=changes_of(event["changes"], tree, self.strategy),
        )
        self.amendments[event["id"]] = amendment.pk
        if event.get("submit", True):
            submit_amendment(amendment=amendment, by=by)

    def _submit(self, by: Membership, event: Event) -> None:
        submit_amendment(amendment=self._amendment(event["on"]), by=by)

    def _discuss(self, by: Membership, event: Event) -> None:
        open_discussion(amendment=self._amendment(event["on"]), by=by)

    def _comment(self, by: Membership, event: Event) -> None:
        comment = comment_on_amendment(
            amendment=self._amendment(event["on"]),
            by=by,
            text=event["text"],
            reply_to=self.comments[event["reply_to"]] if event.get("reply_to") else None,
        )
        self.comments[str(event.get("id", comment.pk))] = comment

    def _recommend(self, by: Membership, event: Event) -> None:
        amendment = self._amendment(event["on"])
        changes: tuple[Change, ...] = ()
        if event.get("changes"):
            changes = changes_of(event["changes"], load_edition(amendment.base).tree, self.strategy)
        recommend_amendment(
            amendment=amendment,
            by=by,
            kind=Recommendation(event["kind"]),
            reason=event["reason"],
            changes=changes,
        )

    def _split(self, by: Membership, event: Event) -> None:
        new = split_amendment(
            amendment=self._amendment(event["on"]), by=by, take=event["take"], title=event.get("title", "")
        )
        self.amendments[event["id"]] = new.pk

    def _decide(self, by: Membership, event: Event) -> None:
        names = event["on"] if isinstance(event["on"], list) else [event["on"]]
        decide_amendments(
            strategy=self.strategy,
            by=by,
            amendments=[self._amendment(name) for name in names],
            accept=event["result"] == "accepted",
            decision=_decision(event["decision"]),
        )

    def _adopt(self, by: Membership, event: Event) -> None:
        adopt_edition(
            strategy=self.strategy,
            by=by,
            amendments=[self._amendment(name) for name in event["amendments"]],
            decision=_decision(event["decision"]),
            in_force_from=_moment(event["in_force_from"]).date(),
            expected=latest_edition(self.strategy),
            summary=event.get("summary", {}),
        )

    def _correct(self, by: Membership, event: Event) -> None:
        correct_edition(
            strategy=self.strategy,
            by=by,
            changes=changes_of(event["changes"], self._tree(), self.strategy),
            reason=event["reason"],
            expected=latest_edition(self.strategy),
        )

    def _withdraw(self, by: Membership, event: Event) -> None:
        withdraw_amendment(amendment=self._amendment(event["on"]), by=by, reason=event.get("reason", ""))

    def _translate(self, by: Membership, event: Event) -> None:
        loaded = load_edition(latest_edition(self.strategy))
        render_element(
            strategy=self.strategy,
            by=by,
            version=loaded.version(event["element"]),
            language=event["language"],
            fields=event["fields"],
            translator=event.get("translator", ""),
            reviewed=event.get("reviewed", False),
        )

    def _follow(self, by: Membership, event: Event) -> None:
        thing = event["thing"]
        if thing in self.amendments:
            thing = f"amendment:{self.amendments[thing]}"
        assert by.user is not None  # noqa: S101 - the story's people are real accounts
        follow(user=by.user, city_id=by.city_id, thing=thing)

    # ---- what they need ------------------------------------------------------------------------------

    def _tree(self) -> Tree:
        return load_edition(latest_edition(self.strategy)).tree

    def _amendment(self, name: str) -> Amendment:
        return Amendment.objects.select_related("strategy", "base").get(pk=self.amendments[name])


def _decision(given: Mapping[str, Any]) -> DecisionData:
    return DecisionData(
        body=given["body"],
        day=_moment(given["day"]).date(),
        paper=given.get("paper", ""),
        result=given.get("result", ""),
        source=given.get("source", ""),
    )


def changes_of(items: Sequence[Mapping[str, Any]], tree: Tree, strategy: Strategy) -> tuple[Change, ...]:
    """The story's way of writing changes, as typed changes against ``tree``."""
    changes: list[Change] = []
    for number, item in enumerate(items, 1):
        change = _change(item, tree, strategy, number)
        tree = apply(tree, [change])
        changes.append(change)
    return tuple(changes)


def _change(item: Mapping[str, Any], tree: Tree, strategy: Strategy, number: int) -> Change:
    schema = strategy.schema
    if "revise" in item:
        element = tree[item["revise"]]
        before = element.fields.get(item["field"])
        raw = item.get("to")
        if "replace" in item:
            if not isinstance(before, str) or before.count(item["replace"]) != 1:
                raise ValueError(f"{element.key}: {item['replace']!r} does not stand there exactly once")
            raw = before.replace(item["replace"], item["with"])
        return Revise(element.key, item["field"], before, schema.value(element.kind, item["field"], raw))
    if "add" in item:
        fields = schema.fields(item["add"], item["fields"])
        return Add(f"{PROVISIONAL}{number}", item["add"], item.get("below"), item.get("after"), fields)
    if "move" in item:
        return Move(item["move"], item.get("below"), item.get("after"))
    return Retire(item["retire"], tuple(item.get("replaced_by", ())))
