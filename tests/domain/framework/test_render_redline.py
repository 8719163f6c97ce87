"""Redlines and origins as HTML."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.framework.strategies import edited, texts, wild_texts

from kursbuch.domain.framework.markup import parse, to_html
from kursbuch.domain.framework.origin import Run, Step, field_origin
from kursbuch.domain.framework.redline import redline
from kursbuch.domain.framework.render import Labels, Note, origin_html, redline_html
from kursbuch.domain.framework.words import Word

LABELS = Labels("Eingefügt:", "Gestrichen:", "Hierher verschoben:", "Von hier verschoben:")


class Reader(HTMLParser):
    """Collects the text outside and inside of ins and del, and refuses what must not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.old = self.new = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"p", "ul", "ol", "li", "h3", "h4", "em", "strong", "a", "ins", "del", "span"}
        allowed = {"a": {"href", "rel"}, "span": {"class", "data-origin", "title"}}.get(tag, {"class"})
        assert {name for name, _ in attrs} <= allowed
        assert tag != "li" or self.open[-1] in {"ul", "ol"}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        data = re.sub(r"[\s¶]", "", data)
        if "ins" not in self.open:
            self.old += data
        if "del" not in self.open:
            self.new += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    return reader


def signs(text: str) -> str:
    return "".join(word.text for word in parse(text)).replace("¶", "")


@given(st.data())
def test_a_redline_shows_both_texts(data: st.DataObject) -> None:
    before = data.draw(st.one_of(texts(), wild_texts))
    after = data.draw(st.one_of(edited(before), texts(), wild_texts))
    reader = read(redline_html(redline(before, after)))
    assert reader.old == signs(before)
    assert reader.new == signs(after)


@given(texts())
def test_a_redline_without_changes_is_the_text(text: str) -> None:
    assert redline_html(redline(text, text)) == to_html(text)


@pytest.mark.parametrize(
    ("before", "after", "html"),
    [
        ("Der alte Plan.", "Der neue Plan.", "<p>Der <del>alte</del> <ins>neue</ins> Plan.</p>"),
        ("Der Mann geht.", "Mann geht.", "<p><del>Der</del> Mann geht.</p>"),
        ("Der Plan", "Ein Plan", "<p><del>Der</del> <ins>Ein</ins> Plan</p>"),
        ("Der Plan gilt hier.", "Der Plan gilt.", "<p>Der Plan gilt <del>hier</del>.</p>"),
        ("das Wort", "das **Wort**", "<p>das <del>Wort</del> <ins><strong>Wort</strong></ins></p>"),
        ("A.\n\nC.", "A.\n\nB b.\n\nC.", '<p>A.</p><p class="inserted"><ins>B b.</ins></p><p>C.</p>'),
        ("A.\n\nB b.\n\nC.", "A.\n\nC.", '<p>A.</p><p class="deleted"><del>B b.</del></p><p>C.</p>'),
        ("A.\n\nB.", "A. B.", "<p>A. <del>¶</del> B.</p>"),
        ("A. B.", "A.\n\nB.", "<p>A. <ins>¶</ins></p><p>B.</p>"),
        ("A.\n\nB.", "A.\n\n- B.", '<p>A.</p><ul><li class="changed">B.</li></ul>'),
        ("- a\n- b", "- a\n- x y\n- b", '<ul><li>a</li><li class="inserted"><ins>x y</ins></li><li>b</li></ul>'),
        ("", "Neu & <b>", '<p class="inserted"><ins>Neu &amp; &lt;b&gt;</ins></p>'),
    ],
)
def test_html_of_a_redline(before: str, after: str, html: str) -> None:
    assert redline_html(redline(before, after)) == html


def test_labels_are_for_screen_readers() -> None:
    html = redline_html(redline("Der alte Plan.", "Der neue Plan."), LABELS)
    assert '<del><span class="visually-hidden">Gestrichen: </span>alte</del>' in html
    assert '<ins><span class="visually-hidden">Eingefügt: </span>neue</ins>' in html


def test_moves_carry_the_same_class_on_both_ends() -> None:
    goes = "Alle Schulen erhalten bis 2025 schnelles Netz."
    stays = "Die Verwaltung legt dem Rat jedes Jahr einen Bericht über alle laufenden Vorhaben vor."
    html = redline_html(redline(f"{goes} {stays}", f"{stays} {goes}"), LABELS)
    assert f'<del class="moved move-0"><span class="visually-hidden">Von hier verschoben: </span>{goes}</del>' in html
    assert f'<ins class="moved move-0"><span class="visually-hidden">Hierher verschoben: </span>{goes}</ins>' in html


def step_of(run: Run) -> dict[str, str]:
    return {"data-origin": str(run.step)}


def test_origins_are_spans_with_escaped_attributes() -> None:
    runs = field_origin([Step("1", None, "Der alte *Plan*"), Step("2", 7, "Der **neue** *Plan*")])
    html = origin_html(runs, lambda run: {"title": f'Schritt "{run.step}" & <mehr>', "class": "x"})
    assert html == (
        '<p><span title="Schritt &quot;0&quot; &amp; &lt;mehr&gt;" class="x">Der</span> '
        '<span title="Schritt &quot;1&quot; &amp; &lt;mehr&gt;" class="x"><strong>neue</strong></span> '
        '<span title="Schritt &quot;0&quot; &amp; &lt;mehr&gt;" class="x"><em>Plan</em></span></p>'
    )
    assert "Schritt" in unescape(html)


def test_notes_stand_behind_their_words() -> None:
    runs = field_origin([Step("1", None, "Der alte Plan."), Step("2", 7, "Der **neue** Plan.\n\n- Mit *Ziel*")])
    noted = origin_html(runs, step_of, lambda run: Note("<2>", {"href": '#"'}) if run.step else None)
    link = '<a href="#&quot;">&lt;2&gt;</a>'
    assert noted == (
        f'<p><span data-origin="0">Der</span> <span data-origin="1"><strong>neue</strong>{link}</span> '
        '<span data-origin="0">Plan.</span></p>'
        f'<ul><li><span data-origin="1">Mit <em>Ziel</em>{link}</span></li></ul>'
    )


@given(texts(), st.data())
def test_origins_show_the_text(text: str, data: st.DataObject) -> None:
    later = data.draw(edited(text))
    reader = read(origin_html(field_origin([Step("1", None, text), Step("2", 1, later)]), step_of))
    assert reader.new == signs(later)
    plain = re.sub(r"</?span[^>]*>", "", origin_html([Run(parse(text), 0)], step_of))
    assert plain == to_html(text)


def test_a_note_stays_with_its_words_when_they_end_a_paragraph() -> None:
    runs = [Run((Word("Ziel"), Word("", block="ul")), 0), Run((Word("Weg"),), 1)]
    noted = origin_html(runs, step_of, lambda run: Note(str(run.step), {}))
    assert noted == (
        '<p><span data-origin="0">Ziel<a>0</a></span></p><ul><li><span data-origin="1">Weg<a>1</a></span></li></ul>'
    )


@given(texts(), st.data())
def test_notes_change_nothing_but_themselves(text: str, data: st.DataObject) -> None:
    runs = field_origin([Step("1", None, text), Step("2", 1, data.draw(edited(text)))])
    noted = origin_html(runs, step_of, lambda run: Note("\ue000", {"href": "#note"}))
    assert noted.replace('<a href="#note">\ue000</a>', "") == origin_html(runs, step_of)


def test_an_attribute_name_cannot_break_out() -> None:
    with pytest.raises(ValueError, match="attribute name"):
        origin_html([Run(parse("x"), 0)], lambda run: {'x" onclick="': "y"})
