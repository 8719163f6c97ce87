"""Reads a DOCX as an outline: headings with their depth, paragraphs, lists; page furniture stays out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kursbuch.strategy.documents.document import KEY, DocumentError, Problem
from kursbuch.strategy.documents.rich_text import Run, markdown
from kursbuch.strategy.documents.upload import Upload

MAX_PARAGRAPHS = 20_000
DEEPEST = 9  # heading styles of Word; what lies deeper has the deepest, too
# Bookmarks that say what our own documents are made of; an element's is called like its key.
IN_TEXT = "kursbuch_h"  # and level and number: a heading that belongs to an element's text
TRANSLATION = "kursbuch_translation"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HEADING = re.compile(r"(?:heading|überschrift|berschrift|titre)\s*(\d)", re.IGNORECASE)
_FURNITURE = re.compile(
    r"(kursbuch |toc|verzeichnis|inhaltsverzeichnis|header|footer|kopfzeile|fu(ß|ss)zeile)", re.IGNORECASE
)
_TRANSPARENT = {f"{_W}{name}" for name in ("ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "bdo", "dir")}


@dataclass(frozen=True, slots=True)
class Item:
    """Something in reading order. ``depth`` is a heading's, from 1, or 0; ``text`` is canonical Markdown."""

    place: str
    text: str
    depth: int = 0
    list_item: bool = False
    key: str = ""  # of an element, where the document was written by us


@dataclass(frozen=True)
class Outline:
    title: str  # of the document, where a paragraph is styled as such
    items: tuple[Item, ...]
    remarks: tuple[Problem, ...]  # what was read differently from how it stands there
    is_translation: bool = False  # of an edition, written by us

    @property
    def depths(self) -> list[int]:
        return sorted({item.depth for item in self.items if item.depth})


def read_docx(upload: Upload) -> Outline:
    """Raises :class:`DocumentError`."""
    import docx

    try:
        document = docx.Document(io.BytesIO(upload.data))
        outline = _Reader(document).outline()
    except DocumentError:
        raise
    except Exception as error:  # the library raises whatever it stumbles over
        raise DocumentError(
            [Problem("file", "", "cannot be opened; is it damaged or of another format?", type(error).__name__)]
        ) from error
    if not outline.items:
        raise DocumentError([Problem("file", "", "has no text")])
    return outline


