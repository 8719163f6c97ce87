"""A landscape as JSON, in the form that docs/schemas/opinion.json describes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from kursbuch.domain.opinion.agreement import Bridge, Consensus, Divide
from kursbuch.domain.opinion.landscape import Group, Overview
from kursbuch.domain.opinion.picture import letter
from kursbuch.domain.opinion.polis_csv import Statement
from kursbuch.domain.opinion.representativeness import Representative
from kursbuch.domain.opinion.stability import Demands, Kept, Stability
from kursbuch.domain.opinion.stances import Stance

FORMAT, VERSION = "kursbuch-opinion", 1
MANY = 10  # statements that connect, that divide, that most people hold


def opinion_as_json(
    overview: Overview, stability: Stability, statements: Sequence[Statement], *, seed: int, title: str
) -> dict[str, Any]:
    """What is known of the landscape; where no groups are claimed, nothing is said of any."""
    known = {each.id: each for each in statements}
    texts = [known[number].text if number in known else None for number in overview.statement_ids.tolist()]
    groups = overview.groups if stability.claimed else ()
    counts = overview.counts
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": title,
        "people": overview.partial.sums.people,
        "people_in_the_map": sum(group.size for group in overview.groups),
        "stances": int(counts.sum()),
        "stability": _stability(stability, seed),
        "silhouettes": {str(k): found for k, found in overview.frame.clustering.silhouettes.items()},
        "groups": [_group(group, overview, stability, texts) for group in groups],
        "bridging": [_bridge(each, overview, texts) for each in overview.bridges(MANY)] if groups else [],
        "dividing": [_divide(each, overview, texts) for each in overview.divides(MANY)] if groups else [],
        "consensus": [
            _consensus(each, overview, texts)
            for stance in (Stance.AGREE, Stance.DISAGREE)
            for each in overview.consensus(stance, MANY)
        ],
        "statements": [_statement(column, overview, texts, groups) for column in range(len(overview.statement_ids))],
    }


def _stability(stability: Stability, seed: int) -> dict[str, Any]:
    return {
        "groups_claimed": stability.claimed,
        "doubt": stability.doubt,
        "direction": stability.direction,
        "agreement": stability.agreement,
        "demands": asdict(Demands()),
        "seed": seed,
    }


def _named(column: int, overview: Overview, texts: Sequence[str | None]) -> dict[str, Any]:
    return {"statement": int(overview.statement_ids[column]), "text": texts[column]}


def _group(group: Group, overview: Overview, stability: Stability, texts: Sequence[str | None]) -> dict[str, Any]:
    kept = next(each for each in stability.groups if each.number == group.number)
    everybody = sum(each.size for each in overview.groups)
    return {
        "letter": letter(group.number),
        "people": group.size,
        "share": group.size / everybody,
        "centre": group.centre.tolist(),
        "overlap": kept.overlap,
        "says": [_said(each, overview, kept, texts) for each in group.says],
    }


def _said(each: Representative, overview: Overview, kept: Kept, texts: Sequence[str | None]) -> dict[str, Any]:
    again = next(s for s in kept.says if s.statement == each.statement and s.stance is each.stance)
    return {
        **_named(each.statement, overview, texts),
        "stance": each.stance.name.lower(),
        "people": each.successes,
        "of": each.trials,
        "share": each.probability,
        "times_as_often_as_others": each.ratio,
        "support": again.support,
        "certain": again.certain,
    }


def _bridge(each: Bridge, overview: Overview, texts: Sequence[str | None]) -> dict[str, Any]:
    return {
        **_named(each.statement, overview, texts),
        "stance": each.stance.name.lower(),
        "consensus": each.consensus,
        "least_share": each.least,
    }


def _divide(each: Divide, overview: Overview, texts: Sequence[str | None]) -> dict[str, Any]:
    numbers = [group.number for group in overview.groups]
    return {
        **_named(each.statement, overview, texts),
        "spread": each.spread,
        "most": letter(numbers[each.most]),
        "least": letter(numbers[each.least]),
    }


def _consensus(each: Consensus, overview: Overview, texts: Sequence[str | None]) -> dict[str, Any]:
    return {
        **_named(each.statement, overview, texts),
        "stance": each.stance.name.lower(),
        "people": each.successes,
        "of": each.trials,
        "share": each.probability,
    }


def _statement(column: int, overview: Overview, texts: Sequence[str | None], groups: Sequence[Group]) -> dict[str, Any]:
    number = int(overview.statement_ids[column])
    return {
        **_named(column, overview, texts),
        "moderated_out": bool(overview.frame.left_out[column]),
        "meta": number in overview.moderation.meta,
        "votes": _votes(overview.counts[column].tolist()),
        "extremity": float(overview.extremity[column]),
        "priority": float(overview.priorities[column]),
        "consensus": float(overview.group_aware_consensus[column]) if groups else None,
        "groups": {letter(group.number): _votes(group.votes[column].tolist()) for group in groups},
    }


def _votes(counts: Sequence[int]) -> dict[str, int]:
    return dict(zip(("disagree", "pass", "agree"), counts, strict=True))
