"""Tables as offices keep them: German heads, numbers and money; every problem with its row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.strategy.documents.conftest import csv_file, xlsx_file

from kursbuch.domain.framework.changes import Add, Move, Revise, diff
from kursbuch.domain.framework.element import Edition, Element
from kursbuch.strategy.documents.cells import money, partial_date, period, prose, quantity, rating, target
from kursbuch.strategy.documents.columns import guess
from kursbuch.strategy.documents.document import DocumentError, OfficeData
from kursbuch.strategy.documents.intake import Ground, Head, default_reading, parse, take_in
from kursbuch.strategy.documents.standard_kinds import standard_schema
from kursbuch.strategy.documents.table import Table, read_table
from kursbuch.strategy.documents.table_format import TableReading
from kursbuch.strategy.documents.upload import Upload

SCHEMA = standard_schema()
LIST = (
    "Maßnahmenliste der Stadt\n\n"
    "Nr.;Leitthema;Handlungsfeld;Maßnahme;Beschreibung;Kosten;Laufzeit;Zuständigkeit;Priorität\n"
    "1;Bildung;Schulen;Tablets;Für alle;1,5 Mio. €;2021–2024;Amt für Bildung;hoch\n"
    '2;Bildung;Schulen;WLAN;"• schnell\n• überall";250.000;ab 2023;Amt für Bildung;5\n'
    "3;Klima;;Bäume;;ca. 30 T€;03/2021 bis 12/2024;;\n"
)


def table_of(upload: Upload) -> Table:
    table = parse(upload)
    assert isinstance(table, Table)
    return table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_any_usual_csv_reads_the_same(encoding: str, sign: str) -> None:
    text = 'Maßnahme;Über;"Betrag; gesamt"\n"Größe";ja;1\nZwei;nein;2\n'.replace(";", sign)
    table = read_table(csv_file(text, encoding))
    assert table.columns == ("Maßnahme", "Über", f"Betrag{sign.strip()} gesamt")
    assert [row.cells for row in table.rows] == [("Größe", "ja", "1"), ("Zwei", "nein", "2")]
    assert [row.number for row in table.rows] == [2, 3]


def test_excel_gives_values_not_formulas_and_keeps_row_numbers() -> None:
    upload = xlsx_file(
        ["Bericht"], [], ["Titel", "Kosten", "Beginn"], ["A", 1250.5, date(2024, 5, 1)], [], ["B", 3.0, None]
    )
    table = read_table(upload)
    assert table.columns == ("Titel", "Kosten", "Beginn")
    assert [(row.number, row.cells) for row in table.rows] == [
        (4, ("A", 1250.5, date(2024, 5, 1))),
        (6, ("B", 3, None)),
    ]


def test_columns_are_recognised_by_what_people_call_them() -> None:
    heads = [
        "Nr.",
        "Leitthema",
        "Maßnahme",
        "Kurzbeschreibung",
        "Kosten (in €)",
        "Beginn",
        "Ende",
        "Federführung",
        "Wetter",
    ]
    assert guess(heads, SCHEMA, "measure") == [
        *("key", "level:theme", "title", "text", "budget", "period.start", "period.end", "office", "")
    ]
    assert guess(["Key", "Title", "Description", "Parent", "Costs", "Kind"], SCHEMA, "measure") == [
        *("key", "title", "text", "parent", "budget", "kind")
    ]


def test_a_list_becomes_a_strategy_with_its_levels_and_offices() -> None:
    table = table_of(csv_file(LIST, "cp1252"))
    intake = take_in(table, Ground(), head=Head("Plan", 2030))
    found = [(depth, e.key, e.kind, e.fields["title"]) for depth, e in intake.tree.walk()]
    assert found == [
        (0, "L001", "theme", "Bildung"),
        (1, "F001", "field", "Schulen"),
        (2, "M001", "measure", "Tablets"),
        (2, "M002", "measure", "WLAN"),
        (0, "L002", "theme", "Klima"),
        (1, "M003", "measure", "Bäume"),
    ]
    assert intake.tree["M001"].fields == {
        "title": "Tablets",
        "text": "Für alle",
        "budget": {"amount": "1500000", "currency": "EUR"},
        "period": {"start": "2021", "end": "2024"},
        "office": {"office": "amt-fuer-bildung"},
        "importance": 4,
    }
    assert intake.tree["M002"].fields["text"] == "- schnell\n- überall"
    assert [(one.id, one.name) for one in intake.offices] == [("amt-fuer-bildung", "Amt für Bildung")]
    assert intake.document is not None
    assert intake.document.slug == "plan"


def ground() -> Ground:
    base = Edition(
        [
            Element("L1", "theme", {"title": "Bildung"}),
            Element("L2", "theme", {"title": "Klima"}),
            Element("M001", "measure", {"title": "Alt", "text": "Bleibt", "importance": 2}),
            Element("M002", "measure", {"title": "Unberührt"}),
        ],
        {None: ["L1", "L2"], "L1": ["M001", "M002"]},
    )
    return Ground(SCHEMA, [OfficeData("bildung", "Amt für Bildung", "Education")], base)


def changes_of(text: str, **reading: Any) -> list[Any]:
    onto = ground()
    table = table_of(csv_file(text))
    chosen = default_reading(table, SCHEMA)
    assert isinstance(chosen, TableReading)
    intake = take_in(table, onto, TableReading(chosen.kind, chosen.mapping, reading.get("parent")))
    assert onto.base is not None
    return list(diff(onto.base, intake.tree))


def test_known_keys_revise_only_what_the_table_gives() -> None:
    assert changes_of("Kennung;Titel;Text;Priorität\nM001;Neu;;4\n") == [
        Revise("M001", "importance", 2, 4),
        Revise("M001", "title", "Alt", "Neu"),
    ]


def test_new_rows_stand_where_they_say_or_under_what_was_chosen() -> None:
    found = changes_of("Titel;Gehört zu\nEins;Klima\nZwei;\nDrei;L2\n", parent="L1")
    assert [(c.key, c.parent, c.fields["title"]) for c in found if isinstance(c, Add)] == [
        ("neu-2", "L1", "Zwei"),
        ("neu-1", "L2", "Eins"),
        ("neu-3", "L2", "Drei"),
    ]
    assert len(found) == 3


def test_a_row_may_name_a_parent_that_comes_later() -> None:
    text = "Art;Titel;Gehört zu\nMaßnahme;Kind;Feld\nHandlungsfeld;Feld;Bildung\n"
    found = changes_of(text)
    assert [(c.kind, c.parent, c.fields["title"]) for c in found] == [
        ("field", "L1", "Feld"),
        ("measure", "neu-1", "Kind"),
    ]


def test_a_known_row_under_another_parent_moves() -> None:
    assert changes_of("Kennung;Gehört zu\nM002;Klima\n") == [Move("M002", "L2", None)]


def test_levels_that_are_there_are_used_again() -> None:
    found = changes_of("Leitthema;Handlungsfeld;Titel\nbildung ;Neu;A\nBildung;Neu;B\n")
    assert [(c.kind, c.parent) for c in found] == [("field", "L1"), ("measure", "neu-1"), ("measure", "neu-1")]


def test_offices_are_known_by_any_of_their_names_and_unknown_ones_refused() -> None:
    found = changes_of("Kennung;Zuständig\nM001;education\n")
    assert found == [Revise("M001", "office", None, {"office": "bildung"})]
    with pytest.raises(DocumentError) as error:
        changes_of("Kennung;Zuständig\nM001;Amt für Wunder\n")
    assert [(one.place, one.field, one.reason) for one in error.value.problems] == [
        ("row 2", "office", "no such office")
    ]


def test_every_problem_is_named_with_row_and_field() -> None:
    text = (
        "Art;Kennung;Titel;Gehört zu;Kosten;Laufzeit;Priorität\n"
        "Maßnahme;;A;Bildung;viel;irgendwann;12\n"
        "Maßname;;B;Bildung;;;\n"
        "Maßnahme;;C;Nirgends;;;\n"
        "Leitthema;;D;Bildung;;;\n"
        "Leitthema;M001;;;;;\n"
        "Maßnahme;;;Bildung;3;;\n"
    )
    with pytest.raises(DocumentError) as error:
        changes_of(text)
    assert {(one.place, one.field, one.reason) for one in error.value.problems} == {
        ("row 2", "budget", "must be a number"),
        ("row 2", "period", "must be a date such as 2024, 2024-05 or 2024-05-31"),
        ("row 2", "importance", "must be a whole number from 1 to 5"),
        ("row 3", "kind", "no such kind of element"),
        ("row 4", "parent", "no such element"),
        ("row 5", "parent", "may not stand there"),
        ("row 6", "kind", "is another than that of the element with this key"),
        ("row 7", "title", "is required"),
    }


def test_a_key_that_is_not_there_is_named_unless_the_row_says_where_it_belongs() -> None:
    with pytest.raises(DocumentError) as error:
        changes_of("Art;Kennung;Titel\nMaßnahme;M001;Neu\nMaßnahme;M999;Verschrieben\n")
    assert [(one.place, one.field, one.reason, one.detail) for one in error.value.problems] == [
        ("row 3", "key", "no such element", "M999")
    ]
    assert [type(one) for one in changes_of("Art;Kennung;Titel;Gehört zu\nMaßnahme;neu;Neue Maßnahme;Bildung\n")] == [
        Add
    ]


def test_rows_in_a_circle_and_keys_given_twice_are_refused() -> None:
    with pytest.raises(DocumentError) as error:
        changes_of("Art;Nr;Titel;Gehört zu\nAbsatz;1;A;2\nAbsatz;2;B;1\n")
    assert "cannot stand below itself" in {one.reason for one in error.value.problems}
    with pytest.raises(DocumentError) as error:
        changes_of("Kennung;Titel\nM001;A\nM001;B\n")
    assert [(one.place, one.field) for one in error.value.problems] == [("row 3", "key")]


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("1.500", "1500", "EUR"),
        ("1.433.000 €", "1433000", "EUR"),
        ("12,50 EUR", "12,50", "EUR"),
        ("€ 3", "3", "EUR"),
        ("1,5 Mio. €", "1500000.0", "EUR"),
        ("rund 30 T€", "30000", "EUR"),
        ("250 Tsd. Euro", "250000", "EUR"),
        ("2 Mrd. CHF", "2000000000", "CHF"),
        (1250.5, "1250.5", "EUR"),
        ("5.000,- €", "5000", "EUR"),
    ],
)
def test_money_reads_as_people_write_it(written: Any, amount: str, currency: str) -> None:
    assert money("budget", written) == {"amount": amount, "currency": currency}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2021–2024", {"start": "2021", "end": "2024"}),
        ("2021 - 2024", {"start": "2021", "end": "2024"}),
        ("2021-2024", {"start": "2021", "end": "2024"}),
        ("2024-05", {"start": "2024-05", "end": "2024-05"}),
        ("03/2021 bis 12/2024", {"start": "2021-03", "end": "2024-12"}),
        ("Mai 2023 – Ende 2025", {"start": "2023-05", "end": "2025"}),
        ("ab 2023", {"start": "2023"}),
        ("bis 31.12.2025", {"end": "31.12.2025"}),
        ("2024", {"start": "2024", "end": "2024"}),
        (2024, {"start": "2024", "end": "2024"}),
        (date(2024, 5, 1), {"start": "2024-05-01", "end": "2024-05-01"}),
    ],
)
def test_periods_read_as_people_write_them(written: Any, expected: dict[str, str]) -> None:
    assert period("period", written) == expected


def test_other_cells_read_as_people_write_them() -> None:
    assert quantity("quantity", "1.200 Stück") == {"value": "1200", "unit": "Stück"}
    assert target("target", "auf 30 % bis 2030") == {"value": "30", "unit": "%", "year": "2030"}
    assert (rating("sehr hoch"), rating("3 von 5"), rating("egal")) == ("5", "3", "egal")
    assert partial_date("September 2024") == "2024-09"
    assert prose("Erstens\nZweitens") == "Erstens\n\nZweitens"


def test_the_parts_of_a_value_may_stand_in_columns_of_their_own() -> None:
    text = "Kennung;Beginn;Ende;Kosten;Währung\nM001;01.02.2021;2024;1.000;CHF\n"
    assert changes_of(text) == [
        Revise("M001", "budget", None, {"amount": "1000", "currency": "CHF"}),
        Revise("M001", "period", None, {"start": "2021-02-01", "end": "2024"}),
    ]


def test_columns_left_out_are_told() -> None:
    intake = take_in(table_of(csv_file("Titel;Wetter\nA;Regen\n")), Ground(), head=Head("X", 2030))
    assert [one.detail for one in intake.remarks] == ["Wetter"]
