"""Editions and redlines as JSON, Markdown, HTML, Word and tagged PDF: complete, accessible, and safe."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import docx
import pypdf
import pytest

from kursbuch.domain.framework.changes import Add, Move, Retire, Revise, apply
from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.domain.framework.digest import content_digest, digest
from kursbuch.domain.framework.element import Edition, Element
from kursbuch.strategy.documents.document import Document
from kursbuch.strategy.documents.html_writer import write_html
from kursbuch.strategy.documents.json_writer import write_json
from kursbuch.strategy.documents.markdown_writer import write_markdown
from kursbuch.strategy.documents.pdf_writer import write_pdf
from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.redline_writer import write_redline_html, write_redline_pdf
from kursbuch.strategy.documents.standard_kinds import standard_schema
from kursbuch.strategy.documents.word_writer import write_docx

NASTY = '#let x = 1; $y$ \\ @foo <M001> `c` //x /* _a_ *b*" & </style><script>alert(1)</script> {{ x }} 😀 日本 \u0301'
Publish = Callable[..., Publication]


def reader_of(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in reader_of(pdf).pages)


def with_fields(document: Document, key: str, **fields: str) -> Document:
    tree = document.tree
    changed = [Element(e.key, e.kind, {**e.fields, **fields}) if e.key == key else e for e in tree.elements.values()]
    return replace(document, tree=Edition(changed, tree.children))


class Checked(HTMLParser):
    """Tags, ids, headings and what is not closed."""

    void = frozenset({"meta", "link", "br", "hr", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if str(given.get("href", "")).startswith("#"):
            self.targets.append(str(given["href"])[1:])
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.headings.append(int(tag[1]))
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_pdf_is_tagged_and_says_what_it_is(publish: Publish) -> None:
    pdf = write_pdf(publish())
    reader = reader_of(pdf)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "de"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert reader.metadata is not None
    assert reader.metadata.title is not None
    assert reader.metadata.title.startswith("Integrierte Strategie der digitalen Stadt Gelsenkirchen – ")
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert "Digitale und Bürgerorientierte Verwaltung" in titles
    assert len(reader.pages) > 15


def test_the_pdf_shows_edition_decision_digest_and_page_numbers(publish: Publish) -> None:
    publication = publish()
    reader = reader_of(write_pdf(publication))
    cover = reader.pages[0].extract_text()
    for shown in ("25. Juni 2020", "Rat der Stadt Gelsenkirchen", "einstimmig", publication.digest[:32], "Vorführung:"):
        assert shown in cover
    assert publication.digest[32:] in cover
    assert f" {len(reader.pages)}" in reader.pages[4].extract_text().splitlines()[-1]


def test_the_pdf_needs_no_font_of_the_machine(publish: Publish) -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2].partition("-")[0]
        for page in reader_of(write_pdf(publish())).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {"LibertinusSerif", "DejaVuSansMono"}


def test_no_sign_of_the_text_acts_as_markup(publish: Publish, demonstration: Document) -> None:
    literal = NASTY.replace("\\", "\\\\").replace("*", "\\*")
    document = with_fields(demonstration, "P001", title=literal, text=f"{literal}\n\n- {literal}")
    publication = publish(replace(document, title=NASTY, notice={"de": NASTY}))
    shown = text_of(write_pdf(publication))
    assert "#let x = 1; $y$ \\ @foo <M001> `c` //x /* _a_ *b*" in shown
    assert "[grinning face]" in shown
    html = write_html(publication)
    checked = Checked(html)
    assert checked.open == []
    assert "script" not in checked.tags
    assert html.count("</style>") == 1
    word = docx.Document(io.BytesIO(write_docx(publication)))
    assert any("</style><script>alert(1)</script>" in paragraph.text for paragraph in word.paragraphs)
    assert "<script>" not in write_markdown(publication)
    assert json.loads(write_json(publication))["strategy"]["title"] == NASTY


@pytest.mark.parametrize("language", ["de", "en", "de-simple"])
def test_html_stands_alone_and_its_outline_is_sound(publish: Publish, language: str) -> None:
    html = write_html(publish(language=language))
    checked = Checked(html)
    assert checked.open == []
    assert checked.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(checked.headings, checked.headings[1:], strict=False))
    assert len(checked.ids) == len(set(checked.ids))
    assert set(checked.targets) <= set(checked.ids)
    assert "http" not in "".join(line for line in html.splitlines() if "<link" in line or "src=" in line)
    assert f'<html lang="{language.partition("-")[0]}">' in html


def test_other_languages_show_renditions_and_mark_what_has_none(publish: Publish) -> None:
    publication = publish(language="en")
    text = write_markdown(publication)
    assert "# Integrated Strategy of the Digital City of Gelsenkirchen" in text
    assert "About this strategy" in text
    rendered = {one.key for one in publication.document.renditions if one.language == "en"}
    missing = [key for key in publication.document.tree.elements if key not in rendered]
    assert text.count("Not yet available in this language") == len(missing)


def test_json_carries_every_element_with_its_digest(publish: Publish) -> None:
    publication = publish()
    data = json.loads(write_json(publication))
    tree = publication.document.tree
    assert data["edition"]["digest"] == publication.digest
    assert [one["key"] for one in data["elements"]] == [element.key for _depth, element in tree.walk()]
    children: dict[str | None, list[str]] = {}
    elements = []
    for one in data["elements"]:
        element = Element(one["key"], one["kind"], fields_from_json(one["fields"]))
        assert content_digest(element) == one["digest"]
        elements.append(element)
        children.setdefault(one["parent"], []).append(element.key)
    assert digest(Edition(elements, children)) == publication.digest


def test_word_has_headings_contents_and_language(publish: Publish) -> None:
    document = docx.Document(io.BytesIO(write_docx(publish())))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "TOC Heading"} <= set(styles)
    assert "TOC \\o" in document.element.xml
    assert 'w:val="de-DE"' in document.styles.element.xml
    assert document.core_properties.title.startswith("Integrierte Strategie")
    assert len(document.tables) > 20


@pytest.fixture
def amended(publish: Publish, demonstration: Document) -> tuple[Publication, Publication]:
    tree = demonstration.tree
    text = tree["P001"].fields["text"]
    assert isinstance(text, str)
    money = {"amount": "1500000", "currency": "EUR"}
    changes = [
        Revise("P001", "text", text, text.replace("für die Menschen", "für **alle** Menschen")),
        Add("M900", "measure", "F01", None, {"title": "Neue Maßnahme", "budget": money}),
        Move("M001", "L4", None),
        Retire("P007"),
        Revise("M002", "importance", tree["M002"].fields.get("importance"), 5),
    ]
    after = apply(tree, changes)
    return publish(), publish(replace(demonstration, tree=after, number="2"))


def test_a_redline_tells_everything_that_changed(amended: tuple[Publication, Publication]) -> None:
    html = write_redline_html(*amended)
    assert Checked(html).open == []
    for shown in ("Neue Maßnahme", "1.500.000", "P007", "M900", "M001", "<del>", "<ins>", "<strong>alle</strong>"):
        assert shown in html
    assert html.count("<section") == 5


def test_a_redline_as_pdf_is_tagged_too(amended: tuple[Publication, Publication]) -> None:
    pdf = write_redline_pdf(*amended)
    reader = reader_of(pdf)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value
    assert "<pdfuaid:part>1</pdfuaid:part>" in reader.trailer["/Root"]["/Metadata"].get_data().decode()
    shown = text_of(pdf)
    assert amended[0].digest[:32] in shown
    assert amended[1].digest[:32] in shown
    assert "Neue Maßnahme" in shown


def test_a_redline_of_the_same_edition_says_so(publish: Publish) -> None:
    html = write_redline_html(publish(language="en"), publish(language="en"))
    assert "The two editions say the same." in html
    assert text_of(write_redline_pdf(publish(language="en"), publish(language="en"))).count("say the same") == 1


def test_two_thousand_elements_are_set(publish: Publish, demonstration: Document) -> None:
    text = " ".join(["Die Stadt baut das Netz aus und fragt die Menschen im Quartier, was sie brauchen."] * 10)
    elements = [Element("L1", "theme", {"title": "Thema"})]
    elements += [Element(f"M{n:04}", "measure", {"title": f"Maßnahme {n}", "text": text}) for n in range(2000)]
    tree = Edition(elements, {None: ["L1"], "L1": [element.key for element in elements[1:]]})
    publication = publish(replace(demonstration, schema=standard_schema(), tree=tree, renditions=[]))
    assert len(reader_of(write_pdf(publication)).pages) > 300
