"""Writes an edition as one HTML file that needs nothing else: own style, own print style, no script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib import resources

from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.redline_sheet import RedlineSheet
from kursbuch.strategy.documents.rich_text import HEADING, Block, Line
from kursbuch.strategy.documents.sheet import Section, Sheet, sheet_of


def write_html(publication: Publication) -> str:
    sheet = sheet_of(publication)
    return page(sheet, _body(sheet))


def page(sheet: Sheet | RedlineSheet, body: Iterable[str]) -> str:
    """A whole HTML file that needs no other."""
    style = resources.files(__package__).joinpath("edition.css").read_text(encoding="utf-8")
    title = escape(f"{sheet.title} – {sheet.subtitle}")
    content = "\n".join(body)
    return (
        f'<!doctype html>\n<html lang="{escape(sheet.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{content}\n</body>\n</html>\n"
    )


def front(sheet: Sheet) -> Iterator[str]:
    """What stands above the text: city, title, what the edition is, notice."""
    yield f'<header class="front"><p class="city">{escape(sheet.city)}</p><h1>{escape(sheet.title)}</h1>'
    yield "<dl>"
    for label, text in sheet.lead:
        yield f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>"
    if sheet.digest:
        yield f"<div><dt>{escape(sheet.labels['digest'])}</dt><dd><code>{escape(sheet.digest)}</code></dd></div>"
    yield "</dl>"
    if sheet.notice:
        yield f'<p class="notice" role="note">{escape(sheet.notice)}</p>'
    if sheet.summary:
        yield f"<p>{escape(sheet.summary)}</p>"
    yield "</header>"


def _body(sheet: Sheet) -> Iterator[str]:
    yield from front(sheet)
    yield from _contents(sheet)
    yield "<main>"
    for section in sheet.sections:
        yield from _section(section, sheet)
    yield "</main>"
    yield f"<footer><p>{escape(sheet.footer)}</p></footer>"


def _contents(sheet: Sheet) -> Iterator[str]:
    yield f'<nav aria-labelledby="contents"><h2 id="contents">{escape(sheet.labels["contents"])}</h2>'
    level = 0
    for section in sheet.sections:
        if not section.level:
            continue
        if section.level > level:
            yield "<ul>" * (section.level - level)
        else:
            yield "</li>" + "</ul></li>" * (level - section.level)
        level = section.level
        yield f'<li><a href="#{escape(section.key)}">{escape(section.plain_title)}</a>'
    if level:
        yield "</li></ul>" * level
    yield "</nav>"


def _section(section: Section, sheet: Sheet) -> Iterator[str]:
    language = f' lang="{escape(section.language)}"' if section.language != sheet.language else ""
    if section.level:
        yield f'<section id="{escape(section.key)}"{language}>'
        yield heading(section.level + 1, inline(section.title))
        yield f'<p class="kind" lang="{escape(sheet.language)}">{escape(section.kind)} {escape(section.key)}</p>'
    else:
        yield f'<section id="{escape(section.key)}"{language}>'
    if section.remark:
        yield f'<p class="remark" lang="{escape(sheet.language)}">{escape(section.remark)}</p>'
    for label, blocks in section.prose:
        if label:
            yield f'<p class="label">{escape(label)}</p>'
        for block in blocks:
            yield block_html(block, section.below + 1)
    yield from _values(section, sheet)
    if section.facts:
        yield from _facts(section, sheet)
    yield "</section>"


def _values(section: Section, sheet: Sheet) -> Iterator[str]:
    if section.details:
        yield "<dl>"
        for label, text in section.details:
            yield f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>"
        yield "</dl>"
    if section.alignments:
        yield f'<p class="label">{escape(sheet.labels["alignments"])}</p><ul>'
        for one in section.alignments:
            yield f"<li><strong>{escape(one.name)}</strong> <span{_original(sheet)}>{escape(one.reason)}</span></li>"
        yield "</ul>"


def _original(sheet: Sheet) -> str:
    """The attribute of what nobody translates."""
    return f' lang="{escape(sheet.original)}"' if sheet.original != sheet.language else ""


def _facts(section: Section, sheet: Sheet) -> Iterator[str]:
    labels, lang = sheet.labels, _original(sheet)
    yield f'<div class="table"><table><caption>{escape(labels["facts"])}</caption><thead><tr>'
    for name in ("fact", "source", "date"):
        yield f'<th scope="col">{escape(labels[name])}</th>'
    yield "</tr></thead><tbody>"
    for one in section.facts:
        yield (
            f"<tr><td{lang}>{escape(one.text)}</td><td{lang}>{escape(one.source)}</td><td>{escape(one.date)}</td></tr>"
        )
    yield "</tbody></table></div>"


def heading(level: int, content: str) -> str:
    """HTML knows six levels; deeper ones say theirs to assistive technology."""
    if level <= 6:
        return f"<h{level}>{content}</h{level}>"
    return f'<p class="h" role="heading" aria-level="{level}">{content}</p>'


def block_html(block: Block, below: int) -> str:
    if block.kind == HEADING:
        return heading(below + block.level, inline(block.lines[0]))
    if block.kind in ("ul", "ol"):
        return f"<{block.kind}>{_items(block.lines)}</{block.kind}>"
    return f"<p>{inline(block.lines[0])}</p>"


def _items(lines: Sequence[Line]) -> str:
    return "".join(f"<li>{inline(line)}</li>" for line in lines)


def inline(line: Line) -> str:
    out = []
    for run in line:
        text = escape(run.text, quote=False)
        if run.em:
            text = f"<em>{text}</em>"
        if run.strong:
            text = f"<strong>{text}</strong>"
        if run.link:
            text = f'<a href="{escape(address(run.link))}">{text}</a>'
        out.append(text)
    return "".join(out)


def address(link: str) -> str:
    """ "/M042/" is an element of this very document."""
    inner = link.strip("/")
    return f"#{inner}" if link.startswith("/") and inner.isalnum() and inner.isupper() else link
