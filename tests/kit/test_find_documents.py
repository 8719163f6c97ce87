"""Search: what is found, in which order, with how many statements and how fast."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from kursbuch.kit import search
from kursbuch.kit.models import SearchDocument
from kursbuch.kit.search import Document
from kursbuch.kit.search.fold import WORD, token

CITY, OTHER_CITY = 1, 2


def put(
    key: str, title: str, body: str = "", *, language: str = "de", kind: str = "element", scope: int = CITY
) -> None:
    search.index(scope=scope, thing=f"{kind}:{key}", language=language, kind=kind, title=title, body=body)


def found(query: str, **only: object) -> list[str]:
    return [hit.key for hit in search.find(CITY, query, **only)]  # type: ignore[arg-type]


@pytest.fixture
def strategy(db: None) -> None:
    put("M1", "Glasfasernetz", "Die Stadt baut das Glasfasernetz aus. 86 Schulen sind angeschlossen.")
    put("M2", "Digitale Ausstattung der Grundschulen", "Bis 2024 fließen 27,5 Millionen Euro.")
    put("M3", "Parksensoren in Buer", "Auf der Straße zeigen 1.900 Sensoren freie Plätze; neue folgen.")
    put("M4", "Bäume im Quartier", "Krankenhäuser und Bäume_im_Netz kosten 100 %.")
    put("M1", "Fibre network", "The city extends its network. 86 schools are connected.", language="en")
    put("12", "Mehr Radwege", "Der Stadtrat möge Radwege bauen.", kind="amendment")
    put("X1", "Glasfasernetz", "Eine andere Stadt.", scope=OTHER_CITY)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("Schule", ["M2", "M1"]),  # in a title's compound before a word of a body
        ("schulen", ["M2", "M1"]),
        ("Netz", ["M1", "M4"]),
        ("Strasse", ["M3"]),
        ("Straßen", ["M3"]),
        ("Haus", ["M4"]),
        ("Baum", ["M4"]),
        ("Rad", ["12"]),
        ("Räte", ["12"]),
        ("Glasfaser Schulen", ["M1"]),
        ("Glasfaser Radwege", []),
        ("Wo sind die Sensoren?", ["M3"]),
        ("27,5", ["M2"]),
        ("190", []),
        ('"digitale Ausstattung"', ["M2"]),
        ("„Ausstattung digitale“", []),
        ('"Glasfasernetz die Stadt"', []),  # not across title and body
        ("%", []),
        ("_", []),
        ("", []),
        ("   ?! ", []),
    ],
)
def test_finds(strategy: None, query: str, keys: list[str]) -> None:
    assert found(query, language="de") == keys


def test_understands_a_query_in_each_texts_language(strategy: None) -> None:
    assert [(hit.key, hit.language) for hit in search.find(CITY, "connecting school")] == [("M1", "en")]


def test_german_includes_plain_language(strategy: None) -> None:
    put("M1", "Schnelles Internet", "Die Stadt baut ein Netz.", language="de-simple")
    languages = {hit.language for hit in search.find(CITY, "Internet", language="de")}
    assert languages == {"de-simple"}
    assert found("Internet", language="en") == []


def test_whole_words_of_the_title_come_first(strategy: None) -> None:
    put("A", "Etwas anderes", "Im Glasfasernetz.")
    put("B", "Etwas anderes", "Das Netz.")
    put("C", "Netzausbau", "")
    put("D", "Das Netz", "")
    assert found("Netz", language="de")[:2] == ["D", "C"]
    assert found("Netz", language="de").index("B") < found("Netz", language="de").index("A")


def test_limits_to_kinds(strategy: None) -> None:
    assert found("Stadt", kinds=["amendment"]) == ["12"]
    assert found("Stadt", kinds=["element"], language="de") == ["M1"]


def test_replaces_what_was_there(strategy: None) -> None:
    put("M1", "Etwas anderes")
    assert found("Glasfasernetz", language="de") == []
    assert SearchDocument.objects.filter(scope=CITY, thing="element:M1").count() == 2


def test_forgets(strategy: None) -> None:
    search.remove(CITY, "element:M1", "en")
    assert found("network") == []
    assert found("Glasfasernetz") == ["M1"]
    search.remove(CITY, "element:M1")
    assert found("Glasfasernetz") == []
    search.remove_all(CITY, ["amendment"])
    assert found("Radwege") == []
    search.remove_all(CITY)
    assert SearchDocument.objects.count() == 1


def test_pages_through_results(db: None) -> None:
    search.index_many(
        Document(scope=CITY, thing=f"element:{n}", language="de", kind="element", title=f"Netz {n:03}")
        for n in range(45)
    )
    pages = [search.find(CITY, "Netz", page=page, size=20) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert len({hit.thing for page in pages for hit in page}) == 45
    assert (pages[1].first, pages[1].last, pages[1].total, pages[1].pages) == (21, 40, 45, 3)
    assert (pages[0].previous_page, pages[0].next_page, pages[2].next_page) == (None, 2, None)
    assert pages[3].previous_page == 3


def test_costs_at_most_two_statements(strategy: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for query in ("Netz", "Glasfaser Schulen Stadt baut", '"86 Schulen" Glasfasernetz'):
        with django_assert_num_queries(2):
            list(search.find(CITY, query))
    with django_assert_num_queries(1):
        list(search.find(CITY, "Raumschiff"))
    with django_assert_num_queries(0):
        list(search.find(CITY, " "))


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=200), st.sampled_from(["de", "en", "tr", "de-simple"]))
def test_a_document_is_found_by_each_of_its_words(title: str, body: str, language: str) -> None:
    search.remove_all(CITY)
    put("M1", title, body, language=language)
    for match in WORD.finditer(f"{title} {body}"):
        if token(match.group(), language):
            assert found(match.group(), language=language) == ["M1"], ascii((title, body, language))


def test_a_word_is_found_in_each_of_two_thousand_documents(db: None) -> None:
    """300,000 words; bench/ says how long it takes."""
    chance = random.Random(7)
    stems = ["".join(chance.choices("abcdefghijklmnoprstuwz", k=chance.randint(3, 14))) for _ in range(20_000)]
    search.index_many(
        Document(
            scope=CITY,
            thing=f"element:M{n}",
            language="de",
            kind="element",
            title=" ".join(chance.choices(stems, k=6)),
            body=" ".join([*chance.choices(stems, k=143), "Glasfasernetz" if n % 40 == 0 else "Wort"]),
        )
        for n in range(2000)
    )
    assert search.find(CITY, "Netz", language="de").total >= 50
