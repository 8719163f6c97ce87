"""The folded form of words: what is one word for the search, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursbuch.kit.search.fold import WORD, fold, token, tokens

SAME = [
    ("Straße", "Strasse"),
    ("Straßen", "STRASSE"),
    ("Schulen", "Schule"),
    ("Fördermittel", "Foerdermittel"),
    ("Maßnahmen", "Massnahme"),
    ("Häuser", "Haus"),
    ("Bäume", "Baum"),
    ("neue", "neuer"),
    ("Café", "Cafe"),
    ("Glasfasernetze", "Glasfasernetz"),
    ("Bür\u00adger", "Bürger"),  # a soft hyphen from a PDF
    ("Bu\u0308rger", "Bürger"),  # decomposed, as macOS writes it
]
OTHERS = [("Feuer", "für"), ("Schule", "Schuld"), ("M042", "M42"), ("2030", "2031")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_equal_words_are_one(one: str, other: str) -> None:
    assert token(one, "de") == token(other, "de-simple")


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert token(one, "de") != token(other, "de")


def test_english_is_stemmed_as_english() -> None:
    assert tokens("Cities shaping cities", "en") == ["citi", "shape", "citi"]


def test_other_languages_are_folded_only() -> None:
    assert tokens("Şehir Ötesi", "tr") == ["sehir", "otesi"]


def test_words_of_a_hyphenated_compound() -> None:
    assert tokens("Open-Data-Portal_2030 (27,5 Mio.)", "tr") == ["open", "data", "portal", "2030", "27", "5", "mio"]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.sampled_from(["de", "en", "de-simple", "tr", ""]))
def test_tokens_are_plain(text: str, language: str) -> None:
    for match in WORD.finditer(text):
        found = token(match.group(), language)
        assert found == "" or found.isalnum()
        assert found == fold(found)
