"""Following in the browser, the settings, and the audit log."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from kursbuch.chronicle.models import Mode
from kursbuch.chronicle.queries import is_following, mode_of
from kursbuch.chronicle.services import erase_person, follow, seal_entries
from kursbuch.kit import clock

BERLIN = ZoneInfo("Europe/Berlin")


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_a_thing_is_followed_and_left_again(as_anna, anna, city):
    back = as_anna.post("/chronik/abonnieren/", {"thing": "bench:1", "next": "/chronik/", "do": "follow"})
    assert (back.status_code, back.headers["Location"]) == (302, "/chronik/")
    assert is_following(anna.person.pk, city.pk, "bench:1")
    assert "Abonnement beenden" in text(as_anna.get("/chronik/bench:1/"))
    as_anna.post("/chronik/abonnieren/", {"thing": "bench:1", "do": "follow"})  # a second click changes nothing
    assert is_following(anna.person.pk, city.pk, "bench:1")
    as_anna.post("/chronik/abonnieren/", {"thing": "bench:1", "do": "unfollow"})
    assert not is_following(anna.person.pk, city.pk, "bench:1")


def test_the_button_alone_comes_back_where_a_part_was_asked_for(as_anna):
    part = text(as_anna.post("/chronik/abonnieren/", {"thing": "bench:1"}, headers={"hx-request": "true"}))
    assert part.strip().startswith("<form")
    assert 'value="unfollow"' in part
    assert "csrfmiddlewaretoken" in part


def test_visitors_sign_in_first_and_come_back(visitor):
    away = visitor.post("/chronik/abonnieren/", {"thing": "bench:1", "next": "/chronik/bench:1/"})
    assert away.headers["Location"].endswith("?next=%2Fchronik%2Fbench%3A1%2F")
    assert visitor.get("/chronik/benachrichtigungen/").status_code == 302


def test_following_needs_a_known_thing_a_form_and_its_token(as_anna, anna):
    assert as_anna.post("/chronik/abonnieren/", {"thing": "tree:1"}).status_code == 404
    assert as_anna.get("/chronik/abonnieren/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(anna.person)
    assert strict.post("/chronik/abonnieren/", {"thing": "bench:1"}).status_code == 403


def test_the_way_back_stays_on_the_site(as_anna):
    for evil in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        back = as_anna.post("/chronik/abonnieren/", {"thing": "bench:1", "next": evil})
        assert back.headers["Location"] == "/chronik/bench:1/"


def test_settings_show_and_keep_the_choice(as_anna, anna, city, other_city):
    follow(user=anna.person, city_id=city.pk, thing="bench:1")
    follow(user=anna.person, city_id=other_city.pk, thing="bench:77")
    page = text(as_anna.get("/chronik/benachrichtigungen/"))
    assert "Bench 1" in page
    assert "Bench 77" not in page
    assert 'value="at_once" checked' in page
    assert as_anna.post("/chronik/benachrichtigungen/", {"mode": "weekly"}).status_code == 302
    assert mode_of(anna.person.pk, city.pk) == Mode.WEEKLY
    assert mode_of(anna.person.pk, other_city.pk) == Mode.AT_ONCE
    assert 'value="weekly" checked' in text(as_anna.get("/chronik/benachrichtigungen/"))
    assert "kern-error" in text(as_anna.post("/chronik/benachrichtigungen/", {"mode": "hourly"}))
    assert mode_of(anna.person.pk, city.pk) == Mode.WEEKLY


@pytest.mark.parametrize("count", [1, 40])
def test_the_settings_page_costs_the_same_for_any_number(count, as_anna, anna, city, django_assert_max_num_queries):
    for number in range(count):
        follow(user=anna.person, city_id=city.pk, thing=f"bench:{number}")
    with django_assert_max_num_queries(6):  # city, session, person, membership, mode, follows
        text(as_anna.get("/chronik/benachrichtigungen/"))


# ---- audit log ----

LOG, TABLE = "/chronik/protokoll/", "/chronik/protokoll.csv"


@pytest.fixture
def happened(place_bench, anna, olaf, other_city):
    with clock.at(datetime(2026, 3, 1, 23, 30, tzinfo=BERLIN)):
        place_bench("1", actor=anna.person, summary="Erste", personal={"note": "Telefon 4711"})
    with clock.at(datetime(2026, 3, 2, 0, 30, tzinfo=BERLIN)):
        place_bench("2", actor=olaf.person, verb="bench_painted", summary="Zweite", on_behalf_of="Grünamt")
    with clock.at(datetime(2026, 3, 3, 12, 0, tzinfo=BERLIN)):
        place_bench("3", summary="=1+1", public=False, about=["bench:1"])
        place_bench("1", summary="Woanders", city_id=other_city.pk)


@pytest.mark.parametrize("path", [LOG, TABLE])
def test_the_log_is_for_editors_and_administrators(path, visitor, as_anna, as_olaf, as_klara, as_edda, as_adam):
    assert visitor.get(path).status_code == 302
    for client in (as_anna, as_olaf, as_klara):
        assert client.get(path).status_code == 403
    for client in (as_edda, as_adam):
        assert client.get(path).status_code == 200


def test_the_log_needs_the_second_factor(as_edda, edda, settings):
    edda.person.authenticator_set.all().delete()
    assert as_edda.get(LOG).status_code == 302
    settings.DEMO = True
    assert as_edda.get(LOG).status_code == 200


def test_the_log_shows_everything_of_its_city(happened, as_edda):
    page = text(as_edda.get(LOG))
    for shown in ("Erste", "Zweite", "=1+1", "Telefon 4711", "Olaf Ochs", "Grünamt"):
        assert shown in page
    assert "Woanders" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"Erste", "Zweite", "=1+1"}),
        ({"verb": "bench_painted"}, {"Zweite"}),
        ({"person": "arndt"}, {"Erste"}),
        ({"person": "OLAF@"}, {"Zweite"}),
        ({"thing": "bench:1"}, {"Erste", "=1+1"}),
        ({"since": "2026-03-02"}, {"Zweite", "=1+1"}),
        ({"until": "2026-03-01"}, {"Erste"}),
        ({"since": "2026-03-02", "until": "2026-03-02"}, {"Zweite"}),
        ({"since": "yesterday", "verb": "bench_stolen"}, {"Erste", "Zweite", "=1+1"}),
        ({"person": "nobody"}, set()),
    ],
)
def test_the_log_is_filtered(query, found, happened, as_edda):
    page = text(as_edda.get(LOG, query))
    assert {name for name in ("Erste", "Zweite", "=1+1") if name in page} == found
    table = b"".join(as_edda.get(TABLE, query).streaming_content).decode("utf-8-sig")
    assert {row["Zusammenfassung"].lstrip("'") for row in csv.DictReader(io.StringIO(table), delimiter=";")} == found


def test_the_table_is_safe_in_a_spreadsheet(happened, city, as_edda):
    seal_entries(city.pk)
    response = as_edda.get(TABLE)
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "private, no-store"
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig")), delimiter=";"))
    assert [row["Zusammenfassung"] for row in rows] == ["'=1+1", "Zweite", "Erste"]
    assert rows[0]["Siegel"] == "1"
    assert rows[2]["Zeit"] == "2026-03-01T23:30:00+01:00"
    assert rows[2]["Wer"] == "Anna Arndt"


def test_an_erased_person_is_gone_from_the_log(happened, anna, as_edda):
    erase_person(anna.person)
    page = text(as_edda.get(LOG))
    assert "Telefon" not in page
    assert "Anna Arndt" not in page
    assert "Gelöschtes Konto" in page


@pytest.mark.parametrize("rows", [2, 50])
def test_the_log_costs_the_same_for_any_number(rows, place_bench, city, as_edda, anna, django_assert_max_num_queries):
    for _ in range(rows):
        place_bench(actor=anna.person, personal={"a": 1})
    seal_entries(city.pk)
    with django_assert_max_num_queries(6):
        text(as_edda.get(LOG))


def test_the_log_goes_on_page_by_page_with_its_filters(place_bench, as_edda):
    for number in range(60):
        place_bench(summary=f"Bank({number})")
    first = text(as_edda.get(LOG, {"thing": "bench:1"}))
    link = first.partition('" rel="next"')[0].rpartition('href="')[2].replace("&amp;", "&")
    assert "thing=bench%3A1" in link
    second = text(as_edda.get(LOG + link))
    assert [number for number in range(60) if f"Bank({number})" in second] == list(range(10))
