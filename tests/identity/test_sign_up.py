"""Getting an account and into it: sign-up, verified address, sign-in, second factor, lost password, limits."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from pytest_django import Settings
from tests.personas import PASSWORD

from kursbuch.chronicle.models import Entry
from kursbuch.city.models import City
from kursbuch.identity.models import Membership, Role, User

FORM = {
    "email": "Berta@example.org",
    "name": "Berta Bach",
    "password1": "Schalker-Verein-04",
    "consent": "on",
    "homepage": "",
}


def link_in(message: str) -> str:
    found = re.search(r"https://testserver(/\S+/\S+)", message)
    assert found
    return found[1]


def totp() -> str:
    return format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", int(time.time()) // 30))


def test_somebody_signs_up_confirms_and_becomes_a_resident(visitor: Client, city: City) -> None:
    response = visitor.post("/konto/signup/", FORM)
    assert response.status_code == 302
    user = User.objects.get()
    assert (user.email, user.name, user.language) == ("berta@example.org", "Berta Bach", "de")
    assert user.consented_at is not None
    assert visitor.get("/konto/meine-daten/").status_code == 302  # not before the address is confirmed
    message = mail.outbox[0]
    assert message.subject == "Bitte bestätigen Sie Ihre E-Mail-Adresse"
    assert "Guten Tag," in message.body
    assert "Kursbuch Gelsenkirchen" in message.body
    assert visitor.post(link_in(str(message.body))).status_code == 302
    assert visitor.get("/konto/meine-daten/").status_code == 200
    member = Membership.objects.get()
    assert (member.city, member.user, member.role) == (city, user, Role.RESIDENT)
    joined = Entry.objects.get(verb="person_joined")
    assert (joined.public, joined.actor) == (False, user)
    assert "Berta" not in joined.summary + str(joined.data)


def test_the_language_of_the_page_becomes_that_of_the_person(visitor: Client) -> None:
    visitor.post("/en/konto/signup/", FORM)
    assert User.objects.get().language == "en"
    assert mail.outbox[0].subject == "Please Confirm Your Email Address"


@pytest.mark.parametrize(
    "wrong",
    [{"consent": ""}, {"name": ""}, {"email": "berta"}, {"password1": "kurz"}, {"password1": "passwort123"[:9]}],
)
def test_without_consent_name_address_or_a_good_password_there_is_no_account(
    visitor: Client, wrong: dict[str, str]
) -> None:
    response = visitor.post("/konto/signup/", {**FORM, **wrong})
    assert response.status_code == 200
    assert "kern-error" in response.content.decode()
    assert not User.objects.exists()


def test_a_bot_that_fills_in_everything_is_told_nothing_and_gets_nothing(visitor: Client) -> None:
    response = visitor.post("/konto/signup/", {**FORM, "homepage": "https://spam.example/"})
    assert response.status_code == 302
    assert not User.objects.exists()
    assert not mail.outbox


def test_the_trap_is_hidden_without_an_inline_style(visitor: Client) -> None:
    page = visitor.get("/konto/signup/").content.decode()
    assert "homepage" in page
    assert " style=" not in page


def test_an_address_that_is_taken_is_not_told_to_strangers(visitor: Client, anna: Membership) -> None:
    response = visitor.post("/konto/signup/", {**FORM, "email": "anna@example.org"})
    assert response.status_code == 302
    assert User.objects.count() == 1
    assert mail.outbox[0].to == ["anna@example.org"]
    assert "Sie haben schon eines" in mail.outbox[0].body


def test_staff_sign_in_with_password_and_code(visitor: Client, olaf: Membership) -> None:
    response = visitor.post("/konto/login/", {"login": "olaf@example.org", "password": PASSWORD})
    assert response.headers["Location"] == "/konto/2fa/authenticate/"
    assert visitor.get("/konto/meine-daten/").status_code == 302  # the password alone opens nothing
    wrong = visitor.post("/konto/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert "Auch einer Ihrer Ersatzcodes gilt" in wrong.content.decode()
    assert visitor.post("/konto/2fa/authenticate/", {"code": totp()}).status_code == 302
    assert visitor.get("/konto/meine-daten/").status_code == 200


def test_secrets_of_one_time_codes_are_not_kept_in_clear(olaf: Membership, settings: Settings) -> None:
    stored = olaf.person.authenticator_set.get()
    assert "JBSWY3DPEHPK3PXP" not in str(stored.data)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-new-secret-key"
    assert stored.wrap().validate_code(totp())


def test_a_lost_password_is_replaced(visitor: Client, anna: Membership) -> None:
    visitor.post("/konto/password/reset/", {"email": "anna@example.org"})
    message = mail.outbox[0]
    assert message.subject == "Neues Passwort wählen"
    response = visitor.get(link_in(str(message.body)), follow=True)
    page = response.redirect_chain[-1][0]
    visitor.post(page, {"password1": "Glueckauf-Kampfbahn", "password2": "Glueckauf-Kampfbahn"})
    anna.person.refresh_from_db()
    assert anna.person.check_password("Glueckauf-Kampfbahn")


def test_who_has_no_name_yet_is_greeted_by_their_address(visitor: Client, anna: Membership) -> None:
    User.objects.update(name="")
    page = visitor.post("/konto/login/", {"login": "anna@example.org", "password": PASSWORD}, follow=True)
    assert "Sie sind angemeldet als anna@example.org." in page.content.decode()


def test_wrong_passwords_are_limited(visitor: Client, anna: Membership) -> None:
    for _ in range(5):
        page = visitor.post("/konto/login/", {"login": "anna@example.org", "password": "falsch"}).content.decode()
        assert "E-Mail-Adresse oder Passwort stimmen nicht" in page
    # now even the right one waits, from every address
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    for client in (visitor, elsewhere):
        page = client.post("/konto/login/", {"login": "anna@example.org", "password": PASSWORD}).content.decode()
        assert "Zu viele Fehlversuche" in page
    assert visitor.get("/konto/meine-daten/").status_code == 302


def test_sign_ups_from_one_address_are_limited(visitor: Client) -> None:
    for n in range(10):
        assert visitor.post("/konto/signup/", {**FORM, "email": f"n{n}@example.org"}).status_code == 302
        visitor.cookies.clear()
    response = visitor.post("/konto/signup/", {**FORM, "email": "n10@example.org"})
    assert response.status_code == 429
    assert "Zu viele Versuche" in response.content.decode()
    assert User.objects.count() == 10
    other = Client(REMOTE_ADDR="203.0.113.7")
    assert other.post("/konto/signup/", {**FORM, "email": "n10@example.org"}).status_code == 302


def test_the_limits_hold_for_all_processes(settings: Settings) -> None:
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_signing_in_leads_back_only_to_this_site(visitor: Client, anna: Membership) -> None:
    data = {"login": "anna@example.org", "password": PASSWORD}
    response = visitor.post("/konto/login/", {**data, "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"
    visitor.post("/konto/logout/")
    response = visitor.post("/konto/login/", {**data, "next": "/konto/meine-daten/"})
    assert response.headers["Location"] == "/konto/meine-daten/"
