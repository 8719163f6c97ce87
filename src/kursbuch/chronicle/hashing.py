"""How entries and seals are hashed; docs/chronicle.md describes it so that others can recompute it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

if TYPE_CHECKING:
    from kursbuch.chronicle.models import Entry, Seal

SALT_BYTES = 16


def plain(value: Any) -> Any:
    """The value as both databases give it back from JSON: text keys, whole floats as integers.

    Raises ValueError for what JSON cannot hold (not a number, infinity, a zero character).
    """
    text = json.dumps(value, cls=DjangoJSONEncoder, allow_nan=False)
    if "\\u0000" in text:
        raise ValueError("a zero character cannot be kept")
    return _whole(json.loads(text))


def _whole(value: Any) -> Any:
    # PostgreSQL's jsonb gives 1e20 back as an integer: a float without fraction is one from the start.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_whole(part) for part in value]
    return value


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8."""
    text = json.dumps(_whole(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def personal_digest(salt: bytes, actor_uid: str | None, personal: Mapping[str, Any] | None) -> str:
    """SHA-256 over the salt and who acted with which personal data."""
    return hashlib.sha256(salt + canonical({"actor": actor_uid, "personal": personal})).hexdigest()


def entry_digest(
    *,
    city: int,
    at: datetime,
    verb: str,
    thing: str,
    because: str,
    summary: str,
    data: Mapping[str, Any],
    public: bool,
    mentions: Sequence[str],
    personal: str,
) -> str:
    """SHA-256 over everything an entry says; ``personal`` is its personal digest, "" if it has none."""
    content = {
        "city": city,
        "at": moment(at),
        "verb": verb,
        "thing": thing,
        "because": because,
        "summary": summary,
        "data": data,
        "public": public,
        "mentions": sorted(mentions),
        "personal": personal,
    }
    return hashlib.sha256(canonical(content)).hexdigest()


def merkle_root(leaves: Sequence[tuple[int, str]]) -> str:
    """The root over (entry id, entry digest), as RFC 6962 builds its tree.

    A leaf is SHA-256(0x00, id as 8 bytes, digest as 32 bytes), a node SHA-256(0x01, left, right), so that
    neither can be taken for the other. At least one leaf is needed.
    """
    if not leaves:
        raise ValueError("a seal covers at least one entry")
    return _node(
        [hashlib.sha256(b"\0" + number.to_bytes(8, "big") + bytes.fromhex(d)).digest() for number, d in leaves]
    ).hex()


def _node(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)  # the largest power of two below the length
    return hashlib.sha256(b"\1" + _node(hashes[:split]) + _node(hashes[split:])).digest()


def digest_of(entry: Entry, mentions: Sequence[str]) -> str:
    """The digest that belongs to what the entry says, whatever digest stands in it."""
    return entry_digest(
        city=entry.city_id,
        at=entry.at,
        verb=entry.verb,
        thing=entry.thing,
        because=entry.because,
        summary=entry.summary,
        data=entry.data,
        public=entry.public,
        mentions=mentions,
        personal=entry.personal_digest,
    )


def seal_digest(seal: Seal) -> str:
    """SHA-256 over a seal, the digest of the one before included; whatever digest stands in it."""
    content = {
        "city": seal.city_id,
        "number": seal.number,
        "count": seal.count,
        "total": seal.total,
        "root": seal.root,
        "previous": seal.previous,
        "at": moment(seal.at),
    }
    return hashlib.sha256(canonical(content)).hexdigest()
