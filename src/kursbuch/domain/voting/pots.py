"""Districts with money of their own beside a city-wide pot: who decides about which projects with how much.

A district with a budget of its own is a pot: its money, its voters, the projects in it. Everything else (projects
without a district or in a district without a budget, and the rest of the budget) is the city-wide pot, about which
everybody decides. Pots are counted one by one and independently; what one leaves over stays there. A vote for a
project of another district than one's own does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.election import Election
from kursbuch.domain.voting.profile import Profile


def pots(
    election: Election, whole: Profile, budgets: Mapping[str, int]
) -> Iterator[tuple[str | None, Profile, NDArray[np.bool_]]]:
    """The district (``None``: the only pot, ``""``: city-wide), its profile, and which projects belong to it.

    The districts by name, the city-wide pot last. :raises ValueError: for districts that do not exist, ballots
    without districts, or budgets that are negative or together more than there is.
    """
    everything = np.ones(len(election.projects), dtype=np.bool_)
    if not budgets:
        yield None, whole, everything
        return
    homes = election.ballots.districts
    if unknown := sorted(set(budgets) - set(election.districts)):
        raise ValueError(f"budgets for districts that the election does not have: {', '.join(unknown)}")
    if homes is None:
        raise ValueError("districts have budgets of their own, but ballots do not say from which district they are")
    if any(amount < 0 for amount in budgets.values()):
        raise ValueError("a district's budget is negative")
    rest = election.budget - sum(budgets.values())
    if rest < 0:
        raise ValueError(f"the districts' budgets are {-rest} minor units more than the election's budget")
    where = np.array([project.district if project.district in budgets else "" for project in election.projects])
    for district in sorted(budgets):
        at_home = homes == election.districts.index(district)
        mine = np.array(where == district)
        weights = np.where(at_home, whole.weights, 0)
        yield district, replace(_only(whole, mine, weights), budget=budgets[district]), mine
    city = np.array(where == "")
    yield "", replace(_only(whole, city, whole.weights), budget=rest), city


def _only(profile: Profile, members: NDArray[np.bool_], weights: NDArray[np.int64]) -> Profile:
    """The same projects and ballot types, but only ``members`` keep supporters: those to whom ``weights`` leave any."""
    kept = np.repeat(members, np.diff(profile.starts)) & (weights[profile.types] > 0)
    before = np.append(0, kept.cumsum())
    return replace(
        profile,
        weights=weights,
        starts=before[profile.starts],
        singles=before[profile.singles],
        types=profile.types[kept],
        utilities=None if profile.utilities is None else profile.utilities[kept],
    )
