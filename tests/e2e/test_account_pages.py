"""Pages of accounts and of the city's administration: accessible, in both languages, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.axe import assert_accessible, assert_fits, check
from tests.personas import PASSWORD

from kursbuch.identity.models import Membership

OF_EVERYBODY = ("konto/login/", "konto/signup/", "konto/password/reset/", "stadt/impressum/")
OF_MEMBERS = ("konto/meine-daten/", "konto/2fa/", "konto/email/", "konto/password/change/", "konto/logout/")
OF_ADMINISTRATORS = ("stadt/", "stadt/aussehen/", "stadt/texte/", "stadt/sprachen/", "stadt/aemter/", "konto/personen/")


@pytest.mark.parametrize("prefix", ["/", "/en/"])
def test_pages_of_accounts_and_administration_are_accessible(
    page: Page, prefix: str, adam: Membership, olaf: Membership, sign_in: Callable[[Membership], None]
) -> None:
    for path in OF_EVERYBODY:
        check(page, prefix + path)
    sign_in(adam)
    for path in (*OF_MEMBERS, *OF_ADMINISTRATORS, f"konto/personen/{olaf.person.uid}/"):
        check(page, prefix + path)


def test_pages_behind_the_password_are_accessible(
    page: Page, anna: Membership, sign_in: Callable[[Membership], None]
) -> None:
    sign_in(anna)
    check(page, "/konto/loeschen/")  # asks for the password first
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Bestätigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Konto löschen")
    for path in ("/konto/loeschen/", "/konto/2fa/totp/activate/", "/konto/2fa/webauthn/add/", "/konto/2fa/webauthn/"):
        check(page, path)


def test_a_form_that_is_sent_back_is_accessible(
    page: Page, adam: Membership, sign_in: Callable[[Membership], None]
) -> None:
    sign_in(adam)
    page.goto("/stadt/aussehen/")
    page.get_by_label("Hauptfarbe").fill("#ffcc00")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert").first).to_contain_text("Kontrast von 1,3 : 1")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Hauptfarbe").click()
    expect(page.get_by_label("Hauptfarbe")).to_be_focused()


def test_the_chosen_colour_is_on_the_page(page: Page, adam: Membership, sign_in: Callable[[Membership], None]) -> None:
    sign_in(adam)
    page.goto("/stadt/aussehen/")
    page.get_by_label("Hauptfarbe").fill("#7a1f5c")
    page.get_by_role("button", name="Speichern").click()
    button = page.get_by_role("button", name="Speichern")
    expect(button).to_have_css("background-color", "rgb(122, 31, 92)")
    assert_accessible(page)
