"""Edition 1 of the demonstration is sound: complete, sourced, aligned, in English and in plain language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from tests.strategy.demonstration_files import ELEMENTS, EVENTS, RATINGS, SOURCE, STRATEGY, amends, walk

from kursbuch.domain.framework.markup import canonical
from kursbuch.strategy.documents.yaml_format import read_yaml
from kursbuch.strategy.reference import entry

RENDITIONS = [
    (f"{key} {language}", language, rendition)
    for key, element in ELEMENTS.items()
    for language, rendition in element.get("renditions", {}).items()
] + [
    (f"{event['element']} {event['language']}", event["language"], event["fields"])
    for event in EVENTS
    if event["do"] == "translate"
]


def test_reads_in_the_documented_format() -> None:
    document = read_yaml(SOURCE)
    assert (document.number, document.in_force_from) == ("1", date(2020, 6, 25))
    assert document.decision is not None
    assert document.decision.result == "einstimmig"
    assert len(document.tree) == len(ELEMENTS)


def test_holds_the_whole_strategy() -> None:
    kinds = Counter(element["kind"] for element in ELEMENTS.values())
    assert {kind: kinds[kind] for kind in ("vision", "theme", "field", "measure")} == {
        "vision": 5,
        "theme": 6,
        "field": 19,
        "measure": 22,
    }
    assert set(kinds) == {kind["slug"] for kind in STRATEGY["kinds"]}
    fields_of = {key: [e["kind"] for p, e in walk(STRATEGY["elements"]) if p == key] for key in ELEMENTS}
    assert [fields_of[f"L{n}"].count("field") for n in range(1, 7)] == [4, 3, 7, 3, 2, 0]
    assert all("goal" in fields_of[key] for key, e in ELEMENTS.items() if e["kind"] == "field")


def test_numbers_keys_without_gaps_in_reading_order() -> None:
    for kind in STRATEGY["kinds"]:
        keys = [key for key, element in ELEMENTS.items() if element["kind"] == kind["slug"]]
        width = len(keys[0]) - len(kind["prefix"])
        assert keys == [f"{kind['prefix']}{n:0{width}}" for n in range(1, len(keys) + 1)]


def test_writes_prose_that_the_markup_leaves_alone() -> None:
    texts = [(key, element["text"]) for key, element in ELEMENTS.items()]
    texts += [(place, rendition["text"]) for place, _, rendition in RENDITIONS]
    texts += [(e["title"], change["fields"]["text"]) for e in amends() for change in e["changes"] if "add" in change]
    assert [place for place, text in texts if canonical(text) != text] == []


def test_gives_every_element_in_english() -> None:
    for key, element in ELEMENTS.items():
        english = element["renditions"]["en"]
        assert english["title"], key
        assert english["text"] != element["text"], key
        assert english["text"].count("\n\n") == element["text"].count("\n\n"), key
        assert english["text"].count("- ") == element["text"].count("- "), key
        assert english["reviewed"] is True, key


def test_explains_in_plain_language() -> None:
    plain = [element for element in ELEMENTS.values() if "de-simple" in element["renditions"]]
    kinds = Counter(element["kind"] for element in plain)
    assert kinds["theme"] == 6
    assert kinds["field"] == 19
    assert kinds["measure"] >= 12
    assert {f"P{n:03}" for n in range(1, 9)} <= {element["key"] for element in plain}


@pytest.mark.parametrize(
    ("place", "text"),
    [(place, one["text"]) for place, language, one in RENDITIONS if language == "de-simple"],
)
def test_keeps_plain_language_plain(place: str, text: str) -> None:
    for line in text.split("\n\n"):
        assert len(line.split()) <= 12, line
        assert len(re.findall(r"[.?!](?:\s|$)", re.sub(r"\d+\. (?=[A-Z])", "", line))) == 1, line
        assert not re.search(r"\b(würde|könnte|sollte|müsste|hätte|wäre|dürfte|, (dass|weil|damit|obwohl))\b", line), (
            line
        )


def test_names_a_source_for_every_fact() -> None:
    facts = [(key, fact) for key, element in ELEMENTS.items() for fact in element.get("facts", [])]
    assert len(facts) >= 60
    for key, fact in facts:
        assert fact["text"].endswith((".", ")")), (key, fact)
        assert fact["source"].strip(), (key, fact)
        assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", fact.get("date", "2020")), (key, fact)
    assert {key for key, _ in facts} >= {key for key, e in ELEMENTS.items() if e["kind"] == "measure"}


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("M001", "2.500"), ("M002", "3,8 Millionen"), ("M003", "Zwölf"), ("M004", "40.000 Haushalte"),
        ("M005", "70 Datensätze"), ("M006", "19. Mai 2025"), ("M007", "90 Prozent"), ("M008", "500.000"),
        ("M010", "875.000"), ("M012", "27,5 Millionen"), ("M013", "5 Gigabyte"), ("M013", "Es gibt 31 Hotspots"),
        ("M015", "70 Prozent"), ("M018", "1.900"), ("M019", "86 Schulen"), ("M020", "75.000"),
        ("M022", "1.289.700"), ("M022", "143.300"), ("P013", "12,7 Millionen"), ("P018", "72,7 Punkten"),
        ("P019", "51,22"), ("P019", "22,5"), ("P020", "94 Prozent"), ("P022", "73 Schulen"), ("W01", "50.000"),
    ],
)  # fmt: skip
def test_states_the_known_figure(key: str, told: str) -> None:
    assert any(told in fact["text"] for fact in ELEMENTS[key]["facts"])


def test_rates_nothing_in_edition_1() -> None:
    assert not [key for key, element in ELEMENTS.items() if RATINGS & element.keys()]


def test_aligns_themes_and_measures_with_reasons() -> None:
    for key, element in ELEMENTS.items():
        if element["kind"] in {"theme", "measure"}:
            assert 1 <= len(element.get("alignments", [])) <= 3, key
    for one in alignments():
        assert entry(one["ref"])
        assert len(one["reason"].split()) >= 6, one
        assert one["reason"].endswith("."), one


def alignments() -> Iterator[dict[str, str]]:
    for element in ELEMENTS.values():
        yield from element.get("alignments", [])
    for event in EVENTS:
        for change in event.get("changes", []):
            if change.get("field") == "alignments":
                yield from change["to"]
            yield from change.get("fields", {}).get("alignments", [])
