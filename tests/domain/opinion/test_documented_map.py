"""docs/opinion.md: every figure of its example follows from its table of stances, and its picture from our own code."""

from __future__ import annotations

import math
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from tests.domain.opinion.documented_map import TEXTS, city, city_map, six_people

from kursbuch.domain.opinion.landscape import landscape
from kursbuch.domain.opinion.proportions import share
from kursbuch.domain.opinion.settings import Settings
from kursbuch.domain.opinion.stability import Demands, Doubt, stability
from kursbuch.domain.opinion.stances import Stance

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "opinion.md").read_text(encoding="utf-8")


def table(first_head: str) -> list[list[str]]:
    """The cells of the table whose head begins with these cells, without head and first column."""
    lines = PAGE[PAGE.index(f"| Aussage | {first_head}") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")][1:] for line in lines]


def percent(text: str) -> float:
    return int(text.removesuffix(" %")) / 100


def test_the_figures_of_six_people() -> None:
    found = six_people([list(row) for row in zip(*table("Anna"), strict=True)])
    assert found.labels.tolist() == [0, 0, 0, 1, 1, 1]
    votes = found.group_votes
    shares = share(votes[:, :, 2], votes.sum(axis=2))
    stated = table("Gruppe A")
    for statement, (one, other, together, apart) in enumerate(stated):
        assert [percent(one), percent(other)] == shares[:, statement].tolist()
        assert math.isclose(percent(together), found.group_aware_consensus[statement], abs_tol=1e-12)
        assert math.isclose(int(apart) / 100, abs(shares[0, statement] - shares[1, statement]), abs_tol=1e-12)
    (bridge,) = found.bridges()
    assert (bridge.statement, bridge.stance) == (2, Stance.AGREE)
    assert math.isclose(bridge.consensus, 0.48)
    assert (found.divides()[0].statement, round(100 * found.divides()[0].spread)) == (0, 60)
    assert stability(found, 0).doubt is Doubt.FEW_PEOPLE


def test_the_numbers_named_in_the_text_are_those_in_force() -> None:
    demands, settings = Demands(), Settings()
    assert f"erst ab {demands.people} Menschen" in PAGE
    assert f"werden {demands.permutations}-mal neu" in PAGE
    assert f"wird {demands.resamples}-mal neu gezogen" in PAGE
    names = {5: "fünf", 7: "sieben"}
    assert f"auf mindestens {names[settings.least_stances]} Aussagen" in PAGE
    assert f"zwei bis {names[settings.most_groups]} Gruppen" in PAGE
    assert f"weniger als {names[settings.minimum_group]} Menschen" in PAGE
    assert f"{len(city().people)} Menschen, zwölf Aussagen" in PAGE
    assert len(TEXTS) == 12


def test_the_picture_is_drawn_by_our_own_code() -> None:
    committed, again = (DOCS / "images" / "opinion-map.svg").read_text(encoding="utf-8"), city_map()
    one, other = ElementTree.fromstring(committed), ElementTree.fromstring(again)
    assert [(each.tag, each.text) for each in one.iter()] == [(each.tag, each.text) for each in other.iter()]
    numbers = [np.array(re.findall(r"-?\d+\.?\d*", text), float) for text in (committed, again)]
    assert np.allclose(*numbers, atol=0.11)
    assert stability(landscape(city()), 0).claimed
