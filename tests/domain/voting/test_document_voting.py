"""The worked example in docs/voting.md says what the rules really do, and shows the picture that is really drawn."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

from tests.domain.voting.six_people import BALLOTS, PROJECTS, approvals, election

from kursbuch.domain.voting.explanation import explain
from kursbuch.domain.voting.fairness import violations
from kursbuch.domain.voting.method import Completion, Method, Rule, Utility
from kursbuch.domain.voting.picture import COLOURS, Words, purses
from kursbuch.domain.voting.remedies import what_suffices
from kursbuch.domain.voting.tally import tally
from kursbuch.domain.voting.utilities import profile

DOCS = Path(__file__).parents[3] / "docs"
TEXT = " ".join((DOCS / "voting.md").read_text(encoding="utf-8").split())
PICTURE = DOCS / "images" / "equal-shares.svg"
S, B, G, T = range(4)
FIRST = Method(completion=Completion.NONE)


def euros(amount: Fraction | int) -> str:
    assert Fraction(amount, 100).denominator == 1
    return f"{int(Fraction(amount, 100)):,} €".replace(",", ".")


def test_shows_the_ballots_and_costs() -> None:
    for project in PROJECTS:
        ticks = [" ✓ " if project.id in ballot else " " for ballot in BALLOTS.values()]
        row = f"| {project.name} | {euros(project.cost)} |{'|'.join(ticks)}| {ticks.count(' ✓ ')} |"
        assert row in TEXT
    assert "6.000 € sind zu verteilen, also 1.000 € für jede Person" in TEXT


def test_tells_what_greedy_does() -> None:
    counted = tally(election(), Method(rule=Rule.GREEDY))
    assert counted.selected == (S, B)
    assert f"zusammen {euros(510_000)}. Für die übrigen {euros(90_000)} gibt es nichts mehr" in TEXT
    passed_over = violations(profile(election(), Utility.COST), Utility.COST, counted.selected, range(4))
    assert {each.people for each in passed_over} == {2}
    assert "Beim Auszählen nach Stimmen wurden im Beispiel Eva und Finn übergangen" in TEXT


def test_tells_the_rounds() -> None:
    told = explain(election(), tally(election(), FIRST))
    first, second = told.won
    assert (first.project, first.price, first.effective_votes) == (S, 60_000, 4)
    for project, votes in ((S, 4), (B, 4), (G, 3), (T, 2)):
        assert f"je {euros(Fraction(PROJECTS[project].cost, votes))}" in TEXT
    assert (second.project, second.price) == (G, 47_500)
    assert f"{float(second.effective_votes or 0):.2f}".replace(".", ",") == "2,84"
    assert "Das sind 2,84 wirksame Stimmen" in TEXT
    assert [(payment.amount, payment.people) for payment in second.payments] == [(47_500, 2), (40_000, 1)]
    assert "Dana gibt ihre 400 €, Eva und Finn geben je 475 €" in TEXT
    lost = {each.project: each for each in told.lost}
    assert (lost[T].left, lost[T].lacked, lost[B].left, lost[B].lacked) == (105_000, 75_000, 120_000, 150_000)
    assert "zusammen 1.050 €. Für den Trinkbrunnen fehlen ihnen 750 €" in TEXT
    assert "haben seine Unterstützer noch 1.200 €; es fehlen 1.500 €" in TEXT


def test_tells_what_becomes_of_the_rest() -> None:
    counted = tally(election(), Method())
    outcome = counted.pots[0].outcome
    assert (counted.selected, outcome.endowment, outcome.steps) == ((S, G, T), 127_000, 27)
    assert "in kleinen Schritten von je 10 €" in TEXT
    assert "Bei 1.270 € bleibt es noch bei Spielplatz und Garten." in TEXT
    richer = tally(replace(election(), budget=6 * 128_000), FIRST)
    assert (set(richer.selected), sum(PROJECTS[each].cost for each in richer.selected)) == ({S, B, G}, 645_000)
    assert "Bei 1.280 € käme der Bolzplatz dazu, zusammen 6.450 €" in TEXT
    assert sum(PROJECTS[each].cost for each in counted.selected) == 555_000
    assert "Der Rest von 2.250 €" in TEXT
    assert "Bezahlt werden also Spielplatz, Garten und Trinkbrunnen für 5.550 €" in TEXT
    amounts = explain(election(), counted).spending.amounts
    assert (amounts[0][0], amounts[-1][0]) == (60_000, 135_000)
    assert "für jede Person wurden zwischen 600 € und 1.350 € ausgegeben" in TEXT


def test_tells_what_would_have_sufficed() -> None:
    remedy = what_suffices(election(), Method(), B)
    assert (remedy.cost, remedy.votes) == (240_000, 1)
    assert "Der Bolzplatz wäre bezahlt worden, wenn er höchstens 2.400 € gekostet hätte" in TEXT
    assert "oder wenn eine Person mehr abgestimmt und nur ihn gewählt hätte" in TEXT
    assert B in tally(replace(election(), ballots=approvals([*BALLOTS.values(), "B"])), Method()).selected
    counted = tally(election(), Method(compare_greedy=True))
    assert counted.selected == (S, B)


def drawn() -> str:
    case = election()
    counted = tally(case, FIRST)
    endowment = counted.pots[0].outcome.endowment
    assert endowment is not None
    ballots = case.ballots
    names: dict[int, str] = {}
    for at in range(len(ballots)):
        letters = "".join(PROJECTS[each].id for each in ballots.projects[ballots.starts[at] : ballots.starts[at + 1]])
        people = [name for name, ballot in BALLOTS.items() if ballot == letters]
        names[at] = ", ".join(people[:-1]) + " und " + people[-1] if len(people) > 1 else people[0]
    words = Words("Jede Person hat 1.000 €: wofür sie reichen", "übrig", euros)
    return purses(case, explain(case, counted), endowment, names, words)


def test_shows_the_picture_that_is_drawn() -> None:
    """``KURSBUCH_DRAW=1 pytest …`` draws it anew."""
    if os.environ.get("KURSBUCH_DRAW"):
        PICTURE.write_text(drawn(), encoding="utf-8")
    assert PICTURE.read_text(encoding="utf-8") == drawn()
    ElementTree.fromstring(drawn())
    assert "Dana: Spielplatz 600 €, Garten 400 €" in drawn()
    assert "Eva und Finn: Garten 475 €, übrig 525 €" in drawn()
    assert "<script" not in drawn()


def test_picture_has_contrast() -> None:
    for colour in COLOURS:
        shades = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shades]
        light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (light + 0.05) >= 4.5
