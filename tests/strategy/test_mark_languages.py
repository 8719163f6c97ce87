"""On English pages, what is still German says so to whoever has the page read aloud."""

from __future__ import annotations

import re

from django.test import Client
from tests.strategy.amending import Cast, make_strategy, submitted

from kursbuch.city.models import City, Office
from kursbuch.domain.framework.changes import Revise
from kursbuch.identity.models import Membership
from kursbuch.strategy.models import Strategy
from kursbuch.strategy.services.discuss_amendment import comment_on_amendment


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_titles_of_amendments(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    amendment = submitted(strategy, cast.author, title="Mehr Bäume & Büsche")
    marked = '<span lang="de">Mehr Bäume &amp; Büsche</span>'
    for url in ("/", "/antraege/", "/M001/", "/chronik/", f"/antraege/{amendment.pk}/"):
        assert marked in page(visitor, f"/en{url}"), url
        assert marked not in page(visitor, url), url


def test_names_of_council_groups(strategy: Strategy, frida: Membership, visitor: Client) -> None:
    amendment = submitted(strategy, frida)
    marked = '<span lang="de">Fraktion Beispiel</span>'
    for url in ("/antraege/", f"/antraege/{amendment.pk}/", "/M001/", "/chronik/"):
        assert marked in page(visitor, f"/en{url}"), url
        assert marked not in page(visitor, url), url


def test_strategy_office_has_a_name_in_every_language(strategy: Strategy, edda: Membership, visitor: Client) -> None:
    submitted(strategy, edda)
    assert "Strategy office</" in page(visitor, "/en/chronik/")


def test_offices_without_an_english_name(city: City, edda: Membership, as_edda: Client, visitor: Client) -> None:
    strategy = make_strategy(city)
    submitted(strategy, edda, [Revise("M001", "office", None, {"office": "umwelt"})])
    number = strategy.amendments.get().pk
    assert "Environment Office" in page(visitor, f"/en/antraege/{number}/")
    Office.objects.update(name_en="")
    assert '<span lang="de">Umweltamt</span>' in page(as_edda, f"/en/antraege/{number}/")
    assert '<span lang="de">Umweltamt' not in page(as_edda, f"/antraege/{number}/")


def test_wordings_and_comments_of_amendments(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    amendment = submitted(strategy, cast.author)
    comment_on_amendment(amendment=amendment, by=cast.author, text="Das finde ich gut.")
    url = f"/antraege/{amendment.pk}/"
    for marked in ('<div class="redline prose" lang="de">', '<div class="comment__text prose" lang="de">'):
        assert marked in page(visitor, f"/en{url}")
        assert marked not in page(visitor, url)


def test_decisions_and_parts_of_the_strategy(strategy: Strategy, as_edda: Client) -> None:
    body = strategy.editions.get().decision.body
    assert f'Decision: <span lang="de">{body}</span>' in page(as_edda, "/en/fassungen/")
    assert '<option value="L1" lang="de">' in page(as_edda, "/en/antraege/")
    assert '<span lang="de">' in page(as_edda, "/en/antraege/neu/")
    assert '<span lang="de">' not in page(as_edda, "/antraege/neu/")


def test_what_one_writes_for_the_strategy(strategy: Strategy, as_edda: Client) -> None:
    typed = re.compile(r'<textarea name="text"[^>]* lang="de"')
    assert typed.search(page(as_edda, "/en/antraege/neu/?element=M001"))
    assert not typed.search(page(as_edda, "/antraege/neu/?element=M001"))
