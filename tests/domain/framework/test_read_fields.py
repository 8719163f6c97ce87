"""What people and files give becomes canonical values, or an error that names the field and the reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursbuch.domain.framework.field_values import decimal
from kursbuch.domain.framework.schema import STANDARD_FIELDS, FieldError, Reason, Schema

KINDS = [
    {
        "slug": "theme",
        "prefix": "L",
        "names": {"de": ["Leitthema", "Leitthemen"], "en": ["Theme", "Themes"]},
        "parents": [""],
        "fields": ["title", "text"],
    },
    {
        "slug": "measure",
        "prefix": "M",
        "names": {"de": ["Maßnahme", "Maßnahmen"]},
        "parents": ["theme"],
        "fields": [*STANDARD_FIELDS, {"name": "note", "type": "line", "labels": {"de": "Notiz"}}],
    },
]
SCHEMA = Schema.from_data(KINDS)


@pytest.mark.parametrize(
    ("name", "given_value", "canonical"),
    [
        ("title", "  Bäume\n pflanzen ", "Bäume pflanzen"),
        ("title", "Ba\x00um", "Baum"),
        ("quantity", {"value": "1.433.000", "unit": "Bäume"}, {"value": "1433000", "unit": "Bäume"}),
        ("quantity", 70, {"value": "70", "unit": ""}),
        ("budget", {"amount": "12,50"}, {"amount": "12.5", "currency": "EUR"}),
        ("budget", {"amount": 1_433_000, "currency": "eur"}, {"amount": "1433000", "currency": "EUR"}),
        ("period", {"start": date(2019, 9, 2), "end": "30.6.2022"}, {"start": "2019-09-02", "end": "2022-06-30"}),
        ("period", "2020", {"start": "2020"}),
        ("period", {"start": "5.2020", "end": ""}, {"start": "2020-05"}),
        ("office", "gkd-el", {"office": "gkd-el"}),
        ("place", "Buer", {"place": "Buer"}),
        ("importance", "4", 4),
        ("target", {"value": "75", "unit": "%", "year": "2028"}, {"value": "75", "unit": "%", "year": 2028}),
        (
            "alignments",
            [{"ref": "sdg:9.1", "reason": "Netze "}, {"ref": "charta:3", "reason": "Daten"}],
            ({"id": "charta:3", "reason": "Daten"}, {"id": "sdg:9.1", "reason": "Netze"}),
        ),
        ("facts", [{"text": "31 Orte", "source": "WAZ"}], ({"id": "1", "text": "31 Orte", "source": "WAZ"},)),
        ("note", "kurz", "kurz"),
        ("text", "", None),
        ("budget", {"amount": ""}, None),
        ("period", {"start": "", "end": ""}, None),
    ],
)
def test_reads_what_people_write(name: str, given_value: Any, canonical: Any) -> None:
    value = SCHEMA.value("measure", name, given_value)
    assert value == canonical
    if value is not None:
        assert SCHEMA.value("measure", name, value) == value  # canonical stays as it is


@pytest.mark.parametrize(
    ("name", "given_value", "reason"),
    [
        ("title", ["Baum"], Reason.NOT_TEXT),
        ("title", "x" * 301, Reason.TOO_LONG),
        ("quantity", {"value": "viele"}, Reason.NOT_NUMBER),
        ("quantity", {"value": True}, Reason.NOT_NUMBER),
        ("quantity", {"unit": "Bäume"}, Reason.NOT_NUMBER),
        ("budget", {"amount": "1", "currency": "Taler"}, Reason.NOT_CURRENCY),
        ("period", {"start": "2022-02-30"}, Reason.NOT_DATE),
        ("period", {"start": "bald"}, Reason.NOT_DATE),
        ("period", {"start": "2022-05", "end": "2021"}, Reason.END_BEFORE_START),
        ("importance", 6, Reason.NOT_RATING),
        ("importance", True, Reason.NOT_RATING),
        ("target", {"value": "75"}, Reason.INCOMPLETE),
        ("target", {"value": "75", "year": "2828"}, Reason.NOT_YEAR),
        ("alignments", [{"ref": "sdg:9.1"}], Reason.INCOMPLETE),
        ("alignments", [{"ref": "sdg:1", "reason": "a"}, {"ref": "sdg:1", "reason": "b"}], Reason.TWICE),
        ("facts", [{"text": "ohne Quelle"}], Reason.INCOMPLETE),
        ("facts", "31 Orte", Reason.WRONG_SHAPE),
        ("colour", "rot", Reason.UNKNOWN_FIELD),
    ],
)
def test_says_what_is_wrong(name: str, given_value: Any, reason: Reason) -> None:
    with pytest.raises(FieldError) as error:
        SCHEMA.value("measure", name, given_value)
    assert (error.value.field, error.value.reason) == (name, reason)


def test_the_end_of_a_year_does_not_lie_before_a_month_in_it() -> None:
    assert SCHEMA.value("measure", "period", {"start": "2022-05", "end": "2022"}) is not None


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_numbers_are_the_same_however_they_are_written(number: Decimal) -> None:
    plain = decimal("value", number)
    assert Decimal(plain) == number
    assert decimal("value", plain) == plain
    german = f"{number:,f}".replace(",", "_").replace(".", ",").replace("_", ".")
    assert decimal("value", german) == plain


def test_an_element_needs_a_title_or_a_text() -> None:
    with pytest.raises(FieldError):
        SCHEMA.fields("measure", {"place": "Buer"})
    assert SCHEMA.fields("measure", {"text": "Ein Absatz.", "title": ""}) == {"text": "Ein Absatz."}


def test_kinds_stand_only_where_the_schema_lets_them() -> None:
    SCHEMA.check_place("theme", None)
    SCHEMA.check_place("measure", "theme")
    for kind, parent in (("measure", None), ("theme", "theme"), ("theme", "measure")):
        with pytest.raises(FieldError):
            SCHEMA.check_place(kind, parent)


def test_schema_goes_out_and_comes_in_again() -> None:
    assert Schema.from_data(SCHEMA.to_data()) == SCHEMA


@pytest.mark.parametrize(
    "broken",
    [
        [{"slug": "a", "prefix": "A", "names": {"de": "A"}}],
        [{"slug": "a", "prefix": "a1", "names": {"de": "A"}, "fields": ["title"]}],
        [{"slug": "a", "prefix": "A", "names": {"de": "A"}, "fields": ["unbekannt"]}],
        [{"slug": "a", "prefix": "A", "names": {"de": "A"}, "fields": ["title"], "parents": ["b"]}],
        [KINDS[0], KINDS[0]],
        ["theme"],
    ],
)
def test_a_broken_schema_names_the_place(broken: Any) -> None:
    with pytest.raises(FieldError) as error:
        Schema.from_data(broken)
    assert error.value.field
