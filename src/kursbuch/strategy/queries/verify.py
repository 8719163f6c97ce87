"""Finds every alteration made behind the services' back: digests of all editions, against what is stored."""

from __future__ import annotations

from dataclasses import dataclass

from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.domain.framework.digest import content_digest, digest
from kursbuch.domain.framework.element import Element, TreeError
from kursbuch.strategy.models import OPEN_END, Strategy
from kursbuch.strategy.queries.tree import tree_of


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
    versions = list(strategy.versions.order_by("first"))
    editions = list(strategy.editions.order_by("ordinal"))
    numbers = {edition.ordinal: edition.number for edition in editions}
    findings: list[Finding] = []
    for version in versions:
        content = content_digest(Element(version.key, version.kind, fields_from_json(version.fields)))
        if content != version.digest:
            findings.append(
                Finding(numbers.get(version.first, "?"), version.key, "the content is not what was adopted")
            )
        for ordinal in (version.first, *([] if version.until == OPEN_END else [version.until])):
            if ordinal not in numbers:
                findings.append(Finding("?", version.key, f"names edition {ordinal}, which is not there"))
    altered = {finding.element for finding in findings}
    for expected, edition in enumerate(editions, 1):
        if edition.ordinal != expected:
            findings.append(Finding(edition.number, "", f"stands at place {edition.ordinal} instead of {expected}"))
        rows = [v for v in versions if v.first <= edition.ordinal < v.until]
        if altered & {row.key for row in rows}:
            continue  # the element is named already
        try:
            tree = tree_of(rows)
        except TreeError as error:
            findings.append(Finding(edition.number, error.key, error.reason))
            continue
        if digest(tree) != edition.digest:
            findings.append(Finding(edition.number, "", "its elements or their order are not what was adopted"))
        elif len(tree) != edition.size:
            findings.append(Finding(edition.number, "", f"has {len(tree)} elements instead of {edition.size}"))
    return findings
