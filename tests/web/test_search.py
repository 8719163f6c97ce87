"""The search page on the demonstration's strategy: word forms, spellings, words within words."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.strategy.amending import submitted

from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Revise
from kursbuch.identity.models import Membership
from kursbuch.kit.search.find import Hit
from kursbuch.strategy.demonstration.play import load_strategy
from kursbuch.strategy.models import Strategy
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.services.draft_amendment import draft_amendment
from kursbuch.strategy.services.render_element import render_element


@pytest.fixture
def strategy(city: City) -> Strategy:
    return load_strategy(city)


def found(client: Client, words: str, **more: str) -> list[str]:
    response = client.get(reverse("search"), {"q": words, **more})
    assert response.status_code == 200
    return [hit.thing for hit in response.context["results"]]


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("Schulen", "Schule"),
        ("Strasse", "Straße"),
        ("strassen", "Straße"),
        ("MASSNAHMEN", "maßnahme"),
        ("Buerger", "Bürger"),
        ("Sensoren", "Sensor"),
    ],
)
def test_forms_and_spellings_find_the_same(strategy: Strategy, visitor: Client, words: str, same: str) -> None:
    hits = found(visitor, words, art="element")
    assert hits
    assert set(hits) == set(found(visitor, same, art="element"))


@pytest.mark.parametrize("word", ["netz", "innovation", "verkehr"])
def test_word_within_a_compound_is_found(strategy: Strategy, visitor: Client, word: str) -> None:
    tree = load_edition(latest_edition(strategy)).tree
    within = {
        f"element:{element.key}"
        for element in tree.elements.values()
        for text in (str(element.fields.get("title", "")).lower(),)
        if word in text and not any(part.startswith(word) for part in text.replace("-", " ").split())
    }
    hits: set[str] = set()
    for page in range(1, 6):
        hits |= set(found(visitor, word, art="element", seite=str(page)))
    assert within <= hits


def test_hits_are_highlighted_with_their_key(strategy: Strategy, visitor: Client) -> None:
    text = visitor.get(reverse("search"), {"q": "Schule"}).content.decode()
    assert "<mark>Schul" in text
    assert "Baustein M" in text or "Baustein" in text


def test_kinds_are_told_apart(strategy: Strategy, anna: Membership, edda: Membership, visitor: Client) -> None:
    version = strategy.versions.get(key="M013", until__gt=1_000_000)
    render_element(
        strategy=strategy,
        by=edda,
        version=version,
        language="en",
        fields={"title": "Airships for everybody"},
        translator="",
    )
    title = str(version.fields["title"])
    submitted(strategy, anna, [Revise("M013", "title", title, f"{title} überall")], "Zeppelin am Himmel")
    assert found(visitor, "airship", art="rendition") == ["element:M013"]
    assert [thing.partition(":")[0] for thing in found(visitor, "Zeppelin", art="amendment")] == ["amendment"]
    assert found(visitor, "Zeppelin", art="element") == []
    assert "Zeppelin" in visitor.get(reverse("search"), {"q": "Zeppelin"}).content.decode()


def test_drafts_are_not_found(strategy: Strategy, anna: Membership, as_anna: Client) -> None:
    title = str(strategy.versions.get(key="M013", until__gt=1_000_000).fields["title"])
    draft_amendment(
        strategy=strategy,
        by=anna,
        title="Zeppelin am Himmel",
        rationale="",
        changes=[Revise("M013", "title", title, f"{title} überall")],
    )
    assert found(as_anna, "Zeppelin") == []


@pytest.mark.parametrize("words", ["Xylophonquark", "%%%", "'; --", "ß" * 300])
def test_nothing_found_gives_tips(strategy: Strategy, visitor: Client, words: str) -> None:
    text = visitor.get(reverse("search"), {"q": words}).content.decode()
    assert "wurde nichts gefunden" in text
    assert "Rechtschreibung" in text or "Schreibweise" in text


def test_without_words_it_says_how(strategy: Strategy, visitor: Client) -> None:
    assert "Schulen" in visitor.get(reverse("search")).content.decode()


def test_pages_follow_each_other(strategy: Strategy, visitor: Client) -> None:
    first, second = (found(visitor, "stadt", art="element", seite=page) for page in ("1", "2"))
    assert first and second
    assert not set(first) & set(second)
    assert found(visitor, "stadt", seite="99999999999") == []
    assert found(visitor, "stadt", art="element", seite="x") == first


def test_other_city_finds_nothing(strategy: Strategy, as_nora: Client) -> None:
    assert found(as_nora, "Schule") == []


def test_queries_are_few(strategy: Strategy, visitor: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        found(visitor, "stadt")
    assert len(queries) <= 5


def test_key_is_found_and_no_part_of_an_excerpt(strategy: Strategy, visitor: Client) -> None:
    assert found(visitor, "M001")[0] == "element:M001"
    hits = [hit for page in (1, 2) for hit in _results(visitor, "Gelsenkirchen", page)]
    assert len(hits) > 10
    assert all(hit.key not in hit.excerpt for hit in hits)


def _results(client: Client, words: str, page: int) -> list[Hit]:
    return list(client.get(reverse("search"), {"q": words, "art": "element", "seite": page}).context["results"])


def test_values_are_found_and_no_loose_numbers_of_an_excerpt(strategy: Strategy, visitor: Client) -> None:
    hits = _results(visitor, "Umfrageantworten", 1)
    assert "element:M001" in [hit.thing for hit in hits]
    assert all("2500" not in hit.excerpt for hit in hits)
