"""What can happen: each app registers its verbs and the phrase that follows the actor's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_phrases: dict[str, _StrOrPromise] = {}
_personal: set[str] = set()
_routine: dict[str, Callable[[int], str]] = {}


class UnknownVerbError(ValueError):
    """No app has registered this verb."""


def register_verbs(phrases: Mapping[str, _StrOrPromise]) -> None:
    """Make verbs known: ``{"amendment_submitted": _("submitted an amendment")}``."""
    _phrases.update(phrases)


def register_routine(phrases: Mapping[str, Callable[[int], str]]) -> None:
    """Of these verbs many entries are shown as one: ``{"tree_watered": lambda n: ngettext(…)}``."""
    _routine.update(phrases)


def register_personal(verbs: Iterable[str]) -> None:
    """Of these, people whom an entry names that is not public are told: something happened to what only they see."""
    _personal.update(verbs)


def personal() -> frozenset[str]:
    return frozenset(_personal)


def is_routine(verb: str) -> bool:
    return verb in _routine


def routine_phrase(verb: str, number: int) -> str:
    """The phrase for so many entries at once."""
    return _routine[verb](number)


def require(verb: str) -> str:
    if verb not in _phrases:
        raise UnknownVerbError(f"{verb!r} is not a registered verb; see chronicle.verbs.register_verbs")
    return verb


def phrase(verb: str) -> str:
    """The phrase in the reader's language; an old verb nobody registers any more is shown as it is."""
    return str(_phrases.get(verb, verb.replace("_", " ")))


def all_phrases() -> list[tuple[str, str]]:
    """Every verb with its phrase, in the order of the phrases."""
    return sorted(((verb, str(text)) for verb, text in _phrases.items()), key=lambda pair: pair[1].casefold())
