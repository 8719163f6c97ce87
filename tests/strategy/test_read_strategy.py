"""The whole strategy on any day, in the reader's language."""

from __future__ import annotations

import re

import pytest
from bench.generate import generate_strategy
from django.test import Client
from tests.personas import visitor_of
from tests.strategy.amending import Cast
from tests.strategy.reading_story import ask, queries, tell, text

from kursbuch.city.models import City
from kursbuch.kit import clock
from kursbuch.strategy.models import Strategy
from kursbuch.strategy.queries import load_edition
from kursbuch.strategy.queries.editions import shown_edition
from kursbuch.strategy.services.render_element import render_element

pytestmark = pytest.mark.django_db


def render(strategy: Strategy, cast: Cast, ordinal: int, language: str, reviewed: bool = True, **fields: str) -> None:
    version = load_edition(shown_edition(strategy.city_id, ordinal)).version("M001")
    render_element(
        strategy=strategy,
        by=cast.editor,
        version=version,
        language=language,
        fields=fields,
        translator="Tara",
        reviewed=reviewed,
    )


def keys(page: str) -> list[str]:
    return re.findall(r'<section class="element element--\d" id="([A-Z0-9]+)">', page)


def test_shows_every_element_in_order_with_its_fields(strategy: Strategy, visitor: Client) -> None:
    page = text(ask(visitor, "/strategie/"))
    assert keys(page) == ["L1", "M001", "M002", "L2"]
    assert "<h1>Kleine Strategie</h1>" in page
    assert (
        "<dd>100\N{NO-BREAK SPACE}Bäume</dd>" in page
        and "<dd>März 2022 – 2024</dd>" in page
        and "<dd>SDG 11.7</dd>" in page
    )
    assert 'href="/M001/">M001</a>' in page
    assert page.count('class="toc__link" href="#L1"') == 2  # wide and narrow


@pytest.mark.parametrize(
    ("day", "number", "words", "order"),
    [
        ("2020-06-25", "1", "hundert Bäume", ["L1", "M001", "M002", "L2"]),
        ("2021-03-31", "1", "hundert Bäume", ["L1", "M001", "M002", "L2"]),
        ("2021-04-01", "2", "zweihundert Bäume", ["L1", "M001", "M002", "L2"]),
        ("2022-06-01", "3", "zweihundert Bäume", ["L1", "L2", "M001"]),
        ("2099-01-01", "4", "Straßenbäume", ["L1", "L2", "M001"]),
    ],
)
def test_shows_the_edition_of_the_day(
    strategy: Strategy, cast: Cast, visitor: Client, day: str, number: str, words: str, order: list[str]
) -> None:
    tell(strategy, cast)
    page = text(ask(visitor, "/strategie/", am=day))
    assert f'<a href="/fassungen/{number}/">Fassung {number}</a>' in page
    assert words in page
    assert keys(page) == order


def test_today_is_the_default_and_the_next_edition_is_announced(
    strategy: Strategy, cast: Cast, visitor: Client
) -> None:
    tell(strategy, cast)
    page = text(ask(visitor, "/strategie/"))
    assert "Ab 1. Januar 2099 gilt Fassung 4." in page
    assert 'href="/vergleich/?von=3&amp;bis=4"' in page
    assert "nicht mehr in Kraft" in text(ask(visitor, "/strategie/", fassung="2"))
    assert "noch nicht in Kraft" in text(ask(visitor, "/strategie/", fassung="4"))


def test_says_so_before_the_first_edition_and_of_what_is_no_day(strategy: Strategy, visitor: Client) -> None:
    early = text(ask(visitor, "/strategie/", am="2019-12-31"))
    assert "Am 31. Dezember 2019 war noch keine Fassung in Kraft." in early and keys(early) == []
    assert 'href="/strategie/?am=2020-06-25"' in early
    for given in ("gestern", "2021-02-30", "<b>"):
        page = text(ask(visitor, "/strategie/", am=given))
        assert "ist kein Tag" in page and keys(page) == ["L1", "M001", "M002", "L2"]
        assert "<b>" not in page
    assert "Es gibt keine Fassung 9.9." in text(ask(visitor, "/strategie/", fassung="9.9"))


def test_a_city_without_strategy_says_so(city: City, visitor: Client) -> None:
    for url in ("/strategie/", "/fassungen/", "/vergleich/", "/en/strategie/"):
        response = visitor.get(url)
        assert response.status_code == 200 and "empty__title" in text(response)  # type: ignore[arg-type]


