"""Marks in a text what a query found in it, by the same rule by which it was found."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kursbuch.kit.search.fold import ALGORITHMS, base_language, spans
from kursbuch.kit.search.query import Term, parse

Span = tuple[int, int]
_SPACE = re.compile(r"\s+")


def highlight(text: str, query: str, language: str | None = None) -> SafeString:
    """The text, escaped, with ``<mark>`` around every whole word the query asks for.

    Without a language a word is marked if it is found as a word of any language the search knows.
    """
    return _marked(text, found_spans(text, query, language))


def excerpt(text: str, query: str, length: int = 240, language: str | None = None) -> SafeString:
    """About ``length`` characters of the text around the first hit, cut between words, escaped and marked."""
    text = _SPACE.sub(" ", text).strip()
    found = found_spans(text, query, language)
    if len(text) <= length:
        return _marked(text, found)
    start, end = _window(text, found[0][0] if found else 0, length)
    inside = [(a - start, b - start) for a, b in found if a >= start and b <= end]
    before, after = "… " if start > 0 else "", " …" if end < len(text) else ""
    return mark_safe(f"{before}{_marked(text[start:end], inside)}{after}")  # noqa: S308 (escaped by _marked)


def found_spans(text: str, query: str, language: str | None = None) -> list[Span]:
    """Where the words are that the query asks for, in order and without overlap."""
    languages = [*ALGORITHMS] if language is None else [base_language(language)]
    found: set[Span] = set()
    for each in languages:
        terms = parse(query, each)
        if terms:
            found |= _spans_of(terms, text, each)
    return _merged(found)


def _spans_of(terms: tuple[Term, ...], text: str, language: str) -> set[Span]:
    words = [(match.span(), token) for match, token in spans(text, language)]
    single = [term for term in terms if not term.quoted]
    found = {span for span, token in words if any(term.matches(token) for term in single)}
    for term in terms:
        if term.quoted:
            found.update(_rows(term.tokens, words))
    return found


def _rows(row: tuple[str, ...], words: list[tuple[Span, str]]) -> Iterable[Span]:
    for start in range(len(words) - len(row) + 1):
        part = words[start : start + len(row)]
        if tuple(token for _, token in part) == row:
            yield from (span for span, _ in part)


def _merged(found: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _marked(text: str, found: list[Span]) -> SafeString:
    parts: list[str] = []
    position = 0
    for start, end in found:
        parts += [escape(text[position:start]), "<mark>", escape(text[start:end]), "</mark>"]
        position = end
    parts.append(escape(text[position:]))
    return mark_safe("".join(parts))  # noqa: S308 (every part of the text is escaped above)


def _window(text: str, hit: int, length: int) -> Span:
    """A stretch of the text of at most ``length`` characters that begins a third before the hit, at a word."""
    start = min(max(0, hit - length // 3), len(text) - length)
    end = start + length
    if start > 0:
        space = text.find(" ", start, hit)
        start = space + 1 if space >= 0 else (hit if text.rfind(" ", 0, hit) < start else start)
    if end < len(text):
        space = text.rfind(" ", start + 1, end + 1)
        end = space if space > hit else end
    return start, end
