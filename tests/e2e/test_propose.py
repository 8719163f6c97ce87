"""Proposing a change in a real browser: by keyboard alone, without scripts, and readable for everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.axe import check
from tests.personas import PASSWORD
from tests.strategy.amending import draft, make_strategy, more_trees, submitted, text_of

from kursbuch.city.models import City
from kursbuch.domain.framework.changes import Add, Move
from kursbuch.identity.models import Membership
from kursbuch.strategy.models import Amendment, Recommendation, State, Strategy
from kursbuch.strategy.services.discuss_amendment import (
    comment_on_amendment,
    recommend_amendment,
    remove_comment,
)

SignIn = Callable[[Membership], None]


@pytest.fixture
def strategy(city: City) -> Strategy:
    return make_strategy(city)


@pytest.fixture
def lively(strategy: Strategy, anna: Membership, frida: Membership, edda: Membership) -> Amendment:
    """An amendment with an office's wording, a rival, threads and a removed comment."""
    submitted(strategy, anna, [more_trees(strategy, "tausend")], "Tausend Bäume")
    changes = [
        more_trees(strategy),
        Add("neu-1", "measure", "L2", None, {"title": "Radwege", "text": "Die Stadt baut."}),
    ]
    amendment = submitted(strategy, frida, changes, "Mehr Bäume und Radwege")
    root = comment_on_amendment(amendment=amendment, by=anna, text="Wer gießt die Bäume?")
    comment_on_amendment(amendment=amendment, by=frida, text="Alle zusammen.", reply_to=root)
    rude = comment_on_amendment(amendment=amendment, by=anna, text="Ach, Sie!")
    remove_comment(comment=rude, by=edda, reason="Unhöflich.")
    recommend_amendment(
        amendment=amendment,
        by=edda,
        kind=Recommendation.ACCEPT_MODIFIED,
        reason="So ist es bezahlbar.",
        changes=[more_trees(strategy, "hundertfünfzig")],
    )
    return amendment


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_reading_pages_are_accessible(page: Page, prefix: str, lively: Amendment) -> None:
    check(page, f"{prefix}/antraege/")
    check(page, f"{prefix}/antraege/?q=nichts+davon")
    check(page, f"{prefix}/antraege/{lively.pk}/?wording=difference")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_writing_pages_are_accessible(
    page: Page, sign_in: SignIn, prefix: str, lively: Amendment, strategy: Strategy, edda: Membership
) -> None:
    sign_in(edda)
    changes = [more_trees(strategy, "zweitausend"), Move("M002", "L2", None)]
    number = draft(strategy, edda, changes).pk
    new = f"{prefix}/antraege/neu/?draft={number}"
    check(page, f"{prefix}/antraege/{number}/bearbeiten/")
    check(page, f"{prefix}/antraege/{lively.pk}/?reply={lively.comments.order_by('pk')[0].pk}")
    for query in (
        "&q=baum",
        "&element=M001",
        "&element=M001&do=add",
        "&element=M001&do=retire",
        "&element=L2&do=retire",
    ):
        check(page, new + query)
    check(page, f"{new}&element=L1&do=add&kind=measure")
    check(page, f"{prefix}/antraege/{number}/loeschen/")


def _tab_to(page: Page, selector: str) -> None:
    """Press the tabulator until this control has the focus, as somebody without a mouse does."""
    for _ in range(120):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard on {page.url}")


def test_keyboard_alone_from_sign_in_to_the_amendment(page: Page, strategy: Strategy, anna: Membership) -> None:
    page.goto("/antraege/neu/?element=M001")
    _tab_to(page, "input[name=login]")
    page.keyboard.type(anna.person.email)
    _tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/antraege/neu/?element=M001")

    _tab_to(page, "textarea[name=text]")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Auch an Haltestellen.")
    expect(page.locator("#preview-body .redline-block ins").first).to_contain_text("Auch an Haltestellen.")
    _tab_to(page, "button[name=collect]")
    page.keyboard.press("Enter")

    page.wait_for_url("**/bearbeiten/")
    expect(page.locator(".collected .redline-block ins").first).to_contain_text("Auch an Haltestellen.")
    _tab_to(page, "textarea[name=rationale]")
    page.keyboard.type("Wer wartet, braucht Schatten.")
    expect(page.locator("#saved")).to_contain_text("Entwurf gespeichert")
    _tab_to(page, "button[name=submit]")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Ihr Antrag ist eingereicht")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Änderung: Bäume")
    amendment = Amendment.objects.get()
    assert (amendment.state, amendment.rationale) == (State.SUBMITTED, "Wer wartet, braucht Schatten.")
    assert str(amendment.domain_changes()[0].after) == text_of(strategy) + " Auch an Haltestellen."  # type: ignore[union-attr]


