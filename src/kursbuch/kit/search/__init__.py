"""Search that finds the same on SQLite and PostgreSQL: text is folded and stemmed in Python, compared by parts."""

from kursbuch.kit.search.find import Hit, Results, find
from kursbuch.kit.search.index import Document, index, index_many, remove, remove_all
from kursbuch.kit.search.mark import excerpt, highlight

__all__ = [
    "Document",
    "Hit",
    "Results",
    "excerpt",
    "find",
    "highlight",
    "index",
    "index_many",
    "remove",
    "remove_all",
]
