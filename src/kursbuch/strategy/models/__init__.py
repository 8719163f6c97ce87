"""The tables of the normative side, one concern a module."""

from kursbuch.strategy.models.amendment import (
    PENDING,
    Amendment,
    Author,
    Change,
    Comment,
    Recommendation,
    State,
    Variant,
)
from kursbuch.strategy.models.edition import Decision, Edition
from kursbuch.strategy.models.element import OPEN_END, Element, Rendition, Version
from kursbuch.strategy.models.immutable import Immutable
from kursbuch.strategy.models.strategy import Strategy

__all__ = [
    "OPEN_END",
    "PENDING",
    "Amendment",
    "Author",
    "Change",
    "Comment",
    "Decision",
    "Edition",
    "Element",
    "Immutable",
    "Recommendation",
    "Rendition",
    "State",
    "Strategy",
    "Variant",
    "Version",
]
