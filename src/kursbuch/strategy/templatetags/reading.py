"""What the reading pages say beside their templates."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from kursbuch.strategy.presentation import element
from kursbuch.strategy.presentation.compare import ChangedTheme
from kursbuch.strategy.presentation.compared import themes_html
from kursbuch.strategy.queries.editions import Touch

register = template.Library()


@register.filter
def credit(touch: Touch) -> str:
    """The authors of an amendment in one line, and for whom they speak."""
    names = ", ".join(element.credit(touch))
    speaks_for = "" if touch.amendment.official else touch.amendment.speaks_for
    return f"{names} ({speaks_for})" if speaks_for else names


@register.simple_tag
def compared_themes(themes: Sequence[ChangedTheme], spoken: str, original: str) -> SafeString:
    """Changed elements by theme, with their redlines."""
    return themes_html(themes, spoken, original)
