"""The worked example of docs/voting.md: six people, four projects, 6,000 euros."""

from __future__ import annotations

from kursbuch.domain.voting.election import BallotKind, Ballots, Election, Project
from kursbuch.domain.voting.grouping import group

PROJECTS = (
    Project("S", 240_000, "Spielplatz"),
    Project("B", 270_000, "Bolzplatz"),
    Project("G", 135_000, "Garten"),
    Project("T", 180_000, "Trinkbrunnen"),
)
BALLOTS = {
    "Anna": "SB",
    "Ben": "SB",
    "Cem": "SB",
    "Dana": "SBG",
    "Eva": "GT",
    "Finn": "GT",
}


def approvals(ballots: list[str], projects: tuple[Project, ...] = PROJECTS) -> Ballots:
    """Ballots from strings of one-letter ids."""
    places = {project.id: place for place, project in enumerate(projects)}
    starts = [0]
    for ballot in ballots:
        starts.append(starts[-1] + len(ballot))
    return group(BallotKind.APPROVAL, starts, [places[each] for ballot in ballots for each in ballot])


def election() -> Election:
    return Election(PROJECTS, approvals(list(BALLOTS.values())), 600_000, 100, "EUR", (), "Sechs Menschen")
