"""Redlines: complete, honest, readable, and fast enough for two whole editions."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.framework.strategies import WORDS, edited, texts, wild_texts

from kursbuch.domain.framework import redline as module
from kursbuch.domain.framework.markup import parse
from kursbuch.domain.framework.redline import Span, readable_edits, redline, redline_words
from kursbuch.domain.framework.words import text_of

OLD = ("kept", "deleted", "moved_from")
NEW = ("kept", "inserted", "moved_to")
SIGNS = {"kept": "=", "deleted": "-", "inserted": "+", "moved_from": "<", "moved_to": ">"}


def words_of(spans: tuple[Span, ...], ops: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(word for span in spans if span.op in ops for word in span.words)


def shown(before: str, after: str) -> list[str]:
    """The spans as signs and text; the break at the very beginning left out."""
    spans = [(SIGNS[span.op], text_of(span.words)) for span in redline(before, after)]
    return [f"{sign} {text}" for sign, text in spans if text or sign != "="]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    before = draw(texts())
    return before, draw(st.one_of(edited(before), texts(), st.just("")))


def check_laws(before: str, after: str) -> None:
    spans = redline(before, after)
    assert words_of(spans, OLD) == parse(before)
    assert words_of(spans, NEW) == parse(after)
    assert all(span.words for span in spans)
    for one, two in pairwise(spans):
        assert (one.op, one.move) != (two.op, two.move)
        if one.op == "deleted" and two.op == "inserted":  # the same word is not both at the same place
            assert one.words[0] != two.words[0]
            assert one.words[-1] != two.words[-1]
    moved_from = {span.move: span.words for span in spans if span.op == "moved_from"}
    moved_to = {span.move: span.words for span in spans if span.op == "moved_to"}
    assert moved_from == moved_to
    assert len(moved_to) == sum(span.op == "moved_to" for span in spans)
    assert all((span.move is not None) == span.op.startswith("moved") for span in spans)


@settings(max_examples=150)
@given(pairs())
def test_spans_make_up_both_texts(pair: tuple[str, str]) -> None:
    check_laws(*pair)


@settings(max_examples=150)
@given(pairs())
def test_spans_that_need_no_joining_are_what_joining_leaves(pair: tuple[str, str]) -> None:
    a, b = (parse(text) for text in pair)
    regions = readable_edits(a, b)
    spans = module._spans(a, b, regions, module._moves(a, b, regions))
    assert redline_words(a, b) == tuple(module._joined(spans))


@settings(max_examples=100)
@given(wild_texts, wild_texts)
def test_spans_make_up_both_texts_whatever_they_are(before: str, after: str) -> None:
    check_laws(before, after)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.randoms(use_true_random=False))
def test_spans_make_up_both_texts_when_sentences_change_places(words: list[str], rng: random.Random) -> None:
    sentences = [" ".join(words[i : i + 8]) + "." for i in range(0, len(words), 8)]
    shuffled = sentences[:]
    rng.shuffle(shuffled)
    check_laws(" ".join(sentences), " ".join(shuffled))


@given(texts())
def test_the_same_text_is_all_kept(text: str) -> None:
    assert redline(text, text) == (Span("kept", parse(text)),)
    assert redline_words(parse(text), parse(text)) == redline(text, text)  # the short way says the same


def test_nothing_became_of_nothing() -> None:
    assert redline("", "") == ()
    assert [span.op for span in redline("", "Ein Satz.")] == ["inserted"]
    assert [span.op for span in redline("Ein Satz.", "")] == ["deleted"]


@pytest.mark.parametrize("mark", ["*", "**", "***"])
def test_marking_a_word_marks_that_word_only(mark: str) -> None:
    before = "Die Stadt baut Radwege und Schulen."
    assert shown(before, before.replace("Radwege", f"{mark}Radwege{mark}")) == [
        "= Die Stadt baut",
        "- Radwege",
        "+ Radwege",
        "= und Schulen.",
    ]


def test_linking_words_marks_those_words_only() -> None:
    assert shown("Mehr dazu hier im Netz.", "Mehr dazu [hier im](/M042/) Netz.")[1:3] == ["- hier im", "+ hier im"]


def test_brackets_and_quotes_leave_the_word_alone() -> None:
    assert shown("das Wort steht", "das („Wort“) steht") == ["= das", "+ („", "= Wort", "+ “)", "= steht"]


def test_spacing_that_matters_is_marked() -> None:
    assert shown("2020 – 2030", "2020–2030") != ["= 2020 – 2030"]


def test_no_stray_word_is_kept_between_rewritten_halves() -> None:
    assert shown(
        "Die Stadt baut neue Radwege und schafft mehr Parkplätze für alle.",
        "Die Stadt saniert alte Straßen und pflanzt viele Bäume für alle.",
    ) == [
        "= Die Stadt",
        "- baut neue Radwege und schafft mehr Parkplätze",
        "+ saniert alte Straßen und pflanzt viele Bäume",
        "= für alle.",
    ]
    assert shown("Rote Häuser, kleine Gärten.", "Blaue Türme, große Plätze.") == [
        "- Rote Häuser, kleine Gärten",
        "+ Blaue Türme, große Plätze",
        "= .",
    ]


def test_single_words_changed_side_by_side_stay_apart() -> None:
    assert shown("den Ausstoß bis 2030 um 40 % senken", "den Ausstoß bis 2035 um 55 % senken") == [
        *("= den Ausstoß bis", "- 2030", "+ 2035", "= um", "- 40", "+ 55", "= % senken"),
    ]  # fmt: skip


def test_a_kept_word_between_insertions_stays_unmarked() -> None:
    assert shown("Schulen und Wege", "Gute Schulen und sichere Wege") == [
        "+ Gute",
        "= Schulen und",
        "+ sichere",
        "= Wege",
    ]


def test_a_compound_is_replaced_as_a_whole() -> None:
    assert shown("Die Smartphone-Bürger-ID kommt.", "Die Smartphone-Firmen-ID kommt.") == [
        "= Die",
        "- Smartphone-Bürger-ID",
        "+ Smartphone-Firmen-ID",
        "= kommt.",
    ]


def test_an_inserted_sentence_is_marked_from_its_beginning() -> None:
    assert shown("Eins ist da. Drei ist da.", "Eins ist da. Zwei ist da. Drei ist da.") == [
        "= Eins ist da.",
        "+ Zwei ist da.",
        "= Drei ist da.",
    ]


def test_an_inserted_paragraph_is_marked_with_its_break() -> None:
    inserted = redline("Eins.\n\nDrei.", "Eins.\n\nZwei.\n\nDrei.")[1]
    assert inserted.op == "inserted"
    assert inserted.words == parse("Zwei.")


def test_a_moved_sentence_is_moved() -> None:
    stays = "Die Verwaltung legt dem Rat jedes Jahr einen Bericht über alle laufenden Vorhaben vor."
    goes = "Alle Schulen erhalten bis 2025 schnelles Netz."
    assert shown(f"{goes} {stays}", f"{stays} {goes}") == [f"< {goes}", f"= {stays}", f"> {goes}"]


def test_a_moved_paragraph_is_moved_even_when_others_change() -> None:
    goes = "Die offenen Daten der Stadt stehen allen frei zur Verfügung."
    before = f"{goes}\n\nHier steht ein langer Absatz über ganz andere Dinge, der bleibt, wie er ist.\n\nEnde gut."
    after = f"Hier steht ein langer Absatz über ganz andere Dinge, der bleibt, wie er war.\n\n{goes}\n\nEnde gut."
    ops = [(span.op, text_of(span.words)) for span in redline(before, after)]
    assert ("moved_from", goes[:-1]) in ops
    assert ("moved_to", goes[:-1]) in ops
    assert ("deleted", "ist") in ops
    assert ("inserted", "war.") in ops


def test_a_few_moved_words_are_not_a_move() -> None:
    assert {span.op for span in redline("rot grün blau, dann gelb", "dann gelb, rot grün blau")} == {
        "kept",
        "deleted",
        "inserted",
    }


def prose(rng: random.Random, vocabulary: list[str], size: int) -> list[str]:
    return [rng.choice(WORDS) if rng.random() < 0.4 else rng.choice(vocabulary) for _ in range(size)]


def test_two_whole_editions_are_compared() -> None:
    rng = random.Random(7)
    vocabulary = ["".join(rng.choices("abcdefghilmnorstuäöü", k=rng.randint(4, 14))) for _ in range(6000)]
    old = [prose(rng, vocabulary, 150) for _ in range(2000)]
    new = [[rng.choice(vocabulary) if rng.random() < 0.05 else word for word in words] for words in old]
    texts = [(" ".join(a), " ".join(b)) for a, b in zip(old, new, strict=True)]
    spans = [redline(a, b) for a, b in texts]
    assert sum(len(found) > 1 for found in spans) > 1900


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("und der " * 10_000, "der und und " * 8_000),
        ("a " * 20_000, "b " * 20_000),
        ("a b " * 10_000, "a " * 15_000),
        (" ".join(WORDS[i * i % 31] for i in range(15_000)), " ".join(WORDS[i * 7 % 29] for i in range(15_000))),
        ("Alle Schulen erhalten bald schnelles Netz und " * 2_000, "schnelles Netz und bald erhalten Alle " * 2_000),
    ],
)
def test_long_repetitive_texts_are_compared(before: str, after: str) -> None:
    spans = redline(before, after)
    assert words_of(spans, OLD) == parse(before)
    assert words_of(spans, NEW) == parse(after)
