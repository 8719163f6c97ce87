"""The demonstration is loaded for real: its story is past, so nobody gets mail about it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from kursbuch.chronicle.models import Entry, Notice
from kursbuch.chronicle.services import seal_entries, send_notifications
from kursbuch.city.services import create_city
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.strategy.demonstration.play import load_strategy, play_story
from kursbuch.strategy.models import State
from kursbuch.strategy.services.discuss_amendment import comment_on_amendment
from kursbuch.strategy.tasks import bring_due_editions_into_force


@pytest.mark.parametrize("day", ["2026-11-23", "2027-02-01"])
def test_story_is_no_news_and_what_comes_after_is(db: None, day: str) -> None:
    with clock.at(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo("Europe/Berlin"))):
        strategy = load_strategy(create_city(slug="gelsenkirchen", name="Gelsenkirchen", hosts=["ge.example"]))
        play_story(strategy, "kursbuch")
        bring_due_editions_into_force()
        seal_entries(strategy.city_id)
        assert send_notifications() == 0
        assert mail.outbox == []
        assert not Notice.objects.exists()
        assert Entry.objects.filter(verb="edition_in_force", thing="edition:5").exists() == (day > "2027")

        amendment = strategy.amendments.filter(state=State.IN_DISCUSSION).order_by("pk").first()
        assert amendment is not None
        stranger = Membership.objects.filter(city=strategy.city).exclude(user__authorships__amendment=amendment).first()
        assert stranger is not None
        comment_on_amendment(amendment=amendment, by=stranger, text="Das ist neu.")
        seal_entries(strategy.city_id)
        assert send_notifications() > 0
