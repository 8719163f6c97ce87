"""A landscape as a picture: a self-contained SVG, readable on a small screen, in grey, and by ear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion.landscape import Group, Landscape, Overview
from kursbuch.domain.opinion.picture.lettering import HARD_SPACE, escaped, printable, width, wrapped
from kursbuch.domain.opinion.picture.marks import Mark, colour, hull, letter, marks, outline, shape, size_of
from kursbuch.domain.opinion.picture.words import Words
from kursbuch.domain.opinion.stability import Demands, Stability
from kursbuch.domain.opinion.stances import Stance

Array = NDArray[np.float64]

WIDE, EDGE = 360.0, 14.0
HIGHEST, LOWEST = 330.0, 180.0  # of the map
TEXT, SMALL, TITLE = 14.0, 13.0, 18.0
BOLD = 1.13  # times as wide
INK, MUTED, LINE = "#1b1c21", "#4d515c", "#c9ccd4"
FONT = "'Fira Sans', 'Noto Sans', 'Noto Sans CJK TC', system-ui, sans-serif"
EACH, BOTH = 2, 2  # statements shown of each group, and that connect or divide
LINES = 3  # of a statement

__all__ = ["Words", "draw", "letter"]


@dataclass(slots=True)
class _Sheet:
    """What has been drawn so far, from the top down."""

    parts: list[str] = field(default_factory=list)
    y: float = EDGE

    def write(
        self,
        text: str,
        *,
        size: float = TEXT,
        indent: float = 0.0,
        weight: int = 400,
        ink: str = INK,
        most: int = LINES,
    ) -> None:
        """Lines of text below what there is."""
        for line in wrapped(text, (WIDE - 2 * EDGE - indent) / (size * (BOLD if weight > 400 else 1.0)), most):
            self.y += size * 1.3
            style = f'font-size="{size:g}" fill="{ink}"' + (f' font-weight="{weight}"' if weight != 400 else "")
            self.parts.append(f'<text x="{EDGE + indent:g}" y="{self.y:.1f}" {style}>{escaped(line)}</text>')

    def gap(self, units: float) -> None:
        self.y += units


def draw(
    overview: Overview,
    stability: Stability,
    texts: Mapping[int, str],
    *,
    title: str,
    words: Words | None = None,
    demands: Demands | None = None,
) -> str:
    """The landscape as an SVG.

    ``texts`` are the statements' by id. Groups are drawn only if ``stability`` claims them, with a colour and a shape
    each; of statements, those that set groups apart, connect and divide. ``demands`` are those stability was asked for.
    """
    said = words or Words()
    sheet = _Sheet()
    sheet.write(title, size=TITLE, weight=600, most=4)
    sheet.gap(10)
    groups = overview.groups if stability.claimed else ()
    doubt = "" if stability.doubt is None else said.doubt(stability.doubt, (demands or Demands()).people)
    _map(sheet, *_people(overview), groups)
    if doubt:
        sheet.write(doubt, weight=600)
    sheet.gap(6)
    told = {group.number: _told(group, stability, overview, texts, said) for group in groups}
    for group in groups:
        _legend(sheet, group, told[group.number][:EACH], overview, said)
    common = _common(overview, texts, said) if groups else _of_all(overview, texts, said)
    for heading, lines in common:
        _list(sheet, heading, lines)
    sheet.gap(8)
    for note in (_counted(said, overview), said.near):
        sheet.write(note, size=SMALL, ink=MUTED)
    return _document(sheet, title, _spoken(overview, told, common, said, doubt))


def _people(overview: Overview) -> tuple[Array, NDArray[np.int8]]:
    """Places and groups of the people in the picture, or if they are not at hand, of those groups were learned from."""
    if isinstance(overview, Landscape):
        shown = overview.labels >= 0
        return overview.coordinates[shown], overview.labels[shown]
    frame = overview.frame
    return frame.places(overview.partial.learners), frame.numbers[frame.clustering.labels]


def _map(sheet: _Sheet, places: Array, labels: NDArray[np.int8], groups: tuple[Group, ...]) -> None:
    """Marks, hulls and letters, as large as the paper allows."""
    if not len(places):
        return
    low, high = places.min(axis=0), places.max(axis=0)
    room = WIDE - 2 * EDGE - 12
    spans = np.maximum(high - low, 1e-9 + 0.1 * (high - low).max())
    scale = min(room / spans[0], (HIGHEST - 12) / spans[1]) if spans.max() > 1e-6 else 1.0
    height = float(max(LOWEST, spans[1] * scale + 12))
    middle = np.array([WIDE / 2, sheet.y + height / 2])
    units = (places - (low + high) / 2) * scale * np.array([1.0, -1.0]) + middle
    zero = -(low + high) / 2 * scale * np.array([1.0, -1.0]) + middle
    top, right = sheet.y, WIDE - EDGE
    sheet.parts.append(
        f'<path d="M{EDGE:g},{zero[1]:.1f}H{right:g}M{zero[0]:.1f},{top:.1f}V{top + height:.1f}" stroke="{LINE}"'
        ' stroke-dasharray="2 4" fill="none"/>'
    )
    if groups:
        drawn = {group.number: marks(units[labels == group.number]) for group in groups}
        _groups(sheet, drawn, {group.number: group.centre for group in groups})
        for number, found in drawn.items():
            _name(sheet, number, found)
    else:
        found = marks(units)
        most = max(mark.people for mark in found)
        path = "".join(outline(mark, "circle", size_of(mark, most)) for mark in found)
        sheet.parts.append(f'<path d="{path}" fill="{MUTED}" stroke="#fff" stroke-width=".6"/>')
    sheet.y += height + 4


def _groups(sheet: _Sheet, drawn: dict[int, list[Mark]], numbers: Mapping[int, Array]) -> None:
    most = max((mark.people for found in drawn.values() for mark in found), default=1)
    for number in numbers:
        corners = hull(drawn[number])
        if corners:
            path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in corners) + "z"
            sheet.parts.append(
                f'<path d="{path}" fill="{colour(number)}" fill-opacity=".1" stroke="{colour(number)}"'
                ' stroke-width="1.5" stroke-linejoin="round"/>'
            )
    for number in numbers:
        path = "".join(outline(mark, shape(number), size_of(mark, most)) for mark in drawn[number])
        sheet.parts.append(f'<path d="{path}" fill="{colour(number)}" stroke="#fff" stroke-width=".6"/>')


def _name(sheet: _Sheet, number: int, found: list[Mark]) -> None:
    """The group's letter in the middle of its people."""
    people = sum(mark.people for mark in found)
    if not people:
        return
    x = sum(mark.x * mark.people for mark in found) / people
    y = sum(mark.y * mark.people for mark in found) / people
    name = letter(number)
    half = max(11.0, width(name) * TEXT * BOLD / 2 + 4)
    sheet.parts.append(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{half:.1f}" fill="#fff" stroke="{colour(number)}" stroke-width="2.5"/>'
        f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-size="{TEXT:g}" font-weight="600" fill="{INK}">'
        f"{name}</text>"
    )


