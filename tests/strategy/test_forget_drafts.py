"""Deleting an account takes unseen drafts along and leaves contributions standing, unnamed."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest

from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Revise
from kursbuch.identity.models import Membership
from kursbuch.identity.services import delete_account, export_own_data
from kursbuch.strategy.documents.yaml_format import read_yaml
from kursbuch.strategy.models import Amendment, Author, Strategy
from kursbuch.strategy.services.draft_amendment import draft_amendment, submit_amendment
from kursbuch.strategy.services.import_strategy import import_strategy

SMALL = """
kursbuch: 1
strategy: {slug: klein, title: Kleine Strategie, horizon: 2030}
kinds:
  - {slug: measure, prefix: M, names: {de: [Maßnahme, Maßnahmen]}, parents: [""], fields: [title, text]}
elements:
  - {key: M001, kind: measure, title: Bäume, text: Die Stadt pflanzt hundert Bäume.}
"""


@pytest.fixture
def strategy(city: City) -> Strategy:
    import_strategy(city=city, document=read_yaml(SMALL))
    return Strategy.objects.get(city=city)


def _amendment(strategy: Strategy, by: Membership) -> Amendment:
    text = strategy.versions.get(key="M001").fields["text"]
    change = Revise("M001", "text", text, text.replace("hundert", "zweihundert"))
    return draft_amendment(strategy=strategy, by=by, title="Mehr Bäume", rationale="Schatten.", changes=[change])


def test_account_goes_drafts_go_contributions_stay(strategy: Strategy, anna: Membership) -> None:
    draft = _amendment(strategy, anna)
    handed_in = submit_amendment(amendment=_amendment(strategy, anna), by=anna)
    delete_account(user=anna.person)
    assert not Amendment.objects.filter(pk=draft.pk).exists()
    assert [author.user for author in Author.objects.filter(amendment=handed_in)] == [None]


def test_own_data_holds_drafts_and_contributions(strategy: Strategy, anna: Membership, frida: Membership) -> None:
    _amendment(strategy, anna)
    submit_amendment(amendment=_amendment(strategy, anna), by=anna)
    _amendment(strategy, frida)
    packed = zipfile.ZipFile(BytesIO(export_own_data(user=anna.person, city=strategy.city)))
    data = json.loads(packed.read("own-data.json"))["strategy"]
    assert [(one["title"], one["state"]) for one in data["amendments"]] == [
        ("Mehr Bäume", "draft"),
        ("Mehr Bäume", "submitted"),
    ]
