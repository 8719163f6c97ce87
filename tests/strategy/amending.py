"""A strategy small enough to know by heart, and amendments to it in every state, made by the real services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Change, Revise
from kursbuch.identity.models import Membership
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.documents.yaml_format import read_yaml
from kursbuch.strategy.models import Amendment, Recommendation, State, Strategy
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.services.adopt_edition import adopt_edition, decide_amendments
from kursbuch.strategy.services.discuss_amendment import open_discussion, recommend_amendment
from kursbuch.strategy.services.draft_amendment import draft_amendment, submit_amendment, withdraw_amendment
from kursbuch.strategy.services.import_strategy import import_strategy

SMALL = """
kursbuch: 1
strategy: {slug: klein, title: Kleine Strategie, horizon: 2030}
offices:
  - {id: umwelt, name: Umweltamt, name_en: Environment Office}
kinds:
  - slug: theme
    prefix: L
    names: {de: [Leitthema, Leitthemen], en: [Theme, Themes]}
    parents: [""]
    fields: [title, text]
  - slug: measure
    prefix: M
    names: {de: [Maßnahme, Maßnahmen], en: [Measure, Measures]}
    parents: [theme]
    fields: [title, text, quantity, budget, period, office, place, importance, alignments, facts]
  - slug: target
    prefix: W
    names: {de: [Zielwert, Zielwerte], en: [Target, Targets]}
    parents: [measure]
    fields: [title, target]
edition: {in_force_from: 2020-06-25}
elements:
  - key: L1
    kind: theme
    title: Stadtgrün
    text: Die Stadt wird grüner.
    elements:
      - key: M001
        kind: measure
        title: Bäume
        text: Die Stadt pflanzt hundert Bäume an ihren Straßen.
        quantity: {value: 100, unit: Bäume}
        period: {start: "2022-03", end: "2024"}
        alignments:
          - {ref: "sdg:11.7", reason: Bäume machen Plätze schöner.}
        facts:
          - {text: Es gibt 900 Bäume., source: Baumkataster, date: "2019"}
      - {key: M002, kind: measure, title: Beete, text: Die Stadt legt zwanzig Beete an.}
  - {key: L2, kind: theme, title: Verkehr, text: Die Stadt fährt Rad.}
"""


@dataclass(frozen=True)
class Cast:
    """Who takes the steps."""

    author: Membership
    editor: Membership
    clerk: Membership


def make_strategy(city: City) -> Strategy:
    import_strategy(city=city, document=read_yaml(SMALL))
    return Strategy.objects.get(city=city)


def text_of(strategy: Strategy, key: str = "M001", field: str = "text") -> str:
    return str(load_edition(latest_edition(strategy)).tree[key].fields[field])


def more_trees(strategy: Strategy, number: str = "zweihundert", key: str = "M001") -> Revise:
    text = text_of(strategy, key)
    return Revise(key, "text", text, text.replace("hundert", number).replace("zwanzig", number))


def draft(
    strategy: Strategy, by: Membership, changes: Sequence[Change] | None = None, title: str = "Mehr Bäume"
) -> Amendment:
    chosen = [more_trees(strategy)] if changes is None else changes
    return draft_amendment(strategy=strategy, by=by, title=title, rationale="Sie geben Schatten.", changes=chosen)


def submitted(
    strategy: Strategy, by: Membership, changes: Sequence[Change] | None = None, title: str = "Mehr Bäume"
) -> Amendment:
    return submit_amendment(amendment=draft(strategy, by, changes, title), by=by)


def adopt(strategy: Strategy, by: Membership, *amendments: Amendment) -> None:
    adopt_edition(
        strategy=strategy,
        by=by,
        amendments=amendments,
        decision=DecisionData(body="Rat", day=date(2021, 3, 1)),
        in_force_from=date(2021, 4, 1),
        expected=latest_edition(strategy),
    )


def in_state(state: State, strategy: Strategy, cast: Cast) -> Amendment:
    """An amendment of the author in this state, on the way there by the steps that lead to it."""
    if state == State.DRAFT:
        return draft(strategy, cast.author)
    amendment = submitted(strategy, cast.author)
    if state in {State.IN_CONFLICT, State.ALREADY_IN_FORCE}:
        number = "dreihundert" if state == State.IN_CONFLICT else "zweihundert"
        other = submitted(strategy, cast.editor, [more_trees(strategy, number)], "Andere Zahl")
        adopt(strategy, cast.clerk, _recommended(other, cast))
    elif state == State.WITHDRAWN:
        withdraw_amendment(amendment=amendment, by=cast.author)
    elif state == State.IN_DISCUSSION:
        open_discussion(amendment=amendment, by=cast.editor)
    elif state != State.SUBMITTED:
        _recommended(amendment, cast)
        if state == State.IN_FORCE:
            adopt(strategy, cast.clerk, amendment)
        elif state != State.RECOMMENDED:
            decide_amendments(
                strategy=strategy,
                by=cast.clerk,
                amendments=[amendment],
                accept=state == State.DECIDED,
                decision=DecisionData(body="Rat", day=date(2021, 3, 1)),
            )
    amendment = again(amendment)
    assert amendment.state == state
    return amendment


def again(amendment: Amendment) -> Amendment:
    """As the database has it now."""
    return Amendment.objects.select_related("strategy", "base").get(pk=amendment.pk)


def _recommended(amendment: Amendment, cast: Cast) -> Amendment:
    return recommend_amendment(amendment=amendment, by=cast.editor, kind=Recommendation.ACCEPT, reason="Gut.")
