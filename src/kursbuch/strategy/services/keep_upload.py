"""Uploaded files between preview and confirmation: kept on the server, bound to city and person, gone after a day."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core import signing

from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.kit.limits import Limit
from kursbuch.strategy.documents.document import DocumentError
from kursbuch.strategy.documents.upload import Upload, open_upload

UPLOADS = Limit("import_upload", count=60, per=timedelta(hours=1))
KEPT = timedelta(days=1)
_SALT = "kursbuch.strategy.import"


def keep_upload(*, by: Membership, upload: Upload) -> str:
    """A signed reference that only the same person in the same city can use."""
    UPLOADS.hit(f"{by.city_id}/{by.user_id}")
    name = secrets.token_hex(16)
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(upload.data)
    return signing.dumps([name, upload.name[-120:], by.city_id, by.user_id], salt=_SALT)


def kept_upload(*, by: Membership, reference: str) -> Upload | None:
    """The file, or nothing where the reference is somebody else's, too old, or used up."""
    path = _path(by, reference)
    if path is None:
        return None
    try:
        return open_upload(_loaded(reference)[1], path.read_bytes())
    except (FileNotFoundError, DocumentError):
        return None


def token_of(reference: str) -> str:
    """32 hexadecimal digits that stand for this upload: what it becomes is made once."""
    return _loaded(reference)[0]


def discard_upload(*, by: Membership, reference: str) -> None:
    path = _path(by, reference)
    if path is not None:
        path.unlink(missing_ok=True)


def purge_uploads() -> int:
    """Deletes what nobody came back to; how many files went."""
    oldest = (clock.now() - KEPT).timestamp()
    gone = 0
    for path in _folder().glob("*"):
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _loaded(reference: str) -> tuple[str, str, int, int]:
    name, original, city, user = signing.loads(reference, salt=_SALT, max_age=KEPT)
    return str(name), str(original), int(city), int(user)


def _path(by: Membership, reference: str) -> Path | None:
    try:
        name, _original, city, user = _loaded(reference)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if (city, user) != (by.city_id, by.user_id) or not re.fullmatch(r"[0-9a-f]{32}", name):
        return None
    return _folder() / name
