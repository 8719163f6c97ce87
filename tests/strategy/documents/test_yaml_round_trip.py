"""YAML out and in again is the same strategy, to the last sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.framework.strategies import texts, wild_texts

from kursbuch.domain.framework.digest import digest
from kursbuch.domain.framework.element import Edition, Element
from kursbuch.domain.framework.schema import FieldError
from kursbuch.strategy.documents.document import DecisionData, Document, DocumentError, OfficeData, RenditionData
from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.standard_kinds import standard_schema
from kursbuch.strategy.documents.yaml_format import read_yaml
from kursbuch.strategy.documents.yaml_writer import write_yaml

SCHEMA = standard_schema()
OFFICES = (OfficeData("bildung", "Amt: „Bildung“ #1", ""), OfficeData("no", "yes", "null"))
decimals = st.decimals(-10_000_000, 10_000_000, places=2).map(str)
lines = st.one_of(texts(1), wild_texts.filter(lambda text: "\0" not in text))
RAW: dict[str, st.SearchStrategy[Any]] = {
    "title": lines,
    "text": st.one_of(texts(), wild_texts),
    "quantity": st.fixed_dictionaries({"value": decimals, "unit": st.sampled_from(("", "%", "Stück: 1", "no"))}),
    "budget": st.fixed_dictionaries({"amount": decimals, "currency": st.sampled_from(("EUR", "CHF"))}),
    "period": st.sampled_from(({"start": "2021", "end": "2024-05"}, {"end": "2030-12-31"}, {"start": "2020-06"})),
    "office": st.sampled_from(("bildung", "no")),
    "place": lines,
    "importance": st.integers(1, 5),
    "alignments": st.just([{"ref": "sdg:11.3", "reason": "Weil: ja"}, {"ref": "charta:1", "reason": "- so"}]),
    "facts": st.lists(
        st.fixed_dictionaries({"text": texts(1), "source": texts(1)}, optional={"date": st.just("2020-05")}),
        max_size=12,
    ),
}


@st.composite
def elements(draw: st.DrawFn, key: str, kind: str) -> Element:
    fields: dict[str, Any] = {"title": "Immer ein Titel"}
    for spec in SCHEMA.kind(kind).fields:
        if spec.name in RAW and draw(st.booleans()):
            try:
                value = SCHEMA.value(kind, spec.name, draw(RAW[spec.name]))
            except FieldError:  # wild input may be refused; what is stored is canonical
                continue
            if value is not None:
                fields[spec.name] = value
    ordered = {spec.name: fields[spec.name] for spec in SCHEMA.kind(kind).fields if spec.name in fields}
    return Element(key, kind, ordered)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    found: list[Element] = []
    children: dict[str | None, list[str]] = {}
    for number in range(1, draw(st.integers(1, 4)) + 1):
        theme = draw(elements(f"L{number}", "theme"))
        found.append(theme)
        children.setdefault(None, []).append(theme.key)
        for below in range(draw(st.integers(0, 3))):
            measure = draw(elements(f"M{number * 10 + below:03}", "measure"))
            found.append(measure)
            children.setdefault(theme.key, []).append(measure.key)
    tree = Edition(found, children)
    return Document(
        slug="pruefung",
        title="Titel: mit # Zeichen & mehr",
        titles={"en": "no"},
        language="de",
        horizon=2030,
        notice={"de": "Hinweis\nin zwei Zeilen"},
        schema=SCHEMA,
        tree=tree,
        offices=list(OFFICES),
        renditions=[RenditionData(found[0].key, "en", {"title": "On"}, "Off", True)],
        number="2.1",
        in_force_from=date(2024, 2, 29),
        decision=DecisionData("Rat", date(2024, 2, 1), "24-26/0815", "einstimmig", "Ratsinfo: öffentlich"),
        summary={"de": "- keine Liste"},
    )


@given(documents())
@settings(max_examples=120, deadline=None)
def test_reading_what_was_written_gives_the_same_document(document: Document) -> None:
    written = write_yaml(Publication("Stadt", document, digest(document.tree), "de"))
    again = read_yaml(written)
    assert digest(again.tree) == digest(document.tree)
    assert again == document


def test_the_demonstration_comes_back_as_it_was(publish: Callable[..., Publication]) -> None:
    publication = publish()
    again = read_yaml(write_yaml(publication))
    assert digest(again.tree) == publication.digest
    assert again == publication.document


def test_a_title_of_several_lines_stays_in_its_comment(
    publish: Callable[..., Publication], demonstration: Document
) -> None:
    document = replace(demonstration, title="Eins\nkursbuch: 2")
    written = write_yaml(publish(document))
    assert written.startswith("# Eins kursbuch: 2\n")


HEAD = (
    "kursbuch: 1\nstrategy: {slug: a, title: A, horizon: 2030}\n"
    "kinds:\n  - {slug: theme, prefix: L, names: {de: Thema}, fields: [title, text]}\n"
)
ONE = HEAD + "elements: [{kind: theme, %s}]"


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("kursbuch: 2", "kursbuch", "must be the format's version, 1"),
        ("- 1", "file", "must be a mapping with strategy, kinds and elements"),
        ("a: [", "line 2, column 1", "is not valid YAML"),
        ("a: 1\na: 2", "line 2, column 1", "is not valid YAML"),
        ("a: 2024-13-45", "file", "is not valid YAML"),
        ("a: &x [1]\nb: *x", "line 2, column 4", "uses references (& and *), which are not allowed"),
        (f"a: {'[' * 50000}{']' * 50000}", "line 1, column 83", "is nested too deeply"),
        ("kursbuch: 1\nkinds: 7", "kinds", "has the wrong shape"),
        (HEAD + "titel: x\nelements: [{kind: theme, title: B}]", "file", "is not known here"),
        (HEAD + 'elements: [{kind: theme, title: "a\\0b"}]', "file", "must be text"),
        (HEAD + "elements: [{kind: thema, title: B}]", "elements[1]", "no such kind of element"),
        (ONE % "key: M1, title: B", "elements[1] (M1)", "must be the kind's letters and a number"),
        (HEAD + "elements: [{kind: theme, titel: B}]", "elements[1]", "this kind of element has no such field"),
        (ONE % "title: B, elements: [{kind: theme, title: C}]", "elements[1].elements[1]", "may not stand there"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(text: str, place: str, reason: str) -> None:
    with pytest.raises(DocumentError) as error:
        read_yaml(text)
    assert (place, reason) in [(one.place, one.reason) for one in error.value.problems]


def test_all_problems_are_named_at_once() -> None:
    wrong = "".join(f"  - {{kind: theme, key: L{n}, titel: x, title: T}}\n" for n in range(30))
    with pytest.raises(DocumentError) as error:
        read_yaml(HEAD + "elements:\n" + wrong)
    assert len(error.value.problems) == 30
