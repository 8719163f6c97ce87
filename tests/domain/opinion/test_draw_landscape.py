"""A landscape depends on stances alone: not on their order, on names, on threads, or on who added them up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests import real_data
from tests.domain.opinion.conversations import adjusted_rand_index, conversations, dense, invented, projected

from kursbuch.domain.opinion.frame import learn
from kursbuch.domain.opinion.grouping import group_votes
from kursbuch.domain.opinion.landscape import Landscape, Overview, landscape
from kursbuch.domain.opinion.partial import partial
from kursbuch.domain.opinion.polis_csv import moderated_out, read_participants, read_statements, read_votes
from kursbuch.domain.opinion.settings import Moderation, Settings
from kursbuch.domain.opinion.stances import Stance, Stances, stances_of

SEEDS = st.integers(0, 2**32 - 1)


def clear(seed: int, people: int = 200, statements: int = 20) -> Stances:
    return invented(np.random.default_rng(seed), people, statements, taken=0.7)


def told_apart(found: Landscape) -> bool:
    """Whether the second axis stands out, and nobody stands on a border: else rounding may decide."""
    first, second = found.frame.components.variances
    if not first * 0.98 > second > 1e-3 * first or found.frame.clustering.k < 2:
        return False
    apart = np.sort(np.hypot(*(found.coordinates[:, None] - found.centres[None]).T).T, axis=1)
    return bool((apart[:, 1] - apart[:, 0]).min() > 1e-9)


@given(conversations(), st.data())
def test_everybody_stands_where_the_dense_matrix_says(stances: Stances, data: st.DataObject) -> None:
    out = data.draw(st.sets(st.integers(0, stances.shape[1] - 1), max_size=3))
    found = landscape(stances, moderation=Moderation.of(out), settings=Settings(minimum_group=1))
    places = projected(dense(stances), found.frame.left_out, found.axes)
    assert found.coordinates == pytest.approx(places, abs=1e-11)
    counted = np.diff(stances.starts) >= min(7, stances.shape[1])
    inside = found.labels >= 0
    assert inside.sum() == max(counted.sum(), min(15, len(counted)))
    assert inside[counted].all()
    numbers = np.sort(found.frame.numbers)
    apart = np.hypot(*(places[inside, None] - found.centres[None]).T).T
    own = apart[np.arange(len(apart)), np.searchsorted(numbers, found.labels[inside])]
    assert (own <= apart.min(axis=1, initial=np.inf) + 1e-9).all()
    for group in found.groups:
        matrix = dense(stances)[found.labels == group.number]
        assert group.size == len(matrix)
        assert np.array_equal(group.votes, np.stack([(matrix == value).sum(axis=0) for value in (-1, 0, 1)], axis=1))


@given(SEEDS, st.integers(0, 3))
def test_neither_names_nor_order_matter(seed: int, out: int) -> None:
    """People and statements get other ids, so rows and columns another order: the picture is the same."""
    stances, chance = clear(seed), np.random.default_rng(seed)
    moderation = Moderation.of(range(out))
    found = landscape(stances, moderation=moderation)
    assume(told_apart(found))
    new_people, new_statements = chance.permutation(len(stances.people)) * 7, chance.permutation(20) * 3 + 5
    rows = np.repeat(np.arange(len(stances.people)), np.diff(stances.starts))
    order = chance.permutation(len(stances))
    renamed = stances_of(new_people[rows][order], new_statements[stances.statements][order], stances.values[order])
    again = landscape(renamed, moderation=Moderation.of(new_statements[:out].tolist()))
    places = again.coordinates[np.searchsorted(again.people, new_people)]
    assert np.abs(places) == pytest.approx(np.abs(found.coordinates), abs=1e-9)
    labels = again.labels[np.searchsorted(again.people, new_people)]
    assert adjusted_rand_index(labels[labels >= 0], found.labels[found.labels >= 0]) == pytest.approx(1.0)
    columns = np.searchsorted(again.statement_ids, new_statements)
    for name in ("means", "extremity", "group_aware_consensus", "priorities"):
        assert getattr(again, name)[columns] == pytest.approx(getattr(found, name), abs=1e-9)


def test_threads_change_no_bit() -> None:
    stances = invented(np.random.default_rng(4), 40_000, 12, taken=0.8)
    alone, together = (landscape(stances, settings=Settings(threads=threads)) for threads in (1, 4))
    assert np.array_equal(alone.labels, together.labels)
    assert np.array_equal(alone.coordinates, together.coordinates)
    assert np.array_equal(alone.group_votes, together.group_votes)
    assert alone.group_votes.sum() == stances.starts[-1] - np.diff(stances.starts)[alone.labels < 0].sum()


@given(SEEDS, st.integers(2, 4))
def test_shards_add_up_to_the_same_landscape(seed: int, shards: int) -> None:
    """Partials of shards are merged, a frame is learned, and the shards' votes are added: bit for bit the same."""
    stances, settings = clear(seed, people=150), Settings(learners=100)
    whole = landscape(stances, settings=settings)
    shard = np.random.default_rng(seed).integers(0, shards, len(stances.people))
    parts = [stances.rows(np.flatnonzero(shard == each)) for each in range(shards)]
    together = partial(parts[0], settings)
    for part in parts[1:]:
        together = together + partial(part, settings)
    together = together.settled(settings)
    frame = learn(together, Moderation(), settings)
    votes = group_votes(parts[0], frame, settings)
    for part in parts[1:]:
        votes = votes + group_votes(part, frame, settings)
    found = Overview(Moderation(), settings, together, frame, votes)
    assert np.array_equal(found.centres, whole.centres)
    assert [group.size for group in found.groups] == [group.size for group in whole.groups]
    assert [group.says for group in found.groups] == [group.says for group in whole.groups]
    assert np.array_equal(found.priorities, whole.priorities)
    assert found.bridges() == whole.bridges()


