"""What Polis itself computed of real conversations comes out here, to rounding; decision 20 lists what differs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.domain.opinion.conversations import adjusted_rand_index
from tests.domain.opinion.polismath import Oracle, parametrize, read

from kursbuch.domain.opinion.agreement import consensus, group_aware_consensus
from kursbuch.domain.opinion.clusters import cluster
from kursbuch.domain.opinion.clusters_kernel import silhouette
from kursbuch.domain.opinion.landscape import Landscape, landscape
from kursbuch.domain.opinion.priority import priorities
from kursbuch.domain.opinion.representativeness import represent
from kursbuch.domain.opinion.settings import Settings
from kursbuch.domain.opinion.stances import Stance

ROUNDING = 1e-12
STANCES = {"agree": Stance.AGREE, "disagree": Stance.DISAGREE}


def drawn(oracle: Oracle) -> Landscape:
    return landscape(oracle.stances, moderation=oracle.moderation, settings=Settings(minimum_group=1))


@parametrize()
def test_statements_and_people_are_the_same(folder: Path) -> None:
    oracle = read(folder)
    assert oracle.stances.statement_ids.tolist() == oracle.math["tids"]
    counts = {str(person): many for person, many in zip(
        oracle.stances.people.tolist(), np.diff(oracle.stances.starts).tolist(), strict=True)}  # fmt: skip
    assert counts == oracle.math["user-vote-counts"]


@parametrize()
def test_means_components_and_extremity(folder: Path) -> None:
    oracle = read(folder)
    found = drawn(oracle)
    assert found.means == pytest.approx(-np.array(oracle.math["pca"]["center"]), abs=ROUNDING)
    assert found.extremity == pytest.approx(oracle.math["pca"]["comment-extremity"], abs=ROUNDING)
    for axis, theirs in zip(found.frame.components.axes, np.array(oracle.math["pca"]["comps"]), strict=True):
        assert axis * np.sign(axis @ theirs) == pytest.approx(theirs, abs=ROUNDING)


@parametrize()
def test_places_of_people_alone_in_their_base_cluster(folder: Path) -> None:
    oracle = read(folder)
    places = dict(zip(oracle.stances.people.tolist(), drawn(oracle).frame.plain_places(oracle.stances), strict=True))
    bases = oracle.math["base-clusters"]
    alone = [place for place, members in enumerate(bases["members"]) if len(members) == 1]
    theirs = np.array([bases["x"], bases["y"]]).T[alone]
    ours = np.array([places[bases["members"][place][0]] for place in alone])
    signs = np.sign((ours * theirs).sum(axis=0))
    assert len(alone) >= 20
    assert ours * signs == pytest.approx(theirs, abs=ROUNDING)


@parametrize()
def test_what_their_groups_say(folder: Path) -> None:
    oracle = read(folder)
    for counted, theirs in zip(oracle.votes, oracle.math["group-votes"].values(), strict=True):
        cells = [
            [said["D"], said["S"] - said["A"] - said["D"], said["A"]] for said in oracle.by_statement(theirs["votes"])
        ]
        assert counted.tolist() == cells
    found = group_aware_consensus(oracle.votes)
    assert found == pytest.approx(oracle.by_statement(oracle.math["group-aware-consensus"]), abs=ROUNDING)


@parametrize()
def test_what_stands_for_their_groups(folder: Path) -> None:
    oracle = read(folder)
    ids = oracle.stances.statement_ids
    found = represent(oracle.votes, oracle.moderation.left_out(ids))
    for said, theirs in zip(found, oracle.math["repness"].values(), strict=True):
        assert [(int(ids[each.statement]), each.stance) for each in said] == [
            (each["tid"], STANCES[each["repful-for"]]) for each in theirs
        ]
        assert [each.best_agreed for each in said] == [each.get("best-agree", False) for each in theirs]
        for ours, each in zip(said, theirs, strict=True):
            assert (ours.successes, ours.trials) == (each["n-success"], each["n-trials"])
            figures = [each["p-success"], each["p-test"], each["repness"]]
            assert [ours.probability, ours.test, ours.ratio] == pytest.approx(figures, abs=ROUNDING)
            assert ours.ratio_test == pytest.approx(each["repness-test"], abs=1e-6)  # they round it


@parametrize()
def test_consensus_of_everybody(folder: Path) -> None:
    oracle = read(folder)
    found = drawn(oracle)
    for name, stance in STANCES.items():
        theirs = oracle.math["consensus"][name]
        ours = consensus(found.counts, found.frame.left_out, stance)
        assert [int(found.statement_ids[each.statement]) for each in ours] == [each["tid"] for each in theirs]
        for one, each in zip(ours, theirs, strict=True):
            assert (one.successes, one.trials) == (each["n-success"], each["n-trials"])
            assert [one.probability, one.test] == pytest.approx([each["p-success"], each["p-test"]], abs=ROUNDING)


@parametrize()
def test_priorities(folder: Path) -> None:
    oracle = read(folder)
    meta = oracle.moderation.about_people(oracle.stances.statement_ids)
    ours = priorities(oracle.votes.sum(axis=0), drawn(oracle).extremity, meta)
    theirs = oracle.by_statement(oracle.math["comment-priorities"])
    assert ours == pytest.approx(theirs, abs=10 * ROUNDING)
    assert len(set(np.round(ours[~meta], 6).tolist())) > len(ours) / 2  # they were all 49 once


@parametrize()
def test_groups_are_no_worse_than_theirs(folder: Path) -> None:
    """Of the same people: nearer together where there are as many groups, by silhouette where there are not."""
    oracle = read(folder)
    theirs = np.array(list(oracle.groups.values()))
    k = int(theirs.max()) + 1
    places = drawn(oracle).coordinates[np.searchsorted(oracle.stances.people, np.array(list(oracle.groups)))]
    ours = cluster(places, Settings(minimum_group=1))
    if ours.k == k:
        centres = np.array([places[theirs == group].mean(axis=0) for group in range(k)])
        assert ours.inertia <= ((places - centres[theirs]) ** 2).sum()
    else:
        one = np.ones(len(places))
        assert silhouette(places, one, ours.labels, ours.k) >= silhouette(places, one, theirs, k)
    assert adjusted_rand_index(ours.labels, theirs) > 0.4
