"""Who is told of what, when, and only once."""

from __future__ import annotations

import re
import smtplib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from kursbuch.chronicle import things
from kursbuch.chronicle.models import Follow, Mailing, Mode, Notice
from kursbuch.chronicle.queries import followed_things, is_following, mode_of
from kursbuch.chronicle.services import (
    announce_seals,
    follow,
    forget_mailings,
    gather_mailings,
    seal_entries,
    send_mailings,
    send_notifications,
    set_mode,
    unfollow,
)
from kursbuch.chronicle.services.mailing import RETRY_AFTER, latest_digest
from kursbuch.chronicle.tasks import forget_old_mailings, seal_chronicles, tell_followers
from kursbuch.kit import clock
from kursbuch.kit.mail import message_id

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=BERLIN)


@pytest.fixture
def anna_follows(city, anna):
    with clock.at(TUESDAY - timedelta(days=30)):
        follow(user=anna.person, city_id=city.pk, thing="bench:1")
    return anna


@pytest.fixture
def happen(place_bench, city):
    """Something happens at a moment, and is sealed."""

    def at(moment: datetime = TUESDAY, key: str = "1", **said: object):
        with clock.at(moment):
            entry = place_bench(key, **said)
            seal_entries(city.pk)
        return entry

    return at


def work(moment: datetime = TUESDAY + timedelta(minutes=1)) -> int:
    with clock.at(moment):
        return send_notifications()


def test_following_is_kept_once(city, anna):
    assert follow(user=anna.person, city_id=city.pk, thing="bench:1")
    assert not follow(user=anna.person, city_id=city.pk, thing="bench:1")
    assert is_following(anna.person.pk, city.pk, "bench:1")
    assert [row.thing for row in followed_things(anna.person.pk, city.pk)] == ["bench:1"]
    assert unfollow(user=anna.person, city_id=city.pk, thing="bench:1")
    assert not unfollow(user=anna.person, city_id=city.pk, thing="bench:1")
    assert not Follow.objects.exists()


def test_only_registered_things_can_be_followed(city, anna):
    with pytest.raises(things.UnknownThingError):
        follow(user=anna.person, city_id=city.pk, thing="tree:1")


def test_a_follower_is_told_at_once_and_once(anna_follows, happen, frida):
    happen(actor=frida.person)
    assert work() == 1
    assert work() == 0
    assert work(TUESDAY + timedelta(days=2)) == 0
    (message,) = mail.outbox
    assert message.to == [anna_follows.person.email]
    assert message.subject == "Gelsenkirchen: Neues zu Bench 1"
    assert "Frida Fröhlich placed a bench" in message.body
    assert "http" in message.body
    assert "/bench/1/" in message.body
    html = message.alternatives[0].content
    assert 'lang="de"' in html
    assert "<strong>Frida Fröhlich</strong>" in html


def test_things_touched_and_reasons_are_told_too(city, anna, happen):
    with clock.at(TUESDAY):
        follow(user=anna.person, city_id=city.pk, thing="path:a")
        follow(user=anna.person, city_id=city.pk, thing="bench:9")
    happen(about=["path:a"])
    happen(because="bench:9")
    happen(about=["path:a"], because="bench:9")  # told once all the same
    assert Notice.objects.count() == 0
    assert work() == 1
    assert Notice.objects.count() == 3


def test_who_follows_the_city_is_told_of_everything_public(city, anna, happen):
    with clock.at(TUESDAY):
        follow(user=anna.person, city_id=city.pk, thing="city")
    happen(key="5")
    happen(key="6", public=False)
    work()
    assert Notice.objects.get().entry.thing == "bench:5"


def test_nobody_is_told_of_their_own_act(anna_follows, happen):
    happen(actor=anna_follows.person)
    assert work() == 0


def test_nobody_is_told_of_what_is_not_public(anna_follows, happen):
    happen(public=False)
    assert work() == 0


def test_nobody_is_told_of_what_happened_before_they_followed(anna_follows, happen, frida, city):
    happen()
    with clock.at(TUESDAY + timedelta(seconds=1)):
        follow(user=frida.person, city_id=city.pk, thing="bench:1")
    work()
    assert [message.to for message in mail.outbox] == [[anna_follows.person.email]]


def test_another_citys_bench_of_the_same_number_is_not_told(anna_follows, happen, other_city, place_bench):
    with clock.at(TUESDAY):
        place_bench(city_id=other_city.pk)
        seal_entries(other_city.pk)
    assert work() == 0


def test_unsealed_entries_wait_for_their_seal(anna_follows, place_bench, city):
    with clock.at(TUESDAY):
        place_bench()
    assert work() == 0
    with clock.at(TUESDAY):
        seal_entries(city.pk)
    assert work() == 1


