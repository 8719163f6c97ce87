"""Values in words: the same on pages and in files, as German and English write them."""

from typing import Any

import pytest
from django.utils import translation

from kursbuch.domain.framework.schema import STANDARD_FIELDS, FieldType
from kursbuch.strategy.presentation import Terms, show_value
from kursbuch.strategy.values_in_words import value_in_words

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("field", "value", "german", "english"),
    [
        ("quantity", {"value": "1433", "unit": "Bäume"}, f"1433{NBSP}Bäume", f"1,433{NBSP}Bäume"),
        ("quantity", {"value": "-12500.50", "unit": ""}, "−12.500,50", "−12,500.50"),
        ("budget", {"amount": "1433000", "currency": "EUR"}, f"1.433.000{NBSP}€", f"1,433,000{NBSP}€"),
        ("budget", {"amount": "5", "currency": "CHF"}, f"5{NBSP}CHF", f"5{NBSP}CHF"),
        ("period", {"start": "2022-03", "end": "2024"}, "März 2022 – 2024", "March 2022 – 2024"),
        ("period", {"start": "2022", "end": "2022"}, "2022", "2022"),
        ("period", {"end": "2024"}, "bis 2024", "until 2024"),
        ("office", {"office": "schule"}, "Schulamt", "Schulamt"),
        ("office", {"office": "unknown"}, "unknown", "unknown"),
        ("place", {"place": "Buer"}, "Buer", "Buer"),
        ("importance", 4, "4 von 5", "4 of 5"),
        ("target", {"value": "75", "unit": "%", "year": 2028}, f"75{NBSP}% bis 2028", f"75{NBSP}% by 2028"),
        (
            "target",
            {"value": "75", "unit": "%", "year": 2028, "baseline": "60", "baseline_year": 2020},
            f"75{NBSP}% bis 2028 (ausgehend von 60{NBSP}% im Jahr 2020)",
            f"75{NBSP}% by 2028 (from 60{NBSP}% in 2020)",
        ),
    ],
)
def test_in_both_languages(field: str, value: Any, german: str, english: str) -> None:
    spec = STANDARD_FIELDS[field]
    terms = Terms({"schule": "Schulamt"})
    for language, words in (("de", german), ("en", english)):
        with translation.override(language):
            assert value_in_words(spec.type, value, terms.offices) == words
            assert show_value(spec, value, terms) == words


def test_pages_escape_what_people_wrote() -> None:
    spec = STANDARD_FIELDS["place"]
    assert spec.type == FieldType.PLACE
    assert show_value(spec, {"place": "<b>Buer</b>"}, Terms()) == "&lt;b&gt;Buer&lt;/b&gt;"
