"""The signed link in every e-mail that ends all e-mail from a city without signing in."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core import signing

if TYPE_CHECKING:
    from kursbuch.chronicle.surroundings import Person

VALID = timedelta(days=180)
_SALT = "kursbuch.chronicle.unsubscribe"


def make_token(uid: uuid.UUID, city_id: int) -> str:
    return signing.dumps([uid.hex, city_id], salt=_SALT)


def read_token(token: str, city_id: int) -> Person | None:
    """Whose e-mail from this city the link ends; nobody if it is forged, too old or another city's."""
    try:
        uid, city = signing.loads(token, salt=_SALT, max_age=VALID)
    except signing.BadSignature:
        return None
    if city != city_id:
        return None
    return get_user_model()._default_manager.filter(uid=uid).first()