def test_the_same_without_scripts(chromium: Browser, site: str, strategy: Strategy, anna: Membership) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False, locale="de-DE")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/antraege/neu/?element=M001")
    page.fill("input[name=login]", anna.person.email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/antraege/neu/?element=M001")

    page.fill("textarea[name=text]", text_of(strategy) + " Auch an Haltestellen.")
    page.locator("button[name=preview]").click()
    expect(page.locator("#preview .redline-block ins").first).to_contain_text("Auch an Haltestellen.")
    page.locator("#group-alignments > summary").click()
    page.locator("button[name=more][value=alignments]").click()
    page.select_option("select[name=alignments-2-id]", "sdg:13.1")
    page.fill("textarea[name=alignments-2-reason]", "Schatten kühlt.")
    page.locator("button[name=collect]").click()

    page.wait_for_url("**/bearbeiten/")
    page.locator("button[name=another]").click()
    page.fill("input[name=q]", "beete")
    page.locator("input[name=q]").press("Enter")
    page.get_by_role("link", name="M002 Beete").first.click()
    page.get_by_role("link", name="An eine andere Stelle verschieben").click()
    page.select_option("select[name=new-place]", "L2|")
    page.locator("button[name=collect]").click()

    page.fill("input[name=title]", "Bäume an Haltestellen")
    page.locator("button[name=submit]").click()  # without reasons
    expect(page.get_by_role("alert").first).to_contain_text("Bitte prüfen")
    page.fill("textarea[name=rationale]", "Wer wartet, braucht Schatten.")
    page.locator("button[name=submit]").click()
    expect(page.locator("h1")).to_have_text("Bäume an Haltestellen")
    amendment = Amendment.objects.get()
    assert amendment.state == State.SUBMITTED
    assert [type(change).__name__ for change in amendment.domain_changes()] == ["Revise", "Revise", "Move"]

    page.fill("#write textarea", "Ich helfe beim Gießen.")
    page.locator("#write button").click()
    page.get_by_role("link", name="Antworten").click()
    page.fill("#reply-form textarea", "Ich auch.")
    page.locator("#reply-form button").click()
    expect(page.locator(".thread__replies")).to_contain_text("Ich auch.")
    context.close()


def test_rival_shows_up_while_writing(
    page: Page, sign_in: SignIn, strategy: Strategy, anna: Membership, frida: Membership
) -> None:
    submitted(strategy, frida, [more_trees(strategy, "dreihundert")], "Dreihundert Bäume")
    sign_in(anna)
    page.goto("/antraege/neu/?element=M001")
    page.fill("textarea[name=text]", text_of(strategy).replace("hundert", "zweihundert"))
    expect(page.locator(".rival--conflict")).to_contain_text("Dreihundert Bäume")


def test_reply_opens_in_place(page: Page, sign_in: SignIn, lively: Amendment, anna: Membership) -> None:
    sign_in(anna)
    page.goto(f"/antraege/{lively.pk}/")
    page.get_by_role("link", name="Antworten").first.click()
    page.fill("#reply-form textarea", "Danke.")
    page.locator("#reply-form button").click()
    expect(page.locator(".thread__replies").first).to_contain_text("Danke.")


def test_long_lists_can_be_searched(page: Page, sign_in: SignIn, strategy: Strategy, anna: Membership) -> None:
    sign_in(anna)
    page.goto("/antraege/neu/?element=M001")
    page.locator("#group-alignments > summary").click()
    chosen = page.locator("select[name=alignments-1-id]")
    before = chosen.locator("option").count()
    page.locator("#group-alignments input[type=search]").fill("klima")
    after = chosen.locator("option").count()
    assert 1 < after < before
