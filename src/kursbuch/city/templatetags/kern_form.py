"""Renders Django forms with KERN's markup: label, hint, error and control, tied together for screen readers."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

_TEXT = "kern-form-input__input"


@register.inclusion_tag("city/_form.html")
def kern_form(form: forms.BaseForm) -> dict[str, Any]:
    """All fields of a form, with a summary of the errors above them that leads to each field."""
    return {"form": form, "wrong": [field for field in form.visible_fields() if field.errors]}


@register.inclusion_tag("city/_field.html")
def kern_field(field: BoundField, label: str = "") -> dict[str, Any]:
    widget = field.field.widget
    widget.attrs.pop("placeholder", None)  # allauth's repeat the label, and vanish when one begins to type
    kind = "input"
    if "data-trap" in widget.attrs:
        kind = "trap"
    elif isinstance(widget, forms.CheckboxInput):
        kind = "checkbox"
    elif isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        kind = "choices"
    elif isinstance(widget, forms.Select):
        kind = "select"
    return {
        "field": field,
        "kind": kind,
        "label": label or field.label,
        "is_radio": isinstance(widget, forms.RadioSelect),
        "control": _control(field, kind),
    }


def _control(field: BoundField, kind: str) -> SafeString:
    """The widget alone, with KERN's class and what it is described by."""
    classes = {
        "input": _TEXT,
        "trap": "",
        "select": "kern-form-input__select",
        "checkbox": "kern-form-check__checkbox",
        "choices": "kern-form-check__radio",
    }[kind]
    attributes: dict[str, Any] = {"class": classes}
    if field.errors and kind in ("input", "checkbox"):
        attributes["class"] += f" {classes}--error"
    described = [f"{field.auto_id}_{part}" for part in ("hint", "error") if _has(field, part)]
    if described:
        attributes["aria-describedby"] = " ".join(described)
    attributes["aria-invalid"] = "true" if field.errors else None
    return field.as_widget(attrs={name: value for name, value in attributes.items() if value is not None})


def _has(field: BoundField, part: str) -> bool:
    return bool(field.help_text) if part == "hint" else bool(field.errors)
