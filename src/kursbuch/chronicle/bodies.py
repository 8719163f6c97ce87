"""Bodies that act in place of their people: some are called by what they do, and every language has its word for that.

An entry keeps the name in the language of the city, for ever. Readers get it in theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_names: list[_StrOrPromise] = []


def register_bodies(names: Iterable[_StrOrPromise]) -> None:
    """Make names known that can be said in every language: ``[_("strategy office")]``."""
    _names.extend(names)
    _known.cache_clear()


def in_words(name: str) -> str:
    """The name in the reader's language; that of an office or a council group stays as it is."""
    known = _known().get(name)
    if known is None:
        return name
    return name if translation.get_language() == known[1] else capfirst(str(known[0]))


@cache
def _known() -> dict[str, tuple[_StrOrPromise, str]]:
    """Every name in every language, with the lazy text behind it and the language it is said in."""
    found: dict[str, tuple[_StrOrPromise, str]] = {}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            found |= {str(name): (name, language) for name in _names}
    return found
