"""Word documents: headings become levels, paragraphs and lists text, with their markup; the rest is told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategy.documents.conftest import docx_file

from kursbuch.domain.framework.changes import Add, Move, Revise, diff
from kursbuch.domain.framework.digest import digest
from kursbuch.strategy.documents.document import Document, DocumentError
from kursbuch.strategy.documents.intake import Ground, Head, default_reading, parse, take_in
from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.standard_kinds import standard_schema
from kursbuch.strategy.documents.upload import open_upload
from kursbuch.strategy.documents.word_format import WordReading
from kursbuch.strategy.documents.word_reader import Outline, read_docx
from kursbuch.strategy.documents.word_writer import write_docx
from kursbuch.strategy.documents.yaml_format import read_yaml

SCHEMA = standard_schema()


def sample(document: Any) -> None:
    document.add_paragraph("Die Strategie", style="Title")
    document.add_heading("Bildung", 1)
    paragraph = document.add_paragraph("Alle ")
    paragraph.add_run("Menschen").bold = True
    paragraph.add_run(" lernen, ")
    paragraph.add_run("immer").italic = True
    paragraph.add_run(". 3 * 4 [x] \\")
    document.add_paragraph("Dazu gehören:")
    document.add_paragraph("Schulen", style="List Bullet")
    document.add_paragraph("Büchereien", style="List Bullet")
    document.add_heading("Schulen", 2)
    document.add_paragraph("1. Juli ist der Beginn.")
    document.add_heading("Tablets", 3)
    document.add_paragraph("Jedes Kind bekommt eines.")
    document.add_paragraph("Zuerst", style="List Number")
    document.add_paragraph("Dann", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("Jahr", "Menge", "2024", "300"), strict=True):
        cell.text = text
    document.sections[0].footer.paragraphs[0].text = "Seite 1"


def take(write: Callable[[Any], None], reading: WordReading | None = None) -> Any:
    source = parse(docx_file(write))
    return take_in(source, Ground(), reading, head=Head("X", 2030))


def test_headings_become_levels_and_paragraphs_passages() -> None:
    intake = take(sample)
    found = [(depth, e.kind, e.fields) for depth, e in intake.tree.walk()]
    assert found == [
        (0, "theme", {"title": "Bildung"}),
        (1, "passage", {"text": "Alle **Menschen** lernen, *immer*. 3 \\* 4 [x] \\\\"}),
        (1, "passage", {"text": "Dazu gehören:\n\n- Schulen\n- Büchereien"}),
        (1, "field", {"title": "Schulen"}),
        (2, "passage", {"text": "1\\. Juli ist der Beginn."}),
        (
            2,
            "measure",
            {
                "title": "Tablets",
                "text": "Jedes Kind bekommt eines.\n\n1. Zuerst\n2. Dann\n\n- Jahr: 2024; Menge: 300",
            },
        ),
    ]
    assert [one.reason for one in intake.remarks] == ["a table was read as a list"]


def test_the_title_and_the_depths_are_found() -> None:
    outline = read_docx(docx_file(sample))
    assert (outline.title, outline.depths) == ("Die Strategie", [1, 2, 3])


def test_levels_can_be_chosen_and_paragraphs_become_the_text() -> None:
    intake = take(sample, WordReading({1: "theme", 2: "", 3: "measure"}, passages=False))
    assert [(d, e.kind, e.fields["title"]) for d, e in intake.tree.walk()] == [
        (0, "theme", "Bildung"),
        (1, "measure", "Tablets"),
    ]
    theme = intake.tree["L001"].fields["text"]
    assert "### Schulen\n\n1\\. Juli ist der Beginn." in theme


def test_links_and_tracked_changes() -> None:
    def write(document: Any) -> None:
        document.add_heading("A", 1)
        paragraph = document.add_paragraph("Siehe ")
        link = OxmlElement("w:hyperlink")
        relation = document.part.relate_to(
            "https://example.org/x",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
            is_external=True,
        )
        link.set(qn("r:id"), relation)
        link.append(paragraph.add_run("dort")._r)
        paragraph._p.append(link)
        for tag, text, name in (("w:ins", " neu", "w:t"), ("w:del", " alt", "w:delText")):
            change, run, part = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(name)
            part.text = text
            part.set(qn("xml:space"), "preserve")
            run.append(part)
            change.append(run)
            paragraph._p.append(change)

    intake = take(write)
    assert intake.tree["P001"].fields["text"] == "Siehe [dort](https://example.org/x) neu"
    assert {one.reason for one in intake.remarks} == {"tracked changes were taken as accepted"}


def test_a_dangerous_link_is_only_text() -> None:
    def write(document: Any) -> None:
        document.add_heading("A", 1)
        paragraph = document.add_paragraph()
        link = OxmlElement("w:hyperlink")
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        link.set(qn("r:id"), document.part.relate_to("javascript:alert(1)", kind, is_external=True))
        link.append(paragraph.add_run("hier")._r)
        paragraph._p.append(link)

    assert take(write).tree["P001"].fields["text"] == "hier"


def test_what_fits_nowhere_is_named_with_its_paragraph() -> None:
    def write(document: Any) -> None:
        document.add_heading("x" * 301, 1)
        document.add_paragraph("Gut")
        document.add_heading("Unten", 2)

    with pytest.raises(DocumentError) as error:
        take(write, WordReading({1: "measure", 2: "theme"}))
    assert {(one.place, one.field, one.reason) for one in error.value.problems} >= {
        ("paragraph 1", "title", "is too long"),
    }


def test_what_we_wrote_changes_nothing_when_it_comes_back(
    publish: Callable[..., Publication], demonstration: Document
) -> None:
    source = parse(open_upload("fassung.docx", write_docx(publish())))
    ground = Ground(demonstration.schema, demonstration.offices, demonstration.tree)
    intake = take_in(source, ground, default_reading(source, ground.schema))
    assert diff(demonstration.tree, intake.tree) == ()
    assert intake.remarks == ()


def test_a_word_changed_in_what_we_wrote_is_the_only_change(
    publish: Callable[..., Publication], demonstration: Document
) -> None:
    document = docx.Document(io.BytesIO(write_docx(publish())))
    changed = next(p for p in document.paragraphs if p.text.startswith("Gelsenkirchen will die Digitalisierung"))
    changed.runs[0].text = changed.runs[0].text.replace("will", "möchte", 1)
    heading = next(p for p in document.paragraphs if p.text == "Was Sie hier lesen")
    heading.runs[0].text = "Was hier steht"
    out = io.BytesIO()
    document.save(out)
    source = parse(open_upload("fassung.docx", out.getvalue()))
    ground = Ground(demonstration.schema, demonstration.offices, demonstration.tree)
    found = diff(demonstration.tree, take_in(source, ground, default_reading(source, ground.schema)).tree)
    assert [(c.key, c.field) for c in found if isinstance(c, Revise)] == [("P001", "text"), ("P002", "title")]
    assert len(found) == 2


def test_an_empty_document_is_refused() -> None:
    with pytest.raises(DocumentError) as error:
        parse(docx_file(lambda document: None))
    assert [one.reason for one in error.value.problems] == ["has no text"]


def test_reading_without_headings_makes_passages() -> None:
    intake = take(lambda document: document.add_paragraph("Nur ein Satz."))
    assert [e.fields for _d, e in intake.tree.walk()] == [{"text": "Nur ein Satz."}]
    assert isinstance(default_reading(Outline("", (), ()), SCHEMA), WordReading)


def test_what_a_document_leaves_out_is_retired_only_when_asked(demonstration: Document) -> None:
    def write(document: Any) -> None:
        document.add_heading("Energie und Umwelt", 1)
        document.add_heading("Abfall", 2)
        document.add_paragraph("Neu dazu.")

    source = parse(docx_file(write))
    ground = Ground(demonstration.schema, demonstration.offices, demonstration.tree)
    reading = WordReading({1: "theme", 2: "field"})
    assert [type(c).__name__ for c in diff(demonstration.tree, take_in(source, ground, reading).tree)] == ["Add"]
    left = take_in(source, ground, reading, retire_missing=True).tree
    titles = [element.fields.get("title", element.fields.get("text")) for _depth, element in left.walk()]
    assert titles == ["Energie und Umwelt", "Abfall", "Neu dazu."]


def come_back(publication: Publication, base: Document, change: Callable[[Any], None]) -> tuple[Any, ...]:
    """What the edition differs in after somebody has worked on its Word document."""
    document = docx.Document(io.BytesIO(write_docx(publication)))
    change(document)
    out = io.BytesIO()
    document.save(out)
    source = parse(open_upload("fassung.docx", out.getvalue()))
    ground = Ground(base.schema, base.offices, base.tree)
    return diff(base.tree, take_in(source, ground, default_reading(source, ground.schema)).tree)


def section(document: Any, key: str) -> list[Any]:
    """An element's heading with everything up to the next heading."""
    paragraphs = list(document.element.body.iter(qn("w:p")))
    start = next(
        place
        for place, paragraph in enumerate(paragraphs)
        if any(mark.get(qn("w:name")) == key for mark in paragraph.iter(qn("w:bookmarkStart")))
    )
    following = paragraphs[start].itersiblings()
    found = [paragraphs[start]]
    for one in following:
        style = one.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") if one.tag == qn("w:p") else None
        if style is not None and str(style.get(qn("w:val"))).startswith("Heading"):
            break
        found.append(one)
    return found


