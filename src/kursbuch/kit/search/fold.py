"""Folds words to the form in which they are compared, so that "Straßen" and "strasse" are one word.

A word is folded (case, accents, ß) and then stemmed by Snowball in the language of its text. The German stemmer
takes ä and ae, ö and oe, ü and ue for the same letter and leaves "neue" and "Feuer" alone. Text and query go
through the same function, so whatever it does to a word it does on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Protocol

import snowballstemmer

ALGORITHMS = {"de": "german", "en": "english"}

# A word: letters and digits, with combining accents, soft hyphens and joiners inside. Never an underscore.
_INSIDE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060"
WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_INSIDE}])*")

_DIAERESIS = "\u0308"
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}
_NO_UMLAUTS = str.maketrans("äöü", "aou")


class Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 (Snowball's own name)


@cache
def _stemmer(language: str) -> Stemmer:
    stemmer: Stemmer = snowballstemmer.stemmer(ALGORITHMS[language])
    return stemmer


def base_language(language: str) -> str:
    """The language whose stemmer is used: "de" for "de-simple"; "" when there is none."""
    base = language.partition("-")[0].lower()
    return base if base in ALGORITHMS else ""


def fold(word: str) -> str:
    """The word in lower case without accents; ä, ö and ü stay, because the German stemmer wants them."""
    while True:
        folded = _fold_once(word)
        if folded == word:
            return folded
        word = folded


def _fold_once(word: str) -> str:
    letters: list[str] = []
    for char in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold()):
        if char == _DIAERESIS and letters and letters[-1] in _UMLAUTS:
            letters[-1] = _UMLAUTS[letters[-1]]
        elif char.isalnum():
            letters.append(char)
    return "".join(letters)


# The words of a text repeat: about 20,000 different ones cover a whole strategy.
@lru_cache(maxsize=50_000)
def token(word: str, language: str) -> str:
    """The form in which a word of a text in this language is stored and sought; "" if nothing is left of it."""
    base = base_language(language)
    folded = fold(word)
    if base != "de":
        folded = folded.translate(_NO_UMLAUTS)
    if base and folded.isalpha():
        folded = _stemmer(base).stemWord(folded)
    # The stemmer may leave umlauts or, at the edge of a pair like "æ", make new ones.
    return fold(folded).translate(_NO_UMLAUTS)


def tokens(text: str, language: str) -> list[str]:
    return [found for _, found in spans(text, language)]


def spans(text: str, language: str) -> Iterator[tuple[re.Match[str], str]]:
    """Every word of the text with its token, in order; words that fold to nothing are left out."""
    for match in WORD.finditer(text):
        found = token(match.group(), language)
        if found:
            yield match, found