def test_what_happens_together_comes_in_one_mail(anna_follows, happen):
    for _ in range(3):
        happen()
    work()
    (message,) = mail.outbox
    assert message.subject == "Gelsenkirchen: 3 Neuigkeiten"


def test_a_very_long_mail_is_cut_and_says_so(anna_follows, place_bench, city):
    with clock.at(TUESDAY):
        for _ in range(53):
            place_bench()
        seal_entries(city.pk)
    work()
    assert mail.outbox[0].body.count("placed a bench") == 50
    assert "Und 3 weitere Einträge" in mail.outbox[0].body


def test_what_is_german_in_an_english_mail_says_so(anna_follows, happen):
    anna_follows.person.language = "en"
    anna_follows.person.save()
    happen(on_behalf_of="Fraktion Beispiel", summary="Eine Bank im Park.")
    work()
    html = mail.outbox[0].alternatives[0].content
    assert '<strong><span lang="de">Fraktion Beispiel</span></strong>' in html
    assert '<span lang="de">Eine Bank im Park.</span>' in html


def test_mail_is_in_the_readers_language(anna_follows, happen):
    anna_follows.person.language = "en"
    anna_follows.person.save()
    happen()
    work()
    assert mail.outbox[0].subject == "Gelsenkirchen: news about Bench 1"
    assert "/en/chronik/" in mail.outbox[0].body


def test_a_daily_digest_comes_after_seven_and_holds_everything(anna_follows, happen, city):
    set_mode(user=anna_follows.person, city_id=city.pk, mode=Mode.DAILY)
    happen()
    assert work() == 0
    happen(TUESDAY + timedelta(hours=1))
    assert work(TUESDAY + timedelta(hours=2)) == 0
    next_seven = datetime(2026, 3, 4, 7, 0, tzinfo=BERLIN)
    assert work(next_seven - timedelta(seconds=1)) == 0
    assert work(next_seven) == 1
    assert work(next_seven) == 0
    assert mail.outbox[0].subject == "Gelsenkirchen: 2 Neuigkeiten"


def test_a_digest_that_runs_days_late_holds_everything_once(anna_follows, happen, city):
    set_mode(user=anna_follows.person, city_id=city.pk, mode=Mode.DAILY)
    happen()
    work()
    later = TUESDAY + timedelta(days=3)
    happen(later)
    assert work(later + timedelta(minutes=1)) == 1
    assert mail.outbox[0].subject == "Gelsenkirchen: 2 Neuigkeiten"
    assert work(later + timedelta(days=1)) == 0


def test_a_weekly_digest_comes_on_monday(anna_follows, happen, city):
    set_mode(user=anna_follows.person, city_id=city.pk, mode=Mode.WEEKLY)
    happen()
    assert work() == 0
    assert work(datetime(2026, 3, 8, 23, 0, tzinfo=BERLIN)) == 0
    assert work(datetime(2026, 3, 9, 7, 0, tzinfo=BERLIN)) == 1


def test_who_wants_no_mail_gets_none_and_nothing_later_either(anna_follows, happen, city):
    happen()
    with clock.at(TUESDAY):
        announce_seals(city.pk)
    set_mode(user=anna_follows.person, city_id=city.pk, mode=Mode.NONE)
    happen()
    assert work() == 0
    set_mode(user=anna_follows.person, city_id=city.pk, mode=Mode.AT_ONCE)
    assert work() == 0
    assert mode_of(anna_follows.person.pk, city.pk) == Mode.AT_ONCE


def test_what_is_already_in_a_mailing_ends_with_the_wish_for_mail(anna_follows, happen, city):
    happen()
    with clock.at(TUESDAY):
        announce_seals(city.pk)
        gather_mailings(city.pk)
    set_mode(user=anna_follows.person, city_id=city.pk, mode=Mode.NONE)
    assert work() == 0
    assert Mailing.objects.get().given_up_at is not None


def test_a_closed_account_gets_no_mail(anna_follows, happen):
    anna_follows.person.is_active = False
    anna_follows.person.save()
    happen()
    assert work() == 0


