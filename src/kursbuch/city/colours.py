"""Contrast of colours, as WCAG 2.2 defines it: a city may choose its colours, but everyone has to read them."""

from __future__ import annotations

import re

WHITE = "#ffffff"
BLACK = "#000000"
MINIMUM = 4.5  # WCAG 2.2, success criterion 1.4.3, for text of usual size

_HEX = re.compile(r"#[0-9a-f]{6}")


def parse_colour(text: str) -> str:
    """``#RRGGBB`` or ``#RGB`` as lower-case ``#rrggbb``; raises ``ValueError`` for anything else."""
    colour = text.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", colour):
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    if not _HEX.fullmatch(colour):
        raise ValueError(f"not a colour: {text!r}")
    return colour


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 for black and 1 for white."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable_on(ground: str) -> str:
    """Black or white, whichever reads better on ``ground``: always at least 4.5:1."""
    return max((WHITE, BLACK), key=lambda text: contrast(text, ground))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
