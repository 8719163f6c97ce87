"""Writes an edition as one Markdown document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.rich_text import HEADING, Block, Line
from kursbuch.strategy.documents.sheet import Section, Sheet, sheet_of

_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~]")


def write_markdown(publication: Publication) -> str:
    sheet = sheet_of(publication)
    return "\n\n".join(_parts(sheet)) + "\n"


def _parts(sheet: Sheet) -> Iterator[str]:
    yield f"# {literal(sheet.title)}"
    yield f"{literal(sheet.city)}, {sheet.subtitle}"
    yield "\n".join(f"- {label}: {literal(text)}" for label, text in sheet.lead)
    yield f"{sheet.labels['digest']}: `{sheet.digest}`"
    if sheet.notice:
        yield f"> {literal(sheet.notice)}"
    if sheet.summary:
        yield literal(sheet.summary)
    for section in sheet.sections:
        yield from _section(section, sheet)


def _section(section: Section, sheet: Sheet) -> Iterator[str]:
    if section.level:
        yield f"{_hashes(section.level + 1)} {_inline(section.title)}"
        yield f"*{literal(section.kind)} {section.key}*"
    if section.remark:
        yield f"*{section.remark}*"
    for label, blocks in section.prose:
        if label:
            yield f"**{literal(label)}**"
        for block in blocks:
            yield _block(block, section.below)
    if section.details:
        yield "\n".join(f"- {literal(label)}: {literal(text)}" for label, text in section.details)
    if section.alignments:
        yield f"**{sheet.labels['alignments']}**"
        yield "\n".join(f"- {literal(one.name)}: {literal(one.reason)}" for one in section.alignments)
    if section.facts:
        yield f"**{sheet.labels['facts']}**"
        head = [sheet.labels[name] for name in ("fact", "source", "date")]
        rows = [[literal(one.text), literal(one.source), one.date] for one in section.facts]
        yield "\n".join(_table([head, ["---"] * 3, *rows]))


def _table(rows: Iterable[list[str]]) -> Iterator[str]:
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _hashes(level: int) -> str:
    return "#" * min(level, 6)


def _block(block: Block, below: int) -> str:
    if block.kind == HEADING:
        return f"{_hashes(below + 1 + block.level)} {_inline(block.lines[0])}"
    if block.kind == "ul":
        return "\n".join(f"- {_inline(line)}" for line in block.lines)
    if block.kind == "ol":
        return "\n".join(f"{n}. {_inline(line)}" for n, line in enumerate(block.lines, 1))
    return _guarded(_inline(block.lines[0]))


def _inline(line: Line) -> str:
    out = []
    for run in line:
        text = literal(run.text.strip())
        mark = "*" * (run.em + 2 * run.strong)
        text = f"{mark}{text}{mark}"
        if run.link:
            text = f"[{text}]({run.link})"
        lead = " " if run.text[:1] == " " else ""
        tail = " " if run.text[-1:] == " " and run.text.strip() else ""
        out.append(f"{lead}{text}{tail}")
    return "".join(out)


def _guarded(line: str) -> str:
    """A paragraph that begins like a list item says that it is none."""
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-+])", r"\\\1", line))


def literal(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
