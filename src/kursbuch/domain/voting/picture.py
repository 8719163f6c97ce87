"""Draws what people paid for as purses: one bar for each kind of ballot, cut into payments and what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from xml.sax.saxutils import escape

from kursbuch.domain.voting.election import Election
from kursbuch.domain.voting.explanation import Explanation

# Dark enough for white text (contrast above 4.5), and apart in brightness, too.
COLOURS = ("#00507a", "#8a3d00", "#1f6b2a", "#6b2c8f", "#a3182f", "#3d4a52", "#7a5c00", "#0f6e6e")
WIDTH, BAR, LABEL, GAP, TOP = 440, 34, 22, 12, 40


@dataclass(frozen=True, slots=True)
class Words:
    """What the picture says, in the reader's language; ``money`` writes minor units."""

    title: str
    left: str
    money: Callable[[Fraction], str]


@dataclass(frozen=True, slots=True)
class _Part:
    project: int | None  # None: what is left
    amount: Fraction


def purses(election: Election, told: Explanation, endowment: Fraction, labels: Mapping[int, str], words: Words) -> str:
    """A self-contained SVG of the purses of some ballot types, with a text for those who do not see it.

    ``labels`` names the ballot types to show, in this order. It reads at 360 pixels and has no script.
    """
    rows = [(label, _parts(told, at, endowment)) for at, label in labels.items()]
    height = TOP + len(rows) * (LABEL + BAR + GAP)
    funded = [each.project for each in told.won if each.payments]
    colour = {project: COLOURS[at % len(COLOURS)] for at, project in enumerate(funded)}
    body = [line for at, row in enumerate(rows) for line in _row(election, row, endowment, colour, words, at)]
    says = "; ".join(f"{label}: {_says(election, parts, words)}" for label, parts in rows)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}" role="img" '
            'aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="15">',
            f'<title id="title">{escape(words.title)}</title>',
            f'<desc id="description">{escape(says)}.</desc>',
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<text x="0" y="24" font-size="17" font-weight="600" fill="#1a1a1a">{escape(words.title)}</text>',
            *body,
            "</svg>",
            "",
        )
    )


def _parts(told: Explanation, ballot_type: int, endowment: Fraction) -> list[_Part]:
    found = [
        _Part(each.project, payment.amount)
        for each in told.won
        for payment in each.payments
        if ballot_type in payment.types
    ]
    rest = endowment - sum(part.amount for part in found)
    return [*found, _Part(None, rest)] if rest else found


def _row(
    election: Election,
    row: tuple[str, Sequence[_Part]],
    endowment: Fraction,
    colour: Mapping[int, str],
    words: Words,
    at: int,
) -> list[str]:
    label, parts = row
    top = TOP + at * (LABEL + BAR + GAP)
    left, room, middle = 1.0, WIDTH - 2, top + LABEL + BAR / 2 + 5
    found = [f'<text x="0" y="{top + LABEL - 6}" fill="#1a1a1a">{escape(label)}</text>']
    for part in parts:
        width = float(part.amount / endowment) * room
        fill, ink = ("#ffffff", "#1a1a1a") if part.project is None else (colour[part.project], "#ffffff")
        found.append(
            f'<rect x="{left:.1f}" y="{top + LABEL}" width="{width:.1f}" height="{BAR}" '
            f'fill="{fill}" stroke="#1a1a1a"/>'
        )
        text = _text(election, part, words)
        if len(text) * 8 < width:
            place = f'x="{left + width / 2:.1f}" y="{middle:g}"'
            found.append(f'<text {place} fill="{ink}" text-anchor="middle">{escape(text)}</text>')
        left += width
    return found


def _text(election: Election, part: _Part, words: Words) -> str:
    name = words.left if part.project is None else election.projects[part.project].name
    return f"{name} {words.money(part.amount)}"


def _says(election: Election, parts: Sequence[_Part], words: Words) -> str:
    return ", ".join(_text(election, part, words) for part in parts)
