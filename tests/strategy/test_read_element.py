"""One element: its words, why they are there, its past, its proof, and what is left when it is gone."""

from __future__ import annotations

import json
import re

import pytest
from bench.generate import generate_strategy
from django.db import transaction
from django.test import Client
from tests.personas import visitor_of
from tests.strategy.amending import Cast
from tests.strategy.reading_story import ask, queries, tell, text
from tests.strategy.test_read_strategy import render

from kursbuch.chronicle.services import record
from kursbuch.city.services import create_city
from kursbuch.domain.framework.codec import element_from_json
from kursbuch.domain.framework.digest import Level, Proof, verify_proof
from kursbuch.strategy.demonstration.play import load_strategy, play_story
from kursbuch.strategy.models import Change, Strategy
from kursbuch.strategy.queries.editions import edition_lines
from kursbuch.strategy.queries.element import ElementHistory, amendments_touching, element_stands, find_element

pytestmark = pytest.mark.django_db


def history_of(strategy: Strategy, key: str, ordinal: int) -> ElementHistory:
    element = find_element(strategy.city_id, key)
    assert element is not None
    stands, _ = element_stands(element, ordinal)
    return ElementHistory(element, edition_lines(strategy.city_id), stands, amendments_touching(element))


def test_shows_text_fields_place_and_neighbours(strategy: Strategy, visitor: Client) -> None:
    page = text(ask(visitor, "/M001/"))
    assert "<h1>Bäume</h1>" in page and "Die Stadt pflanzt hundert Bäume an ihren Straßen." in page
    assert "100\N{NO-BREAK SPACE}Bäume" in page and "Bäume machen Plätze schöner." in page and "Baumkataster" in page
    assert '<a href="/L1/">Stadtgrün</a>' in page  # the breadcrumb
    assert 'rel="next" href="/M002/"' in page and 'rel="prev"' not in page
    assert "/antraege/neu/?element=M001" in page
    assert 'href="/M001/">' in text(ask(visitor, "/L1/"))  # what is part of it


