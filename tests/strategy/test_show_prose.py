"""Prose without markup takes a short way to HTML; it leads to the same place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursbuch.domain.framework.markup import canonical, to_html
from kursbuch.strategy.presentation.prose import prose_html

SIGNS = st.text(alphabet=st.sampled_from("aBä ß .,;:!?()[]*_-–„“\"'<>&#\\/\n0123456789"), max_size=80)


@given(st.one_of(st.text(max_size=80), SIGNS))
def test_is_what_the_long_way_gives(text: str) -> None:
    stored = canonical(text)
    assert prose_html(stored) == to_html(stored)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ein Satz.",
        "Zwei.\n\nAbsätze.",
        "- eins\n- zwei",
        "1. eins\n2. zwei\n\n3 Bäume",
        "1. eins\n\n2\\. zwei",
        "### Titel\n\nText & <mehr>",
        "**fett** und [Link](/M001/)",
        "14. Juli",
        "Text\n\n- Liste\n\nText",
    ],
)
def test_knows_every_block(text: str) -> None:
    stored = canonical(text)
    assert prose_html(stored) == to_html(stored)
