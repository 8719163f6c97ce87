"""Merging and rebasing: what two people changed, put together or disputed openly."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.domain.framework.strategies import FIELDS, changes_for, edited, editions, texts

from kursbuch.domain.framework.changes import (
    Add,
    Change,
    ChangeError,
    Move,
    Retire,
    Revise,
    apply,
    compact,
    diff,
)
from kursbuch.domain.framework.element import Edition, Element, Value
from kursbuch.domain.framework.markup import canonical
from kursbuch.domain.framework.merge import Clash, Merged, merge_text, merge_value
from kursbuch.domain.framework.rebase import ConflictKind, rebase, settle

# --- merging -----------------------------------------------------------------------------------------------

BASE = "Die Stadt baut neue Radwege und fördert die Schulen im Quartier."


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        (
            "Die Stadt baut sichere Radwege und fördert die Schulen im Quartier.",
            "Die Stadt baut neue Radwege und fördert alle Schulen im Quartier.",
            "Die Stadt baut sichere Radwege und fördert alle Schulen im Quartier.",
        ),
        (  # adjoining words
            "Die Stadt baut sichere Radwege und fördert die Schulen im Quartier.",
            "Die Stadt baut neue Fußwege und fördert die Schulen im Quartier.",
            "Die Stadt baut sichere Fußwege und fördert die Schulen im Quartier.",
        ),
        (  # the same edit and one beside it
            "Die Stadt baut sichere Fußwege und fördert die Schulen im Quartier.",
            "Die Stadt baut sichere Radwege und fördert die Schulen im Quartier.",
            "Die Stadt baut sichere Fußwege und fördert die Schulen im Quartier.",
        ),
        (  # markup is an edit of its word
            "Die Stadt baut neue **Radwege** und fördert die Schulen im Quartier.",
            "Die Stadt baut neue Radwege und fördert gern die Schulen im Quartier.",
            "Die Stadt baut neue **Radwege** und fördert gern die Schulen im Quartier.",
        ),
        (  # new paragraphs around
            f"Vorab.\n\n{BASE}",
            f"{BASE}\n\nDanach.",
            f"Vorab.\n\n{BASE}\n\nDanach.",
        ),
        (
            "Die Stadt baut sichere Radwege und fördert die Schulen im Quartier.",
            "Die Stadt baut breite Radwege und fördert die Schulen im Quartier.",
            None,
        ),
        (  # different insertions at one point
            "Die Stadt baut ganz neue Radwege und fördert die Schulen im Quartier.",
            "Die Stadt baut sehr neue Radwege und fördert die Schulen im Quartier.",
            None,
        ),
        (  # removed here, changed there
            "Die Stadt baut neue Radwege.",
            "Die Stadt baut neue Radwege und fördert alle Schulen im Quartier.",
            None,
        ),
    ],
)
def test_texts_are_merged_word_by_word(ours: str, theirs: str, merged: str | None) -> None:
    assert merge_text(BASE, ours, theirs) == merged
    assert merge_text(BASE, theirs, ours) == merged


@settings(max_examples=100)
@given(st.data())
def test_merging_texts_is_symmetric_and_canonical(data: st.DataObject) -> None:
    base = data.draw(texts())
    ours, theirs = data.draw(edited(base)), data.draw(edited(base))
    merged = merge_text(base, ours, theirs)
    assert merged == merge_text(base, theirs, ours)
    assert merge_text(base, ours, base) == ours == merge_text(base, ours, ours)
    if merged is not None:
        assert canonical(merged) == merged


@given(st.data())
def test_edits_in_separate_paragraphs_always_merge(data: st.DataObject) -> None:
    one, two = data.draw(texts(blocks=1)), data.draw(texts(blocks=1))
    middle = "Dieser Absatz bleibt stehen und trennt die anderen."
    changed_one, changed_two = data.draw(edited(one)), data.draw(edited(two))

    def whole(first: str, last: str) -> str:
        return canonical(f"{first}\n\n{middle}\n\n{last}")

    assume(middle not in changed_one + changed_two + one + two)
    base, wanted = whole(one, two), whole(changed_one, changed_two)
    assert merge_text(base, whole(changed_one, two), whole(one, changed_two)) == wanted


AX, AY, BX = ({"id": name, "reason": reason} for name, reason in ("ax", "ay", "bx"))


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        (3, 3, 4, Merged(4)),
        (3, 4, 4, Merged(4)),
        (3, 4, 5, Clash()),
        (None, 4, 5, Clash()),
        (3, None, 5, Clash()),
        (3, None, 3, Merged(None)),
        ({"amount": "1"}, {"amount": "2"}, {"amount": "1"}, Merged({"amount": "2"})),
        ({"amount": "1"}, {"amount": "2"}, {"amount": "3"}, Clash()),
        ((AX,), (AY,), (AX, BX), Merged((AY, BX))),
        ((AX,), None, (AY,), Clash()),
        ((AX, BX), (BX,), (AX,), Merged(None)),
        (None, (BX,), (AX,), Merged((AX, BX))),
        ("ein Wort", 3, "zwei Worte", Clash()),
    ],
)  # fmt: skip
def test_values_are_merged_by_their_shape(base: Value, ours: Value, theirs: Value, merged: object) -> None:
    assert merge_value(base, ours, theirs) == merged
    assert merge_value(base, theirs, ours) == merged


@given(st.data())
def test_merging_values_has_its_laws(data: st.DataObject) -> None:
    values = st.one_of(st.none(), FIELDS[data.draw(st.sampled_from(sorted(FIELDS)))])
    base, ours, theirs = data.draw(values), data.draw(values), data.draw(values)
    assert merge_value(base, ours, theirs) == merge_value(base, theirs, ours)
    assert merge_value(base, ours, base) == merge_value(base, base, ours) == Merged(ours)
    assert merge_value(base, ours, ours) == Merged(ours)


# --- rebasing ----------------------------------------------------------------------------------------------


def strategy(tree: dict[str | None, str]) -> Edition:
    keys = [key for below in tree.values() for key in below.split()]
    return Edition(
        [Element(key, "measure", {"title": f"Titel {key}", "text": BASE}) for key in keys],
        {parent: below.split() for parent, below in tree.items()},
    )


def mentioned(changes: tuple[Change, ...]) -> set[str | None]:
    """Every key that the changes say something about or rely on."""
    keys: set[str | None] = set()
    for change in changes:
        keys.add(change.key)
        if isinstance(change, Add | Move):
            keys |= {change.parent, change.after}
    return keys - {None}


def places(changes: tuple[Change, ...]) -> set[tuple[str | None, str | None]]:
    return {(change.parent, change.after) for change in changes if isinstance(change, Add | Move)}


@given(st.data())
def test_rebasing_onto_the_same_edition_changes_nothing(data: st.DataObject) -> None:
    edition = data.draw(editions())
    changes = data.draw(changes_for(edition))
    rebased = rebase(changes, edition, edition)
    assert rebased.changes == compact(changes)
    assert not rebased.conflicts
    assert apply(edition, rebased.changes) == apply(edition, changes)


@settings(max_examples=100)
@given(st.data())
def test_what_is_not_in_conflict_applies(data: st.DataObject) -> None:
    old = data.draw(editions())
    new = apply(old, data.draw(changes_for(old, prefix=data.draw(st.sampled_from("NO")))))
    changes = data.draw(changes_for(old))
    rebased = rebase(changes, old, new)
    result = apply(new, rebased.changes)
    Edition(result.elements.values(), result.children)
    asked = {change.key for change in changes}
    assert {conflict.key for conflict in rebased.conflicts} <= asked
    assert all(conflict.change in compact(changes) for conflict in rebased.conflicts)
    assert rebase(rebased.changes, new, new).changes == compact(rebased.changes)


@settings(max_examples=100)
@given(st.data())
def test_amendments_that_do_not_overlap_commute(data: st.DataObject) -> None:
    old = data.draw(editions())
    a = data.draw(changes_for(old, most=3, prefix="A"))
    b = data.draw(changes_for(old, most=3, prefix="B"))
    assume(not mentioned(a) & mentioned(b) and not places(a) & places(b))
    check_commutes(old, a, b)


@settings(max_examples=100)
@given(st.data())
def test_text_amendments_to_the_same_element_commute_or_conflict_alike(data: st.DataObject) -> None:
    text = data.draw(texts())
    old = Edition([Element("M1", "measure", {"text": text})], {None: ["M1"]})
    a, b = (Revise("M1", "text", text, data.draw(edited(text))) for _ in range(2))
    after_a, after_b = apply(old, [a]), apply(old, [b])
    one, two = rebase([b], old, after_a), rebase([a], old, after_b)
    assert bool(one.conflicts) == bool(two.conflicts)
    if not one.conflicts:
        assert apply(after_a, one.changes) == apply(after_b, two.changes)


def test_additions_at_the_same_place_commute() -> None:
    old = strategy({None: "S T"})
    check_commutes(
        old, (Add("N1", "measure", None, "S", {"title": "a"}),), (Add("N2", "measure", None, "S", {"title": "b"}),)
    )


def check_commutes(old: Edition, a: tuple[Change, ...], b: tuple[Change, ...]) -> None:
    after_a, after_b = apply(old, a), apply(old, b)
    rebased_b, rebased_a = rebase(b, old, after_a), rebase(a, old, after_b)
    assert not rebased_b.conflicts
    assert not rebased_a.conflicts
    assert apply(after_a, rebased_b.changes) == apply(after_b, rebased_a.changes)


@settings(max_examples=100)
@given(st.data())
def test_an_amendment_whose_effect_is_there_is_in_force(data: st.DataObject) -> None:
    old = data.draw(editions())
    b = apply(old, data.draw(changes_for(old, prefix="A")))
    amendment = diff(old, b)
    assume(amendment)
    new = b
    others = data.draw(changes_for(b, most=3, prefix="B"))
    touched = mentioned(amendment)
    if not mentioned(others) & touched and not {parent for parent, _ in places(others)} & {
        p for p, _ in places(amendment)
    }:
        new = apply(b, others)
    rebased = rebase(amendment, old, new)
    assert rebased.already_in_force, rebased


def test_nothing_is_not_in_force() -> None:
    edition = strategy({None: "A"})
    assert not rebase((), edition, edition).already_in_force


def only_conflict(changes: list[Change], old: Edition, new: Edition) -> tuple[ConflictKind, object, object, object]:
    rebased = rebase(changes, old, new)
    (conflict,) = rebased.conflicts
    assert conflict.change in changes
    assert apply(new, rebased.changes) is not None
    return conflict.kind, conflict.base, conflict.ours, conflict.theirs


TREE = strategy({None: "A B", "A": "C D E", "B": "F"})


@pytest.mark.parametrize(
    ("meanwhile", "change", "kind"),
    [
        ([Retire("C")], Revise("C", "title", "Titel C", "x"), ConflictKind.RETIRED),
        ([Retire("C")], Move("C", "B", None), ConflictKind.RETIRED),
        ([Retire("F"), Retire("B")], Move("C", "B", None), ConflictKind.GONE_PARENT),
        ([Retire("F"), Retire("B")], Add("N", "measure", "B", None, {"title": "x"}), ConflictKind.GONE_PARENT),
        ([Revise("C", "title", "Titel C", "y")], Retire("C"), ConflictKind.REVISED),
        ([Add("N", "measure", "C", None, {})], Retire("C"), ConflictKind.CHILDREN),
        ([Move("C", "B", None)], Move("C", None, None), ConflictKind.PLACE),
        ([Move("B", "C", None)], Move("C", "F", None), ConflictKind.PLACE),
        ([Add("N", "goal", None, None, {})], Add("N", "measure", None, None, {}), ConflictKind.KEY_TAKEN),
        ([Revise("C", "rating", None, 1)], Revise("C", "rating", None, 2), ConflictKind.VALUE),
        ([Revise("C", "title", "Titel C", "Name C")], Revise("C", "title", "Titel C", "Kopf C"), ConflictKind.TEXT),
        ([Revise("C", "text", BASE, None)], Revise("C", "text", BASE, "Neu"), ConflictKind.VALUE),
    ],
)
def test_a_conflict_says_what_it_is(meanwhile: list[Change], change: Change, kind: ConflictKind) -> None:
    assert only_conflict([change], TREE, apply(TREE, meanwhile))[0] is kind


def test_a_conflict_names_both_sides() -> None:
    new = apply(TREE, [Revise("C", "title", "Titel C", "Name C")])
    assert only_conflict([Revise("C", "title", "Titel C", "Kopf C")], TREE, new)[1:] == (
        "Titel C",
        "Name C",
        "Kopf C",
    )
    new = apply(TREE, [Move("C", "B", None)])
    assert only_conflict([Move("C", None, "A")], TREE, new)[1:] == ("A", "B", None)


def test_what_builds_on_a_disputed_addition_is_disputed_too() -> None:
    new = apply(TREE, [Retire("F"), Retire("B")])
    rebased = rebase(
        [
            Add("N", "measure", "B", None, {}),
            Add("O", "measure", "N", None, {}),
            Move("C", "N", "O"),
            Revise("D", "title", "Titel D", "x"),
        ],
        TREE,
        new,
    )
    assert [conflict.kind for conflict in rebased.conflicts] == [
        ConflictKind.GONE_PARENT,
        ConflictKind.DEPENDS,
        ConflictKind.DEPENDS,
    ]
    assert rebased.changes == (Revise("D", "title", "Titel D", "x"),)


def test_an_anchor_that_went_is_replaced_by_its_predecessor() -> None:
    new = apply(TREE, [Retire("D")])
    assert rebase([Add("N", "measure", "A", "D", {})], TREE, new).changes == (Add("N", "measure", "A", "C", {}),)
    new = apply(new, [Move("C", "B", None)])
    assert rebase([Add("N", "measure", "A", "D", {})], TREE, new).changes == (Add("N", "measure", "A", None, {}),)


def test_the_same_added_under_another_key_is_in_force_and_stands_for_it() -> None:
    new = apply(TREE, [Add("M9", "measure", "A", "E", {"title": "Neu"})])
    rebased = rebase(
        [Add("N", "measure", "A", "E", {"title": "Neu"}), Add("O", "measure", "N", None, {"title": "x"})], TREE, new
    )
    assert rebased.changes == (Add("O", "measure", "M9", None, {"title": "x"}),)
    assert not rebased.conflicts


def test_retired_by_both_and_moved_alike_is_in_force() -> None:
    new = apply(TREE, [Retire("C"), Move("D", "B", "F")])
    assert rebase([Retire("C"), Move("D", "B", None)], TREE, new).already_in_force


def test_changes_that_never_fitted_are_refused() -> None:
    with pytest.raises(ChangeError):
        rebase([Retire("A")], TREE, TREE)


def test_a_disputed_field_is_settled_by_a_revision() -> None:
    new = apply(TREE, [Revise("C", "title", "Titel C", "Name C")])
    (conflict,) = rebase([Revise("C", "title", "Titel C", "Kopf C")], TREE, new).conflicts
    settled = settle(conflict, "Name und Kopf C")
    assert settled is not None
    assert apply(new, [settled])["C"].fields["title"] == "Name und Kopf C"
    assert settle(conflict, "Name C") is None
    (other,) = rebase([Move("C", "B", None)], TREE, apply(TREE, [Move("C", None, None)])).conflicts
    with pytest.raises(ValueError, match="place"):
        settle(other, None)


def test_many_pending_amendments_are_rebased() -> None:
    keys = [f"M{number:04}" for number in range(2000)]
    text = BASE + " " + " ".join(f"Wort{number}" for number in range(140))
    old = Edition([Element(key, "measure", {"title": key, "text": f"{key} {text}"}) for key in keys], {None: keys})
    new = apply(
        old,
        [Revise(key, "text", f"{key} {text}", f"{key} {text} Neu in {key}.") for key in keys[::2]],
    )
    amendments: list[list[Change]] = [
        [
            Revise(key, "text", f"{key} {text}", f"{key} {text.replace(f'Wort{number % 140}', 'Anders')}")
            for key in keys[number * 7 : number * 7 + 5]
        ]
        + [Move(keys[number], None, keys[number + 300]), Add(f"N{number}", "goal", None, keys[5], {})]
        for number in range(200)
    ]
    rebased = [rebase(changes, old, new) for changes in amendments]
    assert not any(found.conflicts for found in rebased)
