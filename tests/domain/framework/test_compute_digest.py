"""Digests, against the recipe as docs/digest.md states it, recomputed with the standard library alone."""

from __future__ import annotations

import dataclasses
import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.domain.framework.strategies import derived, editions

from kursbuch.domain.framework.codec import edition_from_json, edition_to_json
from kursbuch.domain.framework.digest import (
    Level,
    content_digest,
    digest,
    node_digests,
    proof,
    verify_proof,
)
from kursbuch.domain.framework.element import Edition, Element

DOCUMENT = Path(__file__).parents[3] / "docs" / "digest.md"


def recomputed(data: dict[str, object]) -> str:
    """The root digest from an edition's JSON, by the published recipe."""
    elements: list[dict[str, object]] = data["elements"]  # type: ignore[assignment]

    def node(element: dict[str, object]) -> bytes:
        content = {name: element[name] for name in ("key", "kind", "fields")}
        line = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        below = [node(child) for child in elements if child["parent"] == element["key"]]
        return sha256(b"kursbuch:node:1\n" + sha256(line.encode()).digest() + b"".join(below)).digest()

    tops = [node(element) for element in elements if element["parent"] is None]
    return sha256(b"kursbuch:edition:1\n" + b"".join(tops)).hexdigest()


@given(editions())
def test_digest_follows_the_published_recipe(edition: Edition) -> None:
    assert digest(edition) == recomputed(json.loads(json.dumps(edition_to_json(edition))))


def test_the_worked_example_in_the_document_is_right() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    lines = re.findall(r'^    (\{"fields".*\})$', text, re.MULTILINE)
    digests = dict(re.findall(r"^    (\S+ \S+) += ([0-9a-f]{64})$", text, re.MULTILINE))
    theme, measure = (sha256(line.encode()) for line in lines)
    node_m = sha256(b"kursbuch:node:1\n" + measure.digest())
    node_t = sha256(b"kursbuch:node:1\n" + theme.digest() + node_m.digest())
    root = sha256(b"kursbuch:edition:1\n" + node_t.digest())
    assert digests == {
        "content T1": theme.hexdigest(),
        "content M1": measure.hexdigest(),
        "node M1": node_m.hexdigest(),
        "node T1": node_t.hexdigest(),
        "root edition": root.hexdigest(),
    }
    parsed = [json.loads(line) for line in lines]
    edition = Edition([Element(**content) for content in parsed], {None: ["T1"], "T1": ["M1"]})
    assert digest(edition) == root.hexdigest()


@given(st.data())
def test_editions_have_the_same_digest_exactly_if_they_are_equal(data: st.DataObject) -> None:
    a = data.draw(editions())
    b = data.draw(derived(a))
    assert (digest(a) == digest(b)) == (a == b)
    assert digest(a, {key: content_digest(element) for key, element in a.elements.items()}) == digest(a)


def test_a_digest_knows_one_spelling_of_a_letter() -> None:
    composed = Element("M1", "measure", {"title": "Bürger"})
    decomposed = Element("M1", "measure", {"title": "Bu\u0308rger"})
    assert content_digest(composed) == content_digest(decomposed)


@given(st.data())
def test_an_element_is_proved_to_belong_to_its_edition_and_no_other(data: st.DataObject) -> None:
    edition = data.draw(editions())
    assume(edition.elements)
    key = data.draw(st.sampled_from(sorted(edition.elements)))
    root, shown = digest(edition), proof(edition, key)
    element = edition[key]
    assert verify_proof(root, element, shown)
    assert not verify_proof(root, Element(key, element.kind, {**element.fields, "title": "Gefälscht"}), shown)
    assert not verify_proof(root, Element(f"{key}x", element.kind, element.fields), shown)
    other = data.draw(derived(edition))
    if other != edition:
        assert not verify_proof(digest(other), element, shown)
    others = sorted(set(edition.elements) - {key})
    if others:
        stranger = edition[data.draw(st.sampled_from(others))]
        moved = dataclasses.replace(shown, key=stranger.key)
        assert not verify_proof(root, stranger, moved) or content_digest(stranger) == content_digest(element)


def test_a_proof_of_nonsense_is_refused() -> None:
    edition = Edition([Element("A", "theme", {}), Element("B", "goal", {})], {None: ["A"], "A": ["B"]})
    shown = proof(edition, "B")
    for broken in ("", "zz", "ab" * 31):
        assert not verify_proof(
            digest(edition), edition["B"], dataclasses.replace(shown, levels=(Level(broken, (), ()),))
        )
    with pytest.raises(KeyError):
        proof(edition, "C")


@given(editions())
def test_a_node_digest_covers_what_is_below(edition: Edition) -> None:
    nodes = node_digests(edition)
    assert nodes.keys() == edition.elements.keys()
    again = edition_from_json(edition_to_json(edition))
    assert node_digests(again) == nodes
