"""Administrators give people of their city roles; a city never loses its last administrator."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.personas import client_of, make_person

from kursbuch.chronicle.models import Entry
from kursbuch.city.models import City, Office
from kursbuch.identity.models import Membership, Role
from kursbuch.identity.services import (
    ForeignOfficeError,
    LastAdminError,
    OfficeMissingError,
    appoint_admin,
    change_role,
)


def address(member: Membership) -> str:
    return f"/konto/personen/{member.person.uid}/"


def test_an_administrator_gives_a_role(as_adam: Client, adam: Membership, anna: Membership, office: Office) -> None:
    response = as_adam.post(address(anna), {"role": "office", "office": office.pk, "group": ""})
    assert response.status_code == 302
    anna.refresh_from_db()
    assert (anna.role, anna.office) == (Role.OFFICE, office)
    entry = Entry.objects.get(verb="role_changed")
    assert entry.data == {
        "before": {"role": "resident", "office": "", "group": ""},
        "after": {"role": "office", "office": office.slug, "group": ""},
    }
    assert (entry.actor, entry.public) == (adam.person, False)
    assert "Anna" not in entry.summary
    assert entry.personal == {"name": "Anna Arndt", "email": "anna@example.org"}


def test_a_council_group_is_spoken_for(as_adam: Client, anna: Membership) -> None:
    as_adam.post(address(anna), {"role": "resident", "office": "", "group": "Fraktion Beispiel"})
    anna.refresh_from_db()
    assert anna.speaks_for == "Fraktion Beispiel"


def test_a_role_that_stays_the_same_is_not_chronicled(as_adam: Client, anna: Membership) -> None:
    as_adam.post(address(anna), {"role": "resident", "office": "", "group": ""})
    assert not Entry.objects.filter(verb="role_changed").exists()


def test_whoever_works_for_an_office_names_it(as_adam: Client, adam: Membership, anna: Membership) -> None:
    response = as_adam.post(address(anna), {"role": "office", "office": "", "group": ""})
    assert "Bitte wählen Sie das Amt" in response.content.decode()
    with pytest.raises(OfficeMissingError):
        change_role(member=anna, actor=adam.person, role=Role.OFFICE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=anna.pk).update(role=Role.OFFICE)


def test_an_office_of_another_city_cannot_be_given(
    as_adam: Client, adam: Membership, anna: Membership, other_office: Office
) -> None:
    response = as_adam.post(address(anna), {"role": "office", "office": other_office.pk, "group": ""})
    assert response.status_code == 200
    assert other_office.name not in response.content.decode()
    with pytest.raises(ForeignOfficeError):
        change_role(member=anna, actor=adam.person, role=Role.OFFICE, office=other_office)
    anna.refresh_from_db()
    assert anna.role == Role.RESIDENT


def test_the_last_administrator_stays(as_adam: Client, adam: Membership, other_city: City) -> None:
    make_person(other_city, "Oda Other", Role.ADMIN)  # elsewhere: counts for nothing here
    response = as_adam.post(address(adam), {"role": "resident", "office": "", "group": ""})
    assert "muss sie behalten" in response.content.decode()
    with pytest.raises(LastAdminError):
        change_role(member=adam, actor=adam.person, role=Role.EDITOR)
    adam.refresh_from_db()
    assert adam.role == Role.ADMIN
    second = make_person(adam.city, "Ada Albrecht", Role.ADMIN)
    second.person.is_active = False
    second.person.save()
    with pytest.raises(LastAdminError):
        change_role(member=adam, actor=adam.person, role=Role.EDITOR)
    second.person.is_active = True
    second.person.save()
    assert change_role(member=adam, actor=adam.person, role=Role.EDITOR).role == Role.EDITOR


def test_an_unknown_role_is_refused(as_adam: Client, anna: Membership) -> None:
    assert as_adam.post(address(anna), {"role": "emperor"}).status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=anna.pk).update(role="emperor")


@pytest.mark.parametrize("who", ["anna", "frida", "olaf", "edda", "klara"])
def test_nobody_else_manages_people(who: str, anna: Membership, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(who))
    assert client.get("/konto/personen/").status_code == 403
    assert client.get(address(anna)).status_code == 403
    assert client.post(address(anna), {"role": "admin"}).status_code == 403
    anna.refresh_from_db()
    assert anna.role == Role.RESIDENT


def test_people_of_another_city_are_not_there(as_adam: Client, nora: Membership) -> None:
    assert as_adam.get(address(nora)).status_code == 404
    assert as_adam.post(address(nora), {"role": "admin"}).status_code == 404
    assert "nora@example.org" not in as_adam.get("/konto/personen/").content.decode()


def test_people_are_found_by_address_name_and_role(
    as_adam: Client, anna: Membership, frida: Membership, edda: Membership
) -> None:
    def found(query: str) -> set[str]:
        page = as_adam.get(f"/konto/personen/?{query}").content.decode()
        people = ("anna", "frida", "edda", "adam")
        return {who for who in people if f"{who}@example.org" in page}

    assert found("") == {"anna", "frida", "edda", "adam"}
    assert found("q=anna@") == {"anna"}
    assert found("q=fröhlich") == {"frida"}
    assert found("role=editor") == {"edda"}
    assert found("q=frida&role=editor") == set()


def test_the_queries_do_not_grow_with_the_people(
    as_adam: Client, city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rows in (2, 30):
        for n in range(rows):
            make_person(city, f"Person{rows}x{n} Beispiel")
        with django_assert_num_queries(6):  # city, session, user, member, count, page
            as_adam.get("/konto/personen/")


def test_an_operator_appoints_somebody_new_and_somebody_known(city: City, anna: Membership) -> None:
    assert appoint_admin(city=city, email="Neu@Example.org") is True
    assert appoint_admin(city=city, email="ANNA@example.org") is False
    anna.refresh_from_db()
    assert anna.role == Role.ADMIN
    new = Membership.objects.get(user__email="neu@example.org")
    assert new.role == Role.ADMIN
    assert not new.person.has_usable_password()
