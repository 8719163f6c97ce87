"""Loads editions from their versions: one indexed query for the whole strategy on any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.domain.framework.element import ROOT, Element
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.strategy.models import Edition, Strategy, Version


@dataclass(frozen=True)
class LoadedEdition:
    """An edition with its tree and the versions it is made of."""

    edition: Edition
    versions: Sequence[Version]  # in reading order
    tree: Tree

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
    versions = list(Version.objects.at(edition.ordinal).filter(strategy=edition.strategy_id))
    tree = tree_of(versions, kept_element)
    by_key = {version.key: version for version in versions}
    ordered = [by_key[element.key] for _, element in tree.walk()]
    return LoadedEdition(edition, ordered, tree)


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
