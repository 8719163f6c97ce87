"""Filters of the reading pages."""

from __future__ import annotations

from django import template

from kursbuch.strategy.presentation import element
from kursbuch.strategy.queries.editions import Touch

register = template.Library()


@register.filter
def credit(touch: Touch) -> str:
    """The authors of an amendment in one line, and for whom they speak."""
    names = ", ".join(element.credit(touch))
    speaks_for = "" if touch.amendment.official else touch.amendment.speaks_for
    return f"{names} ({speaks_for})" if speaks_for else names
