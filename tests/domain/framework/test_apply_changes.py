"""Changes: applying them, and finding those that lead from one edition to another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.framework.strategies import changes_for, derived, editions

from kursbuch.domain.framework.changes import (
    Add,
    ChangeError,
    Move,
    Retire,
    Revise,
    apply,
    compact,
    diff,
    diff_fields,
)
from kursbuch.domain.framework.element import Edition, Element, TreeError


def strategy(tree: dict[str | None, str]) -> Edition:
    keys = [key for below in tree.values() for key in below.split()]
    return Edition(
        [Element(key, "measure", {"title": f"Titel {key}"}) for key in keys],
        {parent: below.split() for parent, below in tree.items()},
    )


@given(st.data())
def test_diff_leads_from_one_edition_to_the_other(data: st.DataObject) -> None:
    a = data.draw(editions())
    b = data.draw(st.one_of(derived(a), editions()))
    changes = diff(a, b)
    result = apply(a, changes)
    assert result == b
    Edition(result.elements.values(), result.children)  # a sound tree, by the full check
    assert diff(a, b) == changes


@given(editions())
def test_diff_of_the_same_is_empty(edition: Edition) -> None:
    assert diff(edition, Edition(edition.elements.values(), edition.children)) == ()
    assert apply(edition, ()) is edition


@given(st.data())
def test_compact_changes_have_the_same_effect(data: st.DataObject) -> None:
    edition = data.draw(editions())
    changes = data.draw(changes_for(edition, most=9))
    assert apply(edition, compact(changes)) == apply(edition, changes)
    assert compact(compact(changes)) == compact(changes)


@given(st.data())
def test_apply_leaves_the_edition_as_it_was(data: st.DataObject) -> None:
    edition = data.draw(editions())
    before = (dict(edition.elements), dict(edition.children))
    apply(edition, data.draw(changes_for(edition)))
    assert (dict(edition.elements), dict(edition.children)) == before


def test_only_what_really_moved_is_a_move() -> None:
    a = strategy({None: "A B C D E"})
    b = strategy({None: "B C D E A"})
    assert diff(a, b) == (Move("A", None, "E"),)


def test_a_moved_and_edited_element_is_a_move_and_a_revision() -> None:
    a = strategy({None: "T U", "T": "M"})
    b = apply(a, [Move("M", "U", None), Revise("M", "title", "Titel M", "Neuer Titel")])
    assert diff(a, b) == (Move("M", "U", None), Revise("M", "title", "Titel M", "Neuer Titel"))


def test_parent_and_child_can_change_places() -> None:
    a = strategy({None: "X", "X": "Y"})
    b = strategy({None: "Y", "Y": "X"})
    assert apply(a, diff(a, b)) == b


def test_an_element_of_another_kind_is_retired_and_added() -> None:
    a = strategy({None: "A", "A": "B", "B": "C"})
    b = Edition([Element("A", "theme", {}), a["C"]], {None: ["A"], "A": ["C"]})
    assert apply(a, diff(a, b)) == b


def test_diff_fields_names_each_changed_field() -> None:
    assert diff_fields("M1", {"a": 1, "b": "x"}, {"b": "y", "c": 2}) == (
        Revise("M1", "a", 1, None),
        Revise("M1", "b", "x", "y"),
        Revise("M1", "c", None, 2),
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (Revise("Z", "title", None, "x"), "not in the edition"),
        (Revise("A", "title", "falsch", "x"), "not what the change assumes"),
        (Add("A", "measure", None, None, {}), "already"),
        (Add("N", "measure", "Z", None, {}), "new parent Z"),
        (Add("N", "measure", None, "B", {}), "not below its parent"),
        (Move("A", "B", None), "below itself"),
        (Move("A", "A", None), "below itself"),
        (Move("A", None, "A"), "not below its parent"),
        (Retire("A"), "still has elements"),
        (Retire("Z"), "not in the edition"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(change: object, reason: str) -> None:
    edition = strategy({None: "A", "A": "B"})
    with pytest.raises(ChangeError, match=reason) as caught:
        apply(edition, [change])  # type: ignore[list-item]
    assert caught.value.change is change


def test_an_edition_is_one_tree() -> None:
    a, b = Element("A", "theme", {}), Element("B", "theme", {})
    for elements, children in (
        ([a, a], {None: ["A"]}),
        ([a], {None: ["A", "B"]}),
        ([a, b], {None: ["A"]}),
        ([a, b], {None: ["A", "B"], "A": ["B"]}),
        ([a, b], {"A": ["B"], "B": ["A"]}),
    ):
        with pytest.raises(TreeError):
            Edition(elements, children)
    assert Edition([a], (iter([]) and None) or {None: iter(["A"])}).children[None] == ("A",)
