"""The row of editions, and each by itself."""

from __future__ import annotations

import re

import pytest
from bench.generate import generate_strategy
from django.test import Client
from tests.personas import visitor_of
from tests.strategy.amending import Cast
from tests.strategy.reading_story import ask, queries, tell, text

from kursbuch.strategy.models import Strategy

pytestmark = pytest.mark.django_db


def numbers(page: str) -> list[str]:
    return re.findall(r'<h2><a href="(?:/en)?/fassungen/([\d.]+)/">', page)


def test_lists_editions_from_the_newest(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    tell(strategy, cast)
    page = text(ask(visitor, "/fassungen/"))
    assert numbers(page) == ["4", "3", "2", "1"]
    assert "künftig" in page and page.count(">in Kraft</span>") == 1
    assert "Fassung mit Mehr Bäume" in page and "in Kraft vom 1. April 2021 bis 31. Mai 2022" in page
    assert 'href="/vergleich/?von=1&amp;bis=2"' in page and 'href="/fassungen/2/herunterladen/pdf/"' in page
    assert "Edition with Mehr Bäume" in text(ask(visitor, "/en/fassungen/"))


def test_an_edition_names_what_it_took_in_and_changed(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    tell(strategy, cast)
    page = text(ask(visitor, "/fassungen/2/"))
    edition = strategy.editions.get(number="2")
    assert "Mehr Bäume</a>" in page and "von Anna Arndt" in page and edition.digest in page
    assert "zweihundert</ins>" in page and "Was sich seit Fassung 1 geändert hat" in page
    first = text(ask(visitor, "/fassungen/1/"))
    assert "Keine: Das ist die erste Fassung" in first and "4 Bausteine" in first
    assert "künftig" in text(ask(visitor, "/fassungen/4/"))
    assert visitor.get("/fassungen/5/").status_code == 404
    assert visitor.get("/fassungen/2.1/").status_code == 404


def test_pages_and_query_counts_do_not_grow(db: None) -> None:
    counts, each = set(), set()
    for editions in (5, 45):
        strategy = generate_strategy(
            elements=30, words=300, editions=editions, pending=0, host=f"f{editions}.example", slug=f"f{editions}"
        )
        client = visitor_of(strategy.city)
        counts.add(queries(client, "/fassungen/"))
        each.add(queries(client, f"/fassungen/{editions}/"))
    assert counts == {3} and len(each) == 1 and max(each) <= 7
    page = text(ask(client, "/fassungen/"))
    assert len(numbers(page)) == 20 and numbers(page)[0] == "45" and 'href="?seite=2"' in page
    assert numbers(text(ask(client, "/fassungen/", seite="3"))) == ["5", "4", "3", "2", "1"]
