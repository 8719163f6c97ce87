"""Texts, languages, notice and offices of a city, changed by its administrators."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.personas import client_of, make_office

from kursbuch.chronicle.models import Entry
from kursbuch.city.access import _checks, check_managers_with
from kursbuch.city.models import City, Office
from kursbuch.city.services import add_office
from kursbuch.identity.models import Membership

NO_TEXTS = {"imprint_de": "", "imprint_en": "", "privacy_de": "", "accessibility_de": "", "contact": ""}


def test_texts_are_written_and_read(as_adam: Client, visitor: Client, city: City) -> None:
    empty = visitor.get("/stadt/impressum/").content.decode()
    assert "noch nicht veröffentlicht" in empty
    text = "### Herausgeberin\n\nStadt **Gelsenkirchen** <script>alert(1)</script>\n\n- Rathaus\n- [Karte](https://example.org/)"
    response = as_adam.post("/stadt/texte/", {**NO_TEXTS, "imprint_de": text, "contact": "fragen@example.org"})
    assert response.status_code == 302
    page = visitor.get("/stadt/impressum/").content.decode()
    assert "<h3>Herausgeberin</h3>" in page
    assert "<strong>Gelsenkirchen</strong>" in page
    assert "<script>alert" not in page
    assert 'href="https://example.org/"' in page
    assert "mailto:fragen@example.org" in page
    assert Entry.objects.get(verb="texts_changed").data == {"changed": ["imprint", "contact"]}


def test_each_language_has_its_text_and_the_other_one_stands_in(
    as_adam: Client, visitor: Client, city: City, as_nora: Client
) -> None:
    as_adam.post("/stadt/texte/", {**NO_TEXTS, "imprint_de": "Stadtverwaltung", "imprint_en": "City hall"})
    as_adam.post("/stadt/texte/", {**NO_TEXTS, "imprint_de": "Stadtverwaltung", "imprint_en": "City hall"})
    as_adam.post("/stadt/texte/", {**NO_TEXTS, "imprint_de": "Stadtverwaltung", "privacy_de": "Wir zählen nicht."})
    assert Entry.objects.filter(verb="texts_changed").count() == 2
    as_adam.post("/stadt/texte/", {**NO_TEXTS, "imprint_en": "City hall", "privacy_de": "Wir zählen nicht."})
    english = visitor.get("/en/stadt/datenschutz/").content.decode()
    assert '<div class="prose" lang="de"><p>Wir zählen nicht.</p>' in english
    assert "There is this text in German only." in english
    german = visitor.get("/stadt/impressum/").content.decode()
    assert '<div class="prose" lang="en"><p>City hall</p>' in german
    assert "Diesen Text gibt es nur auf Englisch." in german
    own = visitor.get("/stadt/datenschutz/").content.decode()
    assert '<div class="prose"><p>Wir zählen nicht.</p>' in own
    assert "nur auf" not in own


def test_texts_written_before_are_in_the_city_s_language(city: City) -> None:
    """The migration of installations that had one text for all languages."""

    class Before(SimpleNamespace):
        def save(self, **fields: object) -> None:
            self.saved = fields

    old = Before(languages=["en", "de"], imprint_before="We", privacy_before="", accessibility_before="")
    apps = SimpleNamespace(get_model=lambda *name: SimpleNamespace(objects=SimpleNamespace(all=lambda: [old])))
    import_module("kursbuch.city.migrations.0002_texts_by_language").by_language(apps, None)
    assert (old.imprint, old.privacy) == ({"en": "We"}, {})


def test_texts_that_stay_the_same_are_not_chronicled(as_adam: Client, city: City) -> None:
    as_adam.post("/stadt/texte/", NO_TEXTS)
    assert not Entry.objects.filter(verb="texts_changed").exists()


def test_languages_and_notice(as_adam: Client, visitor: Client, city: City) -> None:
    notice = {"notice_de": "Dies ist eine Vorschau.", "notice_en": "This is a preview."}
    as_adam.post("/stadt/sprachen/", {"languages": ["de", "en"], "first": "en", **notice})
    city.refresh_from_db()
    assert city.languages == ["en", "de"]
    assert city.content_language == "en"
    assert "Dies ist eine Vorschau." in visitor.get("/stadt/impressum/").content.decode()
    assert "This is a preview." in visitor.get("/en/stadt/impressum/").content.decode()


def test_the_language_of_the_city_is_one_of_the_interface(as_adam: Client, city: City) -> None:
    response = as_adam.post("/stadt/sprachen/", {"languages": ["de"], "first": "en"})
    assert "muss zu den Sprachen der Oberfläche gehören" in response.content.decode()
    response = as_adam.post("/stadt/sprachen/", {"first": "de"})
    assert response.status_code == 200
    city.refresh_from_db()
    assert city.languages == ["de", "en"]


def test_an_office_is_added_and_renamed(as_adam: Client, city: City) -> None:
    as_adam.post("/stadt/aemter/", {"name": "Amt für Straßen und Grün", "name_en": "Roads and Parks"})
    office = Office.objects.get(city=city)
    assert office.slug == "amt-fuer-strassen-und-gruen"
    as_adam.post(f"/stadt/aemter/{office.slug}/", {"name": "Amt für Grünflächen"})
    office.refresh_from_db()
    assert (office.slug, office.name, office.name_en) == ("amt-fuer-strassen-und-gruen", "Amt für Grünflächen", "")
    told = Entry.objects.filter(city=city).order_by("pk").values_list("verb", "summary")
    assert list(told) == [
        ("office_added", "Amt hinzugefügt: Amt für Straßen und Grün."),
        ("office_renamed", "Das Amt „Amt für Straßen und Grün“ heißt jetzt „Amt für Grünflächen“."),
    ]


def test_offices_of_one_name_get_slugs_of_their_own(city: City, other_city: City) -> None:
    slugs = [add_office(city=city, actor=None, name="Bauamt").slug for _ in range(3)]
    assert slugs == ["bauamt", "bauamt-2", "bauamt-3"]
    assert add_office(city=other_city, actor=None, name="Bauamt").slug == "bauamt"
    assert add_office(city=city, actor=None, name="漢字").slug == "amt"


def test_an_office_of_another_city_is_not_there(as_adam: Client, other_office: Office) -> None:
    assert as_adam.get(f"/stadt/aemter/{other_office.slug}/").status_code == 404
    assert as_adam.post(f"/stadt/aemter/{other_office.slug}/", {"name": "Gekapert"}).status_code == 404
    other_office.refresh_from_db()
    assert other_office.name == "Amt für Musterfragen"


def test_an_administrator_of_one_city_is_nobody_in_the_other(adam: Membership, other_city: City) -> None:
    client = Client(headers={"host": "other.example"})
    client.force_login(adam.person)
    assert client.post("/stadt/aussehen/", {"name": "Gekapert"}).status_code == 403
    other_city.refresh_from_db()
    assert other_city.name == "Musterstadt"


def test_the_queries_do_not_grow_with_the_offices(
    as_adam: Client, city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rows in (1, 20):
        for n in range(rows):
            make_office(city, f"Amt {rows} {n}")
        with django_assert_num_queries(5):  # city, session, user, member, offices
            assert as_adam.get("/stadt/aemter/").status_code == 200


def test_without_a_check_nobody_gets_in(adam: Membership) -> None:

    kept = list(_checks)
    _checks.clear()
    try:
        client = client_of(adam)
        with pytest.raises(ImproperlyConfigured):
            client.get("/stadt/aemter/")
    finally:
        check_managers_with(kept[0])
