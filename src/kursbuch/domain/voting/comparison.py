"""The comparison step: keep what the rule decided unless more people prefer what greedy would have funded."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.outcome import Comparison, Outcome
from kursbuch.domain.voting.profile import Profile


def satisfaction(profile: Profile, selected: Collection[int]) -> NDArray[np.int64]:
    """By ballot type: how many of the selected projects it supports, or its utilities for them added up."""
    total = np.zeros(len(profile.weights), dtype=np.int64)
    for j in sorted(selected):
        column = slice(int(profile.starts[j]), int(profile.starts[j + 1]))
        total[profile.types[column]] += 1 if profile.utilities is None else profile.utilities[column]
    return total


def compare(profile: Profile, ours: Collection[int], greedy: Sequence[Outcome]) -> Comparison:
    """``profile`` is the whole election's; ``greedy`` is by pot.

    Under cost and cardinality utility a person prefers the outcome with more projects from their ballot, as in the
    tool that cities have used; under other utilities the one of more utility.
    """
    theirs = [j for outcome in greedy for j in outcome.selected]
    mine, other = satisfaction(profile, ours), satisfaction(profile, theirs)
    return Comparison(
        greedy=tuple(greedy),
        prefer_rule=int(profile.weights[mine > other].sum()),
        prefer_greedy=int(profile.weights[other > mine].sum()),
    )
