"""The chronicle's public pages: what they show, what they keep to themselves, what they cost."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from kursbuch.chronicle.services import follow, seal_entries
from kursbuch.identity.models import Membership
from kursbuch.kit import clock

ATOM = "{http://www.w3.org/2005/Atom}"
SUMMER = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # the next day in Berlin


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_timeline_tells_who_did_what_when_and_why(place_bench, anna, visitor):
    with clock.at(SUMMER):
        place_bench(actor=anna.person, because="bench:9", summary="Eine Bank <b>am See</b>.")
    page = text(visitor.get("/chronik/bench:1/"))
    assert "Anna Arndt</strong> placed a bench" in page
    assert 'href="/bench/1/"' in page
    assert 'href="/bench/9/"' in page
    assert "&lt;b&gt;am See" in page
    assert "2. Juli 2026" in page
    assert "00:30" in page


def test_an_office_stands_for_its_people(place_bench, anna, visitor):
    place_bench(actor=anna.person, on_behalf_of="Grünflächenamt")
    page = text(visitor.get("/chronik/bench:1/"))
    assert "Grünflächenamt" in page
    assert "Anna" not in page


@pytest.mark.parametrize(
    "path", ["/chronik/", "/chronik/bench:1/", "/chronik/bench:1/feed.atom", "/chronik/city/feed.atom"]
)
def test_public_pages_keep_quiet_about_what_is_not_public(path, place_bench, anna, other_city, visitor):
    place_bench(summary="Öffentlich")
    place_bench(summary="Geheim", public=False)
    place_bench(summary="Persönlich nicht", personal={"note": "Telefon"}, actor=anna.person)
    place_bench(summary="Woanders", city_id=other_city.pk)
    page = text(visitor.get(path))
    assert "Öffentlich" in page
    assert "Geheim" not in page
    assert "Telefon" not in page
    assert "Woanders" not in page


def test_the_timeline_shows_what_touched_a_thing(place_bench, visitor):
    place_bench("1", about=["path:a"], summary="Berührt den Weg.")
    place_bench("2", summary="Ganz woanders.")
    page = text(visitor.get("/chronik/path:a/"))
    assert "Berührt den Weg." in page
    assert "Ganz woanders." not in page


@pytest.mark.parametrize("path", ["/chronik/", "/chronik/path:a/"])
def test_pages_follow_each_other_without_gaps(path, place_bench, visitor):
    for number in range(65):
        place_bench(str(number), about=["path:a"], summary=f"Bank({number})")
    seen, url, pages = [], path, 0
    while url:
        page = text(visitor.get(url))
        seen += [number for number in range(65) if f"Bank({number})" in page]
        place_bench("new", about=["path:a"], summary="Später dazugekommen")  # shifts nothing
        link = page.partition('" rel="next"')[0].rpartition('href="')[2] if 'rel="next"' in page else ""
        url, pages = (path + link if link else ""), pages + 1
    assert sorted(seen) == list(range(65))
    assert pages == 3


@pytest.mark.parametrize("before", ["x", "-1", "9" * 19, "1;2"])
def test_a_senseless_cursor_finds_nothing(before, visitor):
    assert visitor.get("/chronik/", {"before": before}).status_code == 404


def test_unknown_things_have_no_page(visitor):
    for path in ("/chronik/tree:1/", "/chronik/tree:1/feed.atom", "/chronik/Bench:1/", "/chronik/bench:/"):
        assert visitor.get(path).status_code == 404


def test_a_thing_nothing_happened_to_has_a_kind_page(visitor):
    assert "Hier ist noch nichts verzeichnet." in text(visitor.get("/chronik/bench:5/"))
    assert visitor.get("/chronik/city/").headers["Location"] == "/chronik/"


def test_the_chronicle_shows_the_last_seal(place_bench, city, visitor):
    place_bench()
    seal = seal_entries(city.pk)
    assert seal is not None
    assert seal.digest in text(visitor.get("/chronik/"))


def test_english_pages_are_english(place_bench, visitor):
    place_bench()
    page = text(visitor.get("/en/chronik/bench:1/"))
    assert "The system" in page
    assert "Sign in to follow" in page


@pytest.mark.parametrize(
    ("path", "budget"),
    [("/chronik/", 3), ("/chronik/bench:1/", 2), ("/chronik/bench:1/feed.atom", 2)],
)
@pytest.mark.parametrize("rows", [1, 29])
def test_the_number_of_queries_does_not_grow(
    path, budget, rows, place_bench, city, visitor, olaf, anna, django_assert_max_num_queries
):
    people: list[Membership] = [olaf, anna]
    for number in range(rows):
        place_bench(actor=people[number % 2].person, because="bench:9", about=[f"path:{number}"])
    seal_entries(city.pk)
    with django_assert_max_num_queries(budget):  # the city, the entries and, on the first, the seal
        text(visitor.get(path))


# ---- feeds ----


def test_the_feed_is_valid_atom(place_bench, anna, visitor):
    with clock.at(SUMMER):
        entry = place_bench(actor=anna.person, summary="Am <See> & mehr")
    response = visitor.get("/chronik/bench:1/feed.atom")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "http://testserver/chronik/bench:1/",
        "self": "http://testserver/chronik/bench:1/feed.atom",
    }
    item = root.find(f"{ATOM}entry")
    assert item is not None
    assert item.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
    assert item.findtext(f"{ATOM}updated") == entry.at.isoformat()
    assert item.findtext(f"{ATOM}summary") == "Am <See> & mehr"
    assert item.findtext(f"{ATOM}title") == "Anna Arndt placed a bench: Bench 1"
    assert item.findtext(f"{ATOM}author/{ATOM}name") == "Anna Arndt"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Gelsenkirchen"


def test_ids_are_the_same_in_every_feed_and_language(place_bench, visitor):
    place_bench()

    def ids(path: str) -> list[str | None]:
        root = ElementTree.fromstring(visitor.get(path).content)
        return [item.findtext(f"{ATOM}id") for item in root.findall(f"{ATOM}entry")]

    assert ids("/chronik/bench:1/feed.atom") == ids("/en/chronik/bench:1/feed.atom") == ids("/chronik/city/feed.atom")
    assert len(ids("/chronik/city/feed.atom")) == 1


def test_an_unchanged_feed_is_not_sent_again(place_bench, city, visitor):
    place_bench()
    first = visitor.get("/chronik/bench:1/feed.atom")
    etag = first.headers["ETag"]
    again = visitor.get("/chronik/bench:1/feed.atom", headers={"if-none-match": etag})
    assert again.status_code == 304
    seal_entries(city.pk)  # changes nothing that readers see
    assert visitor.get("/chronik/bench:1/feed.atom", headers={"if-none-match": etag}).status_code == 304
    place_bench()
    assert visitor.get("/chronik/bench:1/feed.atom", headers={"if-none-match": etag}).status_code == 200
    assert visitor.get("/en/chronik/bench:1/feed.atom").headers["ETag"] != etag


def test_an_empty_feed_is_valid_and_does_not_change(visitor):
    first, second = (visitor.get("/chronik/bench:1/feed.atom").content for _ in range(2))
    assert first == second
    assert ElementTree.fromstring(first).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"


# ---- tags for the pages of other apps ----


def _render(source: str, city, member) -> str:
    request = RequestFactory().get("/bench/1/?a=b&c=d")
    request.city, request.member = city, member  # type: ignore[attr-defined]
    return Template("{% load chronicle %}" + source).render(Context({"request": request, "csrf_token": "tok"}))


def test_the_timeline_tag_shows_the_last_entries(place_bench, city):
    for number in range(7):
        place_bench(summary=f"Bank({number})", public=number != 6)
    shown = _render("{% timeline 'bench:1' %}", city, Membership.visitor(city))
    assert [number for number in range(7) if f"Bank({number})" in shown] == [1, 2, 3, 4, 5]
    assert 'href="/chronik/bench:1/"' in shown
    assert "Alle Einträge in der Chronik" in shown


def test_a_thing_s_own_page_names_it_once(place_bench, visitor):
    for _ in range(3):
        place_bench(summary="Bank am See", about=["path:7"])
    own = visitor.get("/chronik/bench:1/").content.decode()
    assert own.count("Bank am See") == 1
    assert own.count('class="entry"') == 3
    other = visitor.get("/chronik/path:7/").content.decode()
    assert other.count("Bank am See") == 3


def test_routine_is_folded_into_one_line(place_bench, city, visitor):
    place_bench(summary="Bank(0)")
    for number in range(1, 38):
        place_bench(str(number), verb="bench_painted", because="path:7", summary=f"Bank({number})")
    place_bench(summary="Bank(38)")
    shown = visitor.get("/chronik/path:7/").content.decode()
    assert shown.count("painted 30 benches") == 1  # so many go on a page
    assert "Bank(37)" in shown
    tagged = _render("{% folded_timeline 'path:7' %}", city, Membership.visitor(city))
    assert "painted 37 benches" in tagged
    assert "<details" in tagged
    assert tagged.count("entries__item") == 1
    whole = visitor.get("/chronik/").content.decode()
    assert whole.index("Bank(38)") < whole.index("painted 29 benches")


def test_two_entries_of_routine_and_other_reasons_stay_apart(place_bench, city):
    for number in range(2):
        place_bench("1", verb="bench_painted", because="path:7", summary=f"Bank({number})")
        place_bench("1", verb="bench_painted", because="path:8", summary=f"Bank({number})")
        place_bench("1", summary="Bank")
    shown = _render("{% folded_timeline 'bench:1' 9 %}", city, Membership.visitor(city))
    assert shown.count("entries__item") == 6
    assert "<details" not in shown


def test_the_follow_button_suits_who_sees_it(city, anna, django_assert_num_queries):
    with django_assert_num_queries(0):
        away = _render("{% follow_button 'bench:1' %}", city, Membership.visitor(city))
    assert "next=%2Fbench%2F1%2F%3Fa%3Db%26c%3Dd" in away
    assert "<form" not in away
    offered = _render("{% follow_button 'bench:1' %}", city, anna)
    assert 'value="follow"' in offered
    assert 'value="tok"' in offered
    follow(user=anna.person, city_id=city.pk, thing="bench:1")
    assert 'value="unfollow"' in _render("{% follow_button 'bench:1' %}", city, anna)
