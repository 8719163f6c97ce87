"""Writes an edition as a Word document: headings for the navigator, a table of contents, tables for facts."""

from __future__ import annotations

import io
import re
from typing import Any

from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.rich_text import HEADING, Block, Line
from kursbuch.strategy.documents.sheet import Section, Sheet, sheet_of

# Signs that XML 1.0 does not allow.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DEEPEST = 9  # heading styles of Word


def write_docx(publication: Publication) -> bytes:
    sheet = sheet_of(publication)
    return _Writer(sheet).write()


class _Writer:
    def __init__(self, sheet: Sheet) -> None:
        import docx

        self.sheet = sheet
        self.document: Any = docx.Document()
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
        self.document.add_paragraph(_xml(self.sheet.city))
        self.document.add_paragraph(_xml(self.sheet.title), style="Title")
        self.document.add_paragraph(_xml(self.sheet.subtitle), style="Subtitle")
        for label, text in (*self.sheet.lead, (self.sheet.labels["digest"], self.sheet.digest)):
            self._labelled(label, text)
        if self.sheet.notice:
            self.document.add_paragraph(_xml(self.sheet.notice), style="Intense Quote")
        if self.sheet.summary:
            self.document.add_paragraph(_xml(self.sheet.summary))

    def _labelled(self, label: str, text: str) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.add_run(f"{_xml(label)}: ").bold = True
        paragraph.add_run(_xml(text))

    def _contents(self) -> None:
        """A field that the word processor fills when it opens the file."""
        paragraph = self.document.add_paragraph(self.sheet.labels["contents"], style="TOC Heading")
        paragraph.paragraph_format.page_break_before = True
        _field(self.document.add_paragraph(), r'TOC \o "1-3" \h \z \u', "…")
        self.document.add_page_break()

    def _section(self, section: Section) -> None:
        if section.level:
            level = min(section.level, _DEEPEST)
            heading = self.document.add_paragraph(style=f"Heading {level}")
            self._runs(heading, section.title)
            self._bookmark(heading, section.key)
            self.document.add_paragraph().add_run(_xml(f"{section.kind} {section.key}")).italic = True
        if section.remark:
            self.document.add_paragraph().add_run(_xml(section.remark)).italic = True
        for label, blocks in section.prose:
            if label:
                self.document.add_paragraph().add_run(_xml(label)).bold = True
            for block in blocks:
                self._block(block, section.below)
        for label, text in section.details:
            self._labelled(label, text)
        if section.alignments:
            self.document.add_paragraph().add_run(self.sheet.labels["alignments"]).bold = True
            for one in section.alignments:
                paragraph = self.document.add_paragraph(style="List Bullet")
                paragraph.add_run(f"{_xml(one.name)} ").bold = True
                paragraph.add_run(_xml(one.reason))
        if section.facts:
            self._facts(section)

    def _block(self, block: Block, below: int) -> None:
        if block.kind == HEADING:
            level = min(below + block.level, _DEEPEST)
            self._runs(self.document.add_paragraph(style=f"Heading {level}"), block.lines[0])
        elif block.kind == "ul":
            for line in block.lines:
                self._runs(self.document.add_paragraph(style="List Bullet"), line)
        elif block.kind == "ol":
            number = self._new_numbering()
            for line in block.lines:
                paragraph = self.document.add_paragraph(style="List Number")
                _set_numbering(paragraph, number)
                self._runs(paragraph, line)
        else:
            self._runs(self.document.add_paragraph(), block.lines[0])

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
        style = self.document.styles["List Number"].element
        own = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}").get(qn("w:val"))
        abstract = next(num for num in numbering.num_lst if num.numId == int(own)).abstractNumId.val
        number = numbering.add_num(abstract)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(number.numId)

    def _facts(self, section: Section) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self.document.add_paragraph().add_run(self.sheet.labels["facts"]).bold = True
        table = self.document.add_table(rows=1, cols=3, style="Light Grid Accent 1")
        for cell, name in zip(table.rows[0].cells, ("fact", "source", "date"), strict=True):
            cell.text = self.sheet.labels[name]
        head = OxmlElement("w:tblHeader")
        head.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(head)
        for one in section.facts:
            cells = table.add_row().cells
            for cell, text in zip(cells, (one.text, one.source, one.date), strict=True):
                cell.text = _xml(text)
        self.document.add_paragraph()

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
