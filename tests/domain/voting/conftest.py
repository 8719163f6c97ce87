"""No deadline for Hypothesis: the first call of an inner loop may have to compile it."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "voting",
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("voting")
