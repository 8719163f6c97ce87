"""What stands for a group, connects and divides: figures worked out by hand, and laws."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kursbuch.domain.opinion.agreement import bridges, consensus, divides, group_aware_consensus
from kursbuch.domain.opinion.priority import priorities
from kursbuch.domain.opinion.proportions import SIGNIFICANT, difference_test, share, share_test
from kursbuch.domain.opinion.representativeness import represent
from kursbuch.domain.opinion.stances import Stance

NONE = np.zeros(40, dtype=bool)


@st.composite
def votes(draw: st.DrawFn) -> NDArray[np.int64]:
    groups, statements = draw(st.integers(1, 4)), draw(st.integers(1, 12))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return chance.integers(0, draw(st.sampled_from([1, 3, 30])) + 1, (groups, statements, 3))


def test_the_tests_by_hand() -> None:
    """Eight of ten: 9/12; 2 √11 (9/11 − ½). Eight of ten beside three of ten: 9/11 and 4/11, pooled 13/22."""
    eight, ten, three = np.array(8), np.array(10), np.array(3)
    assert share(eight, ten) == 9 / 12
    assert share_test(eight, ten) == pytest.approx(2 * sqrt(11) * (9 / 11 - 0.5))
    spread = sqrt(13 / 22 * 9 / 22 * (2 / 11))
    assert difference_test(eight, ten, three, ten) == pytest.approx((9 / 11 - 4 / 11) / spread)
    assert difference_test(ten, ten, ten, ten) == 0.0


def test_two_groups_by_hand() -> None:
    """Statement 0 sets the groups apart, 1 is liked by all, 2 is what the second group rejects, 3 nobody has seen."""
    first = [[0, 0, 10], [1, 0, 9], [5, 0, 5], [0, 0, 0]]
    second = [[9, 0, 1], [0, 1, 9], [10, 0, 0], [0, 0, 0]]
    said = np.array([first, second])
    one, other = represent(said, NONE[:4])
    assert [(each.statement, each.stance) for each in one] == [(0, Stance.AGREE)]
    assert one[0].best_agreed
    assert (one[0].successes, one[0].trials) == (10, 10)
    assert one[0].ratio == pytest.approx((11 / 12) / (2 / 12))
    assert [(each.statement, each.stance) for each in other] == [
        (1, Stance.AGREE),
        (0, Stance.DISAGREE),
        (2, Stance.DISAGREE),
    ]
    assert group_aware_consensus(said).tolist() == pytest.approx([22 / 144, 100 / 144, 6 / 144, 1 / 4])
    connecting = bridges(said, NONE[:4])
    assert [(each.statement, each.stance) for each in connecting] == [(1, Stance.AGREE)]
    assert connecting[0].consensus == pytest.approx(100 / 144)
    assert connecting[0].least == pytest.approx(10 / 12)
    dividing = divides(said, NONE[:4])
    assert [(each.statement, each.most, each.least) for each in dividing] == [(0, 0, 1), (2, 0, 1)]
    assert dividing[0].spread == pytest.approx(11 / 12 - 2 / 12)
    agreed = consensus(said.sum(axis=0), NONE[:4], Stance.AGREE)
    assert [(each.statement, each.successes, each.trials) for each in agreed] == [(1, 18, 20)]


@given(votes(), st.data())
def test_only_significant_statements_stand_beside_the_best(said: NDArray[np.int64], data: st.DataObject) -> None:
    out = np.array(data.draw(st.lists(st.booleans(), min_size=said.shape[1], max_size=said.shape[1])), dtype=bool)
    most = data.draw(st.integers(1, 6))
    for group, chosen in zip(said, represent(said, out, most), strict=True):
        assert len(chosen) <= most
        assert len({each.statement for each in chosen}) == len(chosen)
        assert not any(out[each.statement] for each in chosen)
        assert sum(each.best_agreed for each in chosen) <= 1
        assert [each.stance is Stance.AGREE for each in chosen] == sorted(
            (each.stance is Stance.AGREE for each in chosen), reverse=True
        )
        for each in chosen:
            assert each.trials == group[each.statement].sum() > 0
            assert each.successes == group[each.statement, 1 + each.stance]
            if len(chosen) > 1 and not each.best_agreed:
                assert max(each.test, -each.test) > 0
                assert each.ratio_test > SIGNIFICANT


@given(votes(), st.randoms(use_true_random=False))
def test_the_order_of_groups_does_not_matter(said: NDArray[np.int64], chance) -> None:
    order = list(range(len(said)))
    chance.shuffle(order)
    out = NONE[: said.shape[1]]
    assert represent(said[order], out) == [represent(said, out)[place] for place in order]
    assert group_aware_consensus(said[order]) == pytest.approx(group_aware_consensus(said))
    connecting = {(each.statement, each.stance) for each in bridges(said, out, most=99)}
    assert {(each.statement, each.stance) for each in bridges(said[order], out, most=99)} == connecting


@given(votes())
def test_agreement_and_rejection_mirror_each_other(said: NDArray[np.int64]) -> None:
    mirrored, out = said[:, :, ::-1], NONE[: said.shape[1]]
    assert group_aware_consensus(said, Stance.DISAGREE) == pytest.approx(group_aware_consensus(mirrored))
    found = {(each.statement, each.stance): each.consensus for each in bridges(said, out, most=99)}
    turned = {(each.statement, each.stance): each.consensus for each in bridges(mirrored, out, most=99)}
    assert {(statement, -stance): value for (statement, stance), value in found.items()} == turned
    rejected = consensus(said.sum(axis=0), out, Stance.DISAGREE)
    agreed = consensus(mirrored.sum(axis=0), out, Stance.AGREE)
    assert [each.statement for each in rejected] == [each.statement for each in agreed]


def test_one_group_has_nothing_to_bridge() -> None:
    alone = np.array([[[0, 0, 10], [10, 0, 0]]])
    assert bridges(alone, NONE[:2]) == divides(alone, NONE[:2]) == ()
    assert not group_aware_consensus(np.zeros((0, 2, 3), dtype=int)).any()
    assert represent(np.zeros((1, 2, 3), dtype=int), NONE[:2]) == [()]


def test_priorities_by_hand() -> None:
    """Nobody has seen it: (½ (E+1) ½ · 9)². Ten have, eight agree, one passes: ((1 − 2/12)(E+1) 9/12 (1 + 8/4))²."""
    counts = np.array([[0, 0, 0], [1, 1, 8], [0, 0, 0]])
    found = priorities(counts, np.array([1.0, 0.5, 3.0]), np.array([False, False, True]))
    assert found == pytest.approx([(0.5 * 2 * 0.5 * 9) ** 2, (10 / 12 * 1.5 * 9 / 12 * 3) ** 2, 49.0])
