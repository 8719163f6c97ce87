"""Prose as HTML, fast where it carries no markup: the whole strategy has hundreds of thousands of words.

Gives exactly what ``markup.to_html`` gives for text in its canonical spelling, which is how it is stored. Only
paragraphs that carry markup are taken apart word by word.
"""

from __future__ import annotations

from functools import lru_cache

from kursbuch.domain.framework.markup import to_html

_rendered = lru_cache(maxsize=8192)(to_html)


def prose_html(text: str) -> str:
    """Canonical text as HTML; every character is escaped."""
    return "".join([_paragraph(block) for block in text.split("\n\n")]) if text else ""


def _paragraph(block: str) -> str:
    if "*" in block or "[" in block or "\\" in block or "\n" in block or block[:1] in "-#0123456789":
        return _rendered(block)
    if "&" in block or "<" in block or ">" in block:
        block = block.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<p>{block}</p>"
