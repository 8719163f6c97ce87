"""Two editions side by side: one query, and elements that did not change are read and built once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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
    stands: list[list[tuple[str, str, str, str]]] = [[], []]  # (parent, rank, key, digest) on either side
    contents: dict[str, tuple[str, str, Any]] = {}  # by digest, which covers key, kind and fields
    for key, kind, parent, rank, first, until, digest, fields in rows:
        contents[digest] = key, kind, fields
        for side, ordinal in enumerate((old, new)):
            if first <= ordinal < until:
                stands[side].append((parent, rank, key, digest))
    common = {row[3] for row in stands[0]} & {row[3] for row in stands[1]}
    elements = {digest: _element(*content, digest in common) for digest, content in contents.items()}
    return Pair(*(_tree(rows, elements) for rows in stands))


def _element(key: str, kind: str, fields: Any, unchanged: bool) -> Element:
    """What did not change is only named, never compared: its fields may stay as they were stored."""
    return Element(key, kind, fields if unchanged else fields_from_json(fields))


def _tree(rows: Iterable[tuple[str, str, str, str]], elements: Mapping[str, Element]) -> Tree:
    below: dict[str | None, list[str]] = defaultdict(list)
    for parent, _rank, key, _digest in sorted(rows):
        below[parent or ROOT].append(key)
    return Tree([elements[row[3]] for row in rows], below)
