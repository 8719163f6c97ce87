"""A person changes, downloads and deletes what a city's site keeps about them."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from tests.personas import PASSWORD, client_of, make_person

from kursbuch.chronicle.models import Entry
from kursbuch.chronicle.revision import revision_of
from kursbuch.city.models import City
from kursbuch.identity import own_data
from kursbuch.identity.models import Membership, Role, User
from kursbuch.identity.services import LastAdminError, change_role, delete_account
from kursbuch.identity.signals import person_leaves


def download(client: Client) -> dict[str, Any]:
    response = client.get("/konto/meine-daten/herunterladen/")
    assert response.headers["Content-Type"] == "application/zip"
    assert "no-store" in response.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert sorted(archive.namelist()) == ["LIESMICH.txt", "own-data.json"]
        data: dict[str, Any] = json.loads(archive.read("own-data.json"))
    return data


def confirmed(member: Membership) -> Client:
    """Signed in, and has just given the password once more."""
    client = client_of(member)
    response = client.post("/konto/reauthenticate/?next=/konto/loeschen/", {"password": PASSWORD})
    assert response.headers["Location"] == "/konto/loeschen/"
    return client


def test_name_and_language_change(as_anna: Client, anna: Membership) -> None:
    before = revision_of(anna.city_id)
    response = as_anna.post("/konto/meine-daten/", {"name": "Anna Amsel", "language": "en"})
    assert response.status_code == 302
    user = User.objects.get(pk=anna.user_id)
    assert (user.name, user.language) == ("Anna Amsel", "en")
    assert revision_of(anna.city_id) == before + 1  # pages with the old name are versioned by it
    entry = Entry.objects.get(verb="name_changed")
    assert "Anna" not in entry.summary
    assert entry.personal == {"name": "Anna Amsel"}


@pytest.mark.parametrize("wrong", [{"name": "", "language": "de"}, {"name": "Anna", "language": "xx"}])
def test_wrong_details_are_refused(as_anna: Client, anna: Membership, wrong: dict[str, str]) -> None:
    assert as_anna.post("/konto/meine-daten/", wrong).status_code == 200
    assert User.objects.get(pk=anna.user_id).name == "Anna Arndt"


def test_everything_is_downloaded_and_nothing_of_others(
    as_olaf: Client, olaf: Membership, adam: Membership, frida: Membership
) -> None:
    change_role(member=olaf, actor=adam.person, role=Role.OFFICE, office=olaf.office, group="Fraktion Beispiel")
    change_role(member=frida, actor=adam.person, role=Role.CLERK)
    data = download(as_olaf)
    assert set(data) >= {"about", "account", "membership", "chronicle"}
    assert data["account"]["email_addresses"] == [{"email": "olaf@example.org", "verified": True, "primary": True}]
    assert data["membership"][0]["role"] == "office"
    assert [entry["verb"] for entry in data["chronicle"]["entries"]] == ["role_changed"]
    text = json.dumps(data)
    assert "frida" not in text.lower()
    assert "adam" not in text.lower()
    assert "secret" not in text


def test_a_city_gives_out_its_own_data_only(anna: Membership, other_city: City) -> None:
    there = Client(headers={"host": "other.example"})
    there.force_login(anna.person)
    data = download(there)
    assert [row["city"] for row in data["membership"]] == ["Musterstadt"]
    assert "Gelsenkirchen" not in json.dumps(data)


def test_other_apps_add_their_section(as_anna: Client, anna: Membership) -> None:
    own_data.register("test-section", lambda user, city: {"who": user.name, "where": city.slug})
    try:
        assert download(as_anna)["test-section"] == {"who": "Anna Arndt", "where": "gelsenkirchen"}
    finally:
        own_data._providers.pop("test-section")


def test_deleting_asks_for_the_password_first(as_anna: Client, anna: Membership) -> None:
    response = as_anna.post("/konto/loeschen/", {"sure": "on"})
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/konto/reauthenticate/")
    assert User.objects.filter(pk=anna.user_id).exists()


def test_an_old_confirmation_does_not_suffice(anna: Membership) -> None:
    client = confirmed(anna)
    session = client.session
    session["account_authentication_methods"] = [
        {**method, "at": time.time() - 3600} for method in session["account_authentication_methods"]
    ]
    session.save()
    assert client.post("/konto/loeschen/", {"sure": "on"}).status_code == 302
    assert User.objects.filter(pk=anna.user_id).exists()


def test_an_account_is_deleted_and_the_chronicle_forgets_the_name(anna: Membership) -> None:
    client = confirmed(anna)
    client.post("/konto/meine-daten/", {"name": "Anna Amsel", "language": "de"})
    heard: list[str] = []

    def hear(user: User, **kwargs: Any) -> None:
        heard.append(User.objects.get(pk=user.pk).email)  # the account is still there

    assert client.post("/konto/loeschen/", {}).status_code == 200  # without the tick nothing happens
    person_leaves.connect(hear)
    try:
        response = client.post("/konto/loeschen/", {"sure": "on"})
    finally:
        person_leaves.disconnect(hear)
    assert response.status_code == 302
    assert heard == ["anna@example.org"]
    assert not User.objects.filter(pk=anna.user_id).exists()
    assert not Membership.objects.filter(pk=anna.pk).exists()
    assert not EmailAddress.objects.filter(email="anna@example.org").exists()
    renamed = Entry.objects.get(verb="name_changed")  # the entry stays, the name is gone
    assert (renamed.actor, renamed.personal, renamed.salt) == (None, None, None)
    assert client.get("/konto/meine-daten/").status_code == 302
    again = Client().post("/konto/login/", {"login": "anna@example.org", "password": PASSWORD})
    assert again.status_code == 200


def test_second_factors_go_with_the_account(olaf: Membership) -> None:
    delete_account(user=olaf.person)
    assert not Authenticator.objects.exists()


def test_the_last_administrator_hands_over_first(adam: Membership, city: City) -> None:
    with pytest.raises(LastAdminError):
        delete_account(user=adam.person)
    assert User.objects.filter(pk=adam.user_id).exists()
    make_person(city, "Ada Albrecht", Role.ADMIN)
    delete_account(user=adam.person)
    assert not User.objects.filter(email="adam@example.org").exists()


def test_what_an_app_cannot_unname_stops_the_deletion(anna: Membership) -> None:
    def refuse(**kwargs: Any) -> None:
        raise RuntimeError("not now")

    person_leaves.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            delete_account(user=anna.person)
    finally:
        person_leaves.disconnect(refuse)
    assert User.objects.filter(pk=anna.user_id).exists()


def test_own_data_is_not_for_visitors(visitor: Client) -> None:
    for page in ("meine-daten/", "meine-daten/herunterladen/", "loeschen/"):
        response = visitor.get(f"/konto/{page}")
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/konto/login/")


def test_staff_without_a_second_factor_may_still_leave(edda: Membership) -> None:
    edda.person.authenticator_set.all().delete()
    client = client_of(edda)
    assert (
        client.post("/konto/meine-daten/", {"name": "Edda", "language": "de"}).headers["Location"]
        == "/konto/meine-daten/"
    )
