"""Finds documents: at most two statements, whatever was asked, with the best matches first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from django.db.models import Case, Expression, ExpressionWrapper, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Length
from django.utils.safestring import SafeString

from kursbuch.kit.models import SearchDocument
from kursbuch.kit.search.fold import ALGORITHMS
from kursbuch.kit.search.mark import excerpt, highlight
from kursbuch.kit.search.query import Term, parse

PAGE_SIZE = 20
LONGEST_QUERY = 300

# What a term is worth by the best place where it is found.
TITLE_WORD, TITLE_PART, BODY_WORD, BODY_PART = 12, 6, 2, 1


@dataclass(frozen=True)
class Hit:
    """A document that was found, with what was sought marked in it."""

    document: SearchDocument
    query: str

    @property
    def thing(self) -> str:
        return self.document.thing

    @property
    def kind(self) -> str:
        return self.document.kind

    @property
    def key(self) -> str:
        return self.document.key

    @property
    def language(self) -> str:
        return self.document.language

    @property
    def title(self) -> SafeString:
        return highlight(self.document.title, self.query, self.document.language)

    @property
    def excerpt(self) -> SafeString:
        return excerpt(self.document.body, self.query, language=self.document.language)


@dataclass(frozen=True)
class Results:
    """One page of what was found."""

    query: str
    hits: tuple[Hit, ...] = ()
    total: int = 0
    page: int = 1
    size: int = field(default=PAGE_SIZE)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def previous_page(self) -> int | None:
        return min(self.page - 1, self.pages) if self.page > 1 else None

    @property
    def next_page(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None

    @property
    def first(self) -> int:
        """The number of the first hit on this page, counted from 1."""
        return (self.page - 1) * self.size + 1 if self.hits else 0

    @property
    def last(self) -> int:
        return self.first + len(self.hits) - 1 if self.hits else 0

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __bool__(self) -> bool:
        return bool(self.hits)


def find(
    scope: int,
    query: str,
    *,
    kinds: Iterable[str] | None = None,
    language: str | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Results:
    """Documents of a scope in which every word of the query is found.

    ``language`` limits to texts in it, "de" including "de-simple"; without it the query is understood in each
    text's own language. Two statements; one when nothing is found, none when the query holds no word.
    """
    query = query[:LONGEST_QUERY]
    page = max(1, page)
    ranked = _ranked(scope, query, kinds, language)
    if ranked is None:
        return Results(query=query, page=page, size=size)
    # One look through the texts finds, ranks and counts; a second statement fetches the page by its keys.
    found = list(ranked)
    keys = found[(page - 1) * size : page * size]
    documents = SearchDocument.objects.in_bulk(keys)
    hits = tuple(Hit(documents[key], query) for key in keys if key in documents)
    return Results(query=query, hits=hits, total=len(found), page=page, size=size)


def _ranked(scope: int, query: str, kinds: Iterable[str] | None, language: str | None) -> Iterable[int] | None:
    """The keys of all documents found, the best first; ``None`` when nothing was asked."""
    groups = _groups(query)
    if not groups:
        return None
    anywhere = Q()
    for languages, terms in groups:
        anywhere |= languages & _all_found(terms, "folded")
    documents = SearchDocument.objects.filter(anywhere, scope=scope)
    if kinds is not None:
        documents = documents.filter(kind__in=list(kinds))
    if language is not None:
        documents = documents.filter(Q(language=language) | Q(language__startswith=f"{language}-"))
    if len(groups) == 1:
        rank: Expression = _rank(groups[0][1])
    else:
        whens = [When(languages, then=_rank(terms)) for languages, terms in groups]
        rank = Case(*whens, default=Value(0), output_field=IntegerField())
    return documents.order_by(rank.desc(), Length("title_folded"), "id").values_list("id", flat=True)


def _groups(query: str) -> list[tuple[Q, tuple[Term, ...]]]:
    """What is sought in which languages; a single group without a condition if it is the same in all."""
    bases: dict[tuple[Term, ...], list[str]] = {}
    for base in (*ALGORITHMS, ""):
        bases.setdefault(parse(query, base), []).append(base)
    if len(bases) == 1:
        return [(Q(), terms) for terms in bases if terms]
    groups = []
    for terms, group in bases.items():
        languages = Q()
        for base in group:
            languages |= _in_language(base)
        if terms:
            groups.append((languages, terms))
    return groups


def _in_language(base: str) -> Q:
    if base:
        return Q(language=base) | Q(language__startswith=f"{base}-")
    others = Q()
    for known in ALGORITHMS:
        others &= ~_in_language(known)
    return others


def _all_found(terms: tuple[Term, ...], where: str) -> Q:
    condition = Q()
    for term in terms:
        condition &= term.condition(where)
    return condition


def _rank(terms: tuple[Term, ...]) -> Expression:
    total: Combinable = reduce(add, map(_worth, terms))
    return ExpressionWrapper(total, output_field=IntegerField())


def _worth(term: Term) -> Case:
    return Case(
        When(term.whole_word("title_folded"), then=Value(TITLE_WORD)),
        When(term.condition("title_folded"), then=Value(TITLE_PART)),
        When(term.whole_word("folded"), then=Value(BODY_WORD)),
        default=Value(BODY_PART),
        output_field=IntegerField(),
    )
