"""What the reading pages say beside their templates."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from kursbuch.chronicle.templatetags.chronicle import body
from kursbuch.strategy.presentation import element
from kursbuch.strategy.presentation.compare import ChangedTheme
from kursbuch.strategy.presentation.compared import themes_html
from kursbuch.strategy.queries.editions import Touch

register = template.Library()


@register.filter
def credit(touch: Touch, language: str = "") -> SafeString:
    """The authors of an amendment in one line, and for whom they speak.

    A body that only the city has a word for is marked as being in ``language``, the city's.
    """
    speaks_for = body(touch.amendment.speaks_for, language)
    if touch.amendment.official:
        return speaks_for
    names = conditional_escape(", ".join(element.names(touch)))
    return format_html("{} ({})", names, speaks_for) if speaks_for else names


@register.simple_tag
def compared_themes(themes: Sequence[ChangedTheme], spoken: str, original: str) -> SafeString:
    """Changed elements by theme, with their redlines."""
    return themes_html(themes, spoken, original)
