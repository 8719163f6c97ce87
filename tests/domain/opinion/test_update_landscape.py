"""A landscape kept up to date equals one drawn anew from all stances, bit for bit, however they came in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.opinion.conversations import invented

from kursbuch.domain.opinion import landscape as module
from kursbuch.domain.opinion.grouping import drift
from kursbuch.domain.opinion.landscape import Landscape, landscape, update
from kursbuch.domain.opinion.settings import Moderation, Settings
from kursbuch.domain.opinion.stances import Stances, merged, stances_of

SEEDS = st.integers(0, 2**32 - 1)


def assert_the_same(found: Landscape, expected: Landscape) -> None:
    """Everything, to the last bit, colours and orientation included."""
    for name in ("people", "statement_ids", "counts", "labels", "coordinates", "centres", "axes", "group_votes"):
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name
    assert np.array_equal(found.partial.sums.pairs, expected.partial.sums.pairs)
    assert found.partial.sums.counted == expected.partial.sums.counted
    assert [(group.number, group.size, group.says) for group in found.groups] == [
        (group.number, group.size, group.says) for group in expected.groups
    ]
    assert np.array_equal(found.priorities, expected.priorities)
    assert found.frame.clustering.silhouettes == expected.frame.clustering.silhouettes


def assert_the_same_plainly(found: Landscape, expected: Landscape) -> None:
    """All but colours and orientation: the groups are the same people, the plain centres the same bits."""
    assert np.array_equal(found.frame.components.axes, expected.frame.components.axes)
    assert np.array_equal(found.frame.clustering.centres, expected.frame.clustering.centres)
    for ours, theirs in zip(found.frame.numbers, expected.frame.numbers, strict=True):
        assert np.array_equal(found.labels == ours, expected.labels == theirs)


def some(chance: np.random.Generator, many: int, people: int, statements: int) -> Stances:
    return stances_of(
        chance.integers(0, people, many), chance.integers(0, statements, many), chance.integers(-1, 2, many)
    )


@given(
    SEEDS,
    st.integers(1, 120),
    st.sampled_from([3, 12, 30]),
    st.sampled_from([20, 16_384]),
    st.integers(0, 2),
    st.sampled_from([0, 4]),
    st.sampled_from([1, 100_000]),
)
def test_equals_drawing_anew(seed, people, statements, learners, out, more_statements, shelf) -> None:
    """People change their minds and come in, also with further statements; changed rows are put away or not."""
    chance = np.random.default_rng(seed)
    everything = invented(chance, people, statements, taken=0.7)
    settings = Settings(learners=learners, base_clusters=15, least_people=15, minimum_group=2)
    found = landscape(everything, moderation=Moderation.of(range(out)), settings=settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SHELF", shelf)
        for turn in range(4):
            new = some(
                chance, int(chance.integers(1, 25)), people + 5 * turn, statements + more_statements * (turn == 2)
            )
            former, everything = found, merged(everything, new)
            found = update(former, new)
            anew = landscape(everything, moderation=former.moderation, settings=settings, previous=former)
            assert_the_same(found, anew)
            assert_the_same_plainly(found, landscape(everything, moderation=former.moderation, settings=settings))


@given(SEEDS, st.integers(1, 5))
def test_neither_order_nor_batches_matter(seed: int, batches: int) -> None:
    """The same final stances in batches cut and ordered at will, with other words in between: the same landscape."""
    chance = np.random.default_rng(seed)
    base, new = invented(chance, 80, 15, taken=0.8), some(chance, 60, 90, 15)
    people, statements = np.repeat(new.people, np.diff(new.starts)), new.statement_ids[new.statements]
    batch = chance.integers(0, batches, len(new))
    found = landscape(base)
    for each in range(batches):
        who, what, said = people[batch == each], statements[batch == each], new.values[batch == each]
        found = update(update(found, stances_of(who, what, -said)), stances_of(who, what, said))
    assert_the_same_plainly(found, landscape(merged(base, new)))


def test_only_people_near_a_border_are_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 20,000 people nine in ten need no second look after ten new stances, and the result is the same."""
    everything = invented(np.random.default_rng(1), 20_000, 40, taken=0.5)
    former = landscape(everything)
    new = some(np.random.default_rng(2), 10, 20_000, 40)
    found = update(former, new)
    assert found.clock > 0
    assert (found.base.slack <= found.clock).sum() == 0
    assert (former.base.slack <= found.clock).sum() < 2_000
    assert np.array_equal(former.base.labels, landscape(everything).labels)  # the former one stays as it was
    assert_the_same(found, landscape(merged(everything, new), previous=former))


def test_nobody_moves_farther_than_the_drift() -> None:
    """The bound that spares a second look holds for everybody, and is not without use."""
    everything = invented(np.random.default_rng(5), 3_000, 30, taken=0.6)
    former = landscape(everything)
    changed = landscape(merged(everything, some(np.random.default_rng(6), 200, 3_000, 30)), previous=former)
    bound = drift(former.frame, changed.frame)

    def gaps(found: Landscape) -> np.ndarray:
        places = found.frame.places(everything)
        apart = np.sort(np.hypot(*(places[:, None] - found.centres[None]).T).T, axis=1)
        return apart[:, 1] - apart[:, 0]

    moved = np.abs(gaps(changed) - gaps(former)).max()
    assert 0 < moved <= bound < 100 * moved


def test_colours_and_orientation_stay_while_a_conversation_grows() -> None:
    """From 150 people to 600 in steps: whoever stays in a group keeps its colour, and the map does not flip."""
    everybody = invented(np.random.default_rng(8), 600, 25, taken=0.7)
    found = landscape(everybody.rows(np.arange(150)))
    for people in range(200, 601, 50):
        former = found
        found = update(former, everybody.rows(np.arange(people - 50, people)))
        before, after = former.labels, found.labels[: len(former.labels)]
        inside = (before >= 0) & (after >= 0)
        assert (before[inside] == after[inside]).mean() > 0.9
        places, now = former.coordinates[inside], found.coordinates[: len(former.labels)][inside]
        assert (places * now).sum() > 0.9 * np.sqrt((places**2).sum() * (now**2).sum())


def test_nothing_new_changes_nothing() -> None:
    former = landscape(invented(np.random.default_rng(1), 50, 10))
    assert update(former, stances_of([], [], [])) is former


def test_the_same_word_again_changes_no_bit() -> None:
    everything = invented(np.random.default_rng(1), 200, 10)
    former = landscape(everything)
    assert_the_same(update(former, everything.rows(np.arange(3))), former)
