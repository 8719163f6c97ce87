"""The same rounds in exact rational arithmetic: for what floating point leaves open, and for the figures to publish.

Whoever is not exhausted has the endowment less the prices of what was funded for them. So what a group of people has
left is a linear form in the endowment and the prices so far, with whole numbers as coefficients. All amounts are kept
as whole numbers over one common denominator.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd, inf, prod
from operator import mul

import numpy as np

from .kernels import ERROR, ROUNDS, UNIT, Course, Field, Places
from .ledger_kernels import forms, linear_forms, purchases, replay, worths
from .round_kernels import pay

_AT_ONCE = 16  # rounds whose prices get one denominator

EVEN = 2**15 - 1  # in ``exhausted``: had exactly the price and paid it, so counts among the open of that round

# How far from a price people count as near the line between capped and open: narrow first, at last everybody.
_WIDTHS = (2.0**-30, 2.0**-12, inf)


@dataclass(frozen=True, slots=True)
class Offer:
    """The exact price of a project, and what those near the line would have left (negative: they are capped)."""

    project: int
    price: Fraction
    near: Places
    rests: list[Fraction]


class Ledger:
    """The exact prices of the rounds of a course, brought up to date when asked."""

    def __init__(self, field: Field, course: Course, endowment: Fraction) -> None:
        self._field = field
        self._course = course
        self._denominator = endowment.denominator
        self._endowment = endowment.numerator  # over the denominator, as the prices are
        self._prices: list[int] = []
        self._first: list[tuple[int, int]] = []  # the same when they were new: numerator and denominator, far smaller

    def prices(self) -> list[Fraction]:
        """The price of one unit of utility, by round."""
        return self.rhos([1] * int(self._course.counts[ROUNDS]))

    def rhos(self, scales: list[int]) -> list[Fraction]:
        """The same, divided by ``scales``."""
        self._catch_up()
        return [Fraction(price, below * scale) for (price, below), scale in zip(self._first, scales, strict=True)]

    def offer(self, project: int, guess: float) -> Offer | None:
        """What ``project`` would cost next, or None if its supporters have too little; a bad guess costs time only."""
        self._catch_up()
        for width in _WIDTHS:
            offer = self._offer(project, guess, width)
            if width == inf:
                return offer
            if offer and abs(offer.price - Fraction(guess)) <= Fraction(guess) * Fraction(width):
                return offer
        raise AssertionError("unreachable")

    def fund(self, offer: Offer) -> None:
        """Lets the supporters pay the exact price."""
        course, this = self._course, int(self._course.counts[ROUNDS])
        price = float(offer.price)
        course.left[offer.near] = 0.0  # so that the kernel passes them over
        pay(self._field, course, offer.project, price, 4.0 * UNIT * price)
        worth = worths(self._field, offer.project, offer.near).tolist()
        for t, v, rest in zip(offer.near.tolist(), worth, offer.rests, strict=True):
            left, count = float(max(rest, Fraction(0))), int(self._field.weights[t])
            course.left[t], course.errors[t] = left, 4.0 * UNIT * left
            if rest >= 0:
                course.open_[this] += count * v
            else:
                course.capped[this] += count
            if rest <= 0:
                course.exhausted[t] = EVEN if rest == 0 else this

    def refresh(self) -> None:
        """Computes what everybody has left anew from the exact prices, so that its error is small again."""
        prices = np.array([float(price) for price in self.prices()], dtype=np.float64)
        error = 8.0 * UNIT * (len(prices) + 2) * float(Fraction(self._endowment, self._denominator))
        replay(self._field, self._course, prices, error)

    def _offer(self, project: int, guess: float, width: float) -> Offer | None:
        """The price if all who are farther than ``width`` from ``guess`` are where floating point sees them."""
        field, course = self._field, self._course
        entries = slice(field.starts[project], field.starts[project + 1])
        column = field.types[entries]
        values = field.values[entries] if len(field.values) else np.ones(len(column), dtype=np.int64)
        have, pays = course.left[column], guess * values
        margin = course.scalars[ERROR] + (width + 16 * UNIT) * pays if width < inf else np.full(len(column), inf)
        has = have > 0
        sure_open = has & (have > pays + margin)
        sure_capped = has & (have < pays - margin)
        near = column[has & ~sure_open & ~sure_capped]

        missing = int(field.prices[project]) * self._denominator - self._money(column[sure_capped])
        shares = int((self._field.weights[column[sure_open]] * values[sure_open]).sum())
        amounts = self._amounts(near)
        units = worths(field, project, near).tolist()
        people = self._field.weights[near].tolist()
        rich = set(range(len(amounts)))
        shares += sum(people[i] * units[i] for i in rich)
        while shares > 0:
            poor = [i for i in rich if amounts[i] * shares < missing * units[i]]
            if not poor:
                price = Fraction(missing, self._denominator * shares)
                rests = [
                    Fraction(amount, self._denominator) - price * u for amount, u in zip(amounts, units, strict=True)
                ]
                return Offer(project, price, near, rests) if price > 0 else None
            for i in poor:
                missing -= people[i] * amounts[i]
                shares -= people[i] * units[i]
            rich.difference_update(poor)
        return None

    def _money(self, types: Places) -> int:
        """What all people of these ballot types, none exhausted, have together."""
        rounds = len(self._prices)
        form = np.ones(len(self._field.weights), dtype=np.uint16)
        form[types] = 0
        paid = np.zeros((2, rounds), dtype=np.int64)
        linear_forms(self._field, self._course, rounds, rounds, form, paid)
        people = int(self._field.weights[types].sum())
        return people * self._endowment - _dot(paid[0].tolist(), self._prices)

    def _amounts(self, types: Places) -> list[int]:
        """What one person of each of these ballot types, none exhausted, has."""
        ends, rounds, units = purchases(self._field, self._course, len(self._prices), types)
        bought = list(zip(rounds.tolist(), units.tolist(), strict=True))
        left: dict[tuple[tuple[int, int], ...], int] = {}
        amounts = []
        for first, last in pairwise([0, *ends.tolist()]):
            kind = tuple(bought[first:last])
            if kind not in left:
                left[kind] = self._endowment - sum(unit * self._prices[this] for this, unit in kind)
            amounts.append(left[kind])
        return amounts

    def _catch_up(self) -> None:
        """Computes the prices of the rounds that floating point has decided since."""
        field, course = self._field, self._course
        done, rounds = len(self._prices), int(course.counts[ROUNDS])
        if done == rounds:
            return
        form = forms(course.exhausted, done, rounds)
        paid = np.zeros((rounds - done + 1, rounds), dtype=np.int64)
        linear_forms(field, course, rounds, done, form, paid)
        costs = field.prices[course.funded[done:rounds]].tolist()
        capped, open_ = course.capped[done:rounds].tolist(), course.open_[done:rounds].tolist()
        known = list(zip(paid.tolist(), costs, capped, open_, strict=False))
        for first in range(0, len(known), _AT_ONCE):
            self._append(known[first : first + _AT_ONCE])

    def _append(self, known: list[tuple[list[int], int, int, int]]) -> None:
        """Adds the prices of rounds: of each, what those whose last went had paid, the cost, who they are, the open."""
        factor = prod(open_ for _, _, _, open_ in known)
        below, endowment = self._denominator * factor, self._endowment * factor
        prices = [price * factor for price in self._prices]
        for paid, cost, capped, open_ in known:
            prices.append((cost * below - capped * endowment + _dot(paid, prices)) // open_)  # nothing is left over
        done = len(self._prices)
        common = gcd(factor, *prices[done:])
        if common > 1:
            below, endowment, prices = below // common, endowment // common, [price // common for price in prices]
        self._first += [(price, below) for price in prices[done:]]
        self._denominator, self._endowment, self._prices = below, endowment, prices


def _dot(counts: list[int], amounts: list[int]) -> int:
    return sum(map(mul, counts, amounts))  # the shorter of both counts
