"""Pages for what goes wrong: designed, in the reader's language, and there when nothing else is."""

from __future__ import annotations

import logging
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.module_loading import import_string

from kursbuch.web.views import errors


@pytest.mark.parametrize(
    ("path", "heading", "way_out"),
    [
        ("/das/gibt/es/nicht/", "Diese Seite gibt es nicht", "Zur Startseite"),
        ("/en/das/gibt/es/nicht/", "There is no such page", "Go to the start page"),
    ],
)
def test_unknown_address_says_what_to_do(visitor: Client, path: str, heading: str, way_out: str) -> None:
    response = visitor.get(path)
    page = response.content.decode()
    assert response.status_code == 404
    assert f"<h1>{heading}</h1>" in page
    assert way_out in page


def test_form_without_its_secret_is_explained(visitor: Client) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "testserver"})
    response = strict.post("/konto/login/", {"login": "anna@example.org"})
    assert response.status_code == 403
    assert "Cookies" in response.content.decode()


def test_page_for_errors_needs_no_database(rf: RequestFactory) -> None:
    with translation.override("de"):
        response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Bei uns ist etwas schiefgegangen" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "heading"), [("/", "Bei uns ist etwas schiefgegangen"), ("/en/", "Something went wrong on our side")]
)
def test_page_for_errors_speaks_and_is_protected_even_when_the_outermost_layer_fails(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, path: str, heading: str
) -> None:
    def fail(request: object) -> None:
        raise OperationalError("no such table: city_city")

    monkeypatch.setattr("kursbuch.web.middleware.city_row", fail)
    visitor.raise_request_exception = False
    response = visitor.get(path)
    page = response.content.decode()
    assert (response.status_code, response["Cache-Control"]) == (500, "no-store")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert f"<h1>{heading}</h1>" in page
    assert "web/css/layout" in page
    assert "city_city" not in page
    assert [record.getMessage() for record in caplog.records] == [f"Internal Server Error: {path}"]


def test_reader_gets_an_answer_even_when_that_page_fails(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> str:
        raise OSError("no templates today")

    monkeypatch.setattr(errors, "render_to_string", fail)
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


def test_refusal_takes_one_line_in_the_log(as_anna: Client) -> None:
    named = settings.LOGGING["handlers"]["console"]["filters"]
    written = StringIO()
    handler = logging.StreamHandler(written)
    for name in named:
        handler.addFilter(import_string(settings.LOGGING["filters"][name]["()"])())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        assert as_anna.get("/schreibtisch/").status_code == 403
        logger.error("broken", exc_info=ValueError("ours"))
    finally:
        logger.removeHandler(handler)
    first, second, *traceback = written.getvalue().splitlines()
    assert "/schreibtisch/" in first
    assert (second, traceback) == ("broken", ["ValueError: ours"])
