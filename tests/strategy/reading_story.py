"""A short past for the small strategy: four editions, one still to come, and an amendment that waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.strategy.amending import Cast, draft, more_trees, submitted

from kursbuch.domain.framework.changes import Change, Move, Retire, Revise
from kursbuch.kit import clock
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.models import Amendment, Edition, Recommendation, Strategy
from kursbuch.strategy.queries import latest_edition
from kursbuch.strategy.services.adopt_edition import adopt_edition
from kursbuch.strategy.services.discuss_amendment import recommend_amendment

TREES = "Die Stadt pflanzt hundert Bäume an ihren Straßen."


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZoneInfo("Europe/Berlin"))


def adopt_changes(
    strategy: Strategy, cast: Cast, changes: Sequence[Change], title: str, decided: str, from_: str
) -> Edition:
    """An amendment of the author's with these changes, adopted on a day and in force from another."""
    with clock.at(at(decided)):
        amendment = submitted(strategy, cast.author, changes, title)
        amendment = recommend_amendment(
            amendment=amendment, by=cast.editor, kind=Recommendation.ACCEPT, reason="Das ist gut."
        )
        return adopt_edition(
            strategy=strategy,
            by=cast.clerk,
            amendments=[amendment],
            decision=DecisionData(body="Rat", day=date.fromisoformat(decided), paper="Vorlage 7", result="einstimmig"),
            in_force_from=date.fromisoformat(from_),
            expected=latest_edition(strategy),
            summary={"de": f"Fassung mit {title}", "en": f"Edition with {title}"},
        )


def tell(strategy: Strategy, cast: Cast) -> Amendment:
    """Edition 2: two hundred trees. 3: M001 goes to L2, M002 away. 4, far in the future: another title."""
    adopt_changes(strategy, cast, [more_trees(strategy)], "Mehr Bäume", "2021-03-01", "2021-04-01")
    moved_and_gone = [Move("M001", "L2", None), Retire("M002", ("M001",))]
    adopt_changes(strategy, cast, moved_and_gone, "Bäume zum Verkehr", "2022-05-01", "2022-06-01")
    title = [Revise("M001", "title", "Bäume", "Straßenbäume")]
    adopt_changes(strategy, cast, title, "Straßenbäume", "2023-01-10", "2099-01-01")
    draft(strategy, cast.author, title="Geheimer Entwurf")
    return submitted(strategy, cast.author, [more_trees_again()], "Noch mehr Bäume")


def more_trees_again() -> Revise:
    now = TREES.replace("hundert", "zweihundert")
    return Revise("M001", "text", now, now.replace("zweihundert", "dreihundert"))


def ask(client: Client, url: str, **query: str) -> HttpResponse:
    return client.get(url, query)  # type: ignore[return-value]


def text(response: HttpResponse) -> str:
    return response.content.decode()


def queries(client: Client, url: str, status: int = 200) -> int:
    """How many the page takes when nothing of it is kept."""
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == status
    return len(captured)
