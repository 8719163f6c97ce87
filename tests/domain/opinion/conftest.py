"""A modest Hypothesis profile without a deadline: the first call of an inner loop may have to compile it."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "compiled",
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("compiled")
