"""Amendments with their discussion, and the chronicle with its seals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext_noop as _
from pydantic import Field, JsonValue

from kursbuch.api.schemas.base import FieldValue, Model, Page
from kursbuch.api.schemas.strategy import Change, Decision


class Recommendation(Model):
    recommendation: Literal["accept", "accept_modified", "reject"]
    reason: str


class Amendment(Model):
    id: int
    title: str
    rationale: str
    state: str
    on_behalf_of: str | None = Field(description=_("The office or council group that proposes it."))
    authors: list[str | None] = Field(
        description=_("Display names, where nobody else is named; null for a deleted account.")
    )
    editorial: bool
    illustration: bool = Field(description=_("Invented, to show how things work."))
    elements: list[str] = Field(description=_("Keys of the elements it touches."))
    base: str = Field(description=_("Number of the edition against which it stands."))
    edition: str | None = Field(description=_("Number of the edition that took it in."))
    takes_effect: date | None = Field(
        description=_("The day from which it holds; in the state in_force that day may still be to come.")
    )
    recommendation: Recommendation | None = Field(description=_("What the strategy office recommends."))
    decision: Decision | None
    comments: int = Field(description=_("Number of comments that were not removed."))
    submitted_at: datetime
    updated_at: datetime
    url: str = Field(description=_("The page for people."))


class Amendments(Page):
    items: list[Amendment] = Field(description=_("The last one submitted first."))


class Conflict(Model):
    key: str
    field: str | None
    kind: str = Field(description=_("What the dispute is about."))
    base: FieldValue | None = Field(description=_("Where both began."))
    ours: FieldValue | None = Field(description=_("What the newer edition says."))
    theirs: FieldValue | None = Field(description=_("What the amendment says."))


class AmendmentDetail(Amendment):
    changes: list[Change] = Field(description=_("As proposed; keys such as neu-1 are provisional."))
    recommended_changes: list[Change] | None = Field(
        description=_("What the office recommends instead, where it recommends another wording.")
    )
    conflicts: list[Conflict]
    split_from: int | None = Field(description=_("The amendment of which this was a part."))
    parts: list[int] = Field(description=_("Amendments that were split off from this one."))


class Comment(Model):
    id: int
    reply_to: int | None
    at: datetime
    author: str | None = Field(description=_("Display name; null for a deleted account."))
    on_behalf_of: str | None
    text: str | None = Field(description=_("Null where the office has removed it."))
    removed_reason: str | None


class Comments(Page):
    items: list[Comment] = Field(description=_("Oldest first; answers name what they reply to."))


class Actor(Model):
    kind: Literal["body", "person", "deleted", "system"] = Field(
        description=_("An office or council group, a person, a deleted account, or the system itself.")
    )
    name: str | None


class ChronicleEntry(Model):
    id: int
    at: datetime
    verb: str
    actor: Actor
    thing: str = Field(description=_("What it happened to, such as amendment:12."))
    because: str | None = Field(description=_("The thing that was the reason."))
    about: list[str] = Field(description=_("Everything it touches."))
    summary: str
    data: dict[str, JsonValue]
    digest: str = Field(description=_("SHA-256 of the entry, see docs/chronicle.md."))
    personal_digest: str | None = Field(description=_("Salted digest of the personal part; needed to recompute."))
    seal: int | None = Field(description=_("Number of the seal over it; null for at most a minute."))
    url: str = Field(description=_("The page for people, empty where there is none."))


class Chronicle(Page):
    items: list[ChronicleEntry] = Field(description=_("Newest first."))


class Seal(Model):
    number: int
    count: int = Field(description=_("Entries under this seal, those that are not public included."))
    total: int = Field(description=_("Entries under this and all seals before."))
    root: str
    previous: str | None = Field(description=_("Digest of the seal before."))
    digest: str
    at: datetime


class Seals(Page):
    city: int = Field(description=_("The city's number, which is part of every digest."))
    items: list[Seal] = Field(description=_("Newest first."))
