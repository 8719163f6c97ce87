"""A tally as text: one table with a bar for each project, or an explanation of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TextIO

from kursbuch.counting.terminal import bar, can_show, columns, fit, wants_colour, width_of
from kursbuch.domain.voting.election import Election
from kursbuch.domain.voting.explanation import Basis, Explanation, Lost, Reason, Remedy, Won
from kursbuch.domain.voting.method import Completion, Method, Rule, Utility
from kursbuch.domain.voting.outcome import Stage, Tally

GREEN, PLAIN = "\x1b[32m", "\x1b[0m"

RULES = {
    Rule.EQUAL_SHARES: "equal shares",
    Rule.GREEDY: "greedy by votes",
    Rule.GREEDY_PER_COST: "greedy by votes per cost",
    Rule.PHRAGMEN: "sequential Phragmén",
}
REASONS = {
    Reason.NOT_ELIGIBLE: "had too little support to be considered",
    Reason.RULED_OUT: "was ruled out",
    Reason.UNAFFORDABLE: "was not affordable for its supporters",
    Reason.NO_MONEY: "did not fit into what was left of the money",
    Reason.TOO_LATE: "was not yet affordable when the money was gone",
    Reason.GREEDY_KEPT: "gave way to the greedy result, which more people prefer",
}


@dataclass(frozen=True, slots=True)
class Money:
    """Minor units as people read them."""

    scale: int
    currency: str

    @classmethod
    def of(cls, election: Election) -> Money:
        return cls(election.scale, election.currency)

    def bare(self, amount: int | Fraction) -> str:
        """Rounded to the cent, if it is not whole."""
        exact = Fraction(amount) / self.scale
        return f"{int(exact):,}" if exact.denominator == 1 else f"{float(round(exact, 2)):,.2f}"

    def __call__(self, amount: int | Fraction) -> str:
        return f"{self.bare(amount)} {self.currency}".rstrip()


class Page:
    """Where text goes, and what that place can show."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.width, self.colour = stream, width_of(stream), wants_colour(stream)
        self.blocks, self.marks = can_show(stream, "█▏"), can_show(stream, "✓")

    def line(self, text: str = "", style: str = "") -> None:
        text = text.rstrip()
        if not self.marks:
            text = text.encode(self.stream.encoding or "ascii", "replace").decode(self.stream.encoding or "ascii")
        self.stream.write(f"{style}{text}{PLAIN}\n" if self.colour and style else f"{text}\n")

    def paragraph(self, text: str, indent: int = 0) -> None:
        """Text broken into lines between words."""
        for line in _wrapped(text, max(self.width - indent, 20)):
            self.line(" " * indent + line)


def write_table(page: Page, election: Election, tally: Tally, votes: list[int]) -> None:
    """Every project on a line: funded ones in their order, then the others by votes."""
    money = Money.of(election)
    funded = {project: place for place, project in enumerate(tally.selected, 1)}
    rest = sorted(set(range(len(votes))) - funded.keys(), key=lambda each: (-votes[each], election.projects[each].id))
    _write_head(page, election, tally)
    table = _Columns(page, election, votes)
    page.line(table.head())
    for project in (*funded, *rest):
        place = funded.get(project)
        page.line(table.row(project, place), GREEN if place else "")
    spent = sum(election.projects[each].cost for each in funded)
    page.line()
    left = money(election.budget - spent)
    page.paragraph(f"Funded: {len(funded)} of {_so_many(len(votes), 'project')} for {money(spent)}; {left} left over.")


def _write_head(page: Page, election: Election, tally: Tally) -> None:
    money = Money.of(election)
    if election.title:
        page.line(fit(election.title, page.width))
    page.paragraph(
        f"{_so_many(len(election.projects), 'project')}, {_so_many(election.ballots.voters, 'voter')}, "
        f"{money(election.budget)}; "
        f"{describe(tally.method, money)}"
    )
    for pot in tally.pots:
        if pot.outcome.endowment is not None:
            name = {None: "everybody", "": "everybody, city-wide,"}.get(pot.district, f"everybody in {pot.district}")
            steps = f" after {_so_many(pot.outcome.steps, 'step')}" if pot.outcome.steps else ""
            page.paragraph(f"In the end {name} started with {money(pot.outcome.endowment)}{steps}.")
    comparison = tally.comparison
    if comparison is not None:
        kept = "The rule's is kept." if comparison.keeps_rule else "The greedy one is kept."
        here, there = comparison.prefer_rule, comparison.prefer_greedy
        page.paragraph(f"People who prefer the rule's result: {here:,}; the greedy one: {there:,}. {kept}")
    page.line()