def _told(group: Group, stability: Stability, overview: Overview, texts: Mapping[int, str], said: Words) -> list[str]:
    """What the group says for certain, a line for each statement."""
    kept = next(each for each in stability.groups if each.number == group.number)
    lines = [
        f"{said.agree if each.stance is Stance.AGREE else said.disagree} {_text(texts, overview, each.statement)}"
        for each in kept.says
        if each.certain
    ]
    return lines or [said.nothing]


def _legend(sheet: _Sheet, group: Group, lines: list[str], overview: Overview, said: Words) -> None:
    sheet.gap(8)
    heading = f"{said.group.format(letter=letter(group.number))} · {_size(group, overview, said)}"
    sign = Mark(EDGE + 7, sheet.y + TEXT * 1.3 - 5, 1)
    sheet.parts.append(f'<path d="{outline(sign, shape(group.number), 6.5)}" fill="{colour(group.number)}"/>')
    sheet.write(heading, indent=22, weight=600, most=2)
    for line in lines:
        sheet.write(line, indent=22)
        sheet.gap(2)


def _list(sheet: _Sheet, heading: str, lines: list[str]) -> None:
    sheet.gap(8)
    sheet.write(heading, weight=600)
    for line in lines:
        sheet.write(line)
        sheet.gap(2)


