"""What somebody alters in the database who knows how digests are computed: the chronicle tells."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from tests.strategy.amending import Cast, again, in_state

from kursbuch.domain.framework.codec import fields_from_json
from kursbuch.domain.framework.digest import content_digest, digest
from kursbuch.domain.framework.element import Element
from kursbuch.strategy.models import State, Strategy
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.queries.verify import verify_strategy
from kursbuch.strategy.queries.verify_records import verify_records


@pytest.fixture
def adopted(strategy: Strategy, cast: Cast) -> Strategy:
    """With a second edition in force from 1 April 2021."""
    assert again(in_state(State.IN_FORCE, strategy, cast)).edition is not None
    call_command("strategy", "verify")
    return strategy


def sql(statement: str, *values: object) -> None:
    """As by hand, past models that refuse it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def findings(strategy: Strategy) -> list[str]:
    with pytest.raises(CommandError):
        call_command("strategy", "verify")
    return [str(finding) for finding in verify_records(strategy)]


def test_content_with_all_its_digests(adopted: Strategy) -> None:
    version = adopted.versions.get(key="M002")
    fields = version.fields | {"text": "Die Stadt legt keine Beete an."}
    element = Element(version.key, version.kind, fields_from_json(fields))
    sql(
        "UPDATE strategy_version SET fields = %s, digest = %s WHERE id = %s",
        json.dumps(fields),
        content_digest(element),
        version.pk,
    )
    sql("UPDATE strategy_edition SET digest = number")  # loaded trees are kept under their digest
    for edition in adopted.editions.all():
        sql("UPDATE strategy_edition SET digest = %s WHERE id = %s", digest(load_edition(edition).tree), edition.pk)
    assert verify_strategy(adopted) == []  # all digests fit together
    assert findings(adopted) == [f"edition {n}: its digest is not the one in the chronicle" for n in (1, 2)]


def test_day(adopted: Strategy) -> None:
    sql("UPDATE strategy_edition SET in_force_from = %s WHERE number = '2'", date(2021, 4, 2))
    assert findings(adopted) == ["edition 2: was to be in force from 2021-04-01, says the chronicle"]


def test_decision(adopted: Strategy) -> None:
    sql("UPDATE strategy_decision SET result = 'einstimmig' WHERE id = %s", latest_edition(adopted).decision_id)
    assert findings(adopted) == ["edition 2: its decision is not the one in the chronicle"]


def test_edition_that_nobody_recorded(adopted: Strategy) -> None:
    sql("UPDATE strategy_edition SET number = '7' WHERE number = '2'")
    assert findings(adopted) == [
        "edition 7: the chronicle does not tell of it",
        "edition 2: the chronicle tells of it, but it is not there",
    ]
