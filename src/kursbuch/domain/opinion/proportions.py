"""Shares and how far they are from chance, as Polis has them: for arrays, and through ``njit`` for inner loops, too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.integer]
SIGNIFICANT = 1.2816  # of a standard normal, one in ten is beyond
TINY = 1e-300  # in place of no spread: a difference is none, too, where everybody said the same


def share(success: Counts, trials: Counts) -> Array:
    """(A + 1) / (S + 2): the share of successes, drawn to a half where there are few trials."""
    return (success + 1.0) / (trials + 2.0)


def share_test(success: Counts, trials: Counts) -> Array:
    """How far the share is above a half, in standard deviations: 2 √(S + 1) ((A + 1) / (S + 1) − ½)."""
    found: Array = 2.0 * np.sqrt(trials + 1.0) * ((success + 1.0) / (trials + 1.0) - 0.5)
    return found


def difference_test(success: Counts, trials: Counts, other_success: Counts, other_trials: Counts) -> Array:
    """How far one share is above another, in standard deviations, with one success and one trial added to each."""
    one, other = success + 1.0, other_success + 1.0
    tried, other_tried = trials + 1.0, other_trials + 1.0
    pooled = (one + other) / (tried + other_tried)
    spread = np.sqrt(np.maximum(pooled * (1.0 - pooled), 0.0) * (1.0 / tried + 1.0 / other_tried))
    found: Array = (one / tried - other / other_tried) / np.maximum(spread, TINY)
    return found
