"""Clusters in the plane: nobody is nearer to another centre, and chance finds nothing better."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.domain.opinion.conversations import Array

from kursbuch.domain.opinion import clusters_kernel as kernel
from kursbuch.domain.opinion.clusters import base_clusters, cluster
from kursbuch.domain.opinion.settings import Settings

SEEDS = st.integers(0, 2**32 - 1)


def camps(seed: int, people: int, groups: int = 4, spread: float = 1.0) -> Array:
    chance = np.random.default_rng(seed)
    return chance.standard_normal((groups, 2))[
        chance.integers(0, groups, people)
    ] * 4 + spread * chance.standard_normal((people, 2))


def distances(points: Array, centres: Array) -> Array:
    return np.sqrt(((points[:, None] - centres[None]) ** 2).sum(axis=2))


@given(SEEDS, st.integers(1, 3 * kernel.BLOCK), st.integers(1, 20), st.sampled_from([1, 2, 100]), st.booleans())
def test_settles_as_the_algorithm_does_written_plainly(seed, people, clusters, rounds, on_a_grid) -> None:
    """Lloyd's algorithm written plainly, also with many points on one spot and equally far from two centres."""
    points = camps(seed, people)
    points = np.round(points) if on_a_grid else points
    weights = np.random.default_rng(seed).integers(1, 5, people).astype(float)
    centres, labels = points[np.arange(clusters) % people].copy(), np.zeros(people, dtype=np.int64)
    plain = centres.copy()
    inertia = kernel.lloyd(points, weights, centres, labels, rounds)
    for _ in range(rounds):
        nearest = distances(points, plain).argmin(axis=1)
        before = plain.copy()
        for each in set(nearest.tolist()):
            inside = nearest == each
            plain[each] = (weights[inside, None] * points[inside]).sum(axis=0) / weights[inside].sum()
        if np.abs(plain - before).max() == 0:
            break
    apart = distances(points, centres)
    assert centres == pytest.approx(plain, abs=1e-6) or on_a_grid
    assert (apart[np.arange(people), labels] <= apart.min(axis=1) + 1e-12).all()
    assert inertia == pytest.approx((weights * apart.min(axis=1) ** 2).sum(), rel=1e-9, abs=1e-9)


@given(SEEDS, st.integers(2, 60), st.integers(2, 5))
def test_silhouette_is_that_of_people_on_one_spot(seed: int, many: int, clusters: int) -> None:
    chance = np.random.default_rng(seed)
    points, weights = chance.standard_normal((many, 2)), chance.integers(1, 4, many)
    labels = chance.integers(0, clusters, many)
    people, theirs = np.repeat(points, weights, axis=0), np.repeat(labels, weights)
    apart = distances(people, people)
    expected = []
    for person, own in enumerate(theirs):
        inside = theirs == own
        if inside.sum() == 1 or len(set(theirs.tolist())) == 1:
            expected.append(0.0)
            continue
        within = apart[person, inside].sum() / (inside.sum() - 1)
        beyond = min(apart[person, theirs == other].mean() for other in set(theirs.tolist()) - {own})
        expected.append((beyond - within) / max(within, beyond) if max(within, beyond) > 0 else 0.0)
    found = kernel.silhouette(points, weights.astype(float), labels, clusters)
    assert found == pytest.approx(np.mean(expected), abs=1e-12)


@pytest.mark.parametrize("people", [60, 300, 3_000])
def test_finds_no_worse_groups_than_fifty_tries_of_chance(people: int) -> None:
    """For any number of groups, to a thousandth; on the whole none worse at all."""
    ratios = []
    for seed in range(6):
        points = camps(seed, people)
        chance = np.random.default_rng(seed)
        for k in (2, 3, 4, 5):
            found = cluster(points, Settings(most_groups=k, minimum_group=1))
            tried = [
                kernel.lloyd(
                    points,
                    np.ones(people),
                    points[chance.choice(people, found.k, replace=False)].copy(),
                    np.zeros(people, dtype=np.int64),
                    300,
                )
                for _ in range(50)
            ]
            ratios.append(found.inertia / min(tried))
    assert max(ratios) < 1.001
    assert np.mean(ratios) < 1.00001


