"""Amendments, comments and the chronicle over the interface: what is public, in parts that fit together."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.test import Client
from tests.api.conftest import Story, get, read
from tests.strategy.amending import draft, submitted

from kursbuch.chronicle.hashing import entry_digest
from kursbuch.chronicle.models import Entry, Seal
from kursbuch.strategy.models import Amendment


def in_parts(client: Client, path: str, then: Any = None) -> list[dict[str, Any]]:
    """All items, two at a time; ``then`` happens after the first part."""
    found: list[dict[str, Any]] = []
    following = f"/api/v1{path}{'&' if '?' in path else '?'}limit=2"
    while following:
        response = get(client, following.partition("/api/v1")[2])
        answer = response.json()  # type: ignore[attr-defined]
        assert len(answer["items"]) <= 2
        assert (response.get("Link", "") != "") == (answer["next"] is not None)
        found += answer["items"]
        following = answer["next"] or ""
        if then:
            then()
            then = None
    return found


def test_lists_what_was_submitted_and_no_draft(story: Story, visitor: Client) -> None:
    listed = read(visitor, "/amendments")["items"]
    assert {one["id"] for one in listed} == set(Amendment.objects.public().values_list("pk", flat=True))
    assert story.draft.pk not in {one["id"] for one in listed}
    for path in (f"/amendments/{story.draft.pk}", f"/amendments/{story.draft.pk}/comments"):
        assert get(visitor, path).status_code == 404


def test_parts_fit_together_when_something_comes_in(story: Story, visitor: Client) -> None:
    before = [one["id"] for one in read(visitor, "/amendments")["items"]]
    found = in_parts(visitor, "/amendments", then=lambda: submitted(story.strategy, story.cast.author, title="Neu"))
    assert [one["id"] for one in found] == before


def test_filters_amendments(story: Story, visitor: Client) -> None:
    submitted_ones = read(visitor, "/amendments?state=submitted")["items"]
    assert [one["id"] for one in submitted_ones] == [story.waiting.pk]
    touching = read(visitor, "/amendments?element=L2")["items"]  # M001 stands below it
    assert {"Noch mehr Bäume", "Radverkehr"} <= {one["title"] for one in touching}
    assert get(visitor, "/amendments?state=draft").status_code == 422
    assert get(visitor, "/amendments?element=M900").status_code == 404


def test_names_offices_instead_of_their_people(story: Story, visitor: Client) -> None:
    by_title = {one["title"]: one for one in read(visitor, "/amendments")["items"]}
    assert by_title["Radverkehr"]["on_behalf_of"] == "Stabsstelle Digitalisierung"
    assert by_title["Radverkehr"]["authors"] == []
    assert by_title["Noch mehr Bäume"]["authors"] == ["Anna Arndt"]
    text = get(visitor, "/amendments").content.decode() + get(visitor, "/chronicle").content.decode()
    assert "Olaf" not in text
    assert "@example.org" not in text


def test_shows_changes_and_recommendation(story: Story, visitor: Client) -> None:
    modified = Amendment.objects.get(title="Kürzer")
    answer = read(visitor, f"/amendments/{modified.pk}")
    assert answer["recommendation"] == {
        "recommendation": "accept_modified",
        "reason": "Kürzer, aber verständlich.",
    }
    assert [one["after"] for one in answer["changes"]] == ["Grün"]
    assert [one["after"] for one in answer["recommended_changes"]] == ["Grüne Stadt"]
    taken = read(visitor, f"/amendments/{Amendment.objects.get(title='Mehr Bäume').pk}")
    assert (taken["state"], taken["edition"], taken["decision"]["body"]) == ("in_force", "2", "Rat")


def test_keeps_removed_comments_silent(story: Story, visitor: Client) -> None:
    comments = in_parts(visitor, f"/amendments/{story.waiting.pk}/comments")
    assert [one["text"] for one in comments] == ["Wer gießt sie?", "Das Umweltamt.", None]
    assert comments[2]["removed_reason"] == "Beleidigung"
    assert comments[1]["reply_to"] == comments[0]["id"]
    assert comments[1]["on_behalf_of"] == "Stabsstelle Digitalisierung"


def test_tells_public_entries_only(story: Story, visitor: Client) -> None:
    draft(story.strategy, story.cast.author, title="Noch ein Entwurf")
    entries = in_parts(visitor, "/chronicle")
    assert [one["id"] for one in entries] == list(
        Entry.objects.of(story.strategy.city_id).public().order_by("-pk").values_list("pk", flat=True)
    )
    assert Entry.objects.filter(verb="amendment_drafted").exists()
    assert "amendment_drafted" not in {one["verb"] for one in entries}
    about = in_parts(visitor, "/chronicle?thing=element:M002")
    assert about
    assert all("element:M002" in one["about"] for one in about)


def test_entries_can_be_recomputed(story: Story, visitor: Client) -> None:
    city = read(visitor, "/chronicle/seals")["city"]
    rows = {entry.pk: entry for entry in Entry.objects.all()}
    for one in read(visitor, "/chronicle")["items"]:
        computed = entry_digest(
            city=city,
            at=rows[one["id"]].at,
            verb=one["verb"],
            thing=one["thing"],
            because=one["because"] or "",
            summary=one["summary"],
            data=one["data"],
            public=True,
            mentions=one["about"],
            personal=one["personal_digest"] or "",
        )
        assert computed == one["digest"]


def test_lists_seals_with_their_chain(story: Story, visitor: Client) -> None:
    seals = in_parts(visitor, "/chronicle/seals")
    assert [one["number"] for one in seals] == list(range(Seal.objects.count(), 0, -1))
    for later, earlier in pairwise(seals):
        assert later["previous"] == earlier["digest"]


def test_erased_people_have_no_name(story: Story, visitor: Client) -> None:
    Entry.objects.filter(actor=story.cast.author.person).forget_personal_part()
    actors = {one["actor"]["kind"]: one["actor"]["name"] for one in read(visitor, "/chronicle")["items"]}
    assert actors["deleted"] is None
    assert "person:" not in get(visitor, "/chronicle").content.decode()


def test_refuses_cursors_of_another_list(story: Story, visitor: Client) -> None:
    cursor = read(visitor, "/amendments?limit=1")["next"].partition("cursor=")[2]
    for path in ("/chronicle", "/editions", "/elements", "/chronicle/seals"):
        response = get(visitor, f"{path}?cursor={cursor}")
        assert response.status_code == 422
        assert response.json()["errors"][0]["place"] == "query.cursor"  # type: ignore[attr-defined]
