"""A request belongs to the city of its host name, and to no other."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from kursbuch.city.hosts import host_name
from kursbuch.city.middleware import CityMiddleware
from kursbuch.city.models import City


def ask(host: str) -> tuple[HttpRequest, HttpResponse]:
    request = RequestFactory().get("/", headers={"host": host})
    return request, CityMiddleware(lambda _: HttpResponse("found"))(request)


@pytest.mark.parametrize("host", ["testserver", "TESTSERVER", "testserver:8443", "testserver."])
def test_host_names_are_compared_without_case_port_and_final_dot(city: City, host: str) -> None:
    request, response = ask(host)
    assert response.content == b"found"
    assert request.city == city  # type: ignore[attr-defined]


def test_each_host_has_its_own_city(city: City, other_city: City) -> None:
    assert ask("testserver")[0].city == city  # type: ignore[attr-defined]
    assert ask("other.example")[0].city == other_city  # type: ignore[attr-defined]


def test_the_city_and_its_revision_come_in_one_query(
    city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        request, _ = ask("testserver")
        assert request.city.revision == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("host", ["nowhere.example", "testserver.evil.example", "a_b", "ü.example", ""])
def test_an_unknown_host_gets_a_page_that_says_so(city: City, host: str) -> None:
    response = Client(headers={"host": host, "accept-language": "de"}).get("/")
    assert response.status_code == 404
    assert "Hier ist keine Stadt" in response.content.decode()
    english = Client(headers={"host": host, "accept-language": "en"}).get("/")
    assert "There is no city here" in english.content.decode()


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Zukunft.Gelsenkirchen.DE", "zukunft.gelsenkirchen.de"),
        ("strategie.münster.de:443", "strategie.xn--mnster-3ya.de"),
        ("straße.example", "xn--strae-oqa.example"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "[::1]"),
    ],
)
def test_host_names_are_stored_one_way(raw: str, name: str) -> None:
    assert host_name(raw) == name


@pytest.mark.parametrize("raw", ["", ".", "a b", "-a.de", "a..b", "a/b", "x" * 64, "[::1", "[zz]"])
def test_what_is_no_host_name_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="not a host name"):
        host_name(raw)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_between_two_requests_is_replaced(city: City) -> None:
    if connection.vendor == "postgresql":
        ask("testserver")
        connection.connection.close()  # as if the server had been started anew
    assert ask("testserver")[0].city == city  # type: ignore[attr-defined]
    assert ask("testserver")[0].city == city  # type: ignore[attr-defined]


@pytest.mark.parametrize("pooled", [False, True])
def test_behind_a_pooler_nothing_is_left_in_the_session(
    city: City, monkeypatch: pytest.MonkeyPatch, pooled: bool
) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", pooled)
    with CaptureQueriesContext(connection) as captured:
        assert ask("testserver")[0].city == city  # type: ignore[attr-defined]
    (query,) = captured.captured_queries
    kept = connection.vendor == "postgresql" and not pooled
    assert query["sql"].startswith("EXECUTE" if kept else "SELECT")
