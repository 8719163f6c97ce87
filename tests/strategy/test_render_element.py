"""Renditions: who writes and who reviews them, when they are out of date, and the desk they are written at."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.strategy.amending import Cast, adopt, more_trees, submitted

from kursbuch.domain.framework.schema import FieldError
from kursbuch.identity.models import Membership, Role
from kursbuch.kit import search
from kursbuch.strategy.models import Recommendation, Rendition, Strategy
from kursbuch.strategy.queries import latest_edition
from kursbuch.strategy.queries.renditions import count_states, find_rendering, languages_of, rendition_rows
from kursbuch.strategy.rules import NotAllowed
from kursbuch.strategy.services.discuss_amendment import recommend_amendment
from kursbuch.strategy.services.render_element import render_element

ENGLISH = {"title": "Trees", "text": "The city plants a hundred trees."}


def written(
    strategy: Strategy, by: Membership, key: str = "M001", *, reviewed: bool = False, **fields: str
) -> Rendition:
    version = strategy.versions.at(latest_edition(strategy).ordinal).get(key=key)
    texts = fields or ENGLISH
    return render_element(
        strategy=strategy,
        by=by,
        version=version,
        language="en",
        fields=texts,
        translator="Amt",
        reviewed=reviewed,
    )


def changed(strategy: Strategy, cast: Cast) -> None:
    """The text of M001 moves on."""
    amendment = submitted(strategy, cast.author)
    recommend_amendment(amendment=amendment, by=cast.editor, kind=Recommendation.ACCEPT, reason="Gut.")
    adopt(strategy, cast.clerk, amendment)


def counts(strategy: Strategy) -> dict[str, int]:
    return count_states(rendition_rows(strategy, latest_edition(strategy), ["en"])["en"])


def address(key: str = "M001", language: str = "en") -> str:
    return reverse("rendition-edit", args=[key, language])


# ---- the service -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["edda", "olaf"])
def test_strategy_office_and_offices_write(strategy: Strategy, who: str, request: pytest.FixtureRequest) -> None:
    rendition = written(strategy, request.getfixturevalue(who))
    assert rendition.fields == ENGLISH
    assert search.find(strategy.city_id, "trees", kinds=["rendition"]).total == 1


@pytest.mark.parametrize("who", ["anna", "klara", "adam"])
def test_others_do_not_write(strategy: Strategy, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        written(strategy, request.getfixturevalue(who))


def test_only_the_strategy_office_reviews(strategy: Strategy, edda: Membership, olaf: Membership) -> None:
    with pytest.raises(NotAllowed):
        written(strategy, olaf, reviewed=True)
    assert written(strategy, edda, reviewed=True).reviewed


def test_nobody_writes_in_another_city(
    strategy: Strategy, other_strategy: Strategy, nora: Membership, edda: Membership
) -> None:
    nora.role = Role.EDITOR
    with pytest.raises(NotAllowed):
        written(strategy, nora)
    foreign = other_strategy.versions.get(key="M001")
    with pytest.raises(NotAllowed):
        render_element(strategy=strategy, by=edda, version=foreign, language="en", fields=ENGLISH, translator="")


@pytest.mark.parametrize("fields", [{"title": "  "}, {"quantity": "12"}, {"colour": "green"}])
def test_only_words_can_be_rendered(strategy: Strategy, edda: Membership, fields: dict[str, str]) -> None:
    with pytest.raises(FieldError):
        written(strategy, edda, **fields)


def test_again_replaces_and_a_new_original_makes_it_stale(strategy: Strategy, cast: Cast, edda: Membership) -> None:
    assert counts(strategy)["missing"] == 4
    written(strategy, edda)
    written(strategy, edda, reviewed=True, title="Trees!")
    assert (Rendition.objects.count(), counts(strategy)) == (
        1,
        {"missing": 3, "stale": 0, "unreviewed": 0, "reviewed": 1},
    )
    changed(strategy, cast)
    assert counts(strategy) == {"missing": 3, "stale": 1, "unreviewed": 0, "reviewed": 0}
    found = find_rendering(strategy, latest_edition(strategy), "M001", "en")
    assert found is not None and found.is_stale and found.before is not None
    assert "hundert" in str(found.before["text"])
    written(strategy, edda)
    assert counts(strategy)["unreviewed"] == 1
    assert Rendition.objects.count() == 2  # the old edition keeps its own


def test_languages_are_the_citys_others_and_plain_language(strategy: Strategy) -> None:
    assert languages_of(strategy) == ["en", "de-simple"]


def test_counting_takes_two_queries(
    strategy: Strategy, edda: Membership, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    edition = latest_edition(strategy)
    written(strategy, edda)
    with django_assert_num_queries(2):
        rows = rendition_rows(strategy, edition, ["en", "de-simple"])
    assert [row.key for row in rows["en"]] == ["L1", "M001", "M002", "L2"]


# ---- the pages -------------------------------------------------------------------------------------------


def test_written_on_the_page(strategy: Strategy, as_olaf: Client, olaf: Membership) -> None:
    page = as_olaf.get(address())
    assert "Die Stadt pflanzt hundert Bäume" in page.content.decode()
    assert "reviewed" not in page.context["form"].fields
    of = page.context["form"]["of"].value()
    response = as_olaf.post(
        address(), {"f-title": "Trees", "f-text": "Hundred trees.", "translator": "Amt", "of": of, "reviewed": "on"}
    )
    assert response.status_code == 302
    rendition = Rendition.objects.get()
    assert (rendition.fields["text"], rendition.reviewed, rendition.updated_by_id) == (
        "Hundred trees.",
        False,
        olaf.user_id,
    )


def test_stale_text_is_prefilled_with_what_moved_on(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    written(strategy, cast.editor, reviewed=True)
    changed(strategy, cast)
    page = as_edda.get(address())
    text = page.content.decode()
    assert page.context["form"]["f-text"].value() == ENGLISH["text"]
    assert page.context["form"]["reviewed"].value() is False
    assert "zweihundert</ins>" in text


def test_original_that_moves_on_meanwhile_is_shown_again(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    of = as_edda.get(address()).context["form"]["of"].value()
    changed(strategy, cast)
    response = as_edda.post(address(), {"f-title": "Trees", "f-text": "My words.", "of": of})
    assert response.status_code == 422
    assert "My words." in response.content.decode()
    assert response.context["form"]["of"].value() != of
    assert not Rendition.objects.exists()


def test_empty_text_is_refused(strategy: Strategy, as_edda: Client) -> None:
    of = as_edda.get(address()).context["form"]["of"].value()
    assert as_edda.post(address(), {"f-title": " ", "f-text": "", "of": of}).status_code == 422


@pytest.mark.parametrize(("key", "language"), [("M999", "en"), ("M001", "fr"), ("M001", "de")])
def test_what_is_not_there_is_not_found(strategy: Strategy, as_edda: Client, key: str, language: str) -> None:
    assert as_edda.get(address(key, language)).status_code == 404


def test_list_begins_with_what_is_to_be_done(strategy: Strategy, cast: Cast, as_edda: Client) -> None:
    written(strategy, cast.editor)
    changed(strategy, cast)
    url = reverse("rendition-list")
    assert [row.key for row, _, _ in as_edda.get(url).context["rows"]] == ["M001"]
    missing = as_edda.get(url, {"zustand": "missing"}).context["rows"]
    assert [row.key for row, _, _ in missing] == ["L1", "M002", "L2"]
    assert len(as_edda.get(url, {"zustand": "alle", "sprache": "de-simple"}).context["rows"]) == 4


@pytest.mark.parametrize(("who", "status"), [("as_anna", 403), ("as_klara", 403), ("as_adam", 403), ("visitor", 302)])
def test_pages_are_for_those_who_write(
    strategy: Strategy, who: str, status: int, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(who)
    assert client.get(reverse("rendition-list")).status_code == status
    assert client.get(address()).status_code == status


def test_other_citys_elements_are_not_found(
    strategy: Strategy, other_strategy: Strategy, cast: Cast, as_edda: Client
) -> None:
    changed(strategy, cast)
    written(strategy, cast.editor)
    assert counts(other_strategy)["missing"] == 4
    assert more_trees(other_strategy).key == "M001"
