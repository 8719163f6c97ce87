"""Which of several projects that are exactly as good comes first: by a stated order, in the end by a lot.

The lot is one order of all projects, drawn once from the published seed and the same for all pots, rounds and
endowments. A project's place depends on nothing but the seed and the project's own id, so anybody can draw it again
with any tool that knows SHA-256: sort the projects by the digest of the text ``SEED:ID`` (UTF-8).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.voting.election import Election
from kursbuch.domain.voting.method import Method, TieBreak
from kursbuch.domain.voting.profile import Profile


def lots(election: Election, seed: int) -> list[int]:
    """All projects in the order of the lot."""
    ids = [project.id for project in election.projects]
    return sorted(range(len(ids)), key=lambda j: (hashlib.sha256(f"{seed}:{ids[j]}".encode()).digest(), ids[j]))


def ranks(election: Election, profile: Profile, method: Method) -> NDArray[np.int64]:
    """The place of each project among equally good ones, 0 first; what ``method.ties`` leaves open the lot decides."""
    supporters = profile.votes.tolist()
    drawn = {project: place for place, project in enumerate(lots(election, method.seed))}
    keys: dict[TieBreak, Callable[[int], int | str]] = {
        TieBreak.COST: lambda j: election.projects[j].cost,
        TieBreak.VOTES: lambda j: -int(supporters[j]),
        TieBreak.LOT: drawn.__getitem__,
        TieBreak.NAME: lambda j: election.projects[j].id,
    }
    order = sorted(drawn, key=lambda j: [keys[each](j) for each in (*method.ties, TieBreak.LOT)])
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places
