"""A process keeps the trees of editions, and nothing but what their digests stand for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries
from tests.strategy.amending import Cast, in_state

from kursbuch.domain.framework.digest import digest
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.strategy.models import Edition, State, Strategy
from kursbuch.strategy.queries import latest_edition, load_edition, tree, tree_of


@pytest.fixture(autouse=True)
def _knows_nothing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tree, "_trees", tree._Trees(most=2))
    yield
    forget()


def forget() -> None:
    tree._trees._kept.clear()
    tree._kept.clear()


def test_an_edition_is_read_once(strategy: Strategy, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    edition = latest_edition(strategy)
    forget()
    with django_assert_num_queries(1):
        first = load_edition(edition)
        assert [version.key for version in first.versions] == [element.key for _, element in first.tree.walk()]
    with django_assert_num_queries(0):
        again = load_edition(edition)
        assert again.tree is first.tree
    with django_assert_num_queries(1):  # its rows are asked for when somebody needs them
        assert again.versions == first.versions
        assert again.version("M001") == first.version("M001")


def test_what_is_kept_is_what_the_rows_say(strategy: Strategy, other_strategy: Strategy, cast: Cast) -> None:
    in_state(State.IN_FORCE, strategy, cast)
    for edition in (*strategy.editions.all(), *other_strategy.editions.all()):
        rows = edition.strategy.versions.at(edition.ordinal)
        for _ in range(2):
            loaded = load_edition(edition)
            assert loaded.edition == edition
            assert loaded.tree == tree_of(rows)
            assert {version.pk for version in loaded.versions} == {row.pk for row in rows}


def test_what_was_altered_behind_our_back_is_not_kept(strategy: Strategy) -> None:
    edition = latest_edition(strategy)
    rows = strategy.versions.filter(key="M001")
    sound = rows.get().fields
    altered = {**sound, "text": "Die Stadt pflanzt keine Bäume."}

    def said() -> object:
        return load_edition(edition).tree["M001"].fields["text"]

    forget()
    QuerySet.update(rows, fields=altered)
    assert said() == altered["text"]
    QuerySet.update(rows, fields=sound)
    assert said() == sound["text"]
    QuerySet.update(rows, fields=altered)
    assert said() == sound["text"]  # what was adopted is known by now


def test_only_the_trees_used_last_are_kept() -> None:
    trees = tree._Trees(most=2)
    one, two, three = Tree(), Tree(), Tree()
    trees.keep("one", one)
    trees.keep("two", two)
    assert trees.get("one") is one  # used again, so it stays
    trees.keep("three", three)
    assert trees.get("two") is None
    assert (trees.get("one"), trees.get("three")) == (one, three)


def test_digests_name_the_trees(strategy: Strategy) -> None:
    edition = Edition.objects.get(strategy=strategy)
    assert digest(load_edition(edition).tree) == edition.digest
    assert tree._trees.get(edition.digest) is load_edition(edition).tree