def test_another_place_in_what_we_wrote_is_a_move(publish: Callable[..., Publication], demonstration: Document) -> None:
    def change(document: Any) -> None:
        target = section(document, "M014")[-1]
        for one in reversed(section(document, "M001")):
            target.addnext(one)

    parent = demonstration.tree.parents["M014"]
    assert demonstration.tree.parents["M001"] != parent
    assert come_back(publish(), demonstration, change) == (Move("M001", parent, "M014"),)


def test_another_order_in_what_we_wrote_is_kept_and_what_is_new_stands_where_it_was_written(
    publish: Callable[..., Publication], demonstration: Document
) -> None:
    parent = demonstration.tree.parents["M014"]
    first, second = demonstration.tree.children[parent][:2]

    def change(document: Any) -> None:
        heading, *_rest = section(document, second)
        new = document.add_paragraph("Ganz neu", style=f"Heading {level(heading)}")._p
        heading.addprevious(new)

    found = come_back(publish(), demonstration, change)
    assert [(type(one), one.parent, one.after) for one in found] == [(Add, parent, first)]

    def swap(document: Any) -> None:
        target = section(document, second)[-1]
        for one in reversed(section(document, first)):
            target.addnext(one)

    assert come_back(publish(), demonstration, swap) in (
        (Move(first, parent, second),),
        (Move(second, parent, None),),
    )


