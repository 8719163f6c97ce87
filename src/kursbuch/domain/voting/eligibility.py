"""Which projects have enough support to be funded at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.method import Eligibility
from kursbuch.domain.voting.profile import Profile


def eligible(profile: Profile, rule: Eligibility) -> NDArray[np.bool_]:
    """By project; voters and budget are those of the profile, that is, of one pot.

    A project nobody supports is never eligible. All comparisons are of whole numbers.
    """
    people, budget = profile.voters, profile.budget
    found = np.zeros(len(profile.costs), dtype=np.bool_)
    for j, (cost, support) in enumerate(zip(profile.costs.tolist(), profile.votes.tolist(), strict=True)):
        enough = support >= max(rule.votes, 1)
        enough = enough and support >= rule.share * people
        found[j] = enough and support * budget >= rule.cost_share * people * cost
    return found
