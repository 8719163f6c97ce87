"""Digests: proof that an edition says what it said when it was adopted, down to a single element.

The recipe, for everyone who wants to recompute it, is in docs/digest.md.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from kursbuch.domain.framework.element import Edition, Element, Value

_NODE = b"kursbuch:node:1\n"
_EDITION = b"kursbuch:edition:1\n"


@dataclass(frozen=True, slots=True)
class Level:
    """An ancestor on the way up: its content digest and its children's node digests on either side."""

    content: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What leads from one element to the root: the digests below it, its ancestors, its topmost neighbours."""

    key: str
    children: tuple[str, ...]
    levels: tuple[Level, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]


def canonical_json(element: Element) -> bytes:
    """Key, kind and fields as JSON: names sorted, no spaces, UTF-8, NFC, nothing escaped beyond need."""
    content = {
        "fields": {_nfc(name): _plain(value) for name, value in element.fields.items()},
        "key": _nfc(element.key),
        "kind": _nfc(element.kind),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def content_digest(element: Element) -> str:
    """SHA-256 (hex) of the element's own content, without its place."""
    return sha256(canonical_json(element)).hexdigest()


def digest(edition: Edition, contents: Mapping[str, str] | None = None) -> str:
    """The edition's root digest. ``contents`` may give content digests by key that are already known."""
    nodes = node_digests(edition, contents)
    return _root([nodes[key] for key in edition.children.get(None, ())])


def node_digests(edition: Edition, contents: Mapping[str, str] | None = None) -> dict[str, str]:
    """By key: the digest over an element's content and, in order, the node digests of what is below it."""
    known = contents or {}
    nodes: dict[str, str] = {}
    for element in reversed([element for _, element in edition.walk()]):  # children before their parents
        content = known.get(element.key) or content_digest(element)
        nodes[element.key] = _node(content, [nodes[key] for key in edition.children.get(element.key, ())])
    return nodes


def proof(edition: Edition, key: str, contents: Mapping[str, str] | None = None) -> Proof:
    """The proof that an element with its content stands where it does; :class:`KeyError` if it does not."""
    nodes = node_digests(edition, contents)
    known = contents or {}
    levels: list[Level] = []
    place = key
    while (parent := edition.parents[place]) is not None:
        left, right = _beside(edition.children[parent], place, nodes)
        content = known.get(parent) or content_digest(edition[parent])
        levels.append(Level(content, left, right))
        place = parent
    left, right = _beside(edition.children[None], place, nodes)
    below = tuple(nodes[child] for child in edition.children.get(key, ()))
    return Proof(key, below, tuple(levels), left, right)


def verify_proof(root: str, element: Element, proof: Proof) -> bool:
    """Whether the proof leads from exactly this element to the edition with this root digest."""
    if element.key != proof.key:
        return False
    try:
        node = _node(content_digest(element), proof.children)
        for level in proof.levels:
            node = _node(level.content, [*level.left, node, *level.right])
        return _root([*proof.left, node, *proof.right]) == root
    except ValueError:  # not digests
        return False


def _beside(siblings: Sequence[str], key: str, nodes: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    place = siblings.index(key)
    return tuple(nodes[k] for k in siblings[:place]), tuple(nodes[k] for k in siblings[place + 1 :])


def _node(content: str, children: Sequence[str]) -> str:
    return sha256(_NODE + _bytes(content) + b"".join(map(_bytes, children))).hexdigest()


def _root(nodes: Sequence[str]) -> str:
    return sha256(_EDITION + b"".join(map(_bytes, nodes))).hexdigest()


def _bytes(digest: str) -> bytes:
    raw = bytes.fromhex(digest)
    if len(raw) != 32:
        raise ValueError("a SHA-256 digest has 32 bytes")
    return raw


def _plain(value: Value) -> object:
    if isinstance(value, str):
        return _nfc(value)
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Mapping):
        return {_nfc(name): _nfc(part) if isinstance(part, str) else part for name, part in value.items()}
    return value


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
