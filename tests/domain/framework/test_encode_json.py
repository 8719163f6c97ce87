"""JSON in and out: nothing is lost, and bad input is named."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.framework.strategies import changes_for, editions

from kursbuch.domain.framework.changes import Retire, apply
from kursbuch.domain.framework.codec import (
    CodecError,
    change_from_json,
    changes_from_json,
    changes_to_json,
    conflict_from_json,
    edition_from_json,
    edition_to_json,
    element_from_json,
    rebased_from_json,
    rebased_to_json,
    value_from_json,
)
from kursbuch.domain.framework.element import Edition
from kursbuch.domain.framework.rebase import rebase


def through_json(data: object) -> object:
    return json.loads(json.dumps(data, ensure_ascii=False))


@given(editions())
def test_editions_come_back_as_they_were(edition: Edition) -> None:
    data = edition_to_json(edition)
    again = edition_from_json(through_json(data))
    assert again == edition
    assert json.dumps(edition_to_json(again)) == json.dumps(data)


@given(st.data())
def test_changes_and_conflicts_come_back_as_they_were(data: st.DataObject) -> None:
    old = data.draw(editions())
    changes = data.draw(changes_for(old))
    assert changes_from_json(through_json(changes_to_json(changes))) == changes
    rebased = rebase(changes, old, apply(old, data.draw(changes_for(old))))
    assert rebased_from_json(through_json(rebased_to_json(rebased))) == rebased


def test_entries_are_sorted_by_id() -> None:
    assert value_from_json([{"id": "b"}, {"id": "a"}]) == ({"id": "a"}, {"id": "b"})


@pytest.mark.parametrize(
    ("read", "data", "place"),
    [
        (changes_from_json, {}, "changes"),
        (changes_from_json, [1], "changes[0]"),
        (changes_from_json, [{"change": "burn", "key": "A"}], "changes[0].change"),
        (changes_from_json, [{"change": "retire", "key": "A"}, {"change": "retire"}], "changes[1].key"),
        (changes_from_json, [{"change": "retire", "key": "A", "replaced_by": "B"}], "changes[0].replaced_by"),
        (changes_from_json, [{"change": "retire", "key": "A", "replaced_by": [1]}], "changes[0].replaced_by[0]"),
        (changes_from_json, [{"change": "revise", "key": "A", "field": ""}], "changes[0].field"),
        (change_from_json, {"change": "move", "key": "A", "parent": 3}, "change.parent"),
        (change_from_json, {"change": "revise", "key": "A", "field": "t", "after": 1.5}, "change.after"),
        (element_from_json, {"key": "A", "kind": "goal", "fields": {"t": True}}, "element.fields.t"),
        (element_from_json, {"key": "A", "kind": "goal", "fields": {"t": ""}}, "element.fields.t"),
        (element_from_json, {"key": "A", "kind": "goal", "fields": {"t": {}}}, "element.fields.t"),
        (element_from_json, {"key": "A", "kind": "goal", "fields": {"t": []}}, "element.fields.t"),
        (element_from_json, {"key": "A", "kind": "goal", "fields": {"t": {"a": None}}}, "element.fields.t.a"),
        (element_from_json, {"key": "A", "kind": "goal", "fields": {"t": [{"a": "x"}]}}, "element.fields.t[0].id"),
        (
            element_from_json,
            {"key": "A", "kind": "goal", "fields": {"t": [{"id": "x"}, {"id": "x"}]}},
            "element.fields.t[1].id",
        ),
        (element_from_json, {"key": "A", "kind": "goal", "fields": {"t": "\ud800"}}, "element.fields.t"),
        (element_from_json, {"key": "A", "kind": "goal", "fields": 3}, "element.fields"),
        (edition_from_json, {}, "edition.elements"),
        (edition_from_json, {"elements": [{"key": "A", "kind": "goal"}] * 2}, "edition.elements[0]"),
        (
            edition_from_json,
            {"elements": [{"key": "B", "kind": "x"}, {"key": "A", "kind": "x", "parent": "C"}]},
            "edition.elements[1]",
        ),
        (conflict_from_json, {"key": "A", "kind": "mood"}, "conflict.kind"),
        (conflict_from_json, {"key": "A", "kind": "text"}, "conflict.change"),
    ],
)
def test_bad_input_is_named(read: object, data: object, place: str) -> None:
    with pytest.raises(CodecError) as caught:
        read(data)  # type: ignore[operator]
    assert caught.value.place == place
    assert str(caught.value).startswith(place)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("change", "key", "kind", "fields", "elements", "id", "after")), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_reading_either_works_or_says_why(data: object) -> None:
    for read in (changes_from_json, change_from_json, edition_from_json, rebased_from_json, conflict_from_json):
        try:
            read(data)
        except CodecError as error:
            assert error.place  # the point of the test


def test_a_retirement_keeps_what_replaces_it() -> None:
    (data,) = changes_to_json([Retire("A", ("B", "C"))])
    assert change_from_json(data) == Retire("A", ("B", "C"))
