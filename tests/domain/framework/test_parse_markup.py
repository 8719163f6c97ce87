"""The Markdown subset: into words, back, and into safe HTML."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.domain.framework.strategies import texts, wild_texts

from kursbuch.domain.framework import reading
from kursbuch.domain.framework.markup import canonical, parse, serialise, to_html, to_plain
from kursbuch.domain.framework.words import count_words, split_blocks, text_of

ALLOWED = {"p": (), "ul": (), "ol": (), "li": (), "h3": (), "h4": (), "em": (), "strong": (), "a": ("href", "rel")}


class Strict(HTMLParser):
    """Reads HTML back and refuses what must never be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        assert all(name in ALLOWED[tag] for name, _ in attrs)
        target = dict(attrs).get("href")
        if tag == "a":
            assert target is not None
            assert target.lower().startswith(("http://", "https://", "mailto:", "/"))
            assert not target.startswith(("//", "/\\"))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration")


@settings(max_examples=400)
@given(st.one_of(wild_texts, texts()))
@example("*foo[*bar](/x)")
@example("[*foo*](/x)[bar](/x)")
@example("a[*](/x)b*c")
@example("***a*b**")
@example("1. a\n\n2\\. b\n\n2. c")
@example("\\")
@example("](/x) [a](/b)")
@example("]*(*")
def test_writing_words_and_reading_them_back_changes_nothing(text: str) -> None:
    words = parse(text)
    assert parse(serialise(words)) == words
    assert canonical(canonical(text)) == canonical(text)


@settings(max_examples=300)
@given(st.one_of(wild_texts, texts()))
def test_html_is_safe_and_says_what_the_words_say(text: str) -> None:
    reader = Strict()
    reader.feed(to_html(text))
    reader.close()
    assert not reader.open
    assert reader.text.replace(" ", "") == "".join(word.text for word in parse(text))


@settings(max_examples=300)
@given(st.one_of(wild_texts, texts()))
@example("( a/ b„ c")
@example("\u0301a\n\n\u0301b")
def test_the_short_way_through_plain_text_reads_what_the_long_way_reads(text: str) -> None:
    quick = parse.__wrapped__(text)
    is_literal, has_gap = reading._is_literal, reading._has_gap
    reading._is_literal, reading._has_gap = lambda line: False, lambda text: " " in text
    try:
        assert quick == parse.__wrapped__(text)
    finally:
        reading._is_literal, reading._has_gap = is_literal, has_gap


@given(st.one_of(wild_texts, texts()))
def test_html_has_the_spaces_that_plain_text_has(text: str) -> None:
    shown = [unescape(re.sub("<[^>]*>", "", block)) for block in re.split("</(?:p|li|h3|h4)>", to_html(text))[:-1]]
    assert shown == [text_of(block) for _, block in split_blocks(parse(text))]


@given(wild_texts)
def test_every_visible_sign_is_in_a_word_or_is_markup(text: str) -> None:
    plain = "".join(text.split())
    kept = "".join(word.text for word in parse(text))
    assert all(sign in plain or not sign.isascii() for sign in kept)


@pytest.mark.parametrize(
    "word",
    [
        "Smartphone-Bürger-ID",
        "1.289.700",
        "12,5",
        "24.06.2020",
        "Bürger*innen",
        "Bürger:innen",
        "Bürger_innen",
        "E-Mail",
        "geht's",
        "Vor-",
        "10:30",
        "gelsenkirchen.de",
        "H2O",
        "Über-uns",
    ],
)
def test_a_word_is_one_word(word: str) -> None:
    assert [token.text for token in parse(f"Das {word} hier")] == ["", "Das", word, "hier"]


def test_punctuation_and_quotation_marks_stand_alone() -> None:
    assert [token.text for token in parse("Er sagt: „Ja, (bald)“ … 12,5 % und/oder ...")][1:] == [
        *("Er", "sagt", ":", "„", "Ja", ",", "(", "bald", ")", "“", "…", "12,5", "%", "und", "/", "oder", "..."),
    ]  # fmt: skip


def test_usual_spacing_is_no_property_of_a_word() -> None:
    bare = {word.text: word for word in parse("das Wort steht")}
    dressed = {word.text: word for word in parse("das („Wort“), steht")}
    assert bare["Wort"] == dressed["Wort"]
    assert bare["steht"] == dressed["steht"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ein *kurzer* **Satz**.", "<p>Ein <em>kurzer</em> <strong>Satz</strong>.</p>"),
        ("***beides***", "<p><strong><em>beides</em></strong></p>"),
        ("*a **b** c*", "<p><em>a</em> <strong><em>b</em></strong> <em>c</em></p>"),
        ("[hier](/M042/)", '<p><a href="/M042/">hier</a></p>'),
        ("[hier](https://a.de/?x=1&y=2)", '<p><a href="https://a.de/?x=1&amp;y=2" rel="noopener">hier</a></p>'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](//evil.example)", "<p>[x](//evil.example)</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("- eins\n- zwei\n\n1. a\n2. b", "<ul><li>eins</li><li>zwei</li></ul><ol><li>a</li><li>b</li></ol>"),
        ("### Kopf\nText", "<h3>Kopf</h3><p>Text</p>"),
        ("# Kopf", "<p># Kopf</p>"),
        ("14. Juli 2020", "<p>14. Juli 2020</p>"),
        ("1\\. kein Punkt", "<p>1. kein Punkt</p>"),
        ("\\*kein\\*", "<p>*kein*</p>"),
        ("Bürger*innen und Schüler*innen", "<p>Bürger*innen und Schüler*innen</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("", ""),
        (" \n\u200b\n", ""),
    ],
)
def test_html_of_a_text(text: str, html: str) -> None:
    assert to_html(text) == html


def test_plain_text_keeps_lists_readable() -> None:
    assert to_plain("### Kopf\n*a* b\n\n- x\n- y\n\n1. u\n2. v") == "Kopf\na b\n- x\n- y\n1. u\n2. v"


def test_canonical_makes_invisible_differences_vanish() -> None:
    assert canonical("Bu\u0308rger\u00a0und\u00ad  Stadt\r\n\r\n\r\nneu\u202e ") == "Bürger und Stadt\n\nneu"
    assert canonical("a\ue000b\ufffec\ud800d\U0010ffffe") == "abcde"
    assert canonical("*a* *b*") == "*a b*"
    assert canonical("- a\n\n- b") == "- a\n- b"


def test_words_are_plain_values() -> None:
    words = parse("Ein **Wort**, [Verweis](/x).")
    assert text_of(words) == "Ein Wort, Verweis."
    assert count_words(words) == 3
    assert json.dumps(words[1][:2]) == '["Ein", false]'


def test_reading_costs_no_more_than_the_length() -> None:
    for hostile in ("[" * 20_000, "*" * 20_001, "[a](" * 8_000, "**a" * 8_000, "\\" * 20_000, "[a\\" * 8_000):
        assert parse(serialise(parse(hostile))) == parse(hostile)
