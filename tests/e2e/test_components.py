"""Every component and every error page, wide and narrow, in both languages, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django import Settings
from tests.e2e.axe import WIDTHS, check

from kursbuch.identity.models import Membership


@pytest.fixture(autouse=True)
def _component_pages(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.e2e.component_urls"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_components_are_accessible(page: Page, prefix: str) -> None:
    check(page, f"{prefix}/teile/")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("status", [400, 403, 404, 410, 419])
def test_error_pages_are_accessible(page: Page, prefix: str, status: int) -> None:
    check(page, f"{prefix}/gibt/es/nicht/" if status == 404 else f"{prefix}/fehler/{status}/")


def test_shell_of_signed_in_people_is_accessible(
    page: Page, sign_in: Callable[[Membership], None], edda: Membership
) -> None:
    sign_in(edda)
    for width in WIDTHS:
        check(page, "/teile/", [width])
        page.locator(".account > summary").click()
        assert page.get_by_role("button", name="Abmelden").is_visible()
        page.keyboard.press("Escape")
        assert not page.get_by_role("button", name="Abmelden").is_visible()


def test_language_switch_keeps_the_page(page: Page) -> None:
    page.goto("/teile/?ab=2")
    page.get_by_role("link", name="EN", exact=True).click()
    assert page.url.endswith("/en/teile/?ab=2")
    assert page.locator("html").get_attribute("lang") == "en"


def test_narrow_navigation_opens_without_scripts(page: Page) -> None:
    page.context.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/teile/")
    assert page.locator(".site-header__nav").is_hidden()
    page.locator(".menu > summary").click()
    assert page.locator(".menu .nav").is_visible()


def test_keyboard_reaches_the_content_first(page: Page) -> None:
    page.goto("/teile/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_origin_lights_up_where_words_come_from(page: Page) -> None:
    page.goto("/teile/")
    assert page.locator("#origin-2.is-lit").count() == 0
    page.locator(".origin-run[data-origin='2']").focus()
    assert page.locator("#origin-2.is-lit").count() == 1
