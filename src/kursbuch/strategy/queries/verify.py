"""Finds every alteration made behind the services' back: digests of all editions, against what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.domain.framework.digest import content_digest, digest
from kursbuch.domain.framework.element import ROOT, Element, TreeError
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.strategy.models import OPEN_END, Edition, Strategy, Version


@dataclass(frozen=True, slots=True)
class Finding:
    """An edition and, where it can be told, the element whose content is not what was adopted."""

    edition: str
    element: str
    what: str

    def __str__(self) -> str:
        return f"edition {self.edition}" + (f", element {self.element}" if self.element else "") + f": {self.what}"


def verify_strategy(strategy: Strategy) -> list[Finding]:
    """Recomputes the digest of every version and every edition. Reads all versions once."""
    versions = [_Checked.of(version) for version in strategy.versions.order_by("first", "pk")]
    editions = list(strategy.editions.order_by("ordinal"))
    numbers = {edition.ordinal: edition.number for edition in editions}
    findings = [finding for version in versions for finding in _check_version(version, numbers)]
    altered = {finding.element for finding in findings}
    for place, edition in enumerate(editions, 1):
        if edition.ordinal != place:
            findings.append(Finding(edition.number, "", f"stands at place {edition.ordinal} instead of {place}"))
        present = [version for version in versions if version.row.first <= edition.ordinal < version.row.until]
        if not altered.isdisjoint(version.row.key for version in present):
            continue  # the element is named already
        findings += _check_edition(edition, present)
    return findings


@dataclass(frozen=True, slots=True)
class _Checked:
    """A version with its element and the digest that its content really has."""

    row: Version
    element: Element
    content: str

    @classmethod
    def of(cls, row: Version) -> _Checked:
        element = Element(row.key, row.kind, fields_from_json(row.fields))
        return cls(row, element, content_digest(element))


def _check_version(version: _Checked, numbers: Mapping[int, str]) -> Iterator[Finding]:
    row = version.row
    if version.content != row.digest:
        yield Finding(numbers.get(row.first, "?"), row.key, "the content is not what was adopted")
    for ordinal in (row.first, row.until):
        if ordinal not in numbers and ordinal != OPEN_END:
            yield Finding("?", row.key, f"names edition {ordinal}, which is not there")


def _check_edition(edition: Edition, present: Sequence[_Checked]) -> Iterator[Finding]:
    below: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
    for version in present:
        below[version.row.parent or ROOT].append((version.row.rank, version.row.key))
    children = {parent: [key for _, key in sorted(pairs)] for parent, pairs in below.items()}
    try:
        tree = Tree([version.element for version in present], children)
    except TreeError as error:
        yield Finding(edition.number, error.key, error.reason)
        return
    if digest(tree, {version.row.key: version.content for version in present}) != edition.digest:
        yield Finding(edition.number, "", "its elements or their order are not what was adopted")
    elif len(tree) != edition.size:
        yield Finding(edition.number, "", f"has {len(tree)} elements instead of {edition.size}")
