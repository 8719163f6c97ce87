"""Whoever writes a draft is told what a new edition did to it: by mail in their rhythm, and beside the draft."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.strategy.amending import Cast, adopt, again, draft, more_trees, submitted

from kursbuch.chronicle.models import Entry, Mode, Notice
from kursbuch.chronicle.services import announce_seals, follow, seal_entries, send_notifications, set_mode
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.strategy.models import Amendment, Recommendation, State, Strategy
from kursbuch.strategy.services.discuss_amendment import recommend_amendment


def new_edition(strategy: Strategy, cast: Cast, number: str = "dreihundert", key: str = "M001") -> None:
    amendment = submitted(strategy, cast.editor, [more_trees(strategy, number, key)], "Andere Zahl")
    recommend_amendment(amendment=amendment, by=cast.editor, kind=Recommendation.ACCEPT, reason="Gut.")
    adopt(strategy, cast.clerk, amendment)


def tell(strategy: Strategy) -> list[str]:
    """What mails there are, whose text; the worker runs twice."""
    mail.outbox.clear()
    for _ in range(2):
        seal_entries(strategy.city_id)
        announce_seals(strategy.city_id)
        send_notifications()
    return [f"{message.to[0]}: {message.body}" for message in mail.outbox]


@pytest.mark.parametrize(
    ("key", "state", "words"),
    [
        ("M001", State.IN_CONFLICT, "einen Konflikt mit der neuen Fassung"),
        ("M002", State.DRAFT, "auf die neue Fassung nachgeführt"),
    ],
)
def test_writer_gets_one_mail(
    strategy: Strategy, cast: Cast, frida: Membership, key: str, state: State, words: str
) -> None:
    mine = draft(strategy, cast.author, title="Mein Entwurf")
    follow(user=frida.person, city_id=strategy.city_id, thing=f"amendment:{mine.pk}")  # guessed the number
    follow(user=frida.person, city_id=strategy.city_id, thing="city")
    tell(strategy)
    new_edition(strategy, cast, "dreißig" if key == "M002" else "dreihundert", key)
    assert again(mine).state == state
    mails = tell(strategy)
    (told,) = [text for text in mails if text.startswith(cast.author.person.email)]
    assert "Mein Entwurf" in told
    assert words in told
    assert not any("Mein Entwurf" in text for text in mails if not text.startswith(cast.author.person.email))
    assert tell(strategy) == []


def test_digest_and_silence_are_kept(strategy: Strategy, cast: Cast, frida: Membership) -> None:
    draft(strategy, cast.author)
    draft(strategy, frida)
    set_mode(user=cast.author.person, city_id=strategy.city_id, mode=Mode.DAILY)
    set_mode(user=frida.person, city_id=strategy.city_id, mode=Mode.NONE)
    new_edition(strategy, cast)
    (editors,) = tell(strategy)
    assert editors.startswith(cast.editor.person.email)  # of what she proposed herself
    assert list(Notice.objects.filter(mailing=None).values_list("user", flat=True)) == [cast.author.user_id]
    with clock.at(clock.now() + timedelta(days=1)):
        (told,) = tell(strategy)
    assert told.startswith(cast.author.person.email)


def test_draft_stays_a_secret_of_the_chronicle(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    draft(strategy, cast.author, title="Mein Entwurf")
    new_edition(strategy, cast)
    assert not Entry.objects.get(verb="amendment_in_conflict").public
    assert "Mein Entwurf" not in visitor.get(reverse("chronicle")).content.decode()
    assert visitor.get(f"/chronik/person:{cast.author.person.uid}/").content.decode().count("entries__item") == 0


def test_drafts_say_what_became_of_them(strategy: Strategy, cast: Cast, as_anna: Client, as_edda: Client) -> None:
    stuck = draft(strategy, cast.author, title="Im Weg")
    carried = draft(strategy, cast.author, [more_trees(strategy, "dreißig", "M002")], title="Geht mit")
    editors = draft(strategy, cast.editor, [more_trees(strategy, "vierzig", "M002")], title="Vom Amt")
    fresh = as_anna.get(reverse("amendment-list")).content.decode()
    assert "nachgeführt" not in fresh
    new_edition(strategy, cast)
    page = as_anna.get(reverse("amendment-list")).content.decode()
    assert reverse("amendment-resolve", args=[stuck.pk]) in page
    assert "im Konflikt mit einer neuen Fassung" in page
    assert reverse("amendment-edit", args=[carried.pk]) in page
    assert "auf Fassung 2 nachgeführt" in page
    desk = as_edda.get(reverse("desk")).content.decode()
    assert editors.title in desk
    assert "auf Fassung 2 nachgeführt" in desk
    assert Amendment.objects.get(pk=stuck.pk).submitted_at is None
