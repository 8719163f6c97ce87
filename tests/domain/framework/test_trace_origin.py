"""Origin: which step of history brought which words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.framework.strategies import edited, texts

from kursbuch.domain.framework.element import Edition, Element
from kursbuch.domain.framework.markup import parse
from kursbuch.domain.framework.origin import Run, Step, field_origin, origin
from kursbuch.domain.framework.words import text_of


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    text: str | None = draw(texts())
    steps = [Step("1", None, text)]
    for number in range(2, draw(st.integers(2, 6))):
        choice = draw(st.integers(0, 9))
        text = None if choice == 0 else text if choice == 1 else draw(edited(text) if text else texts())
        steps.append(Step(str(number), number, text))
    return steps


@settings(max_examples=100)
@given(histories())
def test_runs_make_up_the_text_and_each_stood_in_its_step(history: list[Step]) -> None:
    runs = field_origin(history)
    assert tuple(word for run in runs for word in run.words) == parse(history[-1].value or "")
    for run in runs:
        there = parse(history[run.step].value or "")
        assert set(run.words) <= set(there)
    for one, two in pairwise(runs):
        assert one.step != two.step


@given(texts())
def test_a_short_history_is_one_run(text: str) -> None:
    assert field_origin([Step("1", None, text)]) == (Run(parse(text), 0),)
    assert field_origin([Step("1", None, text), Step("2", 3, text)]) == (Run(parse(text), 0),)


def shown(*values: str | None) -> list[tuple[int, str]]:
    steps = [Step(str(number), None, value) for number, value in enumerate(values)]
    return [(run.step, text_of(run.words)) for run in field_origin(steps)]


def test_words_keep_their_origin_through_later_edits_around_them() -> None:
    assert shown(
        "Die Stadt baut Radwege.", "Die Stadt baut breite Radwege.", "Die ganze Stadt baut breite Radwege."
    ) == [(0, "Die"), (2, "ganze"), (0, "Stadt baut"), (1, "breite"), (0, "Radwege.")]


def test_words_keep_their_origin_when_they_move() -> None:
    goes = "Alle Schulen erhalten bis 2025 schnelles Netz."
    stays = "Die Verwaltung legt dem Rat jedes Jahr einen Bericht über alle laufenden Vorhaben vor."
    assert shown(stays, f"{goes} {stays}", f"{stays} {goes}") == [(0, stays), (1, goes)]


def test_a_word_whose_markup_changed_is_new() -> None:
    assert shown("Das ist wichtig hier.", "Das ist **wichtig** hier.") == [(0, "Das ist"), (1, "wichtig"), (0, "hier.")]


def test_what_comes_back_after_an_absence_is_new() -> None:
    assert shown("Ein Satz.", None, "Ein Satz.") == [(2, "Ein Satz.")]
    assert shown("Ein Satz.", None) == []


def test_origin_over_editions() -> None:
    def edition(text: str | None) -> Edition:
        return Edition([Element("M1", "measure", {"text": text})] if text else [], {None: ["M1"]} if text else {})

    history = [
        ("1", edition(None)),
        ("2", edition("Alles neu.")),
        ("2.1", edition("Alles neu.")),
        ("3", edition("Alles ganz neu.")),
    ]
    assert [(run.step, text_of(run.words)) for run in origin(history, "M1", "text")] == [
        (1, "Alles"),
        (3, "ganz"),
        (1, "neu."),
    ]
    assert origin(history[:1], "M1", "text") == ()
    with pytest.raises(TypeError, match="not text"):
        origin([("1", Edition([Element("M1", "measure", {"rating": 3})], {None: ["M1"]}))], "M1", "rating")
