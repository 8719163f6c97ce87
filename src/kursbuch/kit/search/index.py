"""Puts texts into the search and takes them out; services call it in the transaction of their change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from kursbuch.kit import clock
from kursbuch.kit.models import SearchDocument
from kursbuch.kit.search.fold import tokens

BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Document:
    """One text to be found. ``thing`` is "kind:key" and, with scope and language, its identity."""

    scope: int
    thing: str
    language: str
    kind: str
    title: str
    body: str = ""
    keywords: str = ""  # found like the body, but no part of an excerpt


def index(*, scope: int, thing: str, language: str, kind: str, title: str, body: str = "") -> None:
    """Make a text findable, or replace what was stored of it."""
    index_many(
        [Document(scope=scope, thing=thing, language=language, kind=kind, title=title, body=body)],
    )


def index_many(documents: Iterable[Document]) -> None:
    """Like ``index`` for many texts, one statement per two hundred. The last of equal identity wins."""
    moment = clock.now()
    latest = {(document.scope, document.thing, document.language): document for document in documents}
    rows = []
    for document in latest.values():
        title, body = _storable(document.title), _storable(document.body)
        title_folded = _folded(title, document.language)
        rows.append(
            SearchDocument(
                scope=document.scope,
                thing=document.thing,
                language=document.language,
                kind=document.kind,
                title=title,
                body=body,
                title_folded=title_folded,
                # Two spaces between title, body and keywords: no quoted row of words spans two of them.
                folded="".join(
                    (title_folded, *(_folded(text, document.language) for text in (body, document.keywords) if text))
                ),
                updated=moment,
            ),
        )
    SearchDocument.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["scope", "thing", "language"],
        update_fields=["kind", "title", "body", "title_folded", "folded", "updated"],
    )


def remove(scope: int, thing: str, language: str | None = None) -> None:
    """Forget one thing, in one language or in all."""
    documents = SearchDocument.objects.filter(scope=scope, thing=thing)
    if language is not None:
        documents = documents.filter(language=language)
    documents.delete()


def remove_all(scope: int, kinds: Iterable[str] | None = None) -> None:
    """Forget everything of a scope, or everything of some kinds: before it is indexed anew."""
    only = Q() if kinds is None else Q(kind__in=list(kinds))
    SearchDocument.objects.filter(only, scope=scope).delete()


def _storable(text: str) -> str:
    return text.replace("\x00", " ")  # PostgreSQL stores no NUL; a space, so that it still parts words


def _folded(text: str, language: str) -> str:
    return f" {' '.join(tokens(text, language))} "