@given(SEEDS, st.floats(0, 6.28), st.booleans())
def test_a_former_picture_keeps_orientation_and_colours(seed: int, angle: float, mirrored: bool) -> None:
    """However the former picture was turned and coloured, the next one of the same stances looks like it."""
    stances = clear(seed)
    plain = landscape(stances)
    assume(told_apart(plain))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag(
        [1, -1 if mirrored else 1]
    )
    numbers = np.array([4, 1, 3, 0, 2], dtype=np.int8)[: plain.frame.clustering.k]
    former = Overview(
        plain.moderation, plain.settings, plain.partial, replace(plain.frame, view=turn, numbers=numbers), plain.votes
    )
    found = landscape(stances, previous=former)
    assert found.coordinates == pytest.approx(plain.coordinates @ turn.T, abs=1e-9)
    assert np.array_equal(found.labels[found.labels >= 0], numbers[plain.labels[plain.labels >= 0]])
    assert [group.number for group in found.groups] == sorted(numbers.tolist())
    for group in found.groups:
        inside = found.coordinates[found.labels == group.number]
        assert np.abs(inside.mean(axis=0) - group.centre).max() < 1e-6


def test_a_vanished_colour_is_free_again_later() -> None:
    """Three groups become two and then three: whoever stayed keeps the colour, the new one takes the one set free."""
    settings = Settings(minimum_group=1)
    three = clear(3)
    first = landscape(three, settings=settings)
    assert [group.number for group in first.groups] == [0, 1, 2]
    stay = first.labels != 1
    second = landscape(three.rows(np.flatnonzero(stay)), settings=replace(settings, most_groups=2), previous=first)
    assert [group.number for group in second.groups] == [0, 2]
    third = landscape(three, settings=settings, previous=second)
    assert [group.number for group in third.groups] == [0, 1, 2]
    assert np.array_equal(third.labels, first.labels)


def test_moderation_takes_a_statement_out_of_everything() -> None:
    stances = clear(1)
    found = landscape(stances, moderation=Moderation.of(out=[2, 5, 99], meta=[7]))
    assert found.frame.left_out.nonzero()[0].tolist() == [2, 5]
    assert not found.axes[:, [2, 5]].any()
    assert not found.means[[2, 5]].any()
    assert not found.priorities[[2, 5]].any()
    assert found.priorities[7] == 49.0
    named = {each.statement for group in found.groups for each in group.says}
    named |= {each.statement for each in (*found.bridges(99), *found.divides(99))}
    named |= {each.statement for stance in (Stance.AGREE, Stance.DISAGREE) for each in found.consensus(stance, 99)}
    assert named
    assert not named & {2, 5}


def test_priorities_differ() -> None:
    """All of them were 49 once, in production, and nobody noticed."""
    found = landscape(clear(2))
    assert len(set(np.round(found.priorities, 9).tolist())) == 20


@pytest.mark.parametrize("people", [0, 1, 5])
def test_hardly_anybody_is_a_landscape_too(people: int) -> None:
    found = landscape(clear(1).rows(np.arange(people)))
    assert found.coordinates.shape == (people, 2)
    assert [group.size for group in found.groups] == ([people] if people else [])
    assert found.base_clusters[1].sum() == people


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("vtaiwan.uberx", 0.8),
        ("15-per-hour-seattle", 0.8),
        ("brexit-consensus", 0.6),
        ("scoop-hivemind.biodiversity", 0.9),
    ],
)
def test_groups_are_like_those_polis_published(name: str, alike: float) -> None:
    """Polis's groups depend on how a conversation went, so they can be alike only."""
    folder = real_data.find("opinion", "polis", name)
    stances = read_votes((folder / "votes.csv").read_bytes()).stances()
    out = moderated_out(read_statements((folder / "comments.csv").read_bytes()))
    theirs = read_participants((folder / "participants-votes.csv").read_bytes())
    found = landscape(stances, moderation=Moderation.of(out.tolist()))
    ours = found.labels[np.searchsorted(found.people, theirs.stances.people)]
    both = (ours >= 0) & (theirs.groups >= 0)
    assert both.sum() > 100
    assert adjusted_rand_index(ours[both], theirs.groups[both]) > alike
