"""What entries can be about: each app registers its kinds of thing, their address and their name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch
from django.utils.text import capfirst

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

PATTERN = r"[a-z][a-z-]*(?::[A-Za-z0-9][A-Za-z0-9._-]*)?"
MAX_LENGTH = 80

_shape = re.compile(PATTERN)


Titles = Callable[[int, Collection[str]], Mapping[str, str]]  # of a city's things with these keys


class UnknownThingError(ValueError):
    """No app has registered this kind of thing, or it is not written as ``kind:key``."""


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    url: Callable[[str], str]  # the address of the thing with this key, "" when it has no page
    noun: _StrOrPromise
    titles: Titles | None


_kinds: dict[str, Kind] = {}


def register(kind: str, url: Callable[[str], str], noun: _StrOrPromise, titles: Titles | None = None) -> None:
    """Make a kind of thing known; the last registration counts."""
    _kinds[kind] = Kind(kind, url, noun, titles)


def split(thing: str) -> tuple[Kind, str]:
    """The kind and the key of ``"kind:key"``; the key of a thing there is one of is empty.

    Raises :class:`UnknownThingError`.
    """
    name, _, key = thing.partition(":")
    if len(thing) > MAX_LENGTH or not _shape.fullmatch(thing) or name not in _kinds:
        raise UnknownThingError(f"{thing!r} is not a registered thing; see chronicle.things.register")
    return _kinds[name], key


def address(thing: str) -> str:
    """The path of the thing's page, "" when it has none."""
    try:
        kind, key = split(thing)
        return kind.url(key)
    except (UnknownThingError, NoReverseMatch):  # an app that is gone, a key its pages do not know
        return ""


def label(thing: str) -> str:
    """What a reader calls the thing: "Amendment 12"."""
    try:
        kind, key = split(thing)
    except UnknownThingError:
        return thing
    return capfirst(f"{kind.noun} {key}".strip())


def titles(city_id: int, things: Iterable[str]) -> dict[str, str]:
    """What those of the things are called that have a title; one question to each app for each kind."""
    keys: dict[str, list[str]] = defaultdict(list)
    for thing in things:
        name, _, key = thing.partition(":")
        keys[name].append(key)
    found: dict[str, str] = {}
    for name, wanted in keys.items():
        ask = _kinds[name].titles if name in _kinds else None
        if ask is not None:
            found |= {f"{name}:{key}": title for key, title in ask(city_id, wanted).items()}
    return found
