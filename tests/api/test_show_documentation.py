"""The page that explains the interface: all of it, in both languages, without anything from elsewhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.api.conftest import Story, get

from kursbuch.api.interface import interface


@pytest.mark.parametrize(("path", "title"), [("/api/", "Offene Daten (API)"), ("/en/api/", "Open data (API)")])
def test_explains_every_address_and_shape(story: Story, visitor: Client, path: str, title: str) -> None:
    page = visitor.get(path).content.decode()
    assert f"<h1>{title}</h1>" in page
    description = interface.get_openapi_schema()
    for address in description["paths"]:
        assert f"<code>{address}</code>" in page
    names = set(description["components"]["schemas"]) - {"JsonValue"}
    assert set(re.findall(r'id="shape-(\w+)"', page)) == names
    assert set(re.findall(r'href="#shape-(\w+)"', page)) <= names


def test_problems_lead_to_their_explanation(story: Story, visitor: Client) -> None:
    page = visitor.get("/api/").content.decode()
    for path in ("/nothing", "/elements?limit=0", "/elements/M002"):
        kind = get(visitor, path).json()["type"]  # type: ignore[attr-defined]
        assert f'id="{kind.partition("#")[2]}"' in page


def test_examples_can_be_tried(story: Story, visitor: Client) -> None:
    page = visitor.get("/api/").content.decode()
    examples = re.findall(r'href="http://testserver(/api/v1/[^"]*)"', page)
    assert len(examples) > 10
    for example in examples:
        assert visitor.get(example.replace("&amp;", "&")).status_code in {200, 404}  # 404: not in this small strategy


def test_footer_leads_to_it(story: Story, visitor: Client) -> None:
    assert 'href="/api/"' in visitor.get("/").content.decode()
