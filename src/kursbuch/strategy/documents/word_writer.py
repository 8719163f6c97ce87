"""Writes an edition as a Word document: headings for the navigator, a table of contents, tables for facts."""

from __future__ import annotations

import io
import re
from typing import Any

from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.rich_text import HEADING, Block, Line
from kursbuch.strategy.documents.sheet import Section, Sheet, sheet_of
from kursbuch.strategy.documents.word_reader import DEEPEST, IN_TEXT, TRANSLATION

# Signs that XML 1.0 does not allow.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Styles of what is said about the text; the reader of Word documents leaves such paragraphs out.
OWN_LINE = "Kursbuch Angabe"
OWN_ITEM = "Kursbuch Liste"


def write_docx(publication: Publication) -> bytes:
    sheet = sheet_of(publication)
    return _Writer(sheet, is_translation=publication.language != publication.document.language).write()


class _Writer:
    def __init__(self, sheet: Sheet, *, is_translation: bool) -> None:
        import docx

        self.sheet = sheet
        self.is_translation = is_translation
        self.document: Any = docx.Document()
        self.styles: dict[str, Any] = {style.name: style for style in self.document.styles}
        for name, base in ((OWN_LINE, "Normal"), (OWN_ITEM, "List Bullet")):
            style = self.document.styles.add_style(name, 1)
            style.base_style = self.styles[base]
            self.styles[name] = style
        self.bookmarks = 0
        self.keys = {section.key for section in sheet.sections}

    def write(self) -> bytes:
        self._properties()
        self._front()
        self._contents()
        for section in self.sheet.sections:
            self._section(section)
        self._footer()
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _paragraph(self, style: str = "", text: str = "") -> Any:
        """At the end of the body. By hand, as looking up a style by name reads all styles every time."""
        paragraph = self.document.add_paragraph()
        if style:
            properties = paragraph._p.get_or_add_pPr()
            properties._add_pStyle().val = self.styles[style].style_id
        if text:
            paragraph.add_run(_xml(text))
        return paragraph

    def _properties(self) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        properties = self.document.core_properties
        properties.title = _xml(f"{self.sheet.title} – {self.sheet.subtitle}")[:255]
        properties.author = _xml(self.sheet.city)[:255]
        properties.subject = _xml(f"{self.sheet.labels['digest']}: {self.sheet.digest}")
        properties.comments = ""
        properties.language = self.sheet.language
        tag = {"de": "de-DE", "en": "en-GB"}.get(self.sheet.language, self.sheet.language)
        run_properties = self.document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        language = run_properties.find(qn("w:lang"))
        if language is None:
            language = OxmlElement("w:lang")
            run_properties.append(language)
        language.set(qn("w:val"), tag)
        settings = self.document.settings.element
        for name in ("w:updateFields", "w:autoHyphenation"):
            switch = OxmlElement(name)
            switch.set(qn("w:val"), "true")
            settings.append(switch)

    def _front(self) -> None:
        self._paragraph(OWN_LINE, self.sheet.city)
        title = self._paragraph("Title", self.sheet.title)
        if self.is_translation:
            self._bookmark(title, TRANSLATION)
        self._paragraph(OWN_LINE, self.sheet.subtitle)
        for label, text in (*self.sheet.lead, (self.sheet.labels["digest"], self.sheet.digest)):
            self._labelled(label, text)
        if self.sheet.notice:
            self._paragraph(OWN_LINE, self.sheet.notice)
        if self.sheet.summary:
            self._paragraph(OWN_LINE, self.sheet.summary)

    def _labelled(self, label: str, text: str) -> None:
        paragraph = self._paragraph(OWN_LINE)
        paragraph.add_run(f"{_xml(label)}: ").bold = True
        paragraph.add_run(_xml(text))

    def _contents(self) -> None:
        """A field that the word processor fills when it opens the file."""
        paragraph = self._paragraph("TOC Heading", self.sheet.labels["contents"])
        paragraph.paragraph_format.page_break_before = True
        _field(self._paragraph(OWN_LINE), r'TOC \o "1-3" \h \z \u', "…")
        self.document.add_page_break()

    def _section(self, section: Section) -> None:
        if section.level:
            level = min(section.level, DEEPEST)
            heading = self._paragraph(f"Heading {level}")
            self._runs(heading, section.title)
            self._bookmark(heading, section.key)
            self._paragraph(OWN_LINE).add_run(_xml(f"{section.kind} {section.key}")).italic = True
        if section.remark:
            self._paragraph(OWN_LINE).add_run(_xml(section.remark)).italic = True
        self._prose(section)
        for label, text in section.details:
            self._labelled(label, text)
        if section.alignments:
            self._paragraph(OWN_LINE).add_run(self.sheet.labels["alignments"]).bold = True
            for one in section.alignments:
                paragraph = self._paragraph(OWN_ITEM)
                paragraph.add_run(f"{_xml(one.name)} ").bold = True
                paragraph.add_run(_xml(one.reason))
        if section.facts:
            self._facts(section)

    def _prose(self, section: Section) -> None:
        for label, blocks in section.prose:
            if label:
                self._paragraph(OWN_LINE).add_run(_xml(label)).bold = True
                for line in (line for block in blocks for line in block.lines):
                    self._runs(self._paragraph(OWN_LINE), line)
                continue
            for number, block in enumerate(blocks):
                made = self._block(block, section.below)
                if not section.level and number == 0:
                    self._bookmark(made, section.key)

    def _block(self, block: Block, below: int) -> Any:
        """Gives the first paragraph made."""
        if block.kind == HEADING:
            heading = self._paragraph(f"Heading {min(below + block.level, DEEPEST)}")
            self._runs(heading, block.lines[0])
            self._bookmark(heading, f"{IN_TEXT}{block.level}_{self.bookmarks}")
            return heading
        first: Any = None
        styles = [{"ul": "List Bullet", "ol": "List Number"}.get(block.kind, "")] * len(block.lines)
        number = self._new_numbering() if block.kind == "ol" else 0
        for style, line in zip(styles, block.lines, strict=True):
            paragraph = self._paragraph(style)
            if number:
                _set_numbering(paragraph, number)
            self._runs(paragraph, line)
            first = paragraph if first is None else first
        return first

    def _runs(self, paragraph: Any, line: Line) -> None:
        for run in line:
            target = self._hyperlink(paragraph, run.link) if run.link else None
            made = paragraph.add_run(_xml(run.text))
            made.bold = run.strong or None
            made.italic = run.em or None
            if target is not None:
                made.font.underline = True
                target.append(made._r)

    def _hyperlink(self, paragraph: Any, link: str) -> Any:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        hyperlink = OxmlElement("w:hyperlink")
        if link.startswith("/"):
            key = link.strip("/")
            if key not in self.keys:
                return None
            hyperlink.set(qn("w:anchor"), key)
        else:
            relation = paragraph.part.relate_to(_xml(link), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            hyperlink.set(qn("r:id"), relation)
        paragraph._p.append(hyperlink)
        return hyperlink

    def _bookmark(self, paragraph: Any, key: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self.bookmarks += 1
        for name in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(name)
            mark.set(qn("w:id"), str(self.bookmarks))
            if name == "w:bookmarkStart":
                mark.set(qn("w:name"), key)
            paragraph._p.append(mark)

    def _new_numbering(self) -> int:
        """Every numbered list begins with 1."""
        from docx.oxml.ns import qn

        numbering = self.document.part.numbering_part.element
        style = self.styles["List Number"].element
        own = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}").get(qn("w:val"))
        abstract = next(num for num in numbering.num_lst if num.numId == int(own)).abstractNumId.val
        number = numbering.add_num(abstract)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(number.numId)

    def _facts(self, section: Section) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self._paragraph(OWN_LINE).add_run(self.sheet.labels["facts"]).bold = True
        table = self.document.add_table(rows=len(section.facts) + 1, cols=3)
        table.style = self.styles["Light Grid Accent 1"]
        rows = [tuple(self.sheet.labels[name] for name in ("fact", "source", "date"))]
        rows += [(one.text, one.source, one.date) for one in section.facts]
        for row, texts in zip(table._tbl.tr_lst, rows, strict=True):
            for cell, text in zip(row.tc_lst, texts, strict=True):
                paragraph = cell.p_lst[0]
                paragraph.get_or_add_pPr()._add_pStyle().val = self.styles[OWN_LINE].style_id
                paragraph.add_r().text = _xml(text)
        head = OxmlElement("w:tblHeader")
        head.set(qn("w:val"), "true")
        table._tbl.tr_lst[0].get_or_add_trPr().append(head)
        self._paragraph(OWN_LINE)

    def _footer(self) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.add_run(_xml(f"{self.sheet.footer} · {self.sheet.labels['page']} "))
        _field(paragraph, "PAGE", "1")


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "separate", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        paragraph.add_run()._r.append(mark)
        if kind == "begin":
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = instruction
            paragraph.add_run()._r.append(text)
        elif kind == "separate":
            paragraph.add_run(shown)


def _set_numbering(paragraph: Any, number: int) -> None:
    numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    numbering.get_or_add_numId().val = number
    numbering.get_or_add_ilvl().val = 0


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
