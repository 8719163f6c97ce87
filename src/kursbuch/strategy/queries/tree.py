"""Loads editions from their versions: one indexed query for the whole strategy on any day, once a process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from threading import Lock

from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.domain.framework.digest import digest
from kursbuch.domain.framework.element import ROOT, Element
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.strategy.models import Edition, Strategy, Version


@dataclass(frozen=True)
class LoadedEdition:
    """An edition with its tree, and the versions it is made of for whoever asks for them."""

    edition: Edition
    tree: Tree
    known: Sequence[Version] | None = field(default=None, repr=False)  # the versions, if they were at hand

    @cached_property
    def versions(self) -> Sequence[Version]:
        """In reading order; one query if they were not at hand."""
        return self.known if self.known is not None else in_reading_order(versions_of(self.edition), self.tree)

    def version(self, key: str) -> Version:
        return self.by_key[key]

    @cached_property
    def by_key(self) -> dict[str, Version]:
        return {version.key: version for version in self.versions}


def edition_on(strategy: Strategy, day: date) -> Edition | None:
    """The edition in force on a day; ``None`` before the first."""
    return strategy.editions.in_force_on(day).select_related("decision").first()


def latest_edition(strategy: Strategy) -> Edition:
    """The newest edition, which may take effect only later: new amendments are written against it."""
    edition = strategy.editions.select_related("decision").order_by("-ordinal").first()
    if edition is None:
        raise Edition.DoesNotExist(f"{strategy} has no edition")
    return edition


def load_edition(edition: Edition) -> LoadedEdition:
    """The edition as it was adopted. It never changes, so a process that knows its tree need not ask again."""
    tree = _trees.get(edition.digest)
    if tree is not None:
        return LoadedEdition(edition, tree)
    versions = versions_of(edition)
    tree = tree_of(versions, kept_element)
    if digest(tree) == edition.digest:
        _trees.keep(edition.digest, tree)
    else:  # somebody altered rows behind our back: nothing of that is kept, or it would outlive its repair
        _kept.clear()
        tree = tree_of(versions)
    return LoadedEdition(edition, tree, in_reading_order(versions, tree))


def versions_of(edition: Edition) -> list[Version]:
    return list(Version.objects.at(edition.ordinal).filter(strategy=edition.strategy_id))


def in_reading_order(versions: Iterable[Version], tree: Tree) -> list[Version]:
    by_key = {version.key: version for version in versions}
    return [by_key[element.key] for _, element in tree.walk()]


class _Trees:
    """The trees used last by the digests of their editions, which name them for ever, in whatever city."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[str, Tree] = {}  # the one used last at the end
        self._lock = Lock()

    def get(self, name: str) -> Tree | None:
        with self._lock:
            tree = self._kept.pop(name, None)
            if tree is not None:
                self._kept[name] = tree
            return tree

    def keep(self, name: str, tree: Tree) -> None:
        with self._lock:
            self._kept[name] = tree
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]


_trees = _Trees(most=8)  # the newest of some cities, and what pending amendments were written against


def tree_of(versions: Iterable[Version], element_of: Callable[[Version], Element] | None = None) -> Tree:
    """The domain's immutable tree from rows in any order."""
    below: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
    elements = []
    for version in versions:
        elements.append((element_of or read_element)(version))
        below[version.parent or ROOT].append((version.rank, version.key))
    children = {parent: [key for _, key in sorted(pairs)] for parent, pairs in below.items()}
    return Tree(elements, children)


def read_element(version: Version) -> Element:
    return Element(version.key, version.kind, fields_from_json(version.fields))


_KEPT_AT_MOST = 8192
_kept: dict[str, Element] = {}


def kept_element(version: Version) -> Element:
    """The element under its digest, which names it for ever: editions share most of theirs, and reading the fields
    of two thousand anew would be most of the work of loading one."""
    found = _kept.get(version.digest)
    if found is None:
        if len(_kept) >= _KEPT_AT_MOST:
            _kept.clear()
        found = _kept[version.digest] = read_element(version)
    return found
