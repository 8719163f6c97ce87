"""Add1 against its definition: the same endowment, the same rounds."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.voting.made_elections import bounded_elections, slow_elections
from tests.domain.voting.slow_rules import SlowElection, slow_add1
from tests.domain.voting.test_equal_shares import contest_of, rounds_of

from kursbuch.domain.voting.equal_shares import add1, add1_step_by_step

STEPS = st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(5, 7), Fraction(3)])


@settings(max_examples=300)
@given(slow_elections(projects=6, voters=6), STEPS, st.booleans())
def test_takes_the_steps_of_the_definition(election: SlowElection, step: Fraction, exhaustive: bool) -> None:
    start = Fraction(election.budget, len(election.utilities))
    run, steps = add1_step_by_step(contest_of(election), start, step, exhaustive=exhaustive)
    assert (rounds_of(run), steps) == slow_add1(election, start, step, exhaustive)


@settings(max_examples=200)
@given(bounded_elections(), STEPS, st.booleans())
def test_takes_the_steps_of_the_definition_within_limits(
    election: SlowElection, step: Fraction, exhaustive: bool
) -> None:
    start = Fraction(election.budget // len(election.utilities))
    run, steps = add1_step_by_step(contest_of(election), start, step, exhaustive=exhaustive)
    assert (rounds_of(run), steps) == slow_add1(election, start, step, exhaustive)


@settings(max_examples=250)
@given(slow_elections(), st.integers(1, 60), st.booleans())
def test_jumps_to_where_the_steps_lead(election: SlowElection, parts: int, exhaustive: bool) -> None:
    start = Fraction(election.budget, len(election.utilities))
    contest, step = contest_of(election), start / parts
    run, steps = add1(contest, start, step, exhaustive=exhaustive)
    slowly, slow_steps = add1_step_by_step(contest, start, step, exhaustive=exhaustive)
    assert (steps, rounds_of(run)) == (slow_steps, rounds_of(slowly))
