"""Writes the redline between two editions as a tagged PDF for council papers, or as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from html import escape

from kursbuch.strategy.documents.html_writer import page
from kursbuch.strategy.documents.pdf_writer import compile_pdf
from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.redline_sheet import ChangedElement, Part, RedlineSheet, redline_sheet
from kursbuch.strategy.documents.redline_text import MarkedBlock


def write_redline_pdf(before: Publication, after: Publication) -> bytes:
    sheet = redline_sheet(before, after)
    in_force = after.document.in_force_from
    return compile_pdf(
        "redline.typ",
        {
            **asdict(sheet),
            "document-title": f"{sheet.title} – {sheet.subtitle}",
            "digest": "",
            "summary": "",
            "made-on": {"year": in_force.year, "month": in_force.month, "day": in_force.day} if in_force else None,
            "contents-depth": 2,
            "lead": [(label, _broken(text)) for label, text in sheet.lead],
        },
    )


def _broken(text: str) -> str:
    """A digest in two lines, so that it fits its column."""
    return f"{text[:32]} {text[32:]}" if len(text) == 64 and " " not in text else text


_TAGS = {"inserted": "ins", "moved_to": "ins", "deleted": "del", "moved_from": "del"}


def write_redline_html(before: Publication, after: Publication) -> str:
    sheet = redline_sheet(before, after)
    return page(sheet, _body(sheet))


def _body(sheet: RedlineSheet) -> Iterator[str]:
    labels = sheet.labels
    yield f'<header><p class="city">{escape(sheet.city)}</p><h1>{escape(sheet.title)}</h1>'
    yield f"<p>{escape(sheet.subtitle)}</p><dl>"
    for label, text in sheet.lead:
        yield f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>"
    yield "</dl>"
    if sheet.notice:
        yield f'<p class="notice" role="note">{escape(sheet.notice)}</p>'
    yield f"</header><main><h2>{escape(labels['summary'])}</h2>"
    if not sheet.elements:
        yield f"<p>{escape(labels['nothing'])}</p></main>"
        return
    yield '<div class="table"><table><thead><tr>'
    for name in ("kind", "added", "revised", "moved", "retired"):
        yield f'<th scope="col">{escape(labels[name])}</th>'
    yield "</tr></thead><tbody>"
    for row in sheet.counts:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        yield f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>'
    yield f"</tbody></table></div><p>{escape(sheet.words)}</p>"
    if sheet.targets:
        yield f'<p class="label">{escape(labels["targets"])}</p><ul>'
        for part in sheet.targets:
            yield f"<li>{escape(part.label)}: {_values(part, sheet)}</li>"
        yield "</ul>"
    yield f"<h2>{escape(labels['changes'])}</h2>"
    for element in sheet.elements:
        yield from _element(element, sheet)
    yield f"</main><footer><p>{escape(sheet.footer)}</p></footer>"


def _element(element: ChangedElement, sheet: RedlineSheet) -> Iterator[str]:
    path = f" ({escape(sheet.labels['in'])} {escape(element.path)})" if element.path else ""
    yield f'<section id="{escape(element.key)}"><h3>{escape(element.title)}</h3>'
    name = f"{escape(element.kind)} {escape(element.key)}"
    yield f'<p class="kind">{name}: <strong>{escape(element.fate)}</strong>{path}</p>'
    for part in element.parts:
        yield f'<p class="label">{escape(part.label)}</p>'
        if part.blocks:
            yield from _blocks(part.blocks, sheet)
        else:
            yield f"<p>{_values(part, sheet)}</p>"
    yield "</section>"


def _blocks(blocks: tuple[MarkedBlock, ...], sheet: RedlineSheet) -> Iterator[str]:
    open_list = ""
    for block in blocks:
        wanted = block.kind if block.kind in ("ul", "ol") else ""
        if wanted != open_list:
            yield (f"</{open_list}>" if open_list else "") + (f"<{wanted}>" if wanted else "")
            open_list = wanted
        tag = "li" if wanted else "h4" if block.kind in ("h3", "h4") else "p"
        yield f"<{tag}>{_inline(block, sheet)}</{tag}>"
    if open_list:
        yield f"</{open_list}>"


def _inline(block: MarkedBlock, sheet: RedlineSheet) -> str:
    out = []
    for run in block.runs:
        text = escape(run.text, quote=False)
        text = f"<em>{text}</em>" if run.em else text
        text = f"<strong>{text}</strong>" if run.strong else text
        out.append(_marked(text, run.op, sheet))
    return "".join(out)


def _marked(content: str, op: str, sheet: RedlineSheet) -> str:
    if op == "kept":
        return content
    said = escape(sheet.labels[f"{op}_sample"])
    return f'<{_TAGS[op]}><span class="visually-hidden">{said}: </span>{content}</{_TAGS[op]}>'


def _values(part: Part, sheet: RedlineSheet) -> str:
    none = f"<em>{escape(sheet.labels['none'])}</em>"
    before = _marked(escape(part.before, quote=False), "deleted", sheet)
    after = _marked(escape(part.after, quote=False), "inserted", sheet) if part.after else none
    return f"{before} → {after}" if part.before else after
