"""Proposing a change in the browser's terms: forms and answers, without any script."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.personas import visitor_of
from tests.strategy.amending import Cast, again, draft, in_state, more_trees, submitted, text_of

from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Add, Move, Retire, Revise
from kursbuch.identity.models import Membership
from kursbuch.strategy.models import Amendment, State, Strategy
from kursbuch.strategy.services.draft_amendment import SUBMISSIONS

NEW = "/antraege/neu/"


def _sent(page: HttpResponse, **changed: Any) -> dict[str, Any]:
    """What the browser would send: every field of the form as it is shown, with some of them changed."""
    task = page.context["task"]
    data: dict[str, Any] = {"token": str(page.context["token"]), "collect": "1"}
    if task.verb == "add":
        data["key"] = task.own
    for form in task.forms:
        for field in form:
            value = field.value()
            if value not in (None, False):
                data[field.html_name] = value
        if hasattr(form, "rows"):
            data |= {rows.counter: rows.count for rows in form.rows.values()}
    return data | changed


def _propose(client: Client, query: str, **changed: Any) -> HttpResponse:
    return client.post(NEW + query, _sent(client.get(NEW + query), **changed))


def test_visitor_signs_in_and_comes_back(strategy: Strategy, visitor: Client) -> None:
    answer = visitor.get(NEW + "?element=M001")
    assert answer.status_code == 302
    assert answer["Location"] == "/konto/login/?next=%2Fantraege%2Fneu%2F%3Felement%3DM001"


def test_form_shows_the_text_in_force(strategy: Strategy, as_anna: Client) -> None:
    page = as_anna.get(NEW + "?element=M001")
    form = page.context["task"].element_form
    assert form["text"].value() == text_of(strategy)
    assert (form["quantity__value"].value(), form["quantity__unit"].value()) == ("100", "Bäume")
    assert (form["period__start"].value(), form["period__end"].value()) == ("03.2022", "2024")


def test_sending_the_form_unchanged_changes_nothing(strategy: Strategy, as_anna: Client) -> None:
    answer = _propose(as_anna, "?element=M001")
    assert answer.status_code == 200
    assert "Sie haben noch nichts geändert." in answer.content.decode()
    assert not Amendment.objects.exists()


def test_text_becomes_a_draft(strategy: Strategy, as_anna: Client, anna: Membership) -> None:
    answer = _propose(as_anna, "?element=M001", text=text_of(strategy).replace("hundert", "zweihundert"))
    amendment = Amendment.objects.get()
    assert answer["Location"] == f"/antraege/{amendment.pk}/bearbeiten/"
    assert amendment.domain_changes() == (more_trees(strategy),)
    assert amendment.state == State.DRAFT and amendment.title == "Änderung: Bäume"
    assert [author.user for author in amendment.authors.all()] == [anna.user]


VALUES: list[tuple[dict[str, str], str, Any]] = [
    ({"quantity__value": "1.250,5"}, "quantity", {"value": "1250.5", "unit": "Bäume"}),
    ({"quantity__value": "", "quantity__unit": ""}, "quantity", None),
    ({"budget__amount": "1.433.000"}, "budget", {"amount": "1433000", "currency": "EUR"}),
    ({"period__end": "31.5.2025"}, "period", {"start": "2022-03", "end": "2025-05-31"}),
    ({"office": "umwelt"}, "office", {"office": "umwelt"}),
    ({"place": " Stadtgarten "}, "place", {"place": "Stadtgarten"}),
    ({"importance": "4"}, "importance", 4),
    ({"alignments-0-remove": "on"}, "alignments", None),
    (
        {"alignments-1-id": "sdg:13.1", "alignments-1-reason": "Schatten kühlt."},
        "alignments",
        (
            {"id": "sdg:11.7", "reason": "Bäume machen Plätze schöner."},
            {"id": "sdg:13.1", "reason": "Schatten kühlt."},
        ),
    ),
    (
        {"facts-1-text": "Linden blühen.", "facts-1-source": "Botanik", "facts-1-date": "5.2024"},
        "facts",
        (
            {"id": "1", "text": "Es gibt 900 Bäume.", "source": "Baumkataster", "date": "2019"},
            {"id": "2", "text": "Linden blühen.", "source": "Botanik", "date": "2024-05"},
        ),
    ),
]


@pytest.mark.parametrize(("sent", "field", "after"), VALUES)
def test_every_type_of_field(strategy: Strategy, as_anna: Client, sent: dict[str, str], field: str, after: Any) -> None:
    _propose(as_anna, "?element=M001", **sent)
    (change,) = Amendment.objects.get().domain_changes()
    assert isinstance(change, Revise)
    assert (change.field, change.after) == (field, after)


WRONG = [
    ({"quantity__value": "viele"}, "quantity__value"),
    ({"budget__amount": "5", "budget__currency": "€€€"}, "budget__currency"),
    ({"period__end": "2019"}, "period__end"),
    ({"period__start": "gestern"}, "period__start"),
    ({"importance": "9"}, "importance"),
    ({"office": "gibtesnicht"}, "office"),
    ({"alignments-1-id": "sdg:13.1"}, "alignments-1-reason"),
    ({"alignments-1-reason": "Nur ein Grund."}, "alignments-1-id"),
    ({"alignments-1-id": "sdg:11.7", "alignments-1-reason": "Noch einmal."}, "alignments-1-id"),
    ({"facts-1-text": "Ohne Quelle."}, "facts-1-source"),
    ({"title": "", "text": ""}, "title"),
]


@pytest.mark.parametrize(("sent", "where"), WRONG)
def test_error_stands_at_its_field_and_nothing_is_lost(
    strategy: Strategy, as_anna: Client, sent: dict[str, str], where: str
) -> None:
    answer = _propose(as_anna, "?element=M001", place="Stadtgarten", **sent)
    form = answer.context["task"].element_form
    assert set(form.errors) == {where}
    assert form["place"].value() == "Stadtgarten"
    assert f'href="#id_{where}' in answer.content.decode()
    assert not Amendment.objects.exists()


def test_preview_keeps_nothing(strategy: Strategy, as_anna: Client) -> None:
    text = text_of(strategy).replace("hundert", "zweihundert")
    page = _propose(as_anna, "?element=M001", text=text, preview="1")
    assert "<ins" in page.content.decode() and "<html" in page.content.decode()
    part = as_anna.post(
        NEW + "?element=M001",
        _sent(as_anna.get(NEW + "?element=M001"), text=text, preview="1"),
        headers={"HX-Request": "true"},
    )
    assert "<ins" in part.content.decode() and "<html" not in part.content.decode()
    assert not Amendment.objects.exists()


def test_another_row_keeps_what_was_written(strategy: Strategy, as_anna: Client) -> None:
    first = as_anna.get(NEW + "?element=M001").context["task"].element_form.rows["facts"].count
    answer = _propose(as_anna, "?element=M001", more="facts", place="Stadtgarten", quantity__value="viele")
    form = answer.context["task"].element_form
    assert form.rows["facts"].count == first + 1
    assert form["place"].value() == "Stadtgarten"
    assert "kern-error" not in answer.content.decode()


def test_same_form_twice_makes_one_amendment(strategy: Strategy, as_anna: Client) -> None:
    data = _sent(as_anna.get(NEW + "?element=M001"), place="Stadtgarten")
    first, second = (as_anna.post(NEW + "?element=M001", data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert len(Amendment.objects.get().domain_changes()) == 1


def test_form_sent_again_after_going_back_changes_the_draft(strategy: Strategy, as_anna: Client) -> None:
    data = _sent(as_anna.get(NEW + "?element=M001"), place="Stadtgarten")
    as_anna.post(NEW + "?element=M001", data)
    as_anna.post(NEW + "?element=M001", data | {"place": "Bulmke"})
    (change,) = Amendment.objects.get().domain_changes()
    assert isinstance(change, Revise) and change.after == {"place": "Bulmke"}


def test_draft_collects_all_kinds_of_changes(strategy: Strategy, as_anna: Client, anna: Membership) -> None:
    number = draft(strategy, anna).pk
    new = {"title": "Hecken", "text": "Die Stadt pflanzt Hecken."}
    _propose(as_anna, f"?draft={number}&element=L1&do=add&kind=measure", **{"new-place": "L1|M001"}, **new)
    _propose(as_anna, f"?draft={number}&element=M002&do=move", **{"new-place": "L2|"})
    _propose(as_anna, f"?draft={number}&element=M002&do=retire", replaced_by="M001")
    assert again(Amendment.objects.get(pk=number)).domain_changes() == (
        more_trees(strategy),
        Add("neu-1", "measure", "L1", "M001", new),
        Retire("M002", ("M001",)),  # what goes need not be moved before
    )
    _propose(as_anna, f"?draft={number}&element=neu-1", text="Die Stadt pflanzt viele Hecken.")
    _propose(as_anna, f"?draft={number}&element=neu-1&do=move", **{"new-place": "L2|"})
    (added,) = (c for c in again(Amendment.objects.get(pk=number)).domain_changes() if isinstance(c, Add))
    assert (added.parent, added.after) == ("L2", None)
    assert added.fields == {"title": "Hecken", "text": "Die Stadt pflanzt viele Hecken."}


def test_addition_sent_twice_is_one(strategy: Strategy, as_anna: Client, anna: Membership) -> None:
    query = f"{NEW}?draft={draft(strategy, anna, []).pk}&element=L1&do=add&kind=measure"
    data = _sent(as_anna.get(query), title="Hecken")
    for _ in range(2):
        as_anna.post(query, data)
    assert len(Amendment.objects.get().domain_changes()) == 1


def test_move_goes_where_the_schema_allows(strategy: Strategy, as_anna: Client) -> None:
    page = as_anna.get(NEW + "?element=M001&do=move")
    values = [
        value for _group, places in page.context["task"].place_form.fields["place"].choices for value, _ in places
    ]
    assert values == ["L1|", "L1|M002", "L2|"]
    _propose(as_anna, "?element=M001&do=move", **{"new-place": "L1|M002"})
    assert Amendment.objects.get().domain_changes() == (Move("M001", "L1", "M002"),)


def test_element_with_others_below_is_not_retired(strategy: Strategy, as_anna: Client) -> None:
    page = as_anna.get(NEW + "?element=L1&do=retire")
    assert "Unter diesem Baustein steht noch etwas." in page.content.decode()
    as_anna.post(NEW + "?element=L1&do=retire", {"token": str(uuid.uuid4()), "collect": "1"})
    assert not Amendment.objects.exists()


def test_kinds_to_add(strategy: Strategy, as_anna: Client) -> None:
    page = as_anna.get(NEW + "?element=M001&do=add")
    labels = [[choice["label"] for choice in group["choices"]] for group in page.context["groups"]]
    assert labels == [["Zielwert"], ["Maßnahme"]]


def test_picker_finds_by_words_and_key(strategy: Strategy, as_anna: Client) -> None:
    found = as_anna.get(NEW + "?q=beet").context["found"]
    assert [one["name"] for one in found] == ["M002 Beete"]
    assert [one["name"] for one in as_anna.get(NEW + "?q=m001").context["found"]] == ["M001 Bäume"]


@pytest.mark.parametrize(
    "query",
    ["?element=M999", "?element=M001&draft=77", "?element=M001&draft=x", "?element=M001&do=add&kind=nix", "?draft=1x"],
)
def test_unknown_things_are_not_found(strategy: Strategy, as_anna: Client, query: str) -> None:
    assert as_anna.get(NEW + query).status_code == 404


# ---- the draft --------------------------------------------------------------------------------------------


def test_draft_is_its_authors_own(
    strategy: Strategy, anna: Membership, as_frida: Client, as_edda: Client, visitor: Client
) -> None:
    number = draft(strategy, anna).pk
    for client in (as_frida, as_edda):
        for path in ("", "bearbeiten/", "loeschen/", "zurueckziehen/"):
            assert client.get(f"/antraege/{number}/{path}").status_code == 404
        assert client.get(f"{NEW}?draft={number}").status_code == 404
        assert client.post(f"/antraege/{number}/bearbeiten/", {"submit": "1"}).status_code == 404
    assert visitor.get(f"/antraege/{number}/").status_code == 404
    assert again(Amendment.objects.get()).state == State.DRAFT


def test_other_citys_drafts_are_not_found(
    strategy: Strategy, other_strategy: Strategy, anna: Membership, as_nora: Client
) -> None:
    mine, number = draft(strategy, anna), submitted(strategy, anna).pk
    for path in (f"/antraege/{number}/", f"/antraege/{mine.pk}/bearbeiten/", f"{NEW}?draft={mine.pk}"):
        assert as_nora.get(path).status_code == 404
    assert as_nora.post(f"/antraege/{number}/kommentare/", {"text": "x", "token": uuid.uuid4()}).status_code == 404


def test_draft_is_handed_in_with_title_and_reasons(strategy: Strategy, anna: Membership, as_anna: Client) -> None:
    number = draft(strategy, anna).pk
    url = f"/antraege/{number}/bearbeiten/"
    refused = as_anna.post(url, {"title": "Neu", "rationale": "", "submit": "1"})
    assert refused.status_code == 422 and set(refused.context["form"].errors) == {"rationale"}
    assert again(Amendment.objects.get()).title == "Neu"  # kept all the same
    data = {"title": "Neu", "rationale": "Weil es heiß ist.", "submit": "1"}
    for _ in range(2):  # pressed twice
        answer = as_anna.post(url, data)
        assert answer["Location"] == f"/antraege/{number}/"
    assert again(Amendment.objects.get()).state == State.SUBMITTED


def test_empty_draft_is_not_handed_in(strategy: Strategy, anna: Membership, as_anna: Client) -> None:
    url = f"/antraege/{draft(strategy, anna, []).pk}/bearbeiten/"
    answer = as_anna.post(url, {"title": "Neu", "rationale": "Weil.", "submit": "1"})
    assert answer.status_code == 422
    assert "noch keine Änderung" in answer.content.decode()


def test_too_many_at_once_wait_with_their_draft(strategy: Strategy, anna: Membership, as_anna: Client) -> None:
    number = draft(strategy, anna).pk
    for _ in range(SUBMISSIONS.count):
        SUBMISSIONS.hit(f"{anna.city_id}/{anna.user_id}")
    data = {"title": "Neu", "rationale": "Weil.", "submit": "1"}
    answer = as_anna.post(f"/antraege/{number}/bearbeiten/", data)
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    kept = again(Amendment.objects.get())
    assert (kept.state, kept.rationale) == (State.DRAFT, "Weil.")


def test_changes_are_removed_and_moved_up(strategy: Strategy, anna: Membership, as_anna: Client) -> None:
    added = Add("neu-1", "measure", "L2", None, {"title": "Radwege"})
    changes = [more_trees(strategy), added, Move("M002", "L2", "neu-1")]
    amendment = draft(strategy, anna, changes)
    url, words = f"/antraege/{amendment.pk}/bearbeiten/", {"title": "Neu", "rationale": "Weil."}
    as_anna.post(url, {**words, "up": "1"})
    assert [c.key for c in again(amendment).domain_changes()] == ["neu-1", "M001", "M002"]
    page = as_anna.post(url, {**words, "remove": "0"}, follow=True)  # the move stands on it
    assert "baut auf dieser auf" in page.content.decode()
    as_anna.post(url, {**words, "remove": "2"})
    as_anna.post(url, {**words, "remove": "0"})
    assert again(amendment).domain_changes() == (more_trees(strategy),)
    assert again(amendment).title == "Neu"


def test_draft_saves_itself(strategy: Strategy, anna: Membership, as_anna: Client) -> None:
    amendment = draft(strategy, anna)
    answer = as_anna.post(
        f"/antraege/{amendment.pk}/bearbeiten/",
        {"title": "Neu", "rationale": "Weil", "keep": "1"},
        headers={"HX-Request": "true"},
    )
    assert "Entwurf gespeichert um" in answer.content.decode() and "<html" not in answer.content.decode()
    assert again(amendment).rationale == "Weil"


def test_draft_is_deleted_after_a_question(strategy: Strategy, anna: Membership, as_anna: Client) -> None:
    url = f"/antraege/{draft(strategy, anna).pk}/loeschen/"
    assert "Diesen Entwurf löschen?" in as_anna.get(url).content.decode()
    assert Amendment.objects.exists()
    assert as_anna.post(url)["Location"] == "/antraege/"
    assert not Amendment.objects.exists()


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_what_was_handed_in_is_not_edited(strategy: Strategy, cast: Cast, as_anna: Client, state: State) -> None:
    number = in_state(state, strategy, cast).pk
    assert as_anna.get(f"/antraege/{number}/bearbeiten/")["Location"] == f"/antraege/{number}/"
    assert as_anna.post(f"/antraege/{number}/loeschen/")["Location"] == f"/antraege/{number}/"
    assert again(Amendment.objects.get(pk=number)).state == state


# ---- others who want the same words -----------------------------------------------------------------------


def test_conflict_with_another_amendment_is_shown_while_writing(
    strategy: Strategy, as_anna: Client, frida: Membership
) -> None:
    submitted(strategy, frida, [more_trees(strategy, "dreihundert")], "Dreihundert Bäume")
    page = _propose(
        as_anna, "?element=M001", text=text_of(strategy).replace("hundert", "zweihundert"), preview="1"
    ).content.decode()
    assert "Ein anderer Antrag will hier etwas anderes" in page
    assert "Dreihundert Bäume" in page and "Fraktion Beispiel" in page and "dreihundert" in page


def test_other_words_of_the_same_text_go_together(strategy: Strategy, as_anna: Client, frida: Membership) -> None:
    submitted(strategy, frida, [more_trees(strategy)], "Zweihundert Bäume")
    draft(strategy, frida, [more_trees(strategy, "tausend")])  # unseen drafts are not told of
    page = _propose(
        as_anna, "?element=M001", text=text_of(strategy).replace("Straßen", "Plätzen"), preview="1"
    ).content.decode()
    assert "Zu diesem Baustein gibt es einen weiteren Antrag" in page
    assert "Ein anderer Antrag will hier etwas anderes" not in page
    assert "tausend" not in page


def test_new_elements_of_two_amendments_do_not_dispute(strategy: Strategy, as_anna: Client, frida: Membership) -> None:
    submitted(strategy, frida, [Add("neu-1", "measure", "L1", None, {"title": "Teiche"}), more_trees(strategy)])
    number = draft(strategy, as_anna_member(strategy.city)).pk
    page = as_anna.get(f"/antraege/{number}/bearbeiten/").content.decode()
    assert "neu-1" not in page


def as_anna_member(city: City) -> Membership:
    return Membership.objects.get(city=city, user__email="anna@example.org")


def test_visitor_of_an_empty_city_finds_nothing(other_city: City) -> None:
    assert visitor_of(other_city).get("/antraege/").status_code == 404