def _common(overview: Overview, texts: Mapping[int, str], said: Words) -> list[tuple[str, list[str]]]:
    """What connects and what divides the groups: headings with lines."""
    connecting = [
        f"{said.agree if each.stance is Stance.AGREE else said.disagree} {_text(texts, overview, each.statement)}"
        for each in overview.bridges(BOTH)
    ]
    dividing = [
        line
        for each in overview.divides(BOTH)
        for line in (_text(texts, overview, each.statement), _shares(overview, each.statement, said))
    ]
    return [(name, lines) for name, lines in ((said.connects, connecting), (said.divides, dividing)) if lines]


def _of_all(overview: Overview, texts: Mapping[int, str], said: Words) -> list[tuple[str, list[str]]]:
    """What can be said without groups."""
    lines = [
        f"{word} {_text(texts, overview, each.statement)}"
        for stance, word in ((Stance.AGREE, said.agree), (Stance.DISAGREE, said.disagree))
        for each in overview.consensus(stance, BOTH)
    ]
    return [(said.most, lines)] if lines else []


def _shares(overview: Overview, statement: int, said: Words) -> str:
    """How many of each group agree."""
    votes = overview.group_votes[:, statement]
    shares = [
        f"{letter(group.number)}{HARD_SPACE}{round(100 * int(row[2]) / int(row.sum()))}{HARD_SPACE}%"
        for group, row in zip(overview.groups, votes, strict=True)
        if row.sum()
    ]
    return said.shares.format(shares=", ".join(shares))


def _size(group: Group, overview: Overview, said: Words) -> str:
    everybody = sum(each.size for each in overview.groups)
    return said.people.format(people=said.number(group.size), share=round(100 * group.size / max(1, everybody)))


def _counted(said: Words, overview: Overview) -> str:
    shown = sum(group.size for group in overview.groups)
    return said.shown.format(shown=said.number(shown), all=said.number(overview.partial.sums.people))


def _text(texts: Mapping[int, str], overview: Overview, statement: int) -> str:
    number = int(overview.statement_ids[statement])
    return printable(texts.get(number, "")) or f"#{number}"


def _spoken(
    overview: Overview, told: dict[int, list[str]], common: list[tuple[str, list[str]]], said: Words, doubt: str
) -> list[str]:
    """Everything the picture shows, in lines for those who cannot see it."""
    lines = [_counted(said, overview), *([doubt] if doubt else [])]
    for group in overview.groups if told else ():
        names = (each[group.number % len(each)] for each in (said.colours, said.shapes))
        look = said.marks.format_map(dict(zip(("colour", "shapes"), names, strict=True)))
        name = said.group.format(letter=letter(group.number))
        lines.append(f"{name}, {_size(group, overview, said)}, {look}.")
        lines += [f"{name}: {line}" for line in told[group.number]]
    for heading, statements in common:
        lines += [f"{heading}: {line}" for line in statements]
    return [*lines, said.near]


def _document(sheet: _Sheet, title: str, spoken: list[str]) -> str:
    height = sheet.y + EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:g} {height:.0f}" width="100%"'
        f' role="img" aria-labelledby="map-title map-text" font-family="{FONT}">\n'
        f'<title id="map-title">{escaped(title)}</title>\n'
        f'<desc id="map-text">{chr(10).join(escaped(line) for line in spoken)}</desc>\n'
        f'<rect width="{WIDE:g}" height="{height:.0f}" fill="#fff"/>\n' + "\n".join(sheet.parts) + "\n</svg>\n"
    )
