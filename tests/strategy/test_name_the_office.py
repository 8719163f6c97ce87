"""Readers are told the office for what its staff write, as in the chronicle; residents and groups by name."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.strategy.amending import again, submitted

from kursbuch.city.models import City
from kursbuch.identity.models import Membership
from kursbuch.strategy.models import Amendment, Comment, Strategy
from kursbuch.strategy.services.discuss_amendment import comment_on_amendment


def read(client: Client, amendment: Amendment, language: str = "de") -> str:
    with translation.override(language):
        return client.get(reverse("amendment", args=[amendment.pk])).content.decode()


def test_comments_of_staff_carry_their_office(
    strategy: Strategy, anna: Membership, frida: Membership, olaf: Membership, klara: Membership, visitor: Client
) -> None:
    amendment = submitted(strategy, anna)
    for by in (anna, frida, olaf, klara):
        comment_on_amendment(amendment=amendment, by=by, text="Gute Idee.")
    page = read(visitor, amendment)
    assert "Olaf Ochs" not in page
    assert "Klara" not in page
    for name in ("Anna Arndt", "Frida Fröhlich", "Fraktion Beispiel", "Stabsstelle Digitalisierung", "Ratsbüro"):
        assert name in page


def test_amendments_of_staff_carry_their_office(
    strategy: Strategy, frida: Membership, olaf: Membership, edda: Membership, visitor: Client
) -> None:
    pages = [read(visitor, submitted(strategy, by)) for by in (olaf, edda, frida)]
    pages += [visitor.get(reverse("amendment-list")).content.decode()]
    pages += [visitor.get(reverse("element", args=["M001"]), follow=True).content.decode()]
    assert all("Olaf Ochs" not in page and "Edda Ebel" not in page for page in pages)
    assert "Stabsstelle Digitalisierung" in pages[0]
    assert "Strategiestelle" in pages[1]
    assert "Frida Fröhlich (Fraktion Beispiel)" in pages[2]
    assert "von Stabsstelle Digitalisierung" in pages[4]


def test_roles_are_called_by_their_english_name_on_english_pages(
    strategy: Strategy, anna: Membership, klara: Membership, edda: Membership, visitor: Client
) -> None:
    amendment = submitted(strategy, edda)
    comment_on_amendment(amendment=amendment, by=klara, text="Gute Idee.")
    page = read(visitor, amendment, "en")
    with translation.override("en"):
        chronicle = visitor.get(reverse("chronicle")).content.decode()
        feed = visitor.get(reverse("feed", args=["city"])).content.decode()
    for text in (page, chronicle, feed):
        assert "Council clerk" in text
        assert "Strategy office" in text
        assert "Ratsbüro" not in text
        assert "Strategiestelle" not in text
    assert "Ratsbüro" in read(visitor, amendment)


@pytest.mark.parametrize(("who", "name"), [("edda", "Strategiestelle"), ("olaf", "Stabsstelle Digitalisierung")])
def test_what_staff_wrote_before_is_marked(
    strategy: Strategy, city: City, anna: Membership, request: pytest.FixtureRequest, who: str, name: str
) -> None:
    """The migration of installations that knew only the person."""
    staff: Membership = request.getfixturevalue(who)
    theirs, annas = submitted(strategy, staff), submitted(strategy, anna)
    comment_on_amendment(amendment=annas, by=staff, text="Gute Idee.")
    Amendment.objects.update(official=False)
    Amendment.objects.filter(speaks_for="Strategiestelle").update(speaks_for="")
    Comment.objects.update(official=False)
    import_module("kursbuch.strategy.migrations.0002_official").mark_official(apps, None)
    assert (again(theirs).official, again(theirs).speaks_for) == (True, name)
    assert (again(annas).official, again(annas).speaks_for) == (False, "")
    assert Comment.objects.get().official