def describe(method: Method, money: Money) -> str:
    """A method in words, nothing left out that could change a result: to be held against what was resolved."""
    words = [RULES[method.rule]]
    if method.utility is not Utility.COST:
        words.append(f"{method.utility} utility")
    if method.rule is Rule.EQUAL_SHARES:
        words += _completion(method, money)
    if not method.skip:
        words.append("greedy stops at what does not fit")
    if method.compare_greedy:
        words.append("compared with greedy")
    words += _limits(method, money)
    return ", ".join([*words, f"ties by {', '.join(method.ties)} (seed {method.seed})"])


def _completion(method: Method, money: Money) -> Iterator[str]:
    if method.completion in (Completion.ADD1, Completion.ADD1U):
        step = method.step
        size = _percent(step.amount) if step.relative else f"{float(step.amount / money.scale):.12g} {money.currency}"
        yield f"add1 in steps of {size.rstrip()}"
        yield from ["exhaustive"] * method.exhaustive
    if method.completion in (Completion.ADD1U, Completion.GREEDY):
        yield "then greedy"
    if method.completion is Completion.NONE:
        yield "no completion"
    yield from ["integral"] * method.integral


def _limits(method: Method, money: Money) -> Iterator[str]:
    least = method.eligibility
    if least.votes:
        yield f"at least {_so_many(least.votes, 'vote')}"
    if least.share:
        yield f"at least {_percent(least.share)} of the voters"
    if least.cost_share:
        yield f"at least {least.cost_share} × voters × cost / budget votes"
    yield from (f"{money(amount)} for {name} at most" for name, amount in sorted(method.category_budgets.items()))
    yield from (f"{money(amount)} of {name}'s own" for name, amount in sorted(method.district_budgets.items()))
    yield from (f"one of {'/'.join(sorted(group))} at most" for group in method.incompatible)


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.12g}%"


class _Columns:
    """The table's columns, fitted to the page; a narrow page first loses the bars, then the names."""

    def __init__(self, page: Page, election: Election, votes: list[int]) -> None:
        self.page, self.election, self.votes = page, election, votes
        self.money = Money.of(election)
        self.most = max(votes, default=0) or 1
        self.ids = min(max([2, *(columns(each.id) for each in election.projects)]), 14)
        self.costs = max([4, *(len(self.money.bare(each.cost)) for each in election.projects)])
        self.counts = max(5, len(f"{self.most:,}"))
        fixed = 5 + self.ids + 2 + self.costs + 2 + self.counts + 2
        room = max(page.width - fixed, 0)
        self.bars = room // 3 if room >= 30 else 0
        self.names = min(room - self.bars - 2, max([7, *(columns(each.name) for each in election.projects)]))
        if self.bars:
            self.bars = min(room - self.names - 2, 40)

    def head(self) -> str:
        name = fit("project", self.names) + "  " if self.names >= 4 else ""
        return f"     {fit('id', self.ids)}  {name}{'cost':>{self.costs}}  {'votes':>{self.counts}}"

    def row(self, project: int, place: int | None) -> str:
        it, votes = self.election.projects[project], self.votes[project]
        mark = ("✓" if self.page.marks else "*") if place else " "
        name = fit(it.name, self.names) + "  " if self.names >= 4 else ""
        shown = bar(votes / self.most, self.bars, blocks=self.page.blocks) if self.bars else ""
        return (
            f"{mark}{place or '':>3} {fit(it.id, self.ids)}  {name}{self.money.bare(it.cost):>{self.costs}}  "
            f"{votes:>{self.counts},}  {shown}"
        )


def write_explanation(
    page: Page, election: Election, tally: Tally, told: Explanation, only: int | None, again: Remedy | None
) -> None:
    """Why each project won or did not; of one project with what counting again says would have sufficed."""
    _write_head(page, election, tally)
    teller = _Teller(election, told)
    for won in told.won:
        if only in (None, won.project):
            _write_item(page, teller.title(won.project, page.width), teller.won(won), GREEN)
    for lost in told.lost:
        if only in (None, lost.project):
            _write_item(page, teller.title(lost.project, page.width), teller.lost(lost, again), "")
    if only is None:
        _write_item(page, "How fair it is", teller.fairness(), "")


