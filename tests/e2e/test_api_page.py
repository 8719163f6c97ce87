"""The page that explains the programming interface, in a real browser: wide and narrow, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.axe import check

from kursbuch.city.models import City


@pytest.mark.parametrize("language", ["", "/en"])
def test_page_is_accessible_and_fits(page: Page, site: str, city: City, language: str) -> None:
    check(page, f"{language}/api/")


def test_link_to_a_shape_opens_it(page: Page, site: str, city: City) -> None:
    page.goto("/api/")
    page.locator("#elements a[href='#shape-Elements']").click()
    expect(page.locator("#shape-Elements table")).to_be_visible()
    expect(page.locator("#shape-Element table")).not_to_be_visible()
