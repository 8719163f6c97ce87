"""Any edition or day against any other."""

from __future__ import annotations

import re

import pytest
from bench.generate import generate_strategy
from django.test import Client
from django.utils.safestring import SafeString
from tests.personas import visitor_of
from tests.strategy.amending import Cast
from tests.strategy.reading_story import ask, queries, tell, text

from kursbuch.domain.framework.changes import diff
from kursbuch.domain.framework.summary import summarise
from kursbuch.strategy.models import Strategy
from kursbuch.strategy.presentation import Terms
from kursbuch.strategy.presentation.changes import ShownField
from kursbuch.strategy.presentation.compare import ChangedElement, ChangedTheme, compare
from kursbuch.strategy.presentation.compared import themes_html
from kursbuch.strategy.queries import load_edition
from kursbuch.strategy.queries.compare import load_pair
from kursbuch.strategy.queries.editions import shown_edition

pytestmark = pytest.mark.django_db


def changed(page: str) -> list[str]:
    return re.findall(r'<h3[^>]*><a href="(?:/en)?/([A-Z0-9]+)/"><span class="key">', page)


def test_shows_only_what_changed_under_its_theme(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    tell(strategy, cast)
    page = text(ask(visitor, "/vergleich/", von="1", bis="3"))
    assert "<h1>Von Fassung 1 zu Fassung 3</h1>" in page
    assert changed(page) == ["M002", "M001"]  # under L1 and under L2
    assert "<del>hundert" in page or "hundert</del>" in page
    assert "verschoben von L1 Stadtgrün nach L2 Verkehr" in page
    assert "<del>Beete</del>" in page and "Maßnahme · entfallen" in page
    assert "Eingefügte Wörter: 1, gestrichene: " in page and 'href="/vergleich/1/3/pdf/"' in page


def test_takes_days_and_turns_round(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    tell(strategy, cast)
    by_day = text(ask(visitor, "/vergleich/", von="2020-06-25", bis="2022-06-01"))
    assert "<h1>Von Fassung 1 zu Fassung 3</h1>" in by_day
    back = text(ask(visitor, "/vergleich/", von="3", bis="1"))
    assert "von der neueren Fassung zur älteren" in back and "<ins>Beete</ins>" in back
    answer = visitor.get("/vergleich/?von=1&von_tag=2021-05-01&bis=3&bis_tag=")
    assert answer.headers["Location"] == "/vergleich/?von=2021-05-01&bis=3"
    same = text(ask(visitor, "/vergleich/", von="2", bis="2"))
    assert "Es gibt keinen Unterschied" in same


def test_without_a_choice_compares_with_the_edition_before(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    tell(strategy, cast)
    assert "<h1>Von Fassung 2 zu Fassung 3</h1>" in text(ask(visitor, "/vergleich/"))


def test_says_what_it_does_not_understand(strategy: Strategy, visitor: Client) -> None:
    assert "weder eine Fassung noch ein Tag" in text(ask(visitor, "/vergleich/", von="<gestern>", bis="1"))
    assert "war noch keine Fassung in Kraft" in text(ask(visitor, "/vergleich/", von="2019-01-01", bis="1"))
    assert "weder eine Fassung noch ein Tag" in text(ask(visitor, "/vergleich/", von="2021-99-01"))


def test_counts_what_the_domain_counts(db: None) -> None:
    strategy = generate_strategy(elements=120, words=4000, editions=12, pending=0, changes=6)
    for old, new in ((1, 12), (12, 1), (4, 5)):
        pair = load_pair(strategy, old, new)
        trees = [load_edition(shown_edition(strategy.city_id, one)).tree for one in (old, new)]
        found = compare(pair.old, pair.new, strategy.schema, Terms(language="de"))
        wanted = summarise(diff(*trees), *trees)
        assert (found.summary.added, found.summary.revised, found.summary.moved, found.summary.retired) == (
            wanted.added,
            wanted.revised,
            wanted.moved,
            wanted.retired,
        )
        assert (found.summary.words_inserted, found.summary.words_deleted) == (
            wanted.words_inserted,
            wanted.words_deleted,
        )
        shown = [one.key for theme in found.themes for one in theme.elements]
        assert sorted(shown) == sorted({change.key for change in diff(*trees)})


def test_query_count_does_not_grow(db: None) -> None:
    counts = set()
    for editions in (3, 30):
        strategy = generate_strategy(
            elements=40, words=800, editions=editions, pending=0, host=f"v{editions}.example", slug=f"v{editions}"
        )
        client = visitor_of(strategy.city)
        counts.add(queries(client, f"/vergleich/?von=1&bis={editions}"))
    assert len(counts) == 1 and max(counts) <= 5


def test_whatever_a_city_writes_is_text() -> None:
    written = '<b> & "c"'
    shown = ShownField("text", written, SafeString("<p><ins>neu</ins></p>"))
    one = ChangedElement("M001", written, written, [written, "Zweites"], is_moved=True, fields=[shown])
    one.moved_from = one.moved_to = written
    html = themes_html([ChangedTheme("L1", written, [one])], "en", "de")
    assert "<b>" not in html
    assert html.count("&lt;b&gt; &amp;") == 7
    assert "<p><ins>neu</ins></p>" in html
    assert '<p class="compared__path" lang="de">' in html