@given(SEEDS, st.integers(4, 60), st.integers(2, 4))
def test_no_single_move_lessens_the_inertia(seed: int, people: int, clusters: int) -> None:
    points = camps(seed, people)
    centres, labels = points[:clusters].copy(), np.zeros(people, dtype=np.int64)
    before = kernel.lloyd(points, np.ones(people), centres, labels, 300)
    moves = kernel.exchange(points, centres, labels, 100)

    def inertia(of: NDArray[np.int64]) -> float:
        inside = [points[of == each] for each in range(clusters)]
        return sum(float(((each - each.mean(axis=0)) ** 2).sum()) for each in inside if len(each))

    reached = inertia(labels)
    assert reached == pytest.approx(before, rel=1e-12) if not moves else reached <= before
    for person in range(people):
        for other in range(clusters):
            moved = labels.copy()
            moved[person] = other
            if (labels == labels[person]).sum() > 1:
                assert inertia(moved) >= reached - 1e-9


@given(SEEDS, st.integers(0, 400), st.integers(1, 60))
def test_base_clusters_hold_everybody(seed: int, people: int, most: int) -> None:
    points = camps(seed, people)
    found = base_clusters(points, Settings(base_clusters=most, least_people=1, learners=400))
    assert found.weights.sum() == people == len(found.labels)
    assert len(found.centres) <= most
    assert np.array_equal(np.bincount(found.labels, minlength=len(found.weights)), found.weights)
    assert (found.weights > 0).all()
    if people <= most:
        assert np.array_equal(found.centres, points)


def test_points_on_few_spots_make_as_few_base_clusters() -> None:
    spots = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 5.0]])
    found = base_clusters(np.repeat(spots, 100, axis=0), Settings())
    assert sorted(map(tuple, found.centres.tolist())) == sorted(map(tuple, spots.tolist()))
    assert found.weights.tolist() == [100, 100, 100]


@pytest.mark.parametrize("groups", [2, 3, 4, 5])
def test_finds_as_many_groups_as_there_are(groups: int) -> None:
    corners = 10 * np.array([[0, 0], [1, 0], [0, 1], [1, 1], [3, 3]])[:groups]
    chance = np.random.default_rng(5)
    truth = np.repeat(np.arange(groups), 40 * np.arange(groups, 0, -1))
    points = corners[truth] + chance.standard_normal((len(truth), 2))
    found = cluster(points, Settings())
    assert found.k == groups == max(found.silhouettes, key=lambda k: found.silhouettes[k])
    assert np.array_equal(found.labels, truth)  # the largest first


def test_no_group_is_smaller_than_the_minimum() -> None:
    """Three people far away are a group by silhouette, but not by themselves in any picture."""
    chance = np.random.default_rng(2)
    points = np.concatenate([chance.standard_normal((60, 2)), [[40.0, 0.0], [41.0, 0.0], [40.0, 1.0]]])
    assert 3 in np.bincount(cluster(points, Settings(minimum_group=3)).labels)
    for least in (4, 20, 40):
        sizes = np.bincount(cluster(points, Settings(minimum_group=least)).labels)
        assert sizes.min() >= least
        assert sizes.sum() == 63


def test_too_few_people_are_one_group() -> None:
    for people in (1, 3, 9):
        found = cluster(camps(1, people), Settings())
        assert found.k == 1
        assert not found.labels.any()
        assert found.centres[0] == pytest.approx(camps(1, people).mean(axis=0))
    assert cluster(np.zeros((0, 2)), Settings()).k == 0
    assert cluster(np.ones((50, 2)), Settings()).k == 1


def test_smoothing_waits_until_a_change_has_come_often_enough() -> None:
    two, three = camps(3, 300, groups=2, spread=0.3), camps(8, 300, groups=3, spread=0.3)
    settings = Settings(smoothing=4)
    former = cluster(two, settings)
    assert former.k == 2
    assert cluster(three, settings).k == 3
    seen = []
    for _ in range(4):
        former = cluster(three, settings, former)
        seen.append((former.k, former.candidate, former.rounds))
    assert seen == [(2, 3, 1), (2, 3, 2), (2, 3, 3), (3, 0, 0)]
    back = cluster(two, settings, cluster(three, settings, cluster(two, settings)))
    assert (back.k, back.rounds) == (2, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"least_stances": 0},
        {"most_groups": 0},
        {"most_groups": 51},
        {"minimum_group": 0},
        {"smoothing": -1},
        {"learners": 50},
    ],
)
def test_refuses_thresholds_that_mean_nothing(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"positive|fewer"):
        Settings(**wrong)
