"""Reading, comparing and asking why, in a real browser: wide and narrow, in both languages, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.axe import check
from tests.strategy.amending import Cast, make_strategy
from tests.strategy.reading_story import tell
from tests.strategy.test_read_strategy import render

from kursbuch.city.models import City
from kursbuch.identity.models import Membership
from kursbuch.strategy.models import Strategy


@pytest.fixture
def story(site: str, city: City, anna: Membership, edda: Membership, klara: Membership) -> Strategy:
    strategy, cast = make_strategy(city), Cast(anna, edda, klara)
    render(strategy, cast, 1, "en", reviewed=False, title="Trees", text="The city plants a hundred trees.")
    render(strategy, cast, 1, "de-simple", title="Bäume", text="Wir pflanzen Bäume.")
    tell(strategy, cast)
    return strategy


@pytest.mark.parametrize("language", ["", "/en"])
def test_pages_are_accessible_and_fit(page: Page, story: Strategy, language: str) -> None:
    for path in (
        "/strategie/",
        "/strategie/?am=2020-07-01&sprache=de-simple",
        "/strategie/?am=2019-01-01",
        "/M001/",
        "/M001/?fassung=1",
        "/M001/?fassung=4",
        "/M002/",
        "/M001/?am=2019-01-01",
        "/vergleich/?von=1&bis=3",
        "/vergleich/?von=heute",
        "/fassungen/",
        "/fassungen/3/",
        "/fassungen/1/",
    ):
        check(page, f"{language}{path}")


def test_origins_light_up_for_pointer_and_keyboard(page: Page, story: Strategy) -> None:
    page.goto("/M001/")
    run = page.locator(".origin-run").nth(1)
    entry = page.locator("#origin-text-2")
    run.hover()
    expect(entry).to_have_class("is-lit")
    page.mouse.move(0, 0)
    expect(entry).not_to_have_class("is-lit")
    number = run.locator("a")
    number.focus()
    expect(entry).to_have_class("is-lit")
    expect(number).to_have_attribute("aria-describedby", "origin-text-2")
    page.keyboard.press("Enter")
    assert page.url.endswith("#origin-text-2")


def test_works_without_scripts(page: Page, story: Strategy) -> None:
    context = page.context.browser.new_context(java_script_enabled=False, base_url=page.url)  # type: ignore[union-attr]
    page.goto("/")
    plain = context.new_page()
    plain.goto(page.url.rstrip("/") + "/strategie/")
    plain.fill("#am", "2020-07-01")
    plain.locator("form:has(#am) button").click()
    expect(plain.locator(".edition-line")).to_contain_text("Fassung 1")
    plain.select_option("#von", "3")
    plain.locator("form:has(#von) button").click()
    expect(plain.locator("h1")).to_have_text("Von Fassung 3 zu Fassung 1")
    plain.goto(page.url.rstrip("/") + "/M001/")
    plain.locator(".origin-run__number").nth(1).click()
    assert plain.url.endswith("#origin-text-2")
    context.close()


def test_contents_stand_beside_or_above(page: Page, story: Strategy) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/strategie/")
    expect(page.locator(".reading-aside")).to_be_visible()
    expect(page.locator(".reading-contents")).to_be_hidden()
    page.set_viewport_size({"width": 320, "height": 900})
    expect(page.locator(".reading-aside")).to_be_hidden()
    page.locator(".reading-contents summary").click()
    page.locator(".reading-contents a", has_text="Verkehr").click()
    assert page.url.endswith("#L2")