def _write_item(page: Page, title: str, sentences: Iterator[str], style: str) -> None:
    page.line(fit(title, page.width), style)
    for sentence in sentences:
        page.paragraph(sentence, indent=2)
    page.line()


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and columns(line) + 1 + columns(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


class _Teller:
    """Turns an explanation into sentences."""

    def __init__(self, election: Election, told: Explanation) -> None:
        self.election, self.told, self.money = election, told, Money.of(election)

    def title(self, project: int, width: int) -> str:
        """Place, name and cost; where room is short, the name gives way."""
        it = self.election.projects[project]
        place = next((f"{won.place}. " for won in self.told.won if won.project == project), "")
        cost = f", {self.money(it.cost)}"
        return fit(f"{place}{it.id} {it.name}", max(width - columns(cost), 16)).rstrip() + cost

    def won(self, won: Won) -> Iterator[str]:
        if won.price is None or won.effective_votes is None:
            yield f"Funded by votes: {people(won.votes)} voted for it."
        elif won.stage is Stage.PHRAGMEN:
            yield f"{people(won.votes)} voted for it; they gave {self.money(won.price)} each at most."
        else:
            price, alike = self.money(won.price), f"{float(won.effective_votes):,.1f}".removesuffix(".0")
            yield f"{people(won.votes)} voted for it and paid {price} each; effective votes: {alike}."
        if won.payments and won.payments[0].people < won.votes:
            yield self._less(won)
        if not won.by_greedy:
            yield "Greedy would not have funded it."

    def _less(self, won: Won) -> str:
        """Of those who did not pay the full price."""
        poor, rest = won.votes - won.payments[0].people, won.payments[1:]
        if not rest:
            return f"{poor:,} of them had nothing left."
        nothing = " or nothing" if sum(each.people for each in rest) < poor else ""
        together = "" if poor == 1 else " together"
        return f"{poor:,} of them paid less{nothing}: {self.money(sum(e.people * e.amount for e in rest))}{together}."

    def lost(self, lost: Lost, again: Remedy | None) -> Iterator[str]:
        yield f"It {REASONS[lost.reason]}{self._by(lost)}; {people(lost.votes)} voted for it."
        if lost.reason is Reason.UNAFFORDABLE and lost.left is not None and lost.lacked is not None:
            if lost.needed is not None:
                needed, left, lacked = map(self.money, (lost.needed, lost.left, lost.lacked))
                yield f"Affordable only at {needed} a head; its supporters had {left} left: {lacked} was missing."
        elif lost.left is not None:
            yield f"{self.money(lost.left)} was left."
        remedy = again or lost.remedy
        if remedy is not None:
            yield from self._remedy(remedy)
        if lost.by_greedy:
            yield "Greedy would have funded it."

    def _by(self, lost: Lost) -> str:
        names = ", ".join(self.election.projects[each].id for each in lost.because)
        return f" by {names}" if names else ""

    def _remedy(self, remedy: Remedy) -> Iterator[str]:
        ways = []
        if remedy.cost is not None:
            ways.append(f"if it had cost no more than {self.money(remedy.cost)}")
        if remedy.votes is not None:
            ways.append(f"if {people(remedy.votes)} more had voted for it alone")
        if ways and remedy.basis is Basis.COUNTED_AGAIN:
            yield f"Counted again, it would have been funded {', or '.join(ways)}; with any less it would not."
        elif ways:
            yield f"With the same starting amount, it would have been funded {', or '.join(ways)}."
        elif remedy.basis is Basis.COUNTED_AGAIN:
            yield "Counted again, neither less cost nor more votes for it alone would have sufficed."

    def fairness(self) -> Iterator[str]:
        here, beside = self.told.fairness, self.told.beside_greedy
        share, greedy = float(here.share_without), float(beside.fairness.share_without)
        yield f"{people(here.without)} ({share:.1%} of all) have no funded project; with greedy {greedy:.1%}."
        if here.gini is not None:
            other = "" if beside.fairness.gini is None else f" ({float(beside.fairness.gini):.2f} with greedy)"
            yield f"Inequality of benefits (Gini): {float(here.gini):.2f}{other}, from 0, all have the same, to 1."
        more, less = people(beside.prefer_here), people(beside.prefer_greedy)
        yield f"{more} have more from this result than from greedy, {less} less."
        amounts = self.told.spending.amounts
        if amounts:
            yield f"Spent for one person: from {self.money(amounts[0][0])} to {self.money(amounts[-1][0])}."
        if here.violations:
            names = ", ".join(self.election.projects[each.project].id for each in here.violations)
            yield f"Passed over were groups whose share of the budget could have paid for: {names} (EJR+)."
        else:
            yield "No group whose share of the budget could have paid for a project was passed over (EJR+)."


def people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _so_many(count: int, one: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {one}s"