def level(heading: Any) -> int:
    return int(heading.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")).removeprefix("Heading"))


def test_a_text_that_is_gone_from_what_we_wrote_is_taken_out(
    publish: Callable[..., Publication], demonstration: Document
) -> None:
    def change(document: Any) -> None:
        for one in section(document, "M001")[1:]:
            one.getparent().remove(one)

    assert come_back(publish(), demonstration, change) == (
        Revise("M001", "text", demonstration.tree["M001"].fields["text"], None),
    )


def test_a_translation_is_not_taken_for_the_original(
    publish: Callable[..., Publication], demonstration: Document
) -> None:
    with pytest.raises(DocumentError) as error:
        come_back(publish(language="en"), demonstration, lambda document: None)
    assert [one.reason for one in error.value.problems] == ["is a translation; bring the original back"]


TEXTS = (
    "Ein Satz.",
    "### Zwischendurch\n\nEin Satz.",
    "Vorher.\n\n### Eins\n\n#### Zwei\n\n- ein Punkt",
    "1. eins\n2. zwei",
)
LEAVES = st.fixed_dictionaries(
    {"kind": st.sampled_from(["field", "passage"]), "text": st.sampled_from(TEXTS)},
    optional={"title": st.sampled_from(["Bildung", "Netz"])},
)
BRANCHES = st.recursive(
    LEAVES, lambda below: st.builds(lambda one, parts: one | {"elements": parts}, LEAVES, st.lists(below, max_size=3))
)


def strategy_of(elements: list[dict[str, Any]]) -> Document:
    """With kinds that may stand below each other, and a text besides the text."""
    fields = ["title", {"name": "partner", "type": "text", "labels": {"de": "Partner"}}, "text"]
    kinds = [
        {
            "slug": slug,
            "prefix": prefix,
            "names": {"de": [slug, slug]},
            "parents": ["", "field", "passage"],
            "fields": fields,
        }
        for slug, prefix in (("field", "F"), ("passage", "P"))
    ]
    head = {"slug": "s", "title": "S", "horizon": 2030}
    return read_yaml(json.dumps({"kursbuch": 1, "strategy": head, "kinds": kinds, "elements": elements}))


@given(st.lists(BRANCHES, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_whatever_stands_below_whatever_comes_back_as_it_was(elements: list[dict[str, Any]]) -> None:
    document = strategy_of(elements)
    assert come_back(Publication("X", document, digest(document.tree), "de"), document, lambda document: None) == ()


def test_what_lies_deeper_than_word_has_headings_comes_back_too() -> None:
    elements: list[dict[str, Any]] = []
    for number in range(14, 0, -1):
        elements = [
            {"kind": "field", "title": f"Ebene {number}", "partner": "Wir\n\n- alle", "elements": elements},
            {"kind": "field", "title": f"Daneben {number}"},
        ]
    document = strategy_of(elements)
    assert come_back(Publication("X", document, digest(document.tree), "de"), document, lambda document: None) == ()
