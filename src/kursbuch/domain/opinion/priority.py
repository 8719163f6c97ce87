"""Which statements should be shown next: what few people have seen, many agree with and tells people apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kursbuch.domain.opinion import agreement_kernel as kernel
from kursbuch.domain.opinion.proportions import Array, Counts

META = 49.0  # a statement about people is shown often, so that it is known who takes part


def priorities(counts: Counts, extremity: Array, meta: NDArray[np.bool_]) -> Array:
    """(statements,): the weight with which each is drawn as the next one.

    ``counts`` is (statements, 3): how many of the people in the picture disagree, pass, agree. With A, P and S for
    agreement, passes and all, E for the extremity: [(1 − (P+1)/(S+2)) (E + 1) (A+1)/(S+2) (1 + 8 · 2^(−S/5))]².
    """
    weight: Array = kernel.weights(counts, extremity)
    return np.where(meta, META, weight)
