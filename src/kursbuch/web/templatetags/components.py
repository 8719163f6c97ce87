"""Tags and filters of the components: state badges, form fields, headings that need a value from a table."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language

from kursbuch.strategy.models import Amendment
from kursbuch.web.templatetags.shell import icon

register = template.Library()

# what an amendment's state looks like: KERN's kind of badge (or our neutral one) and an icon
STATES = {
    "draft": ("neutral", "edit"),
    "submitted": ("info", "mail"),
    "in_discussion": ("info", "speech"),
    "recommended": ("info", "checklist"),
    "decided": ("success", "check"),
    "in_force": ("success", "success"),
    "rejected": ("danger", "close"),
    "withdrawn": ("neutral", "arrow-back"),
    "already_in_force": ("neutral", "check"),
    "in_conflict": ("warning", "warning"),
}


@register.simple_tag
def badge(label: str, kind: str = "neutral", icon_name: str = "") -> SafeString:
    """A small label. kind: neutral | info | success | warning | danger; never without its text."""
    picture = icon(icon_name, "small") if icon_name else ""
    return format_html(
        '<span class="kern-badge kern-badge--small kern-badge--{0} badge badge--{0}">{1}'
        '<span class="kern-label">{2}</span></span>',
        kind,
        picture,
        label,
    )


@register.simple_tag
def state_badge(amendment: Amendment) -> SafeString:
    """``{% state_badge amendment %}``: icon and words, never colour alone."""
    kind, icon_name = STATES["decided"] if amendment.takes_effect else STATES.get(amendment.state, ("neutral", ""))
    return badge(capfirst(amendment.state_in_words), kind, icon_name)


@register.filter
def field_kind(field: BoundField) -> str:
    """Which of KERN's form parts a field is drawn with."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.Select):
        return "select"
    return "input"


@register.filter
def check_kind(field: BoundField) -> str:
    # Django's many checkboxes are a subclass of its radio buttons
    return "checkbox" if isinstance(field.field.widget, forms.CheckboxSelectMultiple) else "radio"


@register.filter
def drawn(field: BoundField, language: str = "") -> SafeString:
    """The control itself, with KERN's classes and tied to its hint and its error.

    ``language`` is that of what is written in it, where people write for the strategy.
    """
    kind = field_kind(field)
    base = {"check": "kern-form-check__checkbox", "select": "kern-form-input__select"}.get(
        kind, "kern-form-input__input"
    )
    own = field.field.widget.attrs.get("class", "")
    attrs: dict[str, Any] = {"class": " ".join(filter(None, (base, f"{base}--error" if field.errors else "", own)))}
    described = [f"{field.auto_id}_hint"] if field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if kind == "input" and language and language != get_language():
        attrs["lang"] = language
    return field.as_widget(attrs=attrs)
