"""Reads that need more than a QuerySet method."""

from kursbuch.strategy.queries.tree import LoadedEdition, edition_on, latest_edition, load_edition, tree_of

__all__ = ["LoadedEdition", "edition_on", "latest_edition", "load_edition", "tree_of"]
