"""An adoption on a large strategy: two hundred amendments that wait are carried along in its transaction."""

from __future__ import annotations

import time
from typing import Any

from bench.figures import Figure
from bench.people import person
from bench.place import MANY, strategy_of

from kursbuch.domain.framework.changes import Revise
from kursbuch.identity.models import Role
from kursbuch.kit import clock
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.models import PENDING, Recommendation
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.services import adopt_edition as adopting
from kursbuch.strategy.services.discuss_amendment import recommend_amendment
from kursbuch.strategy.services.draft_amendment import draft_amendment, submit_amendment

CHANGED = 40  # elements


def figures() -> list[Figure]:
    strategy = strategy_of(MANY)
    author, editor = person(strategy.city, "Antonia"), person(strategy.city, "Edith", Role.EDITOR)
    before = latest_edition(strategy)
    tree = load_edition(before).tree
    changes = []
    for key in [key for key, element in tree.elements.items() if element.kind == "measure"][:CHANGED]:
        text = str(tree[key].fields["text"])
        changes.append(Revise(key, "text", text, text + "\n\nDazu kommt ein Satz."))
    amendment = draft_amendment(
        strategy=strategy, by=author, title="Ein Satz mehr", rationale="Zum Messen.", changes=changes
    )
    submit_amendment(amendment=amendment, by=author)
    amendment = recommend_amendment(amendment=amendment, by=editor, kind=Recommendation.ACCEPT, reason="Gut.")
    waiting = strategy.amendments.filter(state__in=PENDING).count() - 1
    watch = Watch(adopting.rebase_pending)
    adopting.rebase_pending = watch  # type: ignore[assignment]
    start = time.perf_counter()
    adopting.adopt_edition(
        strategy=strategy,
        by=editor,
        amendments=[amendment],
        decision=DecisionData(body="Rat der Musterstadt", day=clock.today()),
        in_force_from=clock.today(),
        expected=before,
    )
    whole = time.perf_counter() - start
    return [
        Figure(f"rebase of {waiting} pending amendments at an adoption", watch.took, "s", at_most=2),
        Figure("… of it processor time", watch.busy, "s"),
        Figure("… the whole adoption", whole, "s"),
    ]


class Watch:
    """A function that remembers how long it took."""

    def __init__(self, watched: Any) -> None:
        self.watched, self.took, self.busy = watched, 0.0, 0.0

    def __call__(self, **given: Any) -> None:
        start, busy = time.perf_counter(), time.process_time()
        self.watched(**given)
        self.took += time.perf_counter() - start
        self.busy += time.process_time() - busy
