"""How elements, values and changes are shown to people: plain functions from domain values to safe HTML."""

from kursbuch.strategy.presentation.changes import ShownChange, redline_labels, redlined_value, show_changes
from kursbuch.strategy.presentation.values import Terms, show_value

__all__ = [
    "ShownChange",
    "Terms",
    "redline_labels",
    "redlined_value",
    "show_changes",
    "show_value",
]
