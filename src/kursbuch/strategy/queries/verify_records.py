"""Holds every edition against what the chronicle was told when it was made: its digest, its day, its decision.

An edition's digest covers its content only, and stands in the same database. Whoever alters content and digests
alike is found out by the chronicle, whose entries are sealed.
"""

from __future__ import annotations

from collections.abc import Iterator

from kursbuch.chronicle.models import Entry
from kursbuch.strategy.models import Decision, Edition, Strategy
from kursbuch.strategy.queries.verify import Finding

VERBS = ("strategy_imported", "edition_adopted", "edition_corrected")


def told_of_decision(decision: Decision) -> dict[str, str]:
    """What the chronicle keeps of an edition's decision."""
    return {
        "body": decision.body,
        "day": decision.day.isoformat(),
        "paper": decision.paper,
        "result": decision.result,
    }


def verify_records(strategy: Strategy) -> list[Finding]:
    """Two queries. That the entries themselves are as they were written is for the seals to say."""
    entries = Entry.objects.filter(city=strategy.city_id, verb__in=VERBS).order_by("pk")
    told = {thing.partition(":")[2]: data for thing, data in entries.values_list("thing", "data")}
    findings = []
    for edition in strategy.editions.select_related("decision").order_by("ordinal"):
        data = told.pop(edition.number, None)
        if data is None:
            findings.append(Finding(edition.number, "", "the chronicle does not tell of it"))
        else:
            findings += _check(edition, data)
    return findings + [Finding(number, "", "the chronicle tells of it, but it is not there") for number in told]


def _check(edition: Edition, data: dict[str, object]) -> Iterator[Finding]:
    if edition.digest != data.get("digest"):
        yield Finding(edition.number, "", "its digest is not the one in the chronicle")
    if edition.in_force_from.isoformat() != data.get("in_force_from"):
        yield Finding(edition.number, "", f"was to be in force from {data.get('in_force_from')}, says the chronicle")
    decided = data.get("decided")  # entries of the first versions do not say it
    if decided is not None and (edition.decision is None or told_of_decision(edition.decision) != decided):
        yield Finding(edition.number, "", "its decision is not the one in the chronicle")
