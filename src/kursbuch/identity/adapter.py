"""How allauth makes and names accounts here, and how it keeps the secrets of one-time codes."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_bytes
from django.utils.translation import get_language

from kursbuch.identity.models import User
from kursbuch.kit import clock
from kursbuch.kit.client import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user = cast(User, super().save_user(request, user, form, commit=False))
        user.name = form.cleaned_data["name"]
        user.language = get_language() or settings.LANGUAGE_CODE
        user.consented_at = clock.now()
        if commit:
            user.save()
        return user

    def get_client_ip(self, request: HttpRequest) -> str:
        """What the limits on signing in and up count by: as for every other limit."""
        return client_address(request)


def display_name(user: User) -> str:
    """What messages and mails to somebody call them: who has no name yet knows their address."""
    return user.name or user.email


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return site_name()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity = cast("dict[str, str]", super().get_public_key_credential_rp_entity())
        return {**entity, "name": site_name()}


def site_name() -> str:
    """What authenticator apps and passkey dialogues call this site."""
    return f"Kursbuch {context.request.city.name}"


def _cipher() -> MultiFernet:
    """Keyed by the secret key; older ones still decrypt while they stand among the fallbacks."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(b"kursbuch second factor\0" + force_bytes(secret)).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
