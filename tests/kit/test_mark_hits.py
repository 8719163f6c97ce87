"""Marking in a text what was sought: whole words, escaped, and nothing lost."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursbuch.kit.search import excerpt, highlight


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Die Schulen am Netz", "schule", "Die <mark>Schulen</mark> am Netz"),
        ("Das Glasfasernetz.", "Netz", "Das <mark>Glasfasernetz</mark>."),
        ("Große Straße", "strasse", "Große <mark>Straße</mark>"),
        ("<b>Netz</b> & Co", "netz", "&lt;b&gt;<mark>Netz</mark>&lt;/b&gt; &amp; Co"),
        (
            "das Netz der Stadt, das Netz",
            '"Netz der Stadt"',
            "das <mark>Netz</mark> <mark>der</mark> <mark>Stadt</mark>, das Netz",
        ),
        ("Im Rad, im Grad, in Radar", "rad", "Im <mark>Rad</mark>, im <mark>Grad</mark>, in <mark>Radar</mark>"),
        ("Strategie", "Räte", "Strategie"),
        ("Nichts", "", "Nichts"),
        ("der die das", "die Schule", "der die das"),
    ],
)
def test_marks_whole_words(text: str, query: str, marked: str) -> None:
    assert highlight(text, query, "de") == marked


def test_marks_in_any_language_when_none_is_given() -> None:
    assert highlight("cities und Schulen", "city schule") == "<mark>cities</mark> und <mark>Schulen</mark>"


@given(st.text(), st.text(max_size=40), st.sampled_from(["de", "en", None]))
def test_without_its_marks_the_text_is_what_it_was(text: str, query: str, language: str | None) -> None:
    marked = str(highlight(text, query, language))
    assert html.unescape(marked.replace("<mark>", "").replace("</mark>", "")) == text


@given(st.lists(st.text("abc ", min_size=1), min_size=1), st.text("abc", min_size=1), st.integers(20, 80))
def test_an_excerpt_is_short_and_shows_the_hit(words: list[str], hit: str, length: int) -> None:
    text = " ".join([*words, "Glasfasernetz", *words])
    shown = str(excerpt(text, "netz", length, "de"))
    assert "<mark>Glasfasernetz</mark>" in shown
    plain = shown.replace("<mark>", "").replace("</mark>", "").removeprefix("… ").removesuffix(" …")
    assert len(plain) <= length
    assert plain in " ".join(text.split())


def test_an_excerpt_is_cut_between_words() -> None:
    text = "Am Anfang steht viel, das niemand sucht, und dann kommt die Schule mit vielen weiteren Worten."
    assert excerpt(text, "Schulen", 40, "de") == "… kommt die <mark>Schule</mark> mit vielen weiteren …"


def test_an_excerpt_without_a_hit_is_the_beginning() -> None:
    assert (
        excerpt("Ein <kurzer> Anfang und noch viel mehr Text danach", "Schule", 22, "de")
        == "Ein &lt;kurzer&gt; Anfang …"
    )
