"""A modest Hypothesis profile: enough examples to find mistakes, few enough to run on every save."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "framework",
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("framework")
