"""Summaries: what a set of changes amounts to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.framework.strategies import derived, editions

from kursbuch.domain.framework.changes import Add, Move, Retire, Revise, apply, diff
from kursbuch.domain.framework.element import Edition, Element
from kursbuch.domain.framework.summary import TargetChange, summarise

FIFTY = {"value": "50", "unit": "%", "year": 2025}
SIXTY = {"value": "60", "unit": "%", "year": 2027}
OLD = Edition(
    [
        Element("T", "theme", {"title": "Bildung"}),
        Element("M", "measure", {"title": "Netz für Schulen", "cost": {"amount": "5", "unit": "EUR"}}),
        Element("Z", "target", {"title": "Anteil", "target": FIFTY}),
        Element("P", "passage", {"text": "Ein kurzer Absatz."}),
    ],
    {None: ["T"], "T": ["M", "Z", "P"]},
)


def test_a_summary_counts_by_kind_and_lists_targets() -> None:
    changes = [
        Add("N", "measure", "T", "M", {"title": "Zwei Worte"}),
        Move("P", None, "T"),
        Revise("M", "title", "Netz für Schulen", "Schnelles Netz für alle Schulen"),
        Revise("M", "cost", {"amount": "5", "unit": "EUR"}, {"amount": "9", "unit": "EUR"}),
        Revise("Z", "target", FIFTY, SIXTY),
        Retire("P"),
    ]
    summary = summarise(changes, OLD, apply(OLD, changes))
    assert summary.added == {"measure": 1}
    assert summary.revised == {"measure": 1, "target": 1}
    assert summary.moved == {"passage": 1}
    assert summary.retired == {"passage": 1}
    assert summary.targets == (
        TargetChange("M", "cost", {"amount": "5", "unit": "EUR"}, {"amount": "9", "unit": "EUR"}),
        TargetChange("Z", "target", FIFTY, SIXTY),
    )
    assert summary.words_inserted == 2 + 2
    assert summary.words_deleted == 3


def test_better_words_are_no_other_target() -> None:
    changes = [
        Revise("Z", "title", "Anteil", "Anteil der Schulen"),
        Revise("Z", "office", None, {"office": "schulamt"}),
        Revise("Z", "importance", None, 3),
    ]
    summary = summarise(changes, OLD, apply(OLD, changes))
    assert summary.revised == {"target": 1}
    assert summary.targets == ()


def test_a_target_that_came_or_went_is_listed_by_its_title() -> None:
    changes = [Retire("Z"), Add("Y", "target", "T", None, {"title": "Neu"})]
    assert summarise(changes, OLD, apply(OLD, changes)).targets == (
        TargetChange("Z", None, "Anteil", None),
        TargetChange("Y", None, None, "Neu"),
    )


@given(st.data())
def test_a_summary_counts_each_element_once_a_column(data: st.DataObject) -> None:
    old = data.draw(editions())
    new = data.draw(derived(old))
    summary = summarise(diff(old, new), old, new)
    assert sum(summary.added.values()) - sum(summary.retired.values()) == len(new) - len(old)
    assert sum(summary.revised.values()) <= len(new)
    assert summary.is_empty == (old == new)
    if old == new:
        assert summary.words_inserted == summary.words_deleted == 0
