"""The council's decision makes a new edition: by whom, from what, when, and what it does to everything pending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from tests.strategy.amending import (
    Cast,
    adopt,
    again,
    draft,
    in_state,
    make_strategy,
    more_trees,
    submitted,
    text_of,
)

from kursbuch.chronicle.models import Entry
from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Add, Change, Move, Retire, Revise
from kursbuch.identity.models import Membership, Role
from kursbuch.kit import clock
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.models import (
    Amendment,
    Decision,
    Edition,
    Element,
    Immutable,
    Recommendation,
    State,
    Strategy,
    Version,
)
from kursbuch.strategy.queries import edition_on, latest_edition, load_edition
from kursbuch.strategy.queries.adoption_preview import adoptable, preview_adoption
from kursbuch.strategy.queries.verify import verify_strategy
from kursbuch.strategy.rules import ImpossibleStep, NotAllowed
from kursbuch.strategy.services.adopt_edition import (
    ConflictsLeft,
    NothingToAdopt,
    Overtaken,
    TooEarly,
    adopt_edition,
    correct_edition,
    decide_amendments,
)
from kursbuch.strategy.services.discuss_amendment import recommend_amendment
from kursbuch.strategy.services.draft_amendment import ReasonMissing

COUNCIL = DecisionData(body="Rat", day=date(2021, 3, 1), paper="21/7", result="einstimmig")


def recommended(
    strategy: Strategy,
    cast: Cast,
    changes: Sequence[Change] | None = None,
    title: str = "Mehr Bäume",
    kind: Recommendation = Recommendation.ACCEPT,
) -> Amendment:
    amendment = submitted(strategy, cast.author, changes, title)
    return recommend_amendment(amendment=amendment, by=cast.editor, kind=kind, reason="Gut.")


def beds(strategy: Strategy, number: str = "dreißig") -> Revise:
    return more_trees(strategy, number, "M002")


def adopting(strategy: Strategy, by: Membership, *amendments: Amendment, **given: Any) -> Edition:
    wanted: dict[str, Any] = {
        "decision": COUNCIL,
        "in_force_from": date(2021, 4, 1),
        "expected": latest_edition(strategy),
        **given,
    }
    return adopt_edition(strategy=strategy, by=by, amendments=amendments, **wanted)


# ---- what it makes ---------------------------------------------------------------------------------------


def test_adopted_amendments_are_the_next_edition(strategy: Strategy, cast: Cast) -> None:
    first, second = recommended(strategy, cast), recommended(strategy, cast, [beds(strategy)], "Mehr Beete")
    edition = adopting(strategy, cast.clerk, first, second, summary={"de": "Mehr Grün."})
    assert (edition.number, edition.ordinal, edition.editorial) == ("2", 2, False)
    assert edition.decision is not None
    assert (edition.decision.body, edition.decision.paper, edition.decision.result) == ("Rat", "21/7", "einstimmig")
    assert "zweihundert" in text_of(strategy)
    assert "dreißig" in text_of(strategy, "M002")
    for place, amendment in enumerate((first, second)):
        held = again(amendment)
        assert (held.state, held.edition_id, held.place_in_edition) == (State.IN_FORCE, edition.pk, place)
        assert held.decision_id == edition.decision_id
    assert verify_strategy(strategy) == []


def test_new_elements_get_the_next_key_of_their_kind(strategy: Strategy, cast: Cast) -> None:
    ponds = Add("neu-1", "measure", "L1", "M002", {"title": "Teiche", "text": "Die Stadt gräbt Teiche."})
    paths = Add("neu-1", "measure", "L1", "M002", {"title": "Wege", "text": "Die Stadt legt Wege an."})
    one = recommended(strategy, cast, [ponds], "Teiche")
    other = recommended(strategy, cast, [paths], "Wege")
    adopting(strategy, cast.clerk, one, other)
    tree = load_edition(latest_edition(strategy)).tree
    assert {tree[key].fields["title"] for key in ("M003", "M004")} == {"Teiche", "Wege"}
    assert again(one).domain_changes()[0].key == "M003"


def test_keys_of_retired_elements_are_never_used_again(strategy: Strategy, cast: Cast) -> None:
    adopting(strategy, cast.clerk, recommended(strategy, cast, [Retire("M002", ("M001",))], "Ohne Beete"))
    new = Add("neu-1", "measure", "L1", None, {"title": "Neues", "text": "Etwas Neues."})
    adopting(strategy, cast.clerk, recommended(strategy, cast, [new], "Neu"))
    assert {"M001", "M003"} <= set(load_edition(latest_edition(strategy)).tree.elements)
    assert Element.objects.get(strategy=strategy, key="M002").replaced_by == ["M001"]


def test_office_wording_is_what_enters(strategy: Strategy, cast: Cast) -> None:
    amendment = submitted(strategy, cast.author)
    wording = [more_trees(strategy, "hundertfünfzig")]
    recommend_amendment(
        amendment=amendment,
        by=cast.editor,
        kind=Recommendation.ACCEPT_MODIFIED,
        reason="Mehr geht nicht.",
        changes=wording,
    )
    adopting(strategy, cast.clerk, amendment)
    assert "hundertfünfzig" in text_of(strategy)


def test_future_edition_does_not_hold_yet(strategy: Strategy, cast: Cast) -> None:
    day = clock.today() + timedelta(days=30)
    edition = adopting(strategy, cast.clerk, recommended(strategy, cast), in_force_from=day)
    held = edition_on(strategy, clock.today())
    later = edition_on(strategy, day)
    assert held is not None and held.number == "1"
    assert later is not None and later.pk == edition.pk


def test_chronicle_tells_of_it_for_the_office_not_the_employee(strategy: Strategy, cast: Cast) -> None:
    adopting(strategy, cast.editor, recommended(strategy, cast))
    entry = Entry.objects.get(verb="edition_adopted")
    assert entry.actor_name == "Strategiestelle"
    assert entry.person_name == "Edda Ebel"
    assert Entry.objects.filter(verb="amendment_in_force", because="edition:2").count() == 1
    assert Entry.objects.get(verb="edition_in_force", thing="edition:2").public


# ---- who and when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["anna", "frida", "olaf", "adam"])
def test_others_do_not_adopt(strategy: Strategy, cast: Cast, who: str, request: pytest.FixtureRequest) -> None:
    amendment = recommended(strategy, cast)
    with pytest.raises(NotAllowed):
        adopting(strategy, request.getfixturevalue(who), amendment)
    with pytest.raises(NotAllowed):
        decide_amendments(
            strategy=strategy,
            by=request.getfixturevalue(who),
            amendments=[amendment],
            accept=True,
            decision=COUNCIL,
        )
    assert latest_edition(strategy).number == "1"


def test_nobody_adopts_in_another_city(
    strategy: Strategy, other_strategy: Strategy, cast: Cast, nora: Membership
) -> None:
    amendment = recommended(strategy, cast)
    nora.role = Role.EDITOR
    nora.save()
    with pytest.raises(NotAllowed):
        adopting(strategy, nora, amendment)
    with pytest.raises(NotAllowed):  # an amendment of the other city slipped among one's own
        adopting(other_strategy, nora, amendment)
    with pytest.raises(NotAllowed):
        decide_amendments(strategy=other_strategy, by=nora, amendments=[amendment], accept=True, decision=COUNCIL)
    assert again(amendment).state == State.RECOMMENDED


@pytest.mark.parametrize("state", sorted(set(State) - {State.RECOMMENDED, State.DECIDED}))
def test_only_recommended_or_decided_amendments_enter(strategy: Strategy, cast: Cast, state: State) -> None:
    amendment = in_state(state, strategy, cast)
    number = latest_edition(strategy).number
    with pytest.raises(ImpossibleStep):
        adopting(strategy, cast.clerk, amendment)
    assert latest_edition(strategy).number == number
    assert amendment not in adoptable(strategy)


def test_what_shall_be_rejected_does_not_enter(strategy: Strategy, cast: Cast) -> None:
    amendment = recommended(strategy, cast, kind=Recommendation.REJECT)
    assert adoptable(strategy) == []
    with pytest.raises(ImpossibleStep):
        adopting(strategy, cast.clerk, amendment)


def test_later_preview_wins_nothing(strategy: Strategy, cast: Cast) -> None:
    expected = latest_edition(strategy)
    first, second = recommended(strategy, cast), recommended(strategy, cast, [beds(strategy)], "Mehr Beete")
    quicker = adopting(strategy, cast.clerk, first)
    with pytest.raises(Overtaken) as overtaken:
        adopting(strategy, cast.editor, second, expected=expected)
    assert overtaken.value.edition.pk == quicker.pk
    assert again(second).state == State.RECOMMENDED
    assert Decision.objects.filter(strategy=strategy, body="Rat", day=COUNCIL.day).count() == 1


def test_amendments_that_want_different_words_do_not_go_together(strategy: Strategy, cast: Cast) -> None:
    one, other = recommended(strategy, cast), recommended(strategy, cast, [more_trees(strategy, "tausend")], "Tausend")
    preview = preview_adoption(strategy, [one, other])
    assert [amendment.pk for amendment, _ in preview.conflicts] == [other.pk]
    assert not preview.can_be_adopted
    with pytest.raises(ConflictsLeft) as left:
        adopting(strategy, cast.clerk, one, other)
    assert list(left.value.conflicts) == [other.pk]
    assert (latest_edition(strategy).number, again(one).state) == ("1", State.RECOMMENDED)


def test_the_same_twice_is_adopted_once(strategy: Strategy, cast: Cast) -> None:
    one, other = recommended(strategy, cast), recommended(strategy, cast, title="Auch mehr Bäume")
    edition = adopting(strategy, cast.clerk, one, other)
    assert (again(one).state, again(other).state) == (State.IN_FORCE, State.ALREADY_IN_FORCE)
    assert again(other).edition_id == edition.pk


def test_edition_needs_an_amendment(strategy: Strategy, cast: Cast) -> None:
    with pytest.raises(NothingToAdopt):
        adopting(strategy, cast.clerk)
    assert Decision.objects.filter(strategy=strategy, paper="21/7").count() == 0


def test_edition_takes_effect_after_the_one_before(strategy: Strategy, cast: Cast) -> None:
    amendment = recommended(strategy, cast)
    with pytest.raises(TooEarly) as early:
        adopting(strategy, cast.clerk, amendment, in_force_from=date(2020, 6, 24))
    assert early.value.earliest == date(2020, 6, 25)


# ---- what becomes of the others --------------------------------------------------------------------------


def test_everything_pending_is_carried_along(strategy: Strategy, cast: Cast) -> None:
    carried = submitted(strategy, cast.author, [beds(strategy)], "Mehr Beete")
    same = submitted(strategy, cast.author, title="Dieselben Bäume")
    other = submitted(strategy, cast.author, [more_trees(strategy, "tausend")], "Tausend Bäume")
    unseen = draft(strategy, cast.author, [more_trees(strategy, "fünfhundert")], "Noch ein Entwurf")
    chosen = recommended(strategy, cast)
    preview = preview_adoption(strategy, [chosen])
    foretold = {fate.amendment.pk: fate.outcome for fate in preview.fates}
    assert foretold == {carried.pk: "carried", same.pk: "in_force", other.pk: "conflict"}
    edition = adopting(strategy, cast.clerk, chosen)
    assert (again(carried).state, again(carried).base_id) == (State.SUBMITTED, edition.pk)
    assert again(same).state == State.ALREADY_IN_FORCE
    assert (again(other).state, again(other).before_conflict) == (State.IN_CONFLICT, State.SUBMITTED)
    assert again(unseen).state == State.IN_CONFLICT
    assert not Entry.objects.filter(thing=f"amendment:{unseen.pk}", public=True).exists()


def test_carried_words_are_merged_with_the_new_ones(strategy: Strategy, cast: Cast) -> None:
    text = text_of(strategy)
    pending = submitted(
        strategy, cast.author, [Revise("M001", "text", text, text.replace("ihren", "allen"))], "Überall"
    )
    adopting(strategy, cast.clerk, recommended(strategy, cast))
    (change,) = again(pending).domain_changes()
    assert isinstance(change, Revise)
    assert change.after == "Die Stadt pflanzt zweihundert Bäume an allen Straßen."


def test_moves_and_retirements_of_others_are_met(strategy: Strategy, cast: Cast) -> None:
    into = submitted(strategy, cast.author, [Move("M002", "L2", None)], "Beete zum Verkehr")
    revising = submitted(strategy, cast.author, [beds(strategy)], "Mehr Beete")
    adopting(strategy, cast.clerk, recommended(strategy, cast, [Retire("M002")], "Ohne Beete"))
    assert [again(one).state for one in (into, revising)] == [State.IN_CONFLICT, State.IN_CONFLICT]


# ---- decisions without an edition ------------------------------------------------------------------------


@pytest.mark.parametrize(("accept", "state"), [(True, State.DECIDED), (False, State.REJECTED)])
def test_one_decision_speaks_of_several_amendments(strategy: Strategy, cast: Cast, accept: bool, state: State) -> None:
    both = [recommended(strategy, cast), recommended(strategy, cast, [beds(strategy)], "Mehr Beete")]
    decide_amendments(strategy=strategy, by=cast.clerk, amendments=both, accept=accept, decision=COUNCIL)
    held = [again(amendment) for amendment in both]
    assert [amendment.state for amendment in held] == [state, state]
    assert len({amendment.decision_id for amendment in held}) == 1
    assert latest_edition(strategy).number == "1"


@pytest.mark.parametrize("state", sorted(set(State) - {State.RECOMMENDED}))
def test_only_recommended_amendments_are_decided(strategy: Strategy, cast: Cast, state: State) -> None:
    amendment = in_state(state, strategy, cast)
    with pytest.raises(ImpossibleStep):
        decide_amendments(strategy=strategy, by=cast.clerk, amendments=[amendment], accept=True, decision=COUNCIL)


# ---- editorial corrections -------------------------------------------------------------------------------


def correcting(strategy: Strategy, by: Membership, word: str = "einhundert", reason: str = "Schreibweise") -> Edition:
    return correct_edition(
        strategy=strategy,
        by=by,
        changes=[more_trees(strategy, word)],
        reason=reason,
        expected=latest_edition(strategy),
    )


def test_corrections_count_behind_the_point(strategy: Strategy, cast: Cast) -> None:
    first = correcting(strategy, cast.editor)
    assert (first.number, first.editorial, first.decision) == ("1.1", True, None)
    assert first.in_force_from == clock.today()
    adopt_day = clock.today()
    edition = adopting(strategy, cast.clerk, recommended(strategy, cast, [beds(strategy)]), in_force_from=adopt_day)
    assert edition.number == "2"
    text = text_of(strategy, "M002")
    second = correct_edition(
        strategy=strategy,
        by=cast.editor,
        changes=[Revise("M002", "text", text, text + " Und mehr.")],
        reason="Satz ergänzt",
        expected=edition,
    )
    assert second.number == "2.1"
    assert Amendment.objects.get(edition=second).editorial
    assert verify_strategy(strategy) == []


@pytest.mark.parametrize("who", ["anna", "olaf", "klara", "adam", "nora"])
def test_only_the_strategy_office_corrects(strategy: Strategy, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        correcting(strategy, request.getfixturevalue(who))


def test_correction_says_why(strategy: Strategy, edda: Membership) -> None:
    with pytest.raises(ReasonMissing):
        correcting(strategy, edda, reason="  ")
    assert latest_edition(strategy).number == "1"


def test_correction_carries_what_is_pending(strategy: Strategy, cast: Cast) -> None:
    pending = in_state(State.RECOMMENDED, strategy, cast)
    text = text_of(strategy, "M002")
    edition = correct_edition(
        strategy=strategy,
        by=cast.editor,
        changes=[Revise("M002", "text", text, text.replace("Beete", "Blumenbeete"))],
        reason="Klarer",
        expected=latest_edition(strategy),
    )
    assert (again(pending).state, again(pending).base_id) == (State.RECOMMENDED, edition.pk)


# ---- nothing is changed afterwards -----------------------------------------------------------------------


def _save_edition(strategy: Strategy) -> None:
    edition = latest_edition(strategy)
    edition.in_force_from = date(1999, 1, 1)
    edition.save()


def _save_version(strategy: Strategy) -> None:
    version = strategy.versions.get(key="M001", first=2)
    version.fields = {"title": "Anders"}
    version.save()


REFUSED: dict[str, Callable[[Strategy], Any]] = {
    "save an edition": _save_edition,
    "delete an edition": lambda strategy: latest_edition(strategy).delete(),
    "update editions": lambda strategy: strategy.editions.update(number="9"),
    "delete editions": lambda strategy: strategy.editions.all().delete(),
    "save a version": _save_version,
    "update versions": lambda strategy: strategy.versions.update(key="M999"),
    "bulk update versions": lambda strategy: Version.objects.bulk_update(list(strategy.versions.all()), ["fields"]),
    "delete versions": lambda strategy: strategy.versions.all().delete(),
    "update decisions": lambda strategy: strategy.decisions.update(body="Niemand"),
    "delete an element": lambda strategy: strategy.elements.get(key="M001").delete(),
}


@pytest.mark.parametrize("what", REFUSED)
def test_models_refuse(strategy: Strategy, cast: Cast, what: str) -> None:
    adopt(strategy, cast.clerk, recommended(strategy, cast))
    with pytest.raises(Immutable):
        REFUSED[what](strategy)
    assert verify_strategy(strategy) == []


TAMPERED = {
    "words": ("UPDATE strategy_version SET fields = %s WHERE key = 'M001' AND first = 2", ['{"title": "Bäume"}']),
    "order": ("UPDATE strategy_version SET \"rank\" = %s WHERE key = 'M001' AND until > 2", ["zzz"]),
    "digest": ("UPDATE strategy_edition SET digest = %s WHERE number = '2'", ["0" * 64]),
    "size": ("UPDATE strategy_edition SET size = %s WHERE number = '2'", [99]),
    "life": ("UPDATE strategy_version SET until = %s WHERE key = 'M002'", [2]),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_alterations_behind_the_back_are_found(strategy: Strategy, cast: Cast, what: str) -> None:
    adopt(strategy, cast.clerk, recommended(strategy, cast))
    statement, values = TAMPERED[what]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1
    findings = verify_strategy(strategy)
    assert findings
    assert {finding.edition for finding in findings} == {"2"}
    if what == "words":
        assert [finding.element for finding in findings] == ["M001"]


def test_other_city_is_not_touched(strategy: Strategy, other_city: City, cast: Cast) -> None:
    other = make_strategy(other_city)
    before = latest_edition(other).digest
    adopting(strategy, cast.clerk, recommended(strategy, cast))
    assert latest_edition(other).digest == before
    assert latest_edition(other).number == "1"
