"""Thousands of people as a few marks: those who stand together become one, larger mark; groups get a hull."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

COLOURS = (
    "#1f5fbf",
    "#b4500b",
    "#0b7a5e",
    "#8e2a8b",
    "#c0264b",
    "#7a5c00",
)  # at least 4.5 : 1 on white
SHAPES = ("circle", "square", "triangle", "diamond", "cross")
CELL = 7.0  # units within which people become one mark
SMALLEST, LARGEST = 2.1, 3.9  # half a mark's width
MANY = 15  # people whose mark may be the largest; where all are fewer, all are smaller
INSIDE = 0.9  # share of a group, nearest to its middle, that its hull surrounds


@dataclass(frozen=True, slots=True)
class Mark:
    """So many people of a group around a place."""

    x: float
    y: float
    people: int


def colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def shape(number: int) -> str:
    return SHAPES[number % len(SHAPES)]


def letter(number: int) -> str:
    """A, B, … Z, A2, B2, … for the colour number of a group."""
    again = number // 26
    return chr(ord("A") + number % 26) + (str(again + 1) if again else "")


def marks(places: Array) -> list[Mark]:
    """Places (people, 2) in units of the picture as marks, one per cell, each in the middle of its people."""
    if not len(places):
        return []
    cells = np.floor(places / CELL).astype(np.int64)
    cells -= cells.min(axis=0)
    keys, mark, people = np.unique(
        cells[:, 0] * (int(cells[:, 1].max()) + 1) + cells[:, 1], return_inverse=True, return_counts=True
    )
    x, y = (np.bincount(mark, weights=places[:, axis], minlength=len(keys)) / people for axis in (0, 1))
    return [Mark(*each) for each in zip(x.tolist(), y.tolist(), people.tolist(), strict=True)]


def size_of(mark: Mark, most: int) -> float:
    """Half a mark's width: its area grows with its people, ``most`` being those of the largest mark."""
    return SMALLEST + (LARGEST - SMALLEST) * float(np.sqrt((mark.people - 1) / max(MANY, most - 1)))


def outline(mark: Mark, kind: str, half: float) -> str:
    """A mark as a path, all shapes of about the same area."""
    x, y, r = mark.x, mark.y, half
    if kind == "circle":
        return f"M{x - r:.1f},{y:.1f}a{r:.1f},{r:.1f} 0 1 0 {2 * r:.1f},0a{r:.1f},{r:.1f} 0 1 0 {-2 * r:.1f},0z"
    if kind == "square":
        r *= 0.9
        return f"M{x - r:.1f},{y - r:.1f}h{2 * r:.1f}v{2 * r:.1f}h{-2 * r:.1f}z"
    if kind == "triangle":
        return f"M{x:.1f},{y - 1.3 * r:.1f}l{1.2 * r:.1f},{2.2 * r:.1f}h{-2.4 * r:.1f}z"
    if kind == "diamond":
        r *= 1.25
        return f"M{x:.1f},{y - r:.1f}l{r:.1f},{r:.1f}l{-r:.1f},{r:.1f}l{-r:.1f},{-r:.1f}z"
    a, b = 0.45 * r, 0.8 * r  # an upright cross: half its arms' width, and their length
    return (
        f"M{x - a:.1f},{y - a - b:.1f}h{2 * a:.1f}v{b:.1f}h{b:.1f}v{2 * a:.1f}h{-b:.1f}v{b:.1f}h{-2 * a:.1f}v{-b:.1f}"
        f"h{-b:.1f}v{-2 * a:.1f}h{b:.1f}z"
    )


def hull(found: list[Mark]) -> list[tuple[float, float]]:
    """The convex hull of the marks nearest to their common middle; empty where they have no area (Andrew 1979)."""
    if len(found) < 3:
        return []
    places = np.array([(each.x, each.y) for each in found])
    people = np.array([each.people for each in found])
    middle = (places * people[:, None]).sum(axis=0) / people.sum()
    far = np.hypot(*(places - middle).T)
    order = np.argsort(far, kind="stable")
    kept = order[: int(np.searchsorted(np.cumsum(people[order]), INSIDE * people.sum())) + 1]
    points = sorted({(x, y) for x, y in places[kept].tolist()})
    lower, upper = _chain(points), _chain(points[::-1])
    return [*lower[:-1], *upper[:-1]] if len(lower) + len(upper) > 4 else []


def _chain(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    chain: list[tuple[float, float]] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
