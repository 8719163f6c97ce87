"""The office at work in a real browser: every page readable, and a change taken to its edition without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from tests.e2e.axe import assert_accessible, check
from tests.personas import client_of
from tests.strategy.amending import Cast, again, in_state, make_strategy, more_trees, submitted, text_of

from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Retire, Revise
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.strategy.models import Recommendation, State, Strategy
from kursbuch.strategy.queries import latest_edition
from kursbuch.strategy.services.discuss_amendment import recommend_amendment
from kursbuch.strategy.services.render_element import render_element

SignIn = Callable[[Membership], None]


@pytest.fixture
def strategy(city: City) -> Strategy:
    return make_strategy(city)


@pytest.fixture
def cast(anna: Membership, edda: Membership, klara: Membership) -> Cast:
    return Cast(anna, edda, klara)


@pytest.fixture
def busy(strategy: Strategy, cast: Cast) -> dict[str, int]:
    """Something in every state, renditions that are out of date, and amendments that do not go together."""
    version = strategy.versions.get(key="M001")
    fields = {"title": "Trees", "text": "The city plants a hundred trees."}
    render_element(strategy=strategy, by=cast.editor, version=version, language="en", fields=fields, translator="Amt")
    numbers = {"conflict": in_state(State.IN_CONFLICT, strategy, cast).pk}
    for state in (State.DECIDED, State.RECOMMENDED, State.IN_DISCUSSION, State.SUBMITTED):
        numbers[state] = in_state(state, strategy, cast).pk
    text = text_of(strategy, "M002")
    two = submitted(
        strategy,
        cast.author,
        [Revise("M002", "text", text, "Ganz andere Beete."), Retire("L2")],
        "Andere Beete, kein Verkehr",
    )
    recommend_amendment(amendment=two, by=cast.editor, kind=Recommendation.ACCEPT, reason="Gut.")
    rival = submitted(strategy, cast.author, [more_trees(strategy, "tausend", "M002")], "Tausend Beete")
    recommend_amendment(amendment=rival, by=cast.editor, kind=Recommendation.ACCEPT, reason="Gut.")
    return {**numbers, "two": two.pk, "rival": rival.pk}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_office_pages_are_accessible(
    page: Page, sign_in: SignIn, prefix: str, busy: dict[str, int], edda: Membership
) -> None:
    sign_in(edda)
    page.set_default_timeout(30_000)
    for path in (
        "/schreibtisch/",
        f"/antraege/{busy['two']}/empfehlung/",
        f"/antraege/{busy['two']}/teilen/",
        f"/antraege/{busy['two']}/beschluss/",
        f"/antraege/{busy['conflict']}/konflikt/",
        "/beschluss/",
        f"/beschluss/vorschau/?antrag={busy['two']}&ganz=1",
        f"/beschluss/vorschau/?antrag={busy['two']}&antrag={busy['rival']}",
        "/redaktionell/",
        "/redaktionell/?element=M001",
        "/uebersetzungen/?zustand=alle",
        "/M001/uebersetzung/en/",
    ):
        check(page, prefix + path)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_start_and_search_are_accessible(page: Page, prefix: str, busy: dict[str, int]) -> None:
    for path in ("/", "/suche/", "/suche/?q=stadt", "/suche/?q=nichtszufinden"):
        check(page, prefix + path)


def test_from_recommendation_to_edition_without_scripts(
    chromium: Browser, site: str, strategy: Strategy, cast: Cast
) -> None:
    amendment = in_state(State.IN_DISCUSSION, strategy, cast)
    context = chromium.new_context(base_url=site, java_script_enabled=False, locale="de-DE")
    context.set_default_timeout(15_000)
    page = context.new_page()

    def become(member: Membership) -> None:
        session = client_of(member).cookies[settings.SESSION_COOKIE_NAME].value
        context.clear_cookies()
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])

    become(cast.editor)
    page.goto("/schreibtisch/")
    page.get_by_role("link", name=amendment.title).click()
    page.get_by_label("in geänderter Fassung annehmen").check()
    page.locator("textarea[name=reason]").fill("Mehr ist nicht bezahlbar.")
    expect(page.locator("#wording")).to_be_visible()  # it opens with the choice
    page.locator("textarea[name=teil0-text]").fill("Die Stadt pflanzt 150 Bäume an ihren Straßen.")
    page.locator("button[name=preview]").click()
    expect(page.locator(".propose__preview .redline-block ins").first).to_contain_text("150")
    page.get_by_role("button", name="Empfehlung festhalten").click()
    expect(page.locator("#recommendation")).to_be_visible()

    become(cast.clerk)
    page.goto("/schreibtisch/")
    page.get_by_role("link", name=amendment.title).click()
    page.get_by_label("angenommen").check()
    page.locator("input[name=day]").fill("2021-03-01")
    page.locator("form.propose button[type=submit]").click()
    assert again(amendment).state == State.DECIDED

    page.goto("/schreibtisch/")
    page.get_by_role("link", name="Neue Fassung beschließen").first.click()
    expect(page.locator("input[name=antrag]")).to_be_checked()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".compared ins").first).to_contain_text("150")
    page.locator("input[name=in_force_from]").fill(clock.today().isoformat())
    page.locator("textarea[name=summary_de]").fill("Die Stadt pflanzt mehr Bäume.")
    page.locator("form.record button[type=submit]").click()
    expect(page.locator("h1")).to_have_text("Fassung 2")
    expect(page.get_by_text("Die Stadt pflanzt mehr Bäume.").first).to_be_visible()
    assert "150 Bäume" in text_of(strategy)
    assert latest_edition(strategy).number == "2"
    context.close()


def test_conflict_is_settled_with_the_redline_growing_along(
    page: Page, sign_in: SignIn, strategy: Strategy, cast: Cast
) -> None:
    amendment = in_state(State.IN_CONFLICT, strategy, cast)
    sign_in(cast.author)
    page.goto(f"/antraege/{amendment.pk}/konflikt/")
    page.get_by_label("Andere Worte").check()
    page.locator(".own > summary").click()
    page.locator("textarea[name=streit0-own-text]").fill("Die Stadt pflanzt vierhundert Bäume an ihren Straßen.")
    expect(page.locator(".would-read ins").first).to_contain_text("vierhundert")
    assert_accessible(page)
    page.locator("#resolve button[type=submit]").first.click()
    page.wait_for_url(f"**/antraege/{amendment.pk}/")
    assert again(amendment).state == State.SUBMITTED
