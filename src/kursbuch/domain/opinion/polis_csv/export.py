"""A whole conversation as the files of a Polis export, each of which agrees with the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion.polis_csv.comments import Statement, counted, write_statements
from kursbuch.domain.opinion.polis_csv.participants import Participants, write_participants
from kursbuch.domain.opinion.polis_csv.summary import Summary, write_summary
from kursbuch.domain.opinion.polis_csv.votes import Votes, write_votes


def exported(
    votes: Votes, statements: Iterable[Statement], groups: NDArray[np.integer], summary: Summary
) -> dict[str, bytes]:
    """The four files by name. ``groups`` are those of the people in ``votes``, ascending by id (-1: in none).

    Counts are worked out anew: those of statements from all votes, those of people from their last ones, and in the
    summary everything but its texts and views. Raises ``ValueError`` where there are not as many groups as people.
    """
    stances = votes.stances()
    if len(groups) != len(stances.people):
        raise ValueError(f"there are {len(stances.people)} people, but groups for {len(groups)}")
    listed = counted(statements, votes)
    wrote = Counter(each.author for each in listed)
    people = Participants(
        stances, groups.astype(np.int32), np.array([wrote[person] for person in stances.people.tolist()], np.int64)
    )
    told = replace(
        summary,
        voters=len(stances.people),
        voters_in_groups=int((groups >= 0).sum()),
        authors=len(wrote),
        statements=len(listed),
        groups=len(np.unique(groups[groups >= 0])),
    )
    return {
        "votes.csv": write_votes(votes),
        "comments.csv": write_statements(listed),
        "participants-votes.csv": write_participants(people),
        "summary.csv": write_summary(told),
    }
