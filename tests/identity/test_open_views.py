"""Who gets into a view, and where everybody else is sent."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import DjangoAssertNumQueries, Settings
from tests.personas import client_of

from kursbuch.identity import rules
from kursbuch.identity.access import MemberRequest, requires, signed_in
from kursbuch.identity.models import Membership
from kursbuch.identity.queries import membership_of


def open_view(request: MemberRequest) -> HttpResponse:
    return HttpResponse("silent")


def telling_view(request: MemberRequest) -> HttpResponse:
    return HttpResponse(f"{request.member.role or 'visitor'}")


urlpatterns = [
    path("open/", open_view),
    path("who/", telling_view),
    path("inside/", signed_in(telling_view)),
    path("editors/", requires(rules.is_editor)(telling_view)),
    path("staff/", requires(rules.is_staff)(telling_view)),
    path("konto/", include("allauth.urls")),
]
handler403 = "kursbuch.web.views.errors.forbidden"
pytestmark = pytest.mark.urls(__name__)


def test_a_visitor_costs_neither_query_nor_session(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):  # the city
        response = visitor.get("/who/")
    assert response.content == b"visitor"
    assert not response.cookies
    assert not response.wsgi_request.session.accessed


def test_a_view_that_does_not_ask_loads_no_member(
    as_anna: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        as_anna.get("/open/")


def test_a_member_comes_in_one_query(
    as_olaf: Client, olaf: Membership, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        member = membership_of(olaf.person, olaf.city)
        assert member is not None
        assert member.has_second_factor
        assert member.speaks_for == "Stabsstelle Digitalisierung"
        assert (member.person, member.city) == (olaf.person, olaf.city)
    with django_assert_num_queries(4):  # city, session, user, member
        as_olaf.get("/staff/")


@pytest.mark.parametrize("address", ["/inside/", "/editors/"])
def test_visitors_sign_in_first_and_come_back(visitor: Client, address: str) -> None:
    response = visitor.get(address + "?page=2")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/konto/login/?next=%2F{address.strip('/')}%2F%3Fpage%3D2"


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(visitor: Client) -> None:
    response = visitor.get("/inside/", headers={"hx-request": "true"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith("/konto/login/")


@pytest.mark.parametrize("who", ["anna", "frida", "olaf", "klara", "adam"])
def test_those_without_the_right_are_refused(who: str, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(who))
    assert client.get("/inside/").status_code == 200
    assert client.get("/editors/").status_code == 403


def test_those_with_the_right_get_in(as_edda: Client) -> None:
    assert as_edda.get("/editors/").content == b"editor"


def test_a_role_holds_in_its_own_city_only(edda: Membership, nora: Membership) -> None:
    elsewhere = Client(headers={"host": "other.example"})
    elsewhere.force_login(edda.person)
    assert elsewhere.get("/who/").content == b"resident"
    assert elsewhere.get("/editors/").status_code == 403


def test_whoever_comes_to_a_city_for_the_first_time_becomes_a_resident(anna: Membership, nora: Membership) -> None:
    client = Client(headers={"host": "other.example"})
    client.force_login(anna.person)
    assert client.get("/who/").content == b"resident"
    client.get("/who/")
    joined = Membership.objects.get(user=anna.person, city=nora.city)
    assert (joined.role, joined.office, joined.group) == ("resident", None, "")


@pytest.mark.parametrize("who", ["olaf", "edda", "klara", "adam"])
def test_staff_without_a_second_factor_set_one_up_first(who: str, request: pytest.FixtureRequest) -> None:
    member = request.getfixturevalue(who)
    member.person.authenticator_set.all().delete()
    client = client_of(member)
    response = client.get("/staff/")
    assert (response.status_code, response.headers["Location"]) == (302, "/konto/2fa/")
    assert client.get("/who/").content == member.role.encode()  # reading what all may read stays possible


@pytest.mark.parametrize("address", ["/open/", "/who/", "/inside/", "/staff/"])
def test_staff_without_a_second_factor_send_no_form(olaf: Membership, address: str) -> None:
    olaf.person.authenticator_set.all().delete()
    response = client_of(olaf).post(address)
    assert (response.status_code, response.headers["Location"]) == (302, "/konto/2fa/")


def test_recovery_codes_alone_are_no_second_factor(olaf: Membership) -> None:
    olaf.person.authenticator_set.update(type="recovery_codes")
    assert client_of(olaf).get("/staff/").status_code == 302


def test_the_demonstration_asks_no_second_factor(olaf: Membership, settings: Settings) -> None:
    olaf.person.authenticator_set.all().delete()
    settings.DEMO = True
    assert client_of(olaf).get("/staff/").status_code == 200
    assert client_of(olaf).post("/staff/").status_code == 200


def test_residents_need_no_second_factor(as_anna: Client) -> None:
    assert as_anna.post("/inside/").status_code == 200
