"""The small strategy in both cities, and the people who bring amendments through their states."""

from __future__ import annotations

import pytest
from tests.strategy.amending import Cast, make_strategy

from kursbuch.city.models import City
from kursbuch.identity.models import Membership
from kursbuch.strategy.models import Strategy


@pytest.fixture
def strategy(city: City) -> Strategy:
    return make_strategy(city)


@pytest.fixture
def other_strategy(other_city: City) -> Strategy:
    return make_strategy(other_city)


@pytest.fixture
def cast(anna: Membership, edda: Membership, klara: Membership) -> Cast:
    return Cast(anna, edda, klara)