class _Reader:
    def __init__(self, document: Any) -> None:
        self.body = document.element.body
        marks = {mark.get(f"{_W}name") for mark in self.body.iter(f"{_W}bookmarkStart")}
        self.is_translation = TRANSLATION in marks
        self.targets = {
            name: relation.target_ref for name, relation in document.part.rels.items() if relation.is_external
        }
        self.styles = _Styles(document)
        self.numbers = _Numbering(document)
        self.title = ""
        self.remarks: list[Problem] = []
        self.count = 0

    def outline(self) -> Outline:
        items = tuple(self._items(self.body))
        return Outline(self.title, items, tuple(self.remarks), self.is_translation)

    def _items(self, parent: Any) -> Iterator[Item]:
        for child in parent:
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child)
            elif child.tag == f"{_W}sdt" and not self._is_contents(child):
                yield from self._items(
                    child.find(f"{_W}sdtContent") if child.find(f"{_W}sdtContent") is not None else ()
                )

    def _is_contents(self, sdt: Any) -> bool:
        gallery = sdt.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
        return gallery is not None and "contents" in str(gallery.get(f"{_W}val", "")).lower()

    def _paragraph(self, paragraph: Any) -> Iterator[Item]:
        self.count += 1
        if self.count > MAX_PARAGRAPHS:
            raise DocumentError([Problem("file", "", "has more than 20,000 paragraphs")])
        place = f"paragraph {self.count}"
        style = self.styles.name(paragraph)
        if _FURNITURE.match(style):
            return
        runs = list(self._runs(paragraph))
        if not "".join(run.text for run in runs).strip():
            return
        if style.lower() in ("title", "titel") and not self.title:
            self.title = " ".join("".join(run.text for run in runs).split())
            return
        depth = self.styles.depth(paragraph)
        if kind := _heading_in_text(paragraph):
            yield Item(place, markdown(kind, runs), key=_key(paragraph))
            return
        if depth:
            key = _key(paragraph)
            # people set headings bold besides; ours are bold only where a word is meant to be
            shown = runs if key else [Run(run.text, link=run.link) for run in runs]
            yield Item(place, markdown("p", shown), depth, key=key)
            return
        kind = self.numbers.kind(paragraph, style)
        for number, line in enumerate(_lines(runs)):
            text = markdown(kind if number == 0 else "p", line)
            if text:
                key = _key(paragraph) if number == 0 else ""
                yield Item(place, text, list_item=kind != "p" and number == 0, key=key)

    def _runs(self, parent: Any, link: str = "") -> Iterator[Run]:
        """Runs as they read once all tracked changes are accepted."""
        for child in parent:
            if child.tag == f"{_W}r":
                text = _text(child)
                if text:
                    yield Run(text, self.styles.is_on(child, "b"), self.styles.is_on(child, "i"), link)
                if child.find(f"{_W}drawing") is not None or child.find(f"{_W}pict") is not None:
                    self._remark("a picture was left out")
                if child.find(f"{_W}footnoteReference") is not None:
                    self._remark("a footnote was left out")
            elif child.tag == f"{_W}hyperlink":
                target = self.targets.get(child.get(f"{_R}id"), "")
                yield from self._runs(child, _inner_link(child) or target)
            elif child.tag in _TRANSPARENT:
                if child.tag in (f"{_W}ins", f"{_W}moveTo"):
                    self._remark("tracked changes were taken as accepted")
                yield from self._runs(child, link)
            elif child.tag in (f"{_W}del", f"{_W}moveFrom"):
                self._remark("tracked changes were taken as accepted")

    def _table(self, table: Any) -> Iterator[Item]:
        """A table reads as a list: one item a row, each cell with what its column is called."""
        first = next(table.iter(f"{_W}p"), None)
        if first is not None and _FURNITURE.match(self.styles.name(first)):
            return
        rows = [[self._cell(cell) for cell in row.iter(f"{_W}tc")] for row in table.findall(f"{_W}tr")]
        rows = [row for row in rows if any(row)]
        if not rows:
            return
        self._remark("a table was read as a list")
        place = f"paragraph {self.count}"
        head, body = (rows[0], rows[1:]) if len(rows) > 1 else ([], rows)
        for row in body:
            named = [
                f"{head[n]}: {cell}" if n < len(head) and head[n] and head[n] != cell else cell
                for n, cell in enumerate(row)
                if cell
            ]
            yield Item(place, markdown("ul", [Run("; ".join(named))]), list_item=True)

    def _cell(self, cell: Any) -> str:
        parts = []
        for paragraph in cell.iter(f"{_W}p"):
            self.count += 1
            parts.append("".join(run.text for run in self._runs(paragraph)).strip())
        return " ".join(part for part in parts if part)

    def _remark(self, reason: str) -> None:
        self.remarks.append(Problem(f"paragraph {self.count}", "", reason))


class _Styles:
    """What a paragraph's style says, looked up along the styles it is based on."""

    def __init__(self, document: Any) -> None:
        self._by_id: dict[str, Any] = {style.style_id: style.element for style in document.styles if style.style_id}

    def name(self, paragraph: Any) -> str:
        element = self._by_id.get(self._id(paragraph))
        name = element.find(f"{_W}name") if element is not None else None
        return str(name.get(f"{_W}val", "")) if name is not None else self._id(paragraph)

    def depth(self, paragraph: Any) -> int:
        """The level of a heading from 1, or 0: by its outline level, or by what its style is called."""
        level = _level(paragraph.find(f"{_W}pPr"))
        if level is not None:
            return level
        for element in self._line(self._id(paragraph)):
            level = _level(element.find(f"{_W}pPr"))
            if level is not None:
                return level
            name = element.find(f"{_W}name")
            match = _HEADING.match(str(name.get(f"{_W}val", ""))) if name is not None else None
            if match:
                return int(match[1])
        match = _HEADING.match(self._id(paragraph))
        return int(match[1]) if match else 0

    def is_on(self, run: Any, name: str) -> bool:
        """Whether a run is bold or italic: by itself, or by its character style."""
        properties = run.find(f"{_W}rPr")
        if properties is None:
            return False
        own = properties.find(f"{_W}{name}")
        if own is not None:
            return _is_true(own)
        style = properties.find(f"{_W}rStyle")
        for element in self._line(str(style.get(f"{_W}val"))) if style is not None else ():
            found = element.find(f"{_W}rPr/{_W}{name}")
            if found is not None:
                return _is_true(found)
        return False

    def numbering(self, paragraph: Any) -> Any:
        """The paragraph's numbering, or its style's."""
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        if own is not None:
            return own
        for element in self._line(self._id(paragraph)):
            found = element.find(f"{_W}pPr/{_W}numPr")
            if found is not None:
                return found
        return None

    def _id(self, paragraph: Any) -> str:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return str(style.get(f"{_W}val", "")) if style is not None else ""

    def _line(self, style_id: str) -> Iterator[Any]:
        seen: set[str] = set()
        while style_id and style_id not in seen and style_id in self._by_id:
            seen.add(style_id)
            element = self._by_id[style_id]
            yield element
            based_on = element.find(f"{_W}basedOn")
            style_id = str(based_on.get(f"{_W}val", "")) if based_on is not None else ""


