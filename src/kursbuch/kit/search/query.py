"""What a reader typed, as terms: which words must occur, whole or inside a compound, and which in a row.

The rule for one word, the same in SQL (``condition``) and in Python (``matches``, for the highlights):
a stem of four letters or more is found anywhere in a word ("netz" in "glasfasernetz"); one of three letters at the
beginning or the end of a word ("rad" in "radweg", not in "strasse"); shorter ones, and numbers, as a whole word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from kursbuch.kit.search.fold import fold, tokens

INSIDE_FROM = 4
EDGE_FROM = 3
MOST_TERMS = 12  # further words of a query are ignored: a bound on the work a stranger can ask for

# Words that say nothing about what is sought. Ignored beside others; alone they are sought like any word.
_FILLERS = frozenset(
    map(
        fold,
        re.findall(
            r"\w+",
            "der die das den dem des ein eine einen einem einer eines und oder aber auch in im ins an am auf aus bei "
            "beim bis durch für gegen mit nach ohne über um unter von vom vor zu zum zur als wie so es er sie wir ihr "
            "ich ist sind war wird werden wurde hat haben nicht was wer wo wann warum welche welcher welches man sich "
            "dass the a an and or of on at by for from to with is are was were be has have not what who where when "
            "why which how this that it its as into",
        ),
    ),
)


@dataclass(frozen=True)
class Term:
    """One word, or a quoted row of words, in the form in which it is stored."""

    tokens: tuple[str, ...]
    quoted: bool = False

    @property
    def whole(self) -> str:
        return f" {' '.join(self.tokens)} "

    def condition(self, field: str) -> Q:
        """True where the field, a folded text, holds what this term asks for."""
        if self.quoted:
            return self.whole_word(field)
        (word,) = self.tokens
        if len(word) >= INSIDE_FROM and word.isalpha():
            return _holds(field, word)
        if len(word) >= EDGE_FROM and word.isalpha():
            return _holds(field, f" {word}") | _holds(field, f"{word} ")
        return self.whole_word(field)

    def whole_word(self, field: str) -> Q:
        return _holds(field, self.whole)

    def matches(self, word: str) -> bool:
        """Whether one token of a text is what this term (not a quoted one) asks for."""
        (sought,) = self.tokens
        if len(sought) >= INSIDE_FROM and sought.isalpha():
            return sought in word
        if len(sought) >= EDGE_FROM and sought.isalpha():
            return word.startswith(sought) or word.endswith(sought)
        return word == sought


def _holds(field: str, part: str) -> Q:
    # Not LIKE: it folds case on SQLite and takes half as long again on PostgreSQL.
    return Q(GreaterThan(StrIndex(field, Value(part)), 0))


_PARTS = re.compile(r"[\"„“”«»]([^\"„“”«»]*)[\"„“”«»]|([^\"„“”«»]+)")


def parse(query: str, language: str) -> tuple[Term, ...]:
    """The terms of a query against texts in this language; every one must be found. Empty: nothing was asked."""
    quoted: list[Term] = []
    words: list[str] = []
    for match in _PARTS.finditer(query):
        if match.group(1) is not None:
            row = tuple(tokens(match.group(1), language))
            if row:
                quoted.append(Term(row, quoted=True))
        else:
            words += match.group(2).split()
    telling = [word for word in words if fold(word) not in _FILLERS]
    if not telling and not quoted:
        telling = words
    single = [Term((token,)) for word in telling for token in tokens(word, language)]
    return tuple(dict.fromkeys([*quoted, *single]))[:MOST_TERMS]
