"""The interface does what its description says: generated requests, right ones and wrong ones, against the application.

A cursor is opaque, so the description cannot tell which ones exist; the tests ask with such as were given out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tests.api.conftest import Story

from kursbuch.api import cursors
from kursbuch.api.interface import interface

CURSORS = {
    "editions": cursors.write("editions", 3),
    "elements": cursors.write("elements", 1, "M001"),
    "amendments": cursors.write("amendments", 1_700_000_000_000_000, 2),
    "comments": cursors.write("comments", 1_700_000_000_000_000, 2),
    "chronicle": cursors.write("chronicle", 5),
    "seals": cursors.write("seals", 2),
}


def described() -> dict[str, Any]:
    """The description, with a format of its own for each list's cursors."""
    found: dict[str, Any] = json.loads(json.dumps(interface.get_openapi_schema()))
    for path in found["paths"].values():
        for parameter in path["get"]["parameters"]:
            if parameter["name"] == "cursor":
                parameter["schema"]["format"] = f"cursor-of-{path['get']['operationId']}"
    return found


for name, cursor in CURSORS.items():
    schemathesis.openapi.format(f"cursor-of-{name}", st.just(cursor))

schema = schemathesis.openapi.from_dict(described())
schema.app = get_wsgi_application()


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """The application would begin and end each request with fresh connections, and lose the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@pytest.mark.usefixtures("_one_connection")
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_answers_as_described(case: schemathesis.Case, story: Story) -> None:
    case.call_and_validate(headers={"Accept-Encoding": "identity"})  # the tests' client cannot unpack
