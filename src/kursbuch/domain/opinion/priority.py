"""Which statements should be shown next: what few people have seen, many agree with and tells people apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion.proportions import Array, Counts, share

META = 49.0  # a statement about people is shown often, so that it is known who takes part


def priorities(counts: Counts, extremity: Array, meta: NDArray[np.bool_]) -> Array:
    """(statements,): the weight with which each is drawn as the next one.

    ``counts`` is (statements, 3): how many of the people in the picture disagree, pass, agree. With A, P and S for
    agreement, passes and all, E for the extremity: [(1 − (P+1)/(S+2)) (E + 1) (A+1)/(S+2) (1 + 8 · 2^(−S/5))]².
    """
    seen = counts.sum(axis=1)
    importance = (1.0 - share(counts[:, 1], seen)) * (extremity + 1.0) * share(counts[:, 2], seen)
    weight: Array = (importance * (1.0 + 8.0 * 2.0 ** (-seen / 5.0))) ** 2
    return np.where(meta, META, weight)
