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
    return f"{names} ({touch.amendment.speaks_for})" if touch.amendment.speaks_for else names
