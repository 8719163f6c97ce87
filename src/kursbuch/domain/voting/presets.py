"""Methods as cities have used them, by name.

Wieliczka, Świecie, Assen: the published results, which tests reproduce. Aarau: as the city described it (Stadtidee
2023); its ballots are not public.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from kursbuch.domain.voting.method import Completion, Eligibility, Method, Step, Utility

if TYPE_CHECKING:  # options are read before anything heavy is loaded
    from kursbuch.domain.voting.election import Election


def preset(name: str, election: Election) -> Method:
    """The method of that name, its step one unit of the election's currency. :raises KeyError: if there is none."""
    return _PRESETS[name.lower()](Step(Fraction(election.scale)))


def names() -> tuple[str, ...]:
    return tuple(_PRESETS)


def _wieliczka(step: Step) -> Method:
    """Add1 until the next złoty each would overspend; greedy instead if more people prefer it."""
    return Method(completion=Completion.ADD1, step=step, compare_greedy=True)


def _swiecie(step: Step) -> Method:
    """The same; a project needs three votes and a share of voters of a third of its share of the budget."""
    return Method(
        completion=Completion.ADD1,
        step=step,
        compare_greedy=True,
        eligibility=Eligibility(votes=3, cost_share=Fraction(1, 3)),
    )


def _assen(step: Step) -> Method:
    return Method(completion=Completion.ADD1, step=step)


def _aarau(step: Step) -> Method:
    """Points are utilities; everybody gives ten to three projects or more, which the ballots are checked for before."""
    return Method(utility=Utility.SCORE, completion=Completion.ADD1, step=step)


_PRESETS: dict[str, Callable[[Step], Method]] = {
    "wieliczka": _wieliczka,
    "swiecie": _swiecie,
    "assen": _assen,
    "aarau": _aarau,
}
