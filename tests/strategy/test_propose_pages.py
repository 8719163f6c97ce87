"""The list of amendments and the page of one: who sees what, and how many queries that takes."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.personas import client_of, make_person
from tests.strategy.amending import Cast, again, draft, in_state, more_trees, submitted

from kursbuch.chronicle.services import follow
from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Add
from kursbuch.identity.models import Membership
from kursbuch.identity.services import delete_account
from kursbuch.kit import clock
from kursbuch.strategy.models import Comment, Recommendation, State, Strategy
from kursbuch.strategy.services.discuss_amendment import (
    COMMENTS,
    comment_on_amendment,
    recommend_amendment,
    remove_comment,
    split_amendment,
)

LIST_BUDGET = 8
PAGE_BUDGET = 12


def _queries(client: Client, url: str) -> int:
    client.get(url)  # what is kept for all pages is kept now
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url + ("&" if "?" in url else "?") + f"x={uuid.uuid4()}").status_code == 200
    return len(captured)


def _comments(strategy: Strategy, anna: Membership, number: int) -> None:
    amendment = strategy.amendments.get()
    roots = Comment.objects.bulk_create(
        Comment(amendment=amendment, author=anna.user, text=f"Meinung {n}", at=clock.now()) for n in range(number)
    )
    Comment.objects.bulk_create(
        Comment(amendment=amendment, author=anna.user, text="Antwort", at=clock.now(), reply_to=root)
        for root in roots[::2]
    )


def test_list_costs_the_same_for_one_and_for_many(strategy: Strategy, anna: Membership, visitor: Client) -> None:
    submitted(strategy, anna)
    before = _queries(visitor, "/antraege/")
    for n in range(19):
        submitted(strategy, make_person(strategy.city, f"Person{n} Viele"), title=f"Antrag {n}")
    assert _queries(visitor, "/antraege/") == before <= LIST_BUDGET
    assert _queries(visitor, "/antraege/?authors=offices&order=discussed&state=open") <= LIST_BUDGET
    assert _queries(visitor, "/antraege/?q=antrag") <= LIST_BUDGET + 2  # the search's own two
    assert _queries(visitor, "/antraege/?element=L1") <= LIST_BUDGET + 1


def test_page_costs_the_same_for_one_and_for_many_comments(
    strategy: Strategy, anna: Membership, visitor: Client, as_anna: Client
) -> None:
    number = submitted(strategy, anna).pk
    _comments(strategy, anna, 2)
    url = f"/antraege/{number}/"
    before, signed_in = _queries(visitor, url), _queries(as_anna, url)
    _comments(strategy, anna, 100)
    assert _queries(visitor, url) == before <= PAGE_BUDGET
    assert _queries(as_anna, url) == signed_in <= PAGE_BUDGET + 4  # session, person, membership, does she follow


def test_long_discussion_has_pages(strategy: Strategy, anna: Membership, visitor: Client) -> None:
    number = submitted(strategy, anna).pk
    _comments(strategy, anna, 120)
    first, second = (visitor.get(f"/antraege/{number}/?page={n}").context["discussion"] for n in (1, 2))
    assert (len(first.threads), len(second.threads), first.total) == (100, 20, 180)
    assert first.threads[0].replies and not first.threads[1].replies


def test_states_are_grouped_and_drafts_stay_out(strategy: Strategy, cast: Cast, visitor: Client) -> None:
    in_state(State.REJECTED, strategy, cast)
    in_state(State.WITHDRAWN, strategy, cast)
    in_state(State.IN_FORCE, strategy, cast)
    draft(strategy, cast.author, [])
    page = visitor.get("/antraege/")
    counts = {tab["label"]: tab["count"] for tab in page.context["tabs"]}
    assert counts == {"Alle": 3, "Offen": 0, "Angenommen": 1, "Abgelehnt": 1, "Zurückgezogen": 1}
    rows = visitor.get("/antraege/?state=accepted").context["rows"]
    assert [row.amendment.state for row in rows] == [State.IN_FORCE]
    assert "Kein Antrag passt dazu" in visitor.get("/antraege/?state=in_conflict").content.decode()


def test_filters(
    strategy: Strategy, anna: Membership, frida: Membership, olaf: Membership, edda: Membership, visitor: Client
) -> None:
    submitted(strategy, anna, title="Bäume von Anna")
    submitted(strategy, frida, [more_trees(strategy, "vierzig", "M002")], "Beete der Fraktion")
    submitted(strategy, olaf, [Add("neu-1", "measure", "L2", None, {"title": "Radweg"})], "Radweg vom Amt")
    submitted(strategy, edda, title="Bäume der Strategiestelle")

    def shown(query: str) -> set[str]:
        return {row.amendment.title for row in visitor.get(f"/antraege/?{query}").context["rows"]}

    assert shown("authors=residents") == {"Bäume von Anna"}
    assert shown("authors=groups") == {"Beete der Fraktion"}
    assert shown("authors=offices") == {"Radweg vom Amt", "Bäume der Strategiestelle"}
    assert shown("element=M002") == {"Beete der Fraktion"}
    assert shown("element=L2") == {"Radweg vom Amt"}
    assert shown("element=L1&q=baum") == {"Bäume von Anna", "Bäume der Strategiestelle"}
    assert shown("q=m002") == {"Beete der Fraktion"}
    assert shown("q=gibtesnicht") == set()
    assert len(shown("order=oldest&page=99")) == 4
    assert len(shown("state=quatsch&authors=quatsch&order=quatsch&page=-1")) == 4


def test_nobody_has_proposed_anything(strategy: Strategy, visitor: Client) -> None:
    assert "Noch hat niemand etwas vorgeschlagen" in visitor.get("/antraege/").content.decode()


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_every_state_says_what_it_means(strategy: Strategy, cast: Cast, visitor: Client, state: State) -> None:
    amendment = in_state(state, strategy, cast)
    page = visitor.get(f"/antraege/{amendment.pk}/")
    assert page.status_code == 200
    assert page.context["means"] in page.content.decode()
    ended = {State.IN_FORCE, State.WITHDRAWN, State.ALREADY_IN_FORCE}
    assert bool(page.context["next"]) == (state not in ended)
    assert page.context["changes"]
    if state == State.IN_CONFLICT:
        (conflict,) = page.context["conflicts"]
        assert (conflict.key, conflict.label) == ("M001", "Text")
        assert "dreihundert" in conflict.ours and "zweihundert" in conflict.theirs


def test_three_wordings_of_a_modified_amendment(
    strategy: Strategy, anna: Membership, edda: Membership, visitor: Client
) -> None:
    amendment = submitted(strategy, anna)
    ours = more_trees(strategy, "hundertfünfzig")
    recommend_amendment(
        amendment=amendment, by=edda, kind=Recommendation.ACCEPT_MODIFIED, reason="Weil.", changes=[ours]
    )
    url = f"/antraege/{amendment.pk}/"
    html = {w: visitor.get(f"{url}?wording={w}").content.decode() for w in ("proposed", "recommended", "difference")}
    assert "zweihundert" in html["proposed"] and "hundertfünfzig" not in html["proposed"]
    assert "hundertfünfzig" in html["recommended"] and "zweihundert" not in html["recommended"]
    assert "zweihundert" in html["difference"] and "hundertfünfzig" in html["difference"]


def test_split_parts_name_each_other(strategy: Strategy, anna: Membership, edda: Membership, visitor: Client) -> None:
    whole = submitted(strategy, anna, [more_trees(strategy), more_trees(strategy, "vierzig", "M002")])
    part = split_amendment(amendment=whole, by=edda, take=[1], title="Nur die Beete")
    assert "Nur die Beete" in visitor.get(f"/antraege/{whole.pk}/").content.decode()
    page = visitor.get(f"/antraege/{part.pk}/").content.decode()
    assert f'href="/antraege/{whole.pk}/"' in page and "Anna Arndt" in page


def test_reasons_and_comments_are_only_text(strategy: Strategy, anna: Membership, visitor: Client) -> None:
    amendment = submitted(strategy, anna, title="<script>alert(1)</script>")
    comment_on_amendment(amendment=amendment, by=anna, text="<b>fett</b>\n\nhttps://example.org")
    page = visitor.get(f"/antraege/{amendment.pk}/").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert "&lt;b&gt;fett" in page and 'href="https://example.org' not in page


def test_deleted_account_keeps_credit_without_a_name(strategy: Strategy, anna: Membership, visitor: Client) -> None:
    amendment = submitted(strategy, anna)
    comment_on_amendment(amendment=amendment, by=anna, text="Bitte.")
    delete_account(user=anna.person)
    for url in ("/antraege/", f"/antraege/{amendment.pk}/"):
        page = visitor.get(url).content.decode()
        assert "Gelöschtes Konto" in page and "Anna Arndt" not in page


def test_withdraw_asks_first(strategy: Strategy, anna: Membership, as_anna: Client, as_frida: Client) -> None:
    amendment = submitted(strategy, anna)
    url = f"/antraege/{amendment.pk}/zurueckziehen/"
    assert as_frida.post(url)["Location"] == f"/antraege/{amendment.pk}/"
    assert "Diesen Antrag zurückziehen?" in as_anna.get(url).content.decode()
    assert again(amendment).state == State.SUBMITTED
    as_anna.post(url, {"reason": "Überholt."})
    assert again(amendment).state == State.WITHDRAWN


# ---- discussion -------------------------------------------------------------------------------------------


def test_comment_and_reply(strategy: Strategy, anna: Membership, as_frida: Client, visitor: Client) -> None:
    number = submitted(strategy, anna).pk
    url, token = f"/antraege/{number}/kommentare/", str(uuid.uuid4())
    for _ in range(2):
        answer = as_frida.post(url, {"text": "Gute Idee.", "token": token})
    (remark,) = Comment.objects.all()
    assert answer["Location"] == f"/antraege/{number}/#comment-{remark.pk}"
    form = as_frida.get(f"/antraege/{number}/?reply={remark.pk}").content.decode()
    assert 'id="reply-form"' in form and "Sie schreiben für: Fraktion Beispiel" in form
    as_frida.post(url, {"text": "Wirklich.", "token": str(uuid.uuid4()), "reply_to": remark.pk})
    (thread,) = visitor.get(f"/antraege/{number}/").context["discussion"].threads
    assert [reply.text for reply in thread.replies] == ["Wirklich."]


def test_comment_is_refused_and_kept(strategy: Strategy, anna: Membership, as_anna: Client, visitor: Client) -> None:
    url = f"/antraege/{submitted(strategy, anna).pk}/kommentare/"
    assert visitor.post(url, {"text": "x"}).status_code == 302
    assert as_anna.post(url, {"text": " ", "token": str(uuid.uuid4())}).status_code == 422
    assert as_anna.post(url, {"text": "x", "token": str(uuid.uuid4()), "reply_to": "99"}).status_code == 404
    for _ in range(COMMENTS.count):
        COMMENTS.hit(f"{anna.city_id}/{anna.user_id}")
    answer = as_anna.post(url, {"text": "Mein langer Text.", "token": str(uuid.uuid4())})
    assert answer.status_code == 429 and "Mein langer Text." in answer.content.decode()
    assert not Comment.objects.exists()


def test_closed_discussion_takes_no_comment(strategy: Strategy, cast: Cast, as_anna: Client) -> None:
    amendment = in_state(State.REJECTED, strategy, cast)
    page = as_anna.get(f"/antraege/{amendment.pk}/").content.decode()
    assert "Diese Diskussion ist abgeschlossen." in page and 'id="write"' not in page
    as_anna.post(f"/antraege/{amendment.pk}/kommentare/", {"text": "Doch!", "token": str(uuid.uuid4())})
    assert not Comment.objects.exists()


def test_office_removes_a_comment_with_a_reason(
    strategy: Strategy, anna: Membership, as_anna: Client, as_edda: Client, visitor: Client, other_city: City
) -> None:
    amendment = submitted(strategy, anna)
    remark = comment_on_amendment(amendment=amendment, by=anna, text="Sie Esel!")
    url = f"/antraege/{amendment.pk}/kommentare/{remark.pk}/entfernen/"
    assert as_anna.post(url, {"reason": "x"}).status_code == 403
    assert as_edda.post(url, {"reason": ""}).status_code == 200
    assert Comment.objects.get().text == "Sie Esel!"
    as_edda.post(url, {"reason": "Beleidigung."})
    page = visitor.get(f"/antraege/{amendment.pk}/").content.decode()
    assert "Sie Esel!" not in page and "Grund: Beleidigung." in page


def test_removed_comment_is_not_counted(
    strategy: Strategy, anna: Membership, edda: Membership, visitor: Client
) -> None:
    amendment = submitted(strategy, anna)
    remark = comment_on_amendment(amendment=amendment, by=anna, text="Weg damit.")
    comment_on_amendment(amendment=amendment, by=anna, text="Bleibt.")
    remove_comment(comment=remark, by=edda, reason="Doppelt.")
    (row,) = visitor.get("/antraege/").context["rows"]
    assert row.amendment.comment_count == 1


def test_followed_things_are_listed_with_their_titles(strategy: Strategy, cast: Cast, anna: Membership) -> None:
    mine = submitted(strategy, cast.editor, title="Mehr Bäume")
    for thing in ("element:M001", f"amendment:{mine.pk}", "edition:1", "element:M999"):
        follow(user=anna.person, city_id=strategy.city_id, thing=thing)
    client = client_of(anna)
    text = client.get("/chronik/benachrichtigungen/").content.decode()
    assert f"Änderungsantrag {mine.pk}: Mehr Bäume</a>" in text
    assert "Baustein M001: Bäume</a>" in text
    assert "Fassung 1</a>" in text and "Baustein M999</a>" in text
    english = client.get("/en/chronik/benachrichtigungen/").content.decode()
    assert 'Element M001: <span lang="de">Bäume</span></a>' in english


def test_a_draft_is_read_once_to_be_shown(strategy: Strategy, anna: Membership) -> None:
    amendment = draft(strategy, anna)
    client = client_of(anna)
    url = f"/antraege/{amendment.pk}/bearbeiten/"
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    own = f'"strategy_amendment"."id" = {amendment.pk}'
    statements = [query["sql"] for query in captured.captured_queries]
    # its rivals are looked for with NOT (id = …)
    assert len([sql for sql in statements if own in sql and f"NOT ({own}" not in sql]) == 1
