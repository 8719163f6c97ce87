"""The page cache: what it keeps, for whom, and that nobody ever sees yesterday's page."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.personas import make_city, visitor_of
from tests.web.page_urls import rendered

from kursbuch.city.models import City
from kursbuch.kit import clock
from kursbuch.web.memory import BoundedMemoryCache

pytestmark = pytest.mark.usefixtures("counted_pages")

BERLIN = ZoneInfo("Europe/Berlin")


def test_second_reader_gets_the_kept_page_for_one_query(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = visitor.get("/probe/plain/")
    with django_assert_num_queries(1):  # the city and its revision
        second = visitor.get("/probe/plain/")
    assert second.content == first.content == b"rendered 1 for all"
    assert second.headers == first.headers
    assert second["Cache-Control"] == "no-cache"
    assert "Cookie" in second["Vary"]


def test_entry_in_the_chronicle_is_seen_on_the_next_request(
    visitor: Client, city: City, something_happens: Callable[[City], None]
) -> None:
    visitor.get("/probe/plain/")
    something_happens(city)
    assert visitor.get("/probe/plain/").content == b"rendered 2 for all"


def test_entry_of_another_city_leaves_the_page(
    visitor: Client, other_city: City, something_happens: Callable[[City], None]
) -> None:
    visitor.get("/probe/plain/")
    something_happens(other_city)
    assert visitor.get("/probe/plain/").content == b"rendered 1 for all"
    assert visitor_of(other_city).get("/probe/plain/").content == b"rendered 2 for all"


def test_every_host_name_has_its_own_page(city: City) -> None:
    third = make_city("beispielstadt", "Beispielstadt", "a.example", "b.example")
    assert visitor_of(third).get("/probe/plain/", headers={"host": "a.example"}).content == b"rendered 1 for all"
    assert visitor_of(third).get("/probe/plain/", headers={"host": "b.example"}).content == b"rendered 2 for all"


def test_new_day_brings_a_new_page(visitor: Client) -> None:
    with clock.at(datetime(2026, 3, 31, 23, 59, tzinfo=BERLIN)):
        visitor.get("/probe/plain/")
        assert visitor.get("/probe/plain/").content == b"rendered 1 for all"
    with clock.at(datetime(2026, 4, 1, 0, 0, tzinfo=BERLIN)):
        assert visitor.get("/probe/plain/").content == b"rendered 2 for all"


def test_query_and_part_have_their_own_pages(visitor: Client) -> None:
    assert visitor.get("/probe/plain/").content == b"rendered 1 for all"
    assert visitor.get("/probe/plain/?seite=2").content == b"rendered 2 for all"
    assert visitor.get("/probe/plain/", headers={"HX-Request": "true"}).content == b"rendered 3 for true"
    assert visitor.get("/probe/plain/").content == b"rendered 1 for all"


def test_signed_in_people_are_never_served_from_memory(visitor: Client, as_anna: Client) -> None:
    visitor.get("/probe/plain/")
    response = as_anna.get("/probe/plain/")
    assert response.content == b"rendered 2 for all"
    assert response["Cache-Control"] == "private, no-store"
    assert visitor.get("/probe/plain/").content == b"rendered 1 for all"


def test_tokens_of_programs_are_never_served_from_memory(visitor: Client) -> None:
    visitor.get("/probe/plain/")
    assert visitor.get("/probe/plain/", headers={"Authorization": "Bearer x"}).content == b"rendered 2 for all"


@pytest.mark.parametrize("page", ["form", "cookie", "session", "private", "varied", "stream", "teapot"])
def test_pages_of_one_person_are_not_kept(city: City, page: str) -> None:
    for _ in range(2):  # two people, each with a browser without cookies
        visitor_of(city).get(f"/probe/{page}/")
    assert rendered[page] == 2


def test_form_of_a_visitor_may_not_be_stored_by_anybody(visitor: Client) -> None:
    assert "no-store" in visitor.get("/probe/form/")["Cache-Control"]


def test_posts_pass_through(visitor: Client) -> None:
    visitor.get("/probe/plain/")
    assert visitor.post("/probe/plain/").content == b"rendered 2 for all"
    assert visitor.get("/probe/plain/").content == b"rendered 1 for all"


def test_head_is_answered_from_the_page_without_its_body(visitor: Client) -> None:
    page = visitor.get("/probe/plain/")
    head = visitor.head("/probe/plain/")
    assert head.content == b""
    assert head["Content-Length"] == page["Content-Length"]
    assert head["ETag"] == page["ETag"]
    assert rendered["plain"] == 1


def test_head_alone_keeps_nothing(visitor: Client) -> None:
    visitor.head("/probe/plain/")
    assert visitor.get("/probe/plain/").content == b"rendered 2 for all"


def test_known_page_is_not_sent_again(visitor: Client, city: City, something_happens: Callable[[City], None]) -> None:
    tag = visitor.get("/probe/same/")["ETag"]
    again = visitor.get("/probe/same/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert rendered["same"] == 1
    something_happens(city)
    assert visitor.get("/probe/same/", headers={"If-None-Match": tag}).status_code == 304
    assert rendered["same"] == 2, "rendered anew, and found to be what the reader has"


def test_changed_page_is_sent_again(visitor: Client, city: City, something_happens: Callable[[City], None]) -> None:
    tag = visitor.get("/probe/plain/")["ETag"]
    something_happens(city)
    assert visitor.get("/probe/plain/", headers={"If-None-Match": tag}).status_code == 200


def test_page_keeps_its_own_tag_and_lifetime(visitor: Client) -> None:
    for _ in range(2):
        response = visitor.get("/probe/lasting/")
        assert response["Cache-Control"] == "public, max-age=31536000"
        assert response["ETag"] == '"digest"'
    assert rendered["lasting"] == 1


def test_memory_is_bounded_by_bytes() -> None:
    memory = BoundedMemoryCache("bounded", {"OPTIONS": {"MAX_BYTES": 40_000, "MAX_ENTRIES": 100}})
    for number in range(10):
        memory.set(f"page-{number}", b"x" * 8_000)
        memory.get("page-0")  # the one that is read stays
    assert memory.get("page-0") is not None
    assert memory.get("page-9") is not None
    assert memory.get("page-1") is None
    assert 0 < memory.size <= 40_000
    memory.set("too-large", b"x" * 20_000)
    assert memory.get("too-large") is None
    memory.delete("page-0")
    memory.clear()
    assert memory.size == 0


def test_memory_is_bounded_by_entries() -> None:
    memory = BoundedMemoryCache("few", {"OPTIONS": {"MAX_BYTES": 1_000_000, "MAX_ENTRIES": 6}})
    for number in range(20):
        memory.set(str(number), b"x" * 100)
    kept = [number for number in range(20) if memory.get(str(number)) is not None]
    assert kept[-1] == 19
    assert len(kept) <= 6
    assert memory.size < 6 * 200


def test_pages_of_the_installation_are_kept_in_the_bounded_memory() -> None:
    assert isinstance(caches.create_connection("pages"), BoundedMemoryCache)


SECURE = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options")


def test_kept_page_has_every_header_of_security(visitor: Client) -> None:
    fresh, kept = visitor.get("/probe/plain/"), visitor.get("/probe/plain/")
    assert rendered["plain"] == 1
    for name in SECURE:
        assert kept[name] == fresh[name] != ""
    head = visitor.head("/probe/plain/")
    assert [head[name] for name in SECURE] == [fresh[name] for name in SECURE]


def test_unknown_host_has_every_header_of_security(city: City) -> None:
    response = Client(headers={"host": "nowhere.example"}).get("/probe/plain/")
    assert response.status_code == 404
    assert all(response[name] for name in SECURE[:3])


def test_page_is_sent_compressed_from_the_second_time_on(visitor: Client) -> None:
    browser = {"Accept-Encoding": "gzip, deflate, br"}
    first = visitor.get("/probe/long/", headers=browser)
    second = visitor.get("/probe/long/", headers=browser)
    third = visitor.get("/probe/long/", headers=browser)
    assert "Content-Encoding" not in first
    assert second["Content-Encoding"] == third["Content-Encoding"] == "gzip"
    assert gzip.decompress(second.content) == gzip.decompress(third.content) == first.content
    assert int(second["Content-Length"]) == len(second.content) < len(first.content)
    assert first["ETag"] == second["ETag"]
    assert "Accept-Encoding" in first["Vary"]
    assert "Content-Encoding" not in visitor.get("/probe/long/")
    assert rendered["long"] == 1


def test_page_promised_byte_by_byte_is_never_compressed(visitor: Client) -> None:
    for _ in range(3):
        response = visitor.get("/probe/lasting/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response


def test_kept_answers_do_not_share_their_headers(visitor: Client) -> None:
    visitor.get("/probe/plain/")
    visitor.get("/probe/plain/")["X-Mine"] = "1"
    assert "X-Mine" not in visitor.get("/probe/plain/")
