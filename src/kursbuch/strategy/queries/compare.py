"""Two editions side by side: one query, and elements that did not change are read and built once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.domain.framework.element import ROOT, Element
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.strategy.models import Strategy, Version


@dataclass(frozen=True)
class Pair:
    """The trees of two editions; what they have in common is the same object in both."""

    old: Tree
    new: Tree


def load_pair(strategy: Strategy, old: int, new: int) -> Pair:
    """The editions with these ordinals, in either order of time."""
    stands_in_either = Q(first__lte=old, until__gt=old) | Q(first__lte=new, until__gt=new)
    rows = (
        Version.objects.filter(strategy=strategy)
        .filter(stands_in_either)
        .values_list("key", "kind", "parent", "rank", "first", "until", "digest", "fields")
    )
    known: dict[str, Element] = {}
    elements: tuple[list[Element], list[Element]] = ([], [])
    below: tuple[dict[str | None, list[tuple[str, str]]], ...] = (defaultdict(list), defaultdict(list))
    for key, kind, parent, rank, first, until, digest, fields in rows:
        element = known.get(digest)  # the digest covers key, kind and fields
        if element is None:
            element = known[digest] = Element(key, kind, fields_from_json(fields))
        for side, ordinal in enumerate((old, new)):
            if first <= ordinal < until:
                elements[side].append(element)
                below[side][parent or ROOT].append((rank, key))
    trees = [
        Tree(elements[side], {parent: [key for _, key in sorted(pairs)] for parent, pairs in below[side].items()})
        for side in (0, 1)
    ]
    return Pair(*trees)
