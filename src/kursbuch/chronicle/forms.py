"""What people enter about the chronicle: how often they want e-mail, and what to find in the audit log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kursbuch.chronicle import verbs
from kursbuch.chronicle.models import Mode
from kursbuch.chronicle.queries import AuditFilter


class ModeForm(forms.Form):
    mode = forms.ChoiceField(label=_("How often do you want e-mail?"), choices=Mode)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "kern-form-input__input"}, format="%Y-%m-%d")


class AuditForm(forms.Form):
    """All fields may stay empty."""

    verb = forms.ChoiceField(
        label=_("What"), required=False, widget=forms.Select(attrs={"class": "kern-form-input__select"})
    )
    person = forms.CharField(
        label=_("Who"),
        help_text=_("Name or e-mail"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "kern-form-input__input"}),
    )
    thing = forms.CharField(
        label=_("Thing"),
        help_text=_("For example element:M042"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"class": "kern-form-input__input"}),
    )
    since = forms.DateField(label=_("From"), required=False, widget=DayInput, input_formats=["%Y-%m-%d"])
    until = forms.DateField(label=_("Until"), required=False, widget=DayInput, input_formats=["%Y-%m-%d"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("Everything")), *verbs.all_phrases()]  # type: ignore[attr-defined]

    def wanted(self) -> AuditFilter:
        """The filter; a field with a mistake does not narrow the search."""
        self.is_valid()
        given = self.cleaned_data
        return AuditFilter(
            verb=given.get("verb") or "",
            person=given.get("person") or "",
            thing=given.get("thing") or "",
            since=given.get("since"),
            until=given.get("until"),
        )
