"""What everybody starts with, and by how much a completion step raises it."""

from __future__ import annotations

from fractions import Fraction

from kursbuch.domain.voting.method import Method
from kursbuch.domain.voting.profile import Profile


def first_endowment(profile: Profile, method: Method, scale: int) -> Fraction:
    """Budget / voters in minor units; with ``integral`` only its whole currency units (``scale`` minor units each)."""
    if profile.voters == 0:
        return Fraction(0)
    share = Fraction(profile.budget, profile.voters)
    return Fraction(share // scale * scale) if method.integral else share


def step_of(profile: Profile, method: Method, scale: int) -> Fraction:
    """The completion's step in minor units per person.

    :raises ValueError: for a step that is not positive.
    """
    step = method.step.amount
    if method.step.relative:
        step *= first_endowment(profile, method, scale)
    if step <= 0:
        raise ValueError(f"a completion step must be positive; this one is {step} minor units")
    return step
