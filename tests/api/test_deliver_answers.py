"""How answers come: entity tags, problems from every layer, other origins, nobody's cookies, few queries, one city."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from tests.api.conftest import Story, count_queries, get, read
from tests.personas import visitor_of
from tests.strategy.amending import make_strategy, submitted
from tests.strategy.reading_story import at

from kursbuch.api import delivery
from kursbuch.chronicle.services import seal_entries
from kursbuch.city.models import City
from kursbuch.kit import clock
from kursbuch.kit.limits import ReadingLimit
from kursbuch.strategy.services.discuss_amendment import comment_on_amendment

LISTS = ["/strategy", "/editions", "/elements", "/amendments", "/chronicle", "/chronicle/seals", "/differences?from=1"]


@pytest.mark.parametrize("path", LISTS)
def test_unchanged_answers_are_not_sent_again(story: Story, visitor: Client, path: str) -> None:
    first = get(visitor, path)
    assert first["Cache-Control"] == "public, no-cache"
    anew = get(visitor, path, if_none_match=first["ETag"])
    kept = visitor.get(f"/api/v1{path}", headers={"if-none-match": first["ETag"]})
    for again in (anew, kept):
        assert again.status_code == 304
        assert again.content == b""
        assert again["ETag"] == first["ETag"]


def test_tag_moves_on_with_chronicle_day_and_address(story: Story, visitor: Client) -> None:
    tags = {get(visitor, path)["ETag"] for path in LISTS}
    assert len(tags) == len(LISTS)
    before = get(visitor, "/amendments")["ETag"]
    with clock.at(at("2099-01-01")):
        assert get(visitor, "/amendments")["ETag"] != before
    comment_on_amendment(amendment=story.waiting, by=story.cast.author, text="Noch etwas.")
    response = get(visitor, "/amendments", if_none_match=before)
    assert response.status_code == 200
    assert response["ETag"] != before


def test_sealing_alone_changes_no_tag(story: Story, visitor: Client) -> None:
    comment_on_amendment(amendment=story.waiting, by=story.cast.author, text="Noch etwas.")
    before = get(visitor, "/amendments")["ETag"]
    seal_entries(story.strategy.city_id)
    assert get(visitor, "/amendments")["ETag"] == before


def test_not_modified_costs_one_query(
    story: Story, visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tag = get(visitor, "/elements")["ETag"]
    with django_assert_num_queries(1):  # for the city and its revision
        assert get(visitor, "/elements", if_none_match=tag).status_code == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/editions/1/", 404),
        ("/amendments/x", 404),
        ("/amendments/99999999999999999999", 404),
        ("/elements?limit=0", 422),
        ("/elements?limit=201", 422),
        ("/elements?limit=1_0", 422),
        ("/elements?on=2024-02-30", 422),
        ("/elements?on=1700000000", 422),
        ("/elements?unknown=1", 422),
        ("/elements?kind=a&kind=b", 422),
        ("/elements?cursor=abcd", 422),
        ("/elements?cursor=%00", 422),
        ("/differences", 422),
        ("/differences?from=2024-13-01", 422),
        ("/chronicle?thing=nothing:1", 404),
        ("/chronicle?thing=person:x", 404),
    ],
)
def test_mistakes_are_problems(story: Story, visitor: Client, path: str, status: int) -> None:
    response = get(visitor, path)
    problem = json.loads(response.content)
    assert (response.status_code, problem["status"]) == (status, status)
    assert response["Content-Type"] == "application/problem+json"
    assert problem["type"].startswith("/api/#problem-")
    assert problem["title"]
    assert problem["detail"]
    assert "ETag" not in response
    if status == 422:
        assert all(one["place"].startswith("query.") for one in problem["errors"])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(story: Story, visitor: Client, method: str) -> None:
    response = getattr(visitor, method)("/api/v1/elements")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response["Content-Type"] == "application/problem+json"


def test_questions_are_limited_for_each_reader(
    story: Story, visitor: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.BEHIND_PROXY = True
    monkeypatch.setattr(delivery, "ANSWERS", ReadingLimit("api_answers", count=2, per=timedelta(minutes=1)))
    ask = partial(get, visitor, "/strategy")
    with clock.at(at("2026-03-01")):
        tag = ask(x_forwarded_for="192.0.2.1")["ETag"]
        assert ask(x_forwarded_for="192.0.2.1").status_code == 200
        refused = ask(x_forwarded_for="192.0.2.1")
        assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
        assert json.loads(refused.content)["type"] == "/api/#problem-too-many-requests"
        assert refused["Retry-After"] == "30"
        assert "Retry-After" in refused["Access-Control-Expose-Headers"]
        assert "ETag" not in refused
        assert ask(x_forwarded_for="192.0.2.2").status_code == 200
        # what costs nothing stays possible: an unchanged answer, and one from memory
        assert ask(x_forwarded_for="192.0.2.1", if_none_match=tag).status_code == 304
        assert visitor.get("/api/v1/strategy", headers={"x-forwarded-for": "192.0.2.2"}).status_code == 200
        assert visitor.get("/api/v1/strategy", headers={"x-forwarded-for": "192.0.2.1"}).status_code == 200


def test_failures_are_problems_and_logged_once(
    story: Story, visitor: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("kursbuch.api.operations.asked.strategy_of", fail)
    visitor.raise_request_exception = False
    response = get(visitor, "/strategy")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert b"secret" not in response.content
    assert [record.getMessage() for record in caplog.records] == ["Internal Server Error: /api/v1/strategy"]


def test_other_origins_may_ask(story: Story, visitor: Client) -> None:
    assert get(visitor, "/strategy")["Access-Control-Allow-Origin"] == "*"
    assert get(visitor, "/nothing")["Access-Control-Allow-Origin"] == "*"
    before = visitor.options("/api/v1/elements", headers={"Origin": "https://data.example"})
    assert before.status_code == 204
    assert "If-None-Match" in before["Access-Control-Allow-Headers"]


def test_head_is_get_without_content(story: Story, visitor: Client) -> None:
    whole, head = get(visitor, "/strategy"), visitor.head("/api/v1/strategy")
    assert head.content == b""
    assert head["ETag"] == whole["ETag"]
    assert int(head["Content-Length"]) == len(whole.content)


def test_who_asks_makes_no_difference(story: Story, visitor: Client, as_anna: Client) -> None:
    for path in LISTS:
        hers, anybodys = get(as_anna, path), get(visitor, path)
        assert hers.content == anybodys.content
        assert hers["ETag"] == anybodys["ETag"]
        assert hers["Vary"] == "Accept-Encoding"
        assert not hers.cookies
    assert get(as_anna, f"/amendments/{story.draft.pk}").status_code == 404  # her own draft


def test_each_host_answers_for_its_city(story: Story, visitor: Client, other_city: City) -> None:
    elsewhere = visitor_of(other_city)
    assert get(elsewhere, "/strategy").status_code == 404
    make_strategy(other_city)
    assert read(elsewhere, "/amendments")["items"] == []
    assert {one["number"] for one in read(elsewhere, "/editions")["items"]} == {"1"}
    assert get(elsewhere, f"/amendments/{story.waiting.pk}").status_code == 404
    assert get(elsewhere, f"/amendments/{story.waiting.pk}/comments").status_code == 404
    assert get(elsewhere, "/editions/2").status_code == 404
    ids = {one["id"] for one in read(elsewhere, "/chronicle")["items"]}
    assert ids
    assert not ids & {one["id"] for one in read(visitor, "/chronicle")["items"]}


def test_unknown_host_is_a_problem(story: Story) -> None:
    response = get(Client(headers={"host": "nowhere.example"}), "/strategy")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert "no city" in response.json()["detail"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/strategy", 5),
        ("/editions", 3),
        ("/editions/2", 4),
        ("/elements", 5),
        ("/elements?language=en&limit=2", 5),
        ("/elements/M001", 7),
        ("/elements/M001/proof", 6),
        ("/differences?from=1&to=2", 5),
        ("/amendments", 6),
        ("/amendments?element=L2", 9),
        ("/chronicle", 5),
        ("/chronicle/seals", 3),
    ],
)
def test_queries_do_not_grow_with_rows(story: Story, visitor: Client, path: str, most: int) -> None:
    before = count_queries(visitor, path)
    assert before <= most
    for number in range(3):
        amendment = submitted(story.strategy, story.cast.author, title=f"Antrag {number}")
        comment_on_amendment(amendment=amendment, by=story.cast.editor, text="Aha.")
        seal_entries(story.strategy.city_id)
    assert count_queries(visitor, path) == before


def test_discussion_needs_a_fixed_number_of_queries(story: Story, visitor: Client) -> None:
    one, comments = f"/amendments/{story.waiting.pk}", f"/amendments/{story.waiting.pk}/comments"
    before = count_queries(visitor, one), count_queries(visitor, comments)
    for author in (story.cast.author, story.cast.editor, story.cast.clerk):
        comment_on_amendment(amendment=story.waiting, by=author, text="Noch etwas.")
    assert (count_queries(visitor, one), count_queries(visitor, comments)) == before
    assert max(before) <= 7
