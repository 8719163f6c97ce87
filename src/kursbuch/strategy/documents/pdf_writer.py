"""Writes an edition as a tagged PDF (PDF/UA-1) by Typst, with the fonts that come with it and no others."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import Any

import typst

from kursbuch.strategy.documents.glyphs import spelled_out
from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.rich_text import Block
from kursbuch.strategy.documents.sheet import Section, Sheet, sheet_of

CONTENTS_LEVELS = 3


def write_pdf(publication: Publication) -> bytes:
    sheet = sheet_of(publication)
    return compile_pdf("edition.typ", {**head(sheet), "sections": [_section(one) for one in sheet.sections]})


def head(sheet: Sheet) -> dict[str, Any]:
    """What page.typ needs: the cover, the footer, the metadata, and which elements links can lead to."""
    made_on = sheet.made_on
    return {
        "document-title": f"{sheet.title} – {sheet.subtitle}",
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "city": sheet.city,
        "language": sheet.language,
        "lead": sheet.lead,
        "notice": sheet.notice,
        "summary": sheet.summary,
        "digest": sheet.digest,
        "labels": sheet.labels,
        "footer": sheet.footer,
        "made-on": dict(zip(("year", "month", "day"), made_on, strict=True)) if made_on else None,
        "contents-depth": CONTENTS_LEVELS,
        "keys": [section.key for section in sheet.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "kind": section.kind,
        "level": section.level,
        "below": section.below,
        "language": section.language.partition("-")[0],
        "title": [asdict(run) for run in section.title],
        "remark": section.remark,
        "prose": [{"label": label, "blocks": [block_data(one) for one in blocks]} for label, blocks in section.prose],
        "details": section.details,
        "alignments": [asdict(one) for one in section.alignments],
        "facts": [asdict(one) for one in section.facts],
    }


def block_data(block: Block) -> dict[str, Any]:
    return {"kind": block.kind, "level": block.level, "lines": [[asdict(run) for run in line] for line in block.lines]}


def compile_pdf(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of a template. Content travels as JSON, so that no sign of it can act as Typst's markup."""
    fonts = _own_fonts()
    data = spelled_out(data, fonts)
    with resources.as_file(resources.files(__package__)) as folder:
        pdf: bytes = typst.compile(
            str(folder / template),
            root=str(folder),
            font_paths=fonts,
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    return pdf


@cache
def _own_fonts() -> Any:
    """Only what is built into Typst: the same pages on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
