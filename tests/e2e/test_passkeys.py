"""Passkeys in a real browser, under the strict Content-Security-Policy: adding one, and signing in with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession, Page, expect
from tests.personas import PASSWORD

from kursbuch.identity.models import Membership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def device(page: Page) -> CDPSession:
    """A device that holds passkeys and whose owner always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    session.authenticator = made["authenticatorId"]  # type: ignore[attr-defined]
    return session


def confirm_by_password(page: Page) -> None:
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Bestätigen").click()


def add_passkey(page: Page) -> None:
    page.goto("/konto/2fa/webauthn/add/")
    confirm_by_password(page)
    page.get_by_label("Damit auch ohne Passwort anmelden").check()
    page.get_by_role("button", name="Hinzufügen").click()
    expect(page.get_by_text("Passkey wurde hinzugefügt")).to_be_visible()


def test_a_passkey_is_added_and_signs_in_without_a_password(
    page: Page, device: CDPSession, anna: Membership, sign_in: Callable[[Membership], None]
) -> None:
    sign_in(anna)
    add_passkey(page)
    assert Authenticator.objects.filter(user=anna.person, type="webauthn").count() == 1
    page.goto("/konto/2fa/webauthn/")
    expect(page.get_by_text("Anmeldung ohne Passwort")).to_be_visible()

    page.context.clear_cookies()
    page.goto("/konto/login/?next=/konto/meine-daten/")
    page.get_by_role("button", name="Mit einem Passkey anmelden").click()
    page.wait_for_url("**/konto/meine-daten/")
    expect(page.get_by_text("anna@example.org")).to_be_visible()


def test_staff_get_in_as_soon_as_they_have_a_passkey(
    page: Page, device: CDPSession, adam: Membership, sign_in: Callable[[Membership], None]
) -> None:
    adam.person.authenticator_set.all().delete()
    sign_in(adam)
    page.goto("/stadt/")
    page.wait_for_url("**/konto/2fa/")
    expect(page.get_by_text("schützt sein Konto mit einem zweiten Faktor")).to_be_visible()
    add_passkey(page)
    page.goto("/stadt/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verwaltung der Seite")


def test_a_refused_passkey_is_explained(page: Page, device: CDPSession, anna: Membership) -> None:
    device.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": device.authenticator, "isUserVerified": False},  # type: ignore[attr-defined]
    )
    page.goto("/konto/login/")
    expect(page.locator("#passkey-error")).to_be_hidden()
    page.get_by_role("button", name="Mit einem Passkey anmelden").click()
    expect(page.locator("#passkey-error")).to_be_visible()