def test_a_worker_that_died_while_sending_is_followed_by_the_same_message(anna_follows, happen, city, monkeypatch):
    happen()

    def die(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt  # as a kill leaves it: claimed, and nothing noted

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", die)
        with pytest.raises(KeyboardInterrupt):
            work()
    mailing = Mailing.objects.get()
    assert (mailing.sent_at, mailing.attempts) == (None, 1)
    happen(TUESDAY + timedelta(minutes=2))  # does not slip into the mail that was cut off
    assert work(TUESDAY + timedelta(minutes=3)) == 1
    again = TUESDAY + timedelta(minutes=2) + RETRY_AFTER
    assert work(again) == 1
    assert work(again + RETRY_AFTER) == 0
    assert mail.outbox[1].extra_headers["Message-ID"] == message_id("mailing", mailing.pk)
    assert mail.outbox[1].subject == "Gelsenkirchen: Neues zu Bench 1"
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2


def test_a_mail_server_that_fails_is_asked_again_and_given_up_in_the_end(anna_follows, happen, monkeypatch):
    happen()
    monkeypatch.setattr("kursbuch.chronicle.services.mailing.MAX_ATTEMPTS", 3)

    def refuse(*args: object, **kwargs: object) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    moment = TUESDAY + timedelta(minutes=1)
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        assert work(moment) == 0
        assert work(moment + timedelta(minutes=1)) == 0
        assert Mailing.objects.get().attempts == 1
    assert work(moment + RETRY_AFTER + timedelta(seconds=1)) == 1
    happen()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        for attempt in range(5):
            work(moment + (RETRY_AFTER + timedelta(minutes=1)) * (attempt + 2))
    assert Mailing.objects.filter(given_up_at__isnull=False).get().attempts == 3
    assert len(mail.outbox) == 1


def test_an_address_that_is_refused_does_not_hold_up_the_others(anna_follows, frida, city, happen, monkeypatch):
    with clock.at(TUESDAY):
        follow(user=frida.person, city_id=city.pk, thing="bench:1")
    happen()
    deliver = mail.EmailMessage.send

    def refuse_anna(message: mail.EmailMessage, **kwargs: object) -> object:
        if message.to == [anna_follows.person.email]:
            raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"no such person")})
        return deliver(message)

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse_anna)
    assert work() == 1
    assert work(TUESDAY + timedelta(days=1)) == 0
    assert [message.to for message in mail.outbox] == [[frida.person.email]]
    assert Mailing.objects.get(user=anna_follows.person).given_up_at is not None


def test_a_mail_server_that_is_down_uses_up_no_attempt(anna_follows, happen, monkeypatch):
    happen()

    def down(*args: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.open", down)
        assert work() == 0
    assert Mailing.objects.get().attempts == 0
    assert work() == 1


def test_old_mailings_are_forgotten_and_never_sent_anew(anna_follows, happen):
    happen()
    work()
    with clock.at(TUESDAY + timedelta(days=89)):
        assert forget_mailings() == 0
    with clock.at(TUESDAY + timedelta(days=91)):
        assert forget_old_mailings() is None
    assert not Notice.objects.exists()
    assert work(TUESDAY + timedelta(days=92)) == 0


def test_the_tasks_take_an_entry_all_the_way(anna_follows, place_bench):
    place_bench()
    seal_chronicles()
    tell_followers()
    tell_followers()
    assert len(mail.outbox) == 1


def test_the_link_in_the_mail_ends_all_mail(anna_follows, happen, city, visitor, client):
    happen()
    work()
    message = mail.outbox[0]
    url = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in message.body
    path = re.sub(r"^https?://[^/]+", "", url)
    asked = visitor.get(path)
    assert asked.status_code == 200
    assert "Keine E-Mails mehr?" in asked.content.decode()
    assert mode_of(anna_follows.person.pk, city.pk) == Mode.AT_ONCE  # a look changes nothing
    visitor.handler.enforce_csrf_checks = True
    assert visitor.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert mode_of(anna_follows.person.pk, city.pk) == Mode.NONE
    happen()
    assert work() == 0


def test_a_forged_old_or_foreign_link_ends_nothing(anna_follows, happen, city, other_city, visitor, client):
    happen()
    work()
    path = re.sub(r"^https?://[^/]+", "", mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>"))
    token = path.rstrip("/").rsplit("/", 1)[1]
    forged = path.replace(token, token[:-2] + ("aa" if not token.endswith("aa") else "bb"))
    assert visitor.post(forged).status_code == 404
    assert client.post(path, headers={"host": "other.example"}).status_code == 404
    assert mode_of(anna_follows.person.pk, city.pk) == Mode.AT_ONCE
    assert mode_of(anna_follows.person.pk, other_city.pk) == Mode.AT_ONCE


@given(st.integers(0, 3 * 366 * 24 * 3600).map(lambda s: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=s)))
def test_a_digest_is_due_at_seven_local_time(moment):
    for mode, days in ((Mode.DAILY, 1), (Mode.WEEKLY, 7)):
        due = latest_digest(mode, moment)
        assert (due.hour, due.minute) == (7, 0)
        assert due <= moment
        # a day has 25 hours when summer time ends
        assert moment - due.astimezone(UTC) < timedelta(days=days, hours=1)
        assert mode == Mode.DAILY or due.weekday() == 0
        assert latest_digest(mode, due) == due


def test_nothing_to_send_is_nothing_done(city):
    assert (gather_mailings(city.pk), send_mailings(), announce_seals(city.pk)) == (0, 0, 0)