def test_names_the_origin_of_every_run_of_words(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    tell(strategy, cast)
    page = text(ask(visitor, "/M001/"))
    shown = re.search(r'<div class="origin-text prose">(.*?)</div>', page, re.S)
    assert shown is not None
    runs = re.findall(
        r'<span class="origin-run" data-origin="text-(\d)">(.*?)<a class="origin-run__number" href="#origin-text-(\d)"',
        shown[1],
    )
    assert runs == [("1", "Die Stadt pflanzt", "1"), ("2", "zweihundert", "2"), ("1", "Bäume an ihren Straßen.", "1")]
    listed = re.search(r'<li id="origin-text-2".*?</li>', page, re.S)
    assert listed is not None
    assert "Fassung 2" in listed[0] and "Mehr Bäume</a>" in listed[0] and "von Anna Arndt" in listed[0]
    assert "Beschluss: Rat, 1. März 2021, Vorlage Vorlage 7 (einstimmig)" in listed[0]
    assert page.count("Alle Wörter:") == 1  # of the title, which is as old as the strategy


def test_keeps_the_credit_of_a_deleted_account_without_its_name(
    strategy: Strategy, cast: Cast, visitor: Client
) -> None:
    tell(strategy, cast)
    cast.author.person.delete()
    page = text(ask(visitor, "/M001/"))
    assert "von Gelöschtes Konto" in page and "Anna" not in page.split('id="chronicle"')[0]


def test_follows_words_through_several_amendments_of_one_edition(strategy: Strategy, cast: Cast) -> None:
    tell(strategy, cast)
    history = history_of(strategy, "M001", 3)
    steps = history.steps("text", 3)
    assert [(step.edition, step.amendment is not None) for step, _, _ in steps] == [("1", False), ("2", True)]
    assert [step.value for step, _, _ in history.steps("title", 4)] == ["Bäume", "Straßenbäume"]
    assert [step.value for step, _, _ in history.steps("title", 3)] == ["Bäume"]


def test_falls_back_to_the_edition_where_no_amendment_tells(strategy: Strategy, cast: Cast) -> None:
    tell(strategy, cast)
    Change.objects.all().delete()
    steps = history_of(strategy, "M001", 3).steps("text", 3)
    assert [(step.edition, step.amendment) for step, _, _ in steps] == [("1", None), ("2", None)]


def test_lists_versions_with_what_changed(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    tell(strategy, cast)
    page = text(ask(visitor, "/M001/")).split('id="versions"')[1].split("</section>")[0]
    assert re.findall(r">Fassung (\d)</a>", page) == ["4", "3", "2", "1"]
    assert "Verschoben von L1 nach L2" in page and "noch nicht in Kraft" in page and "Erster Stand" in page
    assert "zweihundert</ins>" in page


def test_reads_as_of_a_day(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    tell(strategy, cast)
    past = text(ask(visitor, "/M001/", am="2020-07-01"))
    assert "hundert Bäume an" in past and "nicht mehr in Kraft" in past and "/antraege/neu/?element" not in past
    assert '<a href="/L1/?fassung=1"' in past
    assert "<h1>Straßenbäume</h1>" in text(ask(visitor, "/M001/", fassung="4"))
    early = visitor.get("/M001/?am=2019-01-01")
    assert early.status_code == 404 and "An diesem Tag noch nicht da" in early.content.decode()


def test_a_retired_element_is_gone_but_not_forgotten(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    tell(strategy, cast)
    for prefix, since in (("", "Fassung 3 vom 1. Juni 2022"), ("/en", "edition 3 of 1 June 2022")):
        response = visitor.get(f"{prefix}/M002/")
        page = response.content.decode()
        assert response.status_code == 410
        assert since in page and "Beete" in page
        assert (
            f'<a href="{prefix}/M001/">M001 Bäume</a>' in page
            or f'<a href="{prefix}/M001/">M001 Straßenbäume</a>' in page
        )
        assert f'href="{prefix}/M002/?fassung=2"' in page
    last = ask(visitor, "/M002/", fassung="2")
    assert last.status_code == 200 and "zwanzig Beete" in text(last)
    assert ask(visitor, "/M002/", am="2022-05-31").status_code == 200
    assert ask(visitor, "/M002/", am="2022-06-01").status_code == 410


def test_unknown_keys_are_not_found(strategy: Strategy, visitor: Client) -> None:
    for url in ("/M999/", "/M999/beweis.json", "/m001/", "/M001/beweis.json?fassung=7"):
        assert visitor.get(url).status_code == 404


def test_renditions_stand_with_their_marks(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    render(strategy, cast, 1, "en", reviewed=False, title="Trees", text="The city plants a hundred trees.")
    page = text(ask(visitor, "/en/M001/"))
    assert "<h1>Trees</h1>" in page and "not reviewed yet" in page and "Translation: Tara." in page
    assert '<h1 lang="de">Bäume</h1>' in text(ask(visitor, "/en/M001/", sprache="de"))
    tell(strategy, cast)
    assert "Translation older than the original" in text(ask(visitor, "/en/M001/"))


def test_shows_pending_amendments_but_no_drafts(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    pending = tell(strategy, cast)
    page = text(ask(visitor, "/M001/"))
    assert f'<a href="/antraege/{pending.pk}/">Noch mehr Bäume</a>' in page and "Geheimer Entwurf" not in page
    assert "Zurzeit schlägt niemand eine Änderung vor." in text(ask(visitor, "/L1/"))


def test_linked_data_is_legislation_and_cannot_leave_its_script(
    strategy: Strategy, cast: Cast, visitor: Client
) -> None:
    tell(strategy, cast)
    page = text(ask(visitor, "/en/M001/"))
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found is not None
    data = json.loads(found[1])
    assert data["@type"] == "Legislation" and data["legislationDateVersion"] == "2022-06-01"
    assert data["@id"] == "http://testserver/M001/" and data["inLanguage"] == "de"
    assert data["legislationPassedBy"]["name"] == "Rat" and data["legislationDate"] == "2022-05-01"
    from kursbuch.strategy.presentation.element import linked_data

    history = history_of(strategy, "M001", 3)
    line = history.lines.at(3)
    stand = history.at(3)
    assert line and stand
    stand.fields["title"] = "</script><script>alert(1)</script>&\u2028"  # type: ignore[index]
    written = linked_data(
        history=history, stand=stand, line=line, address="/M001/", strategy_address="/", is_in_force=True
    )
    assert "<" not in written and "&" not in written
    assert json.loads(written)["name"].startswith("</script>")


def test_the_proof_leads_to_the_edition(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    tell(strategy, cast)
    for number in ("1", "3"):
        data = visitor.get(f"/M001/beweis.json?fassung={number}").json()
        raw = data["proof"]
        levels = tuple(Level(up["content"], tuple(up["left"]), tuple(up["right"])) for up in raw["levels"])
        proof = Proof("M001", tuple(raw["children"]), levels, tuple(raw["left"]), tuple(raw["right"]))
        edition = strategy.editions.get(number=number)
        assert data["edition"]["digest"] == edition.digest
        assert verify_proof(edition.digest, element_from_json(data["element"]), proof)
        data["element"]["fields"]["text"] += " Nicht."
        assert not verify_proof(edition.digest, element_from_json(data["element"]), proof)


def test_takes_at_most_eight_queries_whatever_grows(db: None) -> None:
    counts = set()
    for editions in (3, 40):
        strategy = generate_strategy(
            elements=24,
            words=800,
            editions=editions,
            pending=editions,
            host=f"e{editions}.example",
            slug=f"e{editions}",
        )
        with transaction.atomic():
            for _ in range(editions):
                record(city_id=strategy.city_id, verb="edition_in_force", thing="element:M001", summary="x")
        client = visitor_of(strategy.city)
        for key in ("L001", "F001"):
            counts.add(queries(client, f"/{key}/"))
        counts.add(queries(client, "/en/L001/"))
        long = max(strategy.elements.all(), key=lambda element: element.versions.count())
        assert queries(client, f"/{long.key}/?fassung={long.versions.latest('first').first}") <= 8
    assert len(counts) == 1 and max(counts) <= 8


def test_long_lists_of_versions_are_cut(db: None) -> None:
    strategy = generate_strategy(elements=4, words=80, editions=60, pending=0, host="lang.example", slug="lang")
    client = visitor_of(strategy.city)
    page = text(ask(client, "/L001/"))
    assert page.count('<li class="timeline__item') == 20 and 'href="?staende=alle#staende"' in page
    everything = text(ask(client, "/L001/", staende="alle"))
    assert everything.count('<li class="timeline__item') == strategy.versions.filter(key="L001").count() > 20


def test_tells_the_origins_of_the_demonstration(db: None) -> None:
    strategy = load_strategy(create_city(slug="gelsenkirchen", name="Gelsenkirchen", hosts=["ge.example"]))
    play_story(strategy, "kursbuch")
    client = visitor_of(strategy.city)
    page = text(ask(client, "/M007/", am="2026-01-01"))
    origin = page.split('id="origin"')[1].split("</section>")[0]
    assert "Mindestens 150" in origin and "Mehr Sensoren für das Grün in allen Stadtbezirken" in origin
    assert "Beschluss: Rat der Stadt Gelsenkirchen, 14. November 2024" in origin
    for key in strategy.elements.values_list("key", flat=True):
        history = history_of(strategy, key, 5)
        stand = history.at(5)
        for name in ("title", "text") if stand else ():
            steps = history.steps(name, 5)
            assert (steps[-1][0].value if steps else None) == stand.fields.get(name), (key, name)  # type: ignore[union-attr]
    for url in (
        "/strategie/",
        "/en/strategie/?sprache=de-simple",
        "/fassungen/",
        "/fassungen/2.1/",
        "/vergleich/?von=1&bis=5",
    ):
        assert client.get(url).status_code == 200
    assert client.get("/M012/").status_code in (200, 410)
