"""Add1 against its definition: the same endowment, the same rounds."""

from __future__ import annotations

from concurrent.futures import CancelledError
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import real_data
from tests.domain.voting.made_elections import bounded_elections, crowds, slow_elections
from tests.domain.voting.slow_rules import SlowElection, slow_add1
from tests.domain.voting.test_equal_shares import contest_of, rounds_of

from kursbuch.domain.voting.equal_shares import Contest, Run, add1, add1_step_by_step, classes, jumps
from kursbuch.domain.voting.method import Utility
from kursbuch.domain.voting.pabulib import parse
from kursbuch.domain.voting.utilities import profile

STEPS = st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(5, 7), Fraction(3)])


@settings(max_examples=80)
@given(slow_elections(projects=6, voters=6), STEPS, st.booleans())
def test_takes_the_steps_of_the_definition(election: SlowElection, step: Fraction, exhaustive: bool) -> None:
    start = Fraction(election.budget, len(election.utilities))
    run, steps = add1_step_by_step(contest_of(election), start, step, exhaustive=exhaustive)
    assert (rounds_of(run), steps) == slow_add1(election, start, step, exhaustive)


@settings(max_examples=80)
@given(bounded_elections(), STEPS, st.booleans())
def test_takes_the_steps_of_the_definition_within_limits(
    election: SlowElection, step: Fraction, exhaustive: bool
) -> None:
    start = Fraction(election.budget // len(election.utilities))
    run, steps = add1_step_by_step(contest_of(election), start, step, exhaustive=exhaustive)
    assert (rounds_of(run), steps) == slow_add1(election, start, step, exhaustive)


def assert_jumps_right(contest: Contest, start: Fraction, step: Fraction, exhaustive: bool) -> None:
    slowly, slow_steps = add1_step_by_step(contest, start, step, exhaustive=exhaustive)
    for threads, worth_merging in ((1, 0), (1, 1 << 12), (2, 0)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(classes, "_WORTH_IT", worth_merging)
            run, steps = add1(contest, start, step, exhaustive=exhaustive, threads=threads)
        assert (steps, run.outcome()) == (slow_steps, slowly.outcome())


@settings(max_examples=60)
@given(st.integers(0, 2**64 - 1), st.sampled_from([1, 3, 20, 100]), st.booleans())
def test_jumps_to_where_the_steps_lead(seed: int, parts: int, exhaustive: bool) -> None:
    for election in crowds(seed, 8):
        start = Fraction(election.budget, len(election.utilities))
        assert_jumps_right(contest_of(election), start, start / parts, exhaustive)


@settings(max_examples=60)
@given(bounded_elections(), st.integers(1, 60), st.booleans())
def test_jumps_to_where_the_steps_lead_within_limits(election: SlowElection, parts: int, exhaustive: bool) -> None:
    start = Fraction(election.budget, len(election.utilities))
    assert_jumps_right(contest_of(election), start, start / parts, exhaustive)


@real_data.parametrize_elections(
    "Poland_Wieliczka_2023_Green_Budget", "Netherlands_Assen_2024", "Poland_Swiecie_2023", "Netherlands_Amsterdam_605"
)
def test_jumps_to_where_the_steps_lead_in_cities(path: Path) -> None:
    contest = Contest.of(profile(parse(path.read_bytes()).election(), Utility.COST))
    start = Fraction(contest.profile.budget, contest.profile.voters)
    for parts in (7, 400):
        assert_jumps_right(contest, start, start / parts, False)


def test_is_as_fine_as_one_likes() -> None:
    # One person pays for a at 30; b needs 25 more from the same person, or 5 from each of five others.
    election = SlowElection(costs=[30, 25], budget=60, utilities=[{0: 1}, *[{1: 1}] * 5])
    run, steps = add1(contest_of(election), Fraction(10), Fraction(1, 10**9))
    assert (run.funded, steps, run.endowment) == ([1, 0], 20 * 10**9, 30)


def test_a_climb_notices_that_another_told_more_apart() -> None:
    # Two climbs take turns: the first keeps a break, the second, much higher, funds what classes did not tell apart.
    for election in crowds(7, 60):
        contest, start = contest_of(election), Fraction(election.budget, len(election.utilities))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(classes, "_WORTH_IT", 0)
            patch.setattr(jumps, "_SOON", 1.0)
            shared = jumps._Shared(contest)
            low = jumps.Climb(contest, start, start / 50, False, shared)
            here = low._next(low._run(0), 8, 64)
            before = low._merged
            jumps.Climb(contest, start, start / 50, False, shared)._run(200)
            low._tell_apart(contest, np.zeros(len(election.utilities)), here.funded)
            assert low._merged is before or low._breaks == []
            if here.step < 64:
                there = low._next(here, here.step + 8, 72)
                slowly = [Run(contest, start + step * start / 50).funded for step in range(here.step, there.step + 1)]
                assert slowly[:-1] == [here.funded] * (there.step - here.step)
                assert slowly[-1] == there.funded


def test_what_is_looked_at_ahead_stops_when_the_end_is_found() -> None:
    contest = contest_of(crowds(3, 1)[0])
    shared = jumps._Shared(contest)
    climb = jumps.Climb(contest, Fraction(1), Fraction(1), False, shared)
    shared.stop.set()
    with pytest.raises(CancelledError):
        climb.end(1 << 40, 1)
    assert climb.tries == 0
