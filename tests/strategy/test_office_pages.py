"""The office's steps as pages: recommend, split, decide, adopt, correct; each with the redline in view."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.strategy.amending import Cast, again, in_state, more_trees, submitted, text_of

from kursbuch.domain.framework.changes import Add, Retire, Revise
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.strategy.models import Amendment, Recommendation, State, Strategy, Variant
from kursbuch.strategy.queries import latest_edition
from kursbuch.strategy.services.discuss_amendment import recommend_amendment


def url(step: str, amendment: Amendment) -> str:
    return reverse(f"amendment-{step}", args=[amendment.pk])


def recommended(strategy: Strategy, cast: Cast, *changes: Revise, title: str = "Mehr Bäume") -> Amendment:
    amendment = submitted(strategy, cast.author, changes or None, title)
    return recommend_amendment(amendment=amendment, by=cast.editor, kind=Recommendation.ACCEPT, reason="Gut.")


# ---- discuss, recommend ----------------------------------------------------------------------------------


def test_discussion_is_opened(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    amendment = in_state(State.SUBMITTED, strategy, cast)
    assert as_edda.post(url("discuss", amendment)).headers["Location"] == reverse("amendment", args=[amendment.pk])
    assert again(amendment).state == State.IN_DISCUSSION
    assert as_edda.get(url("discuss", amendment)).status_code in {302, 405}


def test_second_to_press_is_told_where_it_stands(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    amendment = in_state(State.IN_DISCUSSION, strategy, cast)
    response = as_edda.post(url("discuss", amendment), follow=True)
    assert "in Beratung" in response.content.decode()


@pytest.mark.parametrize("kind", ["accept", "reject"])
def test_recommendation_is_recorded(strategy: Strategy, cast: Cast, as_edda: Client, kind: str) -> None:
    amendment = in_state(State.IN_DISCUSSION, strategy, cast)
    page = as_edda.get(url("recommend", amendment)).content.decode()
    assert "zweihundert</ins>" in page
    as_edda.post(url("recommend", amendment), {"kind": kind, "reason": "Weil es so ist."})
    held = again(amendment)
    assert (held.state, held.recommendation, held.recommendation_reason) == (
        State.RECOMMENDED,
        kind,
        "Weil es so ist.",
    )


def test_office_changes_the_wording(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    amendment = in_state(State.IN_DISCUSSION, strategy, cast)
    fields = {"kind": "accept_modified", "reason": "Mehr geht nicht.", "teil0-text": "Die Stadt pflanzt 150 Bäume."}
    seen = as_edda.post(url("recommend", amendment), {**fields, "preview": "1"})
    assert "150</ins>" in seen.content.decode()
    assert again(amendment).state == State.IN_DISCUSSION
    assert as_edda.post(url("recommend", amendment), fields).status_code == 302
    (change,) = again(amendment).domain_changes()
    assert isinstance(change, Revise) and change.after == "Die Stadt pflanzt 150 Bäume."
    (proposed,) = again(amendment).domain_changes(Variant.PROPOSED)
    assert isinstance(proposed, Revise) and "zweihundert" in str(proposed.after)


def test_office_leaves_a_part_out(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    new = Add("neu-1", "measure", "L2", None, {"title": "Radwege", "text": "Die Stadt baut Radwege."})
    amendment = submitted(strategy, cast.author, [more_trees(strategy), new, Retire("M002")])
    page = as_edda.get(url("recommend", amendment))
    form = page.context["wording"].parts[1].form
    response = as_edda.post(
        url("recommend", amendment),
        {
            "kind": "accept_modified",
            "reason": "Die Beete bleiben.",
            "teil0-text": text_of(strategy).replace("hundert", "zweihundert"),
            "teil1-title": "Radwege",
            "teil1-text": "Die Stadt baut breite Radwege.",
            "teil2-leave_out": "on",
        },
    )
    assert response.status_code == 302
    assert form.prefix == "teil1"
    changes = again(amendment).domain_changes()
    assert [change.key for change in changes] == ["M001", "neu-1"]
    assert isinstance(changes[1], Add) and changes[1].fields["text"] == "Die Stadt baut breite Radwege."


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "accept", "reason": " "},
        {"kind": "", "reason": "Darum."},
        {"kind": "accept_modified", "reason": "Darum.", "teil0-text": "UNCHANGED"},
        {"kind": "accept_modified", "reason": "Darum.", "teil0-leave_out": "on"},
    ],
)
def test_incomplete_recommendation_is_sent_back(
    strategy: Strategy, cast: Cast, as_edda: Client, fields: dict[str, str]
) -> None:
    amendment = in_state(State.IN_DISCUSSION, strategy, cast)
    sent = {
        name: text_of(strategy).replace("hundert", "zweihundert") if value == "UNCHANGED" else value
        for name, value in fields.items()
    }
    assert as_edda.post(url("recommend", amendment), sent).status_code == 422
    assert again(amendment).state == State.IN_DISCUSSION


def test_unchanged_wording_is_said_where_it_can_be_changed(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    amendment = in_state(State.IN_DISCUSSION, strategy, cast)
    wording = {"teil0-text": text_of(strategy).replace("hundert", "zweihundert")}
    sent = {"kind": "accept_modified", "reason": "Darum.", **wording}
    page = as_edda.post(url("recommend", amendment), sent).content.decode()
    assert 'href="#wording"' in page
    box = page[page.index('id="wording"') :]
    assert "Der Wortlaut ist noch der vorgeschlagene." in box[: box.index("</section>")]
    assert "<details" not in box[: box.index("</section>")]  # it stands open as soon as the choice is made


# ---- split, decide ---------------------------------------------------------------------------------------


def test_amendment_is_split_after_a_look(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    amendment = submitted(strategy, cast.author, [more_trees(strategy), more_trees(strategy, "dreißig", "M002")])
    seen = as_edda.post(url("split", amendment), {"take": "1", "title": "Nur Beete", "preview": "1"})
    assert [len(seen.context["parts"][part]) for part in ("stays", "goes")] == [1, 1]
    response = as_edda.post(url("split", amendment), {"take": "1", "title": "Nur Beete"})
    part = Amendment.objects.get(split_from=amendment)
    assert response.headers["Location"] == reverse("amendment", args=[part.pk])
    assert [change.key for change in part.domain_changes()] == ["M002"]
    assert as_edda.get(url("split", part)).status_code == 302  # there is only one change left


def test_everything_is_no_part(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    amendment = submitted(strategy, cast.author, [more_trees(strategy), more_trees(strategy, "dreißig", "M002")])
    assert as_edda.post(url("split", amendment), {"take": ["0", "1"], "title": "Alles"}).status_code == 422


def council(**given: str) -> dict[str, str]:
    return {"outcome": "accepted", "body": "Rat", "day": "2021-03-01", "paper": "21/7", "result": "einstimmig", **given}


def test_clerk_records_one_decision_for_two(strategy: Strategy, cast: Cast, as_klara: Client) -> None:
    one = recommended(strategy, cast)
    other = recommended(strategy, cast, more_trees(strategy, "dreißig", "M002"), title="Beete")
    response = as_klara.post(url("decide", one), council(together=str(other.pk)))
    assert response.status_code == 302
    assert again(one).decision_id == again(other).decision_id
    assert [again(amendment).state for amendment in (one, other)] == [State.DECIDED, State.DECIDED]


def test_decision_of_tomorrow_is_refused(strategy: Strategy, cast: Cast, as_klara: Client) -> None:
    amendment = recommended(strategy, cast)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert as_klara.post(url("decide", amendment), council(day=tomorrow)).status_code == 422
    assert again(amendment).state == State.RECOMMENDED


# ---- adopt -----------------------------------------------------------------------------------------------


def record(strategy: Strategy, **given: str) -> dict[str, str]:
    return {
        "body": "Rat",
        "day": "2021-03-01",
        "paper": "21/7",
        "result": "einstimmig",
        "in_force_from": clock.today().isoformat(),
        "summary_de": "Mehr Grün für alle.",
        "summary_en": "More green for all.",
        "expected": str(latest_edition(strategy).pk),
        **given,
    }


def preview_url(*amendments: Amendment, places: str = "") -> str:
    chosen = "&".join(f"antrag={amendment.pk}" for amendment in amendments)
    return f"{reverse('adopt-preview')}?{chosen}{places}"


def test_assistant_from_choice_to_edition(strategy: Strategy, cast: Cast, as_klara: Client) -> None:
    one = recommended(strategy, cast)
    other = recommended(strategy, cast, more_trees(strategy, "dreißig", "M002"), title="Beete")
    waits = submitted(strategy, cast.author, [more_trees(strategy, "tausend")], "Tausend Bäume")
    choice = as_klara.get(reverse("adopt")).content.decode()
    assert one.title in choice and other.title in choice and waits.title not in choice
    target = preview_url(one, other, places=f"&platz-{one.pk}=2&platz-{other.pk}=1")
    preview = as_klara.get(target)
    text = preview.content.decode()
    assert "zweihundert</ins>" in text and "dreißig</ins>" in text
    assert [fate["outcome"] for fate in preview.context["fates"]] == ["conflict"]
    assert [amendment.pk for amendment in preview.context["preview"].chosen] == [other.pk, one.pk]
    whole = as_klara.get(f"{target}&ganz=1").content.decode()
    assert "Die Stadt fährt Rad." in whole and "Die Stadt fährt Rad." not in text
    response = as_klara.post(preview.context["here"], record(strategy))
    edition = latest_edition(strategy)
    assert response.headers["Location"] == reverse("edition", args=[edition.number])
    assert (edition.number, edition.summary_in("en")) == ("2", "More green for all.")
    assert again(other).place_in_edition == 0


def test_what_cannot_be_adopted_is_named_with_the_reason(strategy: Strategy, cast: Cast, as_klara: Client) -> None:
    one = recommended(strategy, cast)
    rejected = submitted(strategy, cast.author, [more_trees(strategy, "dreißig", "M002")], "Weniger Beete")
    recommend_amendment(amendment=rejected, by=cast.editor, kind=Recommendation.REJECT, reason="Nein.")
    early = submitted(strategy, cast.author, [more_trees(strategy, "vierzig", "M002")], "Viele Beete")
    text = as_klara.get(preview_url(one, rejected, early)).content.decode()
    assert "Nicht alles, was Sie ausgewählt haben, kann beschlossen werden" in text
    assert re.search(r"Weniger Beete</a>: Empfehlung: ablehnen", text)
    assert re.search(r"Viele Beete</a>: eingereicht", text)
    assert "Nicht alles" not in as_klara.get(preview_url(one)).content.decode()


def test_conflict_of_before_is_told_apart_from_new_ones(strategy: Strategy, cast: Cast, as_klara: Client) -> None:
    old = in_state(State.IN_CONFLICT, strategy, cast)
    text = text_of(strategy)
    (one, new) = (
        submitted(strategy, cast.author, [Revise("M001", "text", text, text.replace("dreihundert", number))], number)
        for number in ("siebenhundert", "neunhundert")
    )
    recommend_amendment(amendment=one, by=cast.editor, kind=Recommendation.ACCEPT, reason="Gut.")
    page = as_klara.get(preview_url(one))
    fates = {fate["outcome"]: [amendment.pk for amendment in fate["amendments"]] for fate in page.context["fates"]}
    assert fates == {"conflict": [new.pk], "still_conflict": [old.pk]}
    assert "weiterhin im Konflikt" in page.content.decode()


def test_conflict_is_shown_and_nothing_can_be_recorded(strategy: Strategy, cast: Cast, as_klara: Client) -> None:
    one = recommended(strategy, cast)
    other = recommended(strategy, cast, more_trees(strategy, "tausend"), title="Tausend Bäume")
    page = as_klara.get(preview_url(one, other))
    assert 'id="conflicts"' in page.content.decode()
    assert 'name="body"' not in page.content.decode()
    assert as_klara.post(preview_url(one, other), record(strategy)).status_code == 409
    assert latest_edition(strategy).number == "1"


def test_who_is_overtaken_keeps_what_was_entered(
    strategy: Strategy, cast: Cast, as_klara: Client, as_edda: Client
) -> None:
    one = recommended(strategy, cast)
    other = recommended(strategy, cast, more_trees(strategy, "dreißig", "M002"), title="Beete")
    seen = record(strategy)
    assert as_edda.post(preview_url(one), seen).status_code == 302
    response = as_klara.post(preview_url(one, other), {**seen, "summary_de": "Meine eigenen Worte."})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Jemand war schneller" in text and "Meine eigenen Worte." in text and one.title in text
    again_sent = dict(re.findall(r'name="(expected)" value="(\d+)"', text))
    assert as_klara.post(preview_url(other), record(strategy, **again_sent)).status_code == 302
    assert latest_edition(strategy).number == "3"


def test_overtaken_with_nothing_left_is_explained(
    strategy: Strategy, cast: Cast, as_klara: Client, as_edda: Client
) -> None:
    one = recommended(strategy, cast)
    seen = record(strategy)
    as_edda.post(preview_url(one), seen)
    response = as_klara.post(preview_url(one), {**seen, "summary_de": "Meine eigenen Worte."})
    assert response.status_code == 409
    assert response.templates[0].name == "strategy/adopt_overtaken.html"
    assert "Meine eigenen Worte." in response.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"in_force_from": "2020-01-01"}, {"summary_de": ""}, {"body": ""}, {"day": "2999-01-01"}]
)
def test_incomplete_record_is_sent_back(
    strategy: Strategy, cast: Cast, as_klara: Client, wrong: dict[str, str]
) -> None:
    assert as_klara.post(preview_url(recommended(strategy, cast)), record(strategy, **wrong)).status_code == 422
    assert latest_edition(strategy).number == "1"


def test_nothing_chosen_leads_back(strategy: Strategy, as_klara: Client) -> None:
    assert as_klara.get(f"{reverse('adopt-preview')}?antrag=x").headers["Location"] == reverse("adopt")
    told = as_klara.get(f"{reverse('adopt-preview')}?antrag=99999999", follow=True).content.decode()
    assert "Einen Antrag 99999999 gibt es nicht." in told
    assert "Zurzeit kann kein" in as_klara.get(reverse("adopt")).content.decode()


# ---- correct ---------------------------------------------------------------------------------------------


def test_correction_with_a_look_first(strategy: Strategy, as_edda: Client) -> None:
    assert as_edda.get(reverse("correct")).status_code == 200
    target = f"{reverse('correct')}?element=M001"
    fields = {
        "w-title": "Bäume",
        "w-text": text_of(strategy).replace("ihren", "allen"),
        "expected": str(latest_edition(strategy).pk),
    }
    seen = as_edda.post(target, {**fields, "preview": "1"})
    assert "allen</ins>" in seen.content.decode()
    assert as_edda.post(target, fields).status_code == 422  # without saying what was wrong
    response = as_edda.post(target, {**fields, "reason": "Ein falsches Wort"})
    assert response.headers["Location"] == reverse("edition", args=["1.1"])
    assert "allen Straßen" in text_of(strategy)


def test_correction_overtaken_keeps_its_words(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    expected = str(latest_edition(strategy).pk)
    in_state(State.IN_FORCE, strategy, cast)
    fields = {"w-title": "Große Bäume", "w-text": text_of(strategy), "reason": "Groß", "expected": expected}
    response = as_edda.post(f"{reverse('correct')}?element=M001", fields)
    assert response.status_code == 422
    assert "Große Bäume" in response.content.decode()
    assert latest_edition(strategy).number == "2"


def test_unchanged_words_are_no_correction(strategy: Strategy, as_edda: Client) -> None:
    fields = {"w-title": "Bäume", "w-text": text_of(strategy), "reason": "Nichts"}
    expected = str(latest_edition(strategy).pk)
    assert as_edda.post(f"{reverse('correct')}?element=M001", {**fields, "expected": expected}).status_code == 422
    assert as_edda.get(f"{reverse('correct')}?element=M999").status_code == 404


# ---- for whom --------------------------------------------------------------------------------------------

EDITOR = {"as_edda"}
COUNCIL = {"as_edda", "as_klara"}
PAGES: dict[str, tuple[State | None, set[str]]] = {
    "amendment-recommend": (State.IN_DISCUSSION, EDITOR),
    "amendment-split": (State.IN_DISCUSSION, EDITOR),
    "amendment-decide": (State.RECOMMENDED, COUNCIL),
    "adopt": (None, COUNCIL),
    "correct": (None, EDITOR),
}


@pytest.mark.parametrize("who", ["as_anna", "as_frida", "as_olaf", "as_edda", "as_klara", "as_adam"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_those_entitled(
    strategy: Strategy, cast: Cast, page: str, who: str, request: pytest.FixtureRequest
) -> None:
    state, entitled = PAGES[page]
    arguments = [in_state(state, strategy, cast).pk] if state else []
    status = request.getfixturevalue(who).get(reverse(page, args=arguments)).status_code
    assert status in ({200, 302} if who in entitled else {403})


def test_staff_without_a_second_factor_set_it_up_first(strategy: Strategy, klara: Membership, as_klara: Client) -> None:
    klara.person.authenticator_set.all().delete()
    assert reverse("mfa_index") in as_klara.get(reverse("adopt")).headers["Location"]
