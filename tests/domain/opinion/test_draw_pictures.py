"""A picture is small, valid, free of scripts, readable without colours and told in words, too."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursbuch.domain.opinion.landscape import Landscape, landscape
from kursbuch.domain.opinion.picture import BOLD, EDGE, INK, MUTED, WIDE, Words, draw, letter
from kursbuch.domain.opinion.picture.lettering import printable, width, wrapped
from kursbuch.domain.opinion.picture.marks import (
    COLOURS,
    INSIDE,
    SHAPES,
    Mark,
    colour,
    hull,
    marks,
    outline,
    shape,
    size_of,
)
from kursbuch.domain.opinion.stability import Demands, Doubt, Stability, stability
from kursbuch.domain.opinion.stances import stances_of

SVG = "{http://www.w3.org/2000/svg}"
TEXTS = {number: f'Tempo <{number}> & "Busse", 公車應該更常開' for number in range(24)}


def camps(people: int = 400, k: int = 3) -> Landscape:
    """So many camps that differ everywhere but on statements 0 to 4."""
    chance = np.random.default_rng(people)
    leaning = np.where(chance.random((k, 24)) < 0.5, 0.9, 0.1)
    leaning[:, :5] = 0.9
    values = np.where(chance.random((people, 24)) < leaning[np.arange(people) % k], 1, -1)
    rows, columns = np.nonzero(chance.random(values.shape) < 0.8)
    return landscape(stances_of(rows, columns, values[rows, columns]))


def root_of(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def drawn(people: int = 400, k: int = 3) -> tuple[Landscape, str]:
    found = camps(people, k)
    return found, draw(found, stability(found, 0, Demands(resamples=8)), TEXTS, title="Verkehr & Plätze")


def test_says_everything_in_words_too() -> None:
    found, picture = drawn()
    root = root_of(picture)
    assert root.get("role") == "img"
    named = {each.get("id"): each.text or "" for each in root if each.tag in (f"{SVG}title", f"{SVG}desc")}
    assert (root.get("aria-labelledby") or "").split() == list(named)
    title, told = named.values()
    assert title == "Verkehr & Plätze"
    for group in found.groups:
        assert f"Group {letter(group.number)}, {group.size:,} people" in told
        assert f"{Words().colours[group.number]} {shape(group.number)}s." in told
    assert "What connects all groups: agree:" in told
    assert "Tempo <" in told and '> & "Busse", 公車應該更常開' in told
    assert "not representative" in told


def test_is_self_contained_and_small() -> None:
    _, picture = drawn(20_000)
    assert len(picture.encode()) < 150_000
    tags = {each.tag.removeprefix(SVG) for each in root_of(picture).iter()}
    assert tags <= {"svg", "title", "desc", "rect", "path", "circle", "text"}
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|\son\w+=|href|url\(|@import", picture)


def test_no_text_leaves_the_picture_or_is_too_small() -> None:
    _, picture = drawn()
    for each in root_of(picture).iter(f"{SVG}text"):
        size = float(each.get("font-size") or 0)
        assert size >= 12
        bold = BOLD if each.get("font-weight") else 1
        reach = width(each.text or "") * size * bold * (0.5 if each.get("text-anchor") else 1)
        assert float(each.get("x") or 0) + reach <= WIDE - EDGE + 0.01


def test_without_groups_it_draws_people_and_says_why() -> None:
    found = camps()
    for doubt in Doubt:
        picture = draw(found, Stability(400, doubt), TEXTS, title="Verkehr")
        told = root_of(picture).findtext(f"{SVG}desc") or ""
        assert Words().doubt(doubt, 30) in told
        assert "Group" not in picture
        assert f"{Words().most}: " in told
        assert not any(each in picture for each in COLOURS)


def test_speaks_another_language() -> None:
    words = Words(group="Gruppe {letter}", people="{people} Menschen ({share} %)", agree="dafür:", disagree="dagegen:")
    found = camps()
    picture = draw(found, stability(found, 0, Demands(resamples=8)), TEXTS, title="Verkehr", words=words)
    assert "Gruppe A · " in picture
    assert "dafür:" in picture


def test_nobody_and_everybody_in_one_place() -> None:
    for values in (np.zeros((0, 3), int), np.ones((40, 3), int)):
        rows, columns = np.nonzero(np.ones(values.shape))
        found = landscape(stances_of(rows, columns, values[rows, columns]))
        root_of(draw(found, stability(found, 0), {}, title=""))


def luminance(code: str) -> float:
    shares = [int(code[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def test_colours_stand_out_on_white() -> None:
    assert min(1.05 / (luminance(each) + 0.05) for each in COLOURS) >= 3
    assert min(1.05 / (luminance(each) + 0.05) for each in (INK, MUTED)) >= 4.5


def test_groups_differ_in_colour_and_shape() -> None:
    for one, other in combinations(range(5), 2):
        assert colour(one) != colour(other)
        assert shape(one) != shape(other)
    assert len({(colour(number), shape(number)) for number in range(30)}) == 30
    assert len({outline(Mark(1, 2, 3), each, 4) for each in SHAPES}) == len(SHAPES)
    assert [letter(number) for number in (0, 4, 25, 26, 52)] == ["A", "E", "Z", "A2", "A3"]


PLACES = st.lists(st.tuples(st.floats(-99, 99), st.floats(-99, 99)), min_size=1, max_size=60)


@given(PLACES)
def test_marks_lose_nobody(places: list[tuple[float, float]]) -> None:
    found = marks(np.array(places))
    assert sum(mark.people for mark in found) == len(places)
    middle = np.average([(mark.x, mark.y) for mark in found], axis=0, weights=[mark.people for mark in found])
    assert middle == pytest.approx(np.mean(places, axis=0), abs=1e-9)
    most = max(mark.people for mark in found)
    assert [size_of(mark, most) for mark in sorted(found, key=lambda each: each.people)] == sorted(
        size_of(mark, most) for mark in found
    )


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 5)), max_size=30))
def test_a_hull_is_convex_and_holds_nine_in_ten(given_marks: list[tuple[int, int, int]]) -> None:
    found = [Mark(float(x), float(y), people) for x, y, people in given_marks]
    corners = hull(found)
    if not corners:
        return
    sides = list(zip(corners, [*corners[1:], corners[0]], strict=True))

    def left_of(x: float, y: float) -> bool:
        return all((bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -1e-9 for (ax, ay), (bx, by) in sides)

    assert all(left_of(*corner) for corner in corners)
    inside = sum(mark.people for mark in found if left_of(mark.x, mark.y))
    assert inside >= INSIDE * sum(mark.people for mark in found) - 1e-9


@given(st.text(max_size=120), st.floats(6, 40), st.integers(1, 4))
def test_lines_fit_and_say_the_beginning(text: str, room: float, most: int) -> None:
    lines = wrapped(text, room, most)
    assert len(lines) <= most
    assert all(width(line) <= room for line in lines)
    if not any(line.endswith("…") for line in lines):
        assert "".join("".join(lines).split()) == "".join(printable(text).split())