class _Numbering:
    """Whether a paragraph is an item of a list, and of which sort."""

    def __init__(self, document: Any) -> None:
        self._styles = _Styles(document)
        self._formats: dict[str, str] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {
            one.get(f"{_W}abstractNumId"): one.find(f"{_W}lvl/{_W}numFmt") for one in root.findall(f"{_W}abstractNum")
        }
        for one in root.findall(f"{_W}num"):
            reference = one.find(f"{_W}abstractNumId")
            found = abstract.get(reference.get(f"{_W}val")) if reference is not None else None
            self._formats[str(one.get(f"{_W}numId"))] = str(found.get(f"{_W}val")) if found is not None else "bullet"

    def kind(self, paragraph: Any, style: str) -> str:
        numbering = self._styles.numbering(paragraph)
        number = numbering.find(f"{_W}numId") if numbering is not None else None
        name = str(number.get(f"{_W}val")) if number is not None else "0"
        if name == "0":
            lowered = style.lower()
            if lowered.startswith(("list bullet", "aufzählung")):
                return "ul"
            return "ol" if lowered.startswith(("list number", "listennummer")) else "p"
        return "ul" if self._formats.get(name, "bullet") in ("bullet", "none") else "ol"


def _key(paragraph: Any) -> str:
    """A bookmark called like a key names the element that begins here."""
    for mark in paragraph.findall(f"{_W}bookmarkStart"):
        name = str(mark.get(f"{_W}name", ""))
        if KEY.fullmatch(name):
            return name
    return ""


def _heading_in_text(paragraph: Any) -> str:
    """The kind of block that a heading is which we wrote inside an element's text."""
    for mark in paragraph.findall(f"{_W}bookmarkStart"):
        if match := re.fullmatch(IN_TEXT + r"([12])_\d+", str(mark.get(f"{_W}name", ""))):
            return "h4" if match[1] == "2" else "h3"
    return ""


def _level(properties: Any) -> int | None:
    level = properties.find(f"{_W}outlineLvl") if properties is not None else None
    if level is None:
        return None
    value = int(level.get(f"{_W}val", "9"))
    return value + 1 if value < 9 else 0


def _is_true(element: Any) -> bool:
    return str(element.get(f"{_W}val", "1")).lower() not in ("0", "false", "off", "none")


def _inner_link(hyperlink: Any) -> str:
    """A link to a bookmark called like a key leads to that element."""
    anchor = str(hyperlink.get(f"{_W}anchor", ""))
    return f"/{anchor}/" if re.fullmatch(r"[A-Z]{1,3}\d{1,6}", anchor) else ""


def _text(run: Any) -> str:
    out = []
    for child in run:
        if child.tag == f"{_W}t":
            out.append(child.text or "")
        elif child.tag in (f"{_W}tab", f"{_W}ptab"):
            out.append(" ")
        elif (child.tag == f"{_W}br" and child.get(f"{_W}type") not in ("page", "column")) or child.tag == f"{_W}cr":
            out.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            out.append("-")
    return "".join(out)


def _lines(runs: list[Run]) -> Iterator[list[Run]]:
    """Two line ends in a row divide paragraphs; a single one is a space."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *more = re.split(r"\n\s*\n", run.text)
        lines[-1].append(Run(first, run.strong, run.em, run.link))
        lines += [[Run(part, run.strong, run.em, run.link)] for part in more]
    yield from lines