def test_marks_open_amendments_but_no_drafts(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    tell(strategy, cast)
    page = text(ask(visitor, "/strategie/"))
    assert page.count("1 Änderungsantrag</a>") == 1
    assert "Änderungsantrag</a>" not in text(ask(visitor, "/strategie/", am="2021-05-01"))


def test_english_shows_renditions_and_what_is_missing(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    render(strategy, cast, 1, "en", title="Trees", text="The city plants a hundred trees.")
    page = text(ask(visitor, "/en/strategie/"))
    assert '<div class="element__text prose"><p>The city plants a hundred trees.</p></div>' in page
    assert '<div class="element__text prose" lang="de"><p>Die Stadt legt zwanzig Beete an.</p></div>' in page
    assert page.count("only in German") == 3 and "Translation older" not in page
    assert "1 of 4 elements are translated." in page
    original = text(ask(visitor, "/en/strategie/", sprache="de"))
    assert "Die Stadt pflanzt hundert Bäume" in original and "only in German" not in original


def test_marks_renditions_that_the_original_has_left_behind(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    render(strategy, cast, 1, "en", reviewed=False, title="Trees", text="The city plants a hundred trees.")
    tell(strategy, cast)
    now = text(ask(visitor, "/en/strategie/"))
    assert now.count("Translation older than the original") == 1 and "a hundred trees" in now
    assert "not reviewed yet" in now
    then = text(ask(visitor, "/en/strategie/", am="2020-07-01"))
    assert "Translation older" not in then and "a hundred trees" in then
    between = text(ask(visitor, "/en/strategie/", am="2021-05-01"))
    assert "Translation older" in between and "a hundred trees" in between
    render(strategy, cast, 4, "en", title="Street trees", text="The city plants two hundred trees.")
    assert "a hundred trees" in text(ask(visitor, "/en/strategie/"))  # the other is for a version still to come
    coming = text(ask(visitor, "/en/strategie/", fassung="4"))
    assert "Street trees" in coming and "Translation older" not in coming


def test_plain_language_can_be_chosen(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    render(strategy, cast, 1, "de-simple", title="Bäume", text="Wir pflanzen Bäume.")
    page = text(ask(visitor, "/strategie/", sprache="de-simple"))
    assert '<div class="element__text prose" lang="de-simple"><p>Wir pflanzen Bäume.</p></div>' in page
    assert page.count("noch nicht in Leichter Sprache") == 3
    assert "1 von 4 Bausteinen gibt es in Leichter Sprache." in page
    assert "Wir pflanzen" not in text(ask(visitor, "/strategie/"))


def test_never_shows_another_city(strategy: Strategy, cast: Cast, other_city: City, visitor: Client) -> None:
    tell(strategy, cast)
    stranger = visitor_of(other_city)
    for url in ("/strategie/", "/fassungen/", "/vergleich/?von=1&bis=2"):
        assert "Bäume" not in text(stranger.get(url))  # type: ignore[arg-type]
    for url in ("/M001/", "/M001/beweis.json", "/fassungen/1/"):
        assert stranger.get(url).status_code == 404


def test_takes_at_most_six_queries_whatever_grows(db: None) -> None:
    counts = set()
    for size, editions in ((20, 2), (80, 12)):
        strategy = generate_strategy(
            elements=size,
            words=size * 20,
            editions=editions,
            pending=size // 4,
            host=f"s{size}.example",
            slug=f"s{size}",
        )
        client = visitor_of(strategy.city)
        counts.add(queries(client, "/strategie/"))
        counts.add(queries(client, "/en/strategie/"))
        assert queries(client, "/strategie/?fassung=2") <= 6
        page = text(ask(client, "/strategie/"))
        assert len(keys(page)) == shown_edition(strategy.city_id, editions).size
    assert len(counts) == 1 and max(counts) <= 6


def test_generated_editions_are_what_the_services_would_have_written(db: None) -> None:
    from kursbuch.strategy.queries.verify import verify_strategy

    strategy = generate_strategy(elements=60, words=1200, editions=15, pending=5)
    assert verify_strategy(strategy) == []
    last = strategy.editions.last()
    assert last is not None and last.ordinal == 15 and last.in_force_from <= clock.today()
