"""Which elements have a rendition in which language, which of them are out of date, and what has moved on since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.fields.json import KT

from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.domain.framework.element import Fields
from kursbuch.strategy.models import Edition, Rendition, Strategy, Version

PLAIN = "de-simple"
STATES = ("missing", "stale", "unreviewed", "reviewed")  # in the order of the work they make


@dataclass(frozen=True, slots=True)
class Row:
    """An element of the newest edition as translators see it."""

    key: str
    kind: str
    title: str
    state: str
    office: str
    translator: str = ""


def languages_of(strategy: Strategy) -> list[str]:
    """What renditions can be written in: the city's other languages, and plain language."""
    return [code for code in strategy.city.languages if code != strategy.language] + [PLAIN]


def rendition_rows(strategy: Strategy, edition: Edition, languages: Sequence[str]) -> Mapping[str, list[Row]]:
    """For each language every element in reading order; two queries, whatever the number of either."""
    elements = list(
        Version.objects.at(edition.ordinal)
        .filter(strategy=strategy)
        .annotate(title=KT("fields__title"), text=KT("fields__text"), office=KT("fields__office__office"))
        .values_list("element_id", "key", "kind", "parent", "rank", "digest", "title", "text", "office")
    )
    written: dict[tuple[int, str], list[tuple[str, bool, str]]] = {}
    found = Rendition.objects.filter(element__strategy=strategy, language__in=languages).order_by("updated_at")
    for pk, language, of, reviewed, translator in found.values_list(
        "element_id", "language", "of_digest", "reviewed", "translator"
    ):
        written.setdefault((pk, language), []).append((of, reviewed, translator))
    rows: dict[str, list[Row]] = {language: [] for language in languages}
    for element, key, kind, _parent, _rank, digest, title, text, office in _in_order(elements):
        for language in languages:
            state, translator = _state(written.get((element, language), ()), digest)
            rows[language].append(Row(key, kind, title or _beginning(text or key), state, office or "", translator))
    return rows


def count_states(rows: Sequence[Row]) -> dict[str, int]:
    counted = Counter(row.state for row in rows)
    return {state: counted[state] for state in STATES}


def _state(renditions: Sequence[tuple[str, bool, str]], digest: str) -> tuple[str, str]:
    if not renditions:
        return "missing", ""
    for of, reviewed, translator in renditions:
        if of == digest:
            return ("reviewed" if reviewed else "unreviewed"), translator
    return "stale", renditions[-1][2]


def _beginning(text: str) -> str:
    words = text.split()
    return " ".join(words[:8]) + (" …" if len(words) > 8 else "")


def _in_order(elements: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    below: dict[str, list[tuple[Any, ...]]] = {}
    for row in elements:
        below.setdefault(row[3] or "", []).append(row)
    ordered: list[tuple[Any, ...]] = []
    waiting = sorted(below.get("", ()), key=lambda row: str(row[4]), reverse=True)
    while waiting:
        row = waiting.pop()
        ordered.append(row)
        waiting += sorted(below.get(row[1], ()), key=lambda child: str(child[4]), reverse=True)
    return ordered


@dataclass(frozen=True)
class Rendering:
    """An element's newest version, its rendition if there is one, and the original that the rendition was made of."""

    version: Version
    rendition: Rendition | None
    before: Fields | None  # of the older original, where the rendition is stale

    @property
    def is_stale(self) -> bool:
        return self.rendition is not None and self.rendition.of_digest != self.version.digest


def find_rendering(strategy: Strategy, edition: Edition, key: str, language: str) -> Rendering | None:
    version = Version.objects.at(edition.ordinal).filter(strategy=strategy, key=key).first()
    if version is None:
        return None
    written = list(Rendition.objects.filter(element=version.element_id, language=language).order_by("-updated_at"))
    current = next((one for one in written if one.of_digest == version.digest), None)
    rendition = current or (written[0] if written else None)
    before = None
    if rendition is not None and current is None:
        old = Version.objects.filter(element=version.element_id, digest=rendition.of_digest).first()
        before = fields_from_json(old.fields) if old else None
    return Rendering(version, rendition, before)
