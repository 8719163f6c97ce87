"""Groups are claimed where other people would make them again, and refused where they are made of chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import real_data

from kursbuch.domain.opinion.landscape import Landscape, landscape
from kursbuch.domain.opinion.polis_csv import moderated_out, read_statements, read_votes
from kursbuch.domain.opinion.settings import Moderation
from kursbuch.domain.opinion.stability import Demands, Doubt, adjusted_rand_index, stability
from kursbuch.domain.opinion.stances import Stance, stances_of

STATEMENTS = 30


def picture(values: np.ndarray, taken: np.ndarray | None = None) -> Landscape:
    rows, columns = np.nonzero(np.ones(values.shape, bool) if taken is None else taken)
    return landscape(stances_of(rows, columns, values[rows, columns]))


def noise(people: int, seed: int) -> Landscape:
    """Statements that are popular to different degrees, and people without any leaning; half of them skip most."""
    chance = np.random.default_rng([people, seed])
    popular = chance.uniform(0.1, 0.9, STATEMENTS)
    values = np.where(chance.random((people, STATEMENTS)) < popular, 1, -1)
    values[chance.random(values.shape) < 0.15] = 0
    taken = chance.random(values.shape) < np.where(np.arange(people) % 2, 1.0, 0.4)[:, None]
    return picture(values, taken)


def camps(people: int, seed: int) -> tuple[Landscape, np.ndarray]:
    """Two camps, the smaller of two in five, who differ on about half of the statements."""
    chance = np.random.default_rng([people, seed])
    camp = (chance.random(people) < 0.4).astype(int)
    leaning = np.where(chance.random((2, STATEMENTS)) < 0.5, 0.8, 0.2)
    values = np.where(chance.random((people, STATEMENTS)) < leaning[camp], 1, -1)
    return picture(values, chance.random(values.shape) < 0.6), camp


@pytest.mark.parametrize("people", [200, 2_000])
def test_refuses_noise(people: int) -> None:
    refused = [not stability(noise(people, seed), seed).claimed for seed in range(20)]
    assert sum(refused) >= 19


def test_claims_two_clear_camps() -> None:
    for seed in range(2):
        drawn, camp = camps(300, seed)
        found = stability(drawn, seed)
        assert found.claimed
        assert found.direction is not None and found.direction > 1.3
        assert found.agreement is not None and found.agreement > 0.8
        assert [group.number for group in found.groups] == [group.number for group in drawn.groups] == [0, 1]
        assert min(group.overlap for group in found.groups) > 0.8
        assert all(said.support > 0.5 for group in found.groups for said in group.says)
        inside = drawn.labels >= 0
        assert adjusted_rand_index(drawn.labels[inside].astype(int), camp[inside]) > 0.8


def test_says_for_each_statement_how_often_it_returns() -> None:
    drawn, _ = camps(300, 1)
    found = stability(drawn, 1)
    for kept, group in zip(found.groups, drawn.groups, strict=True):
        assert [(said.statement, said.stance) for said in kept.says] == [(s.statement, s.stance) for s in group.says]
        assert all(said.stance in (Stance.AGREE, Stance.DISAGREE) and 0 <= said.support <= 1 for said in kept.says)


def test_the_same_seed_gives_the_same_answer() -> None:
    drawn, _ = camps(120, 3)
    assert stability(drawn, 5) == stability(drawn, 5)
    assert stability(drawn, 5) != stability(drawn, 6)


def test_does_not_speak_of_groups_among_few_people() -> None:
    assert stability(camps(25, 0)[0], 0).doubt is Doubt.FEW_PEOPLE
    assert stability(camps(25, 0)[0], 0, Demands(people=20)).doubt is not Doubt.FEW_PEOPLE


def test_does_not_speak_of_groups_where_all_think_alike() -> None:
    assert stability(picture(np.ones((60, 10), int)), 0).doubt is Doubt.ONE_GROUP


def test_demands_decide() -> None:
    drawn, _ = camps(300, 1)
    assert stability(drawn, 1, Demands(agreement=1.0)).doubt is Doubt.UNSTABLE


LABELS = st.integers(2, 25).flatmap(
    lambda many: st.tuples(*[st.lists(st.integers(0, 3), min_size=many, max_size=many)] * 2)
)


@given(LABELS)
def test_the_index_counts_pairs(labels: tuple[list[int], list[int]]) -> None:
    """Against counting every pair of people, as Hubert and Arabie define it."""
    one, other = labels
    pairs = [(a, b) for a in range(len(one)) for b in range(a)]
    together = sum(one[a] == one[b] and other[a] == other[b] for a, b in pairs)
    first, second = (sum(each[a] == each[b] for a, b in pairs) for each in labels)
    expected, most = first * second / len(pairs), (first + second) / 2
    index = 1.0 if most == expected else (together - expected) / (most - expected)
    assert adjusted_rand_index(np.array(one), np.array(other)) == pytest.approx(index, abs=1e-12)


def test_claims_the_groups_of_a_real_conversation() -> None:
    folder = real_data.find("opinion", "polis", "vtaiwan.uberx")
    out = moderated_out(read_statements((folder / "comments.csv").read_bytes()))
    stances = read_votes((folder / "votes.csv").read_bytes()).stances()
    found = stability(landscape(stances, moderation=Moderation.of(out.tolist())), 0, Demands(resamples=10))
    assert found.claimed
    assert len(found.groups) == 2
