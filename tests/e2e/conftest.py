"""A real browser against a live server. Signing in sets the session's cookie; test_sign_in.py uses the form."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from tests.e2e.axe import Watch
from tests.e2e.chromium import ARGUMENTS, CHROMIUM
from tests.personas import client_of

from kursbuch.city.models import City
from kursbuch.identity.models import Membership

# Playwright's synchronous interface runs a loop in this thread; Django would refuse to use the database here.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = pytest.mark.skip(reason=f"Browser tests were not run: there is no Chromium at {CHROMIUM}.")
    for item in items:
        if item.path.parent.name == "e2e":
            item.add_marker(pytest.mark.browser)
            if not os.access(CHROMIUM, os.X_OK):
                item.add_marker(missing)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server: LiveServer, city: City) -> str:
    """The address of the city's site, without a slash at the end."""
    return f"http://localhost:{urlsplit(live_server.url).port}"


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """A browser window in which nobody is signed in; at the end it must not have done anything wrong."""
    context = chromium.new_context(
        base_url=site, viewport={"width": 1280, "height": 900}, locale="de-DE", reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    opened = context.new_page()
    watch = Watch(opened, "localhost")
    opened.watch = watch  # type: ignore[attr-defined]
    yield opened
    context.close()
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def sign_in(page: Page, site: str) -> Callable[[Membership], None]:
    """``sign_in(edda)``: from now on the window is hers."""

    def sign_in(member: Membership) -> None:
        session = client_of(member).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.clear_cookies()
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])

    return sign_in
