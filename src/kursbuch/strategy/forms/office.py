"""What the office and the council clerk fill in: recommendations, decisions, the record of an edition."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kursbuch.kit import clock
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.models import Recommendation


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class RecommendationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Recommendation"), choices=Recommendation.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reasons"),
        max_length=20_000,
        help_text=_("The council, the authors and everybody else can read your reasons."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class DecisionForm(forms.Form):
    """What is recorded of a decision."""

    body = forms.CharField(label=_("Decided by"), max_length=200)
    day = _day(_("Day of the decision"))
    paper = forms.CharField(
        label=_("Council paper"), max_length=100, required=False, help_text=_("Its reference, such as 20-25/1234.")
    )
    result = forms.CharField(
        label=_("Result"), max_length=200, required=False, help_text=_("For example: unanimously, or the votes.")
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > clock.today():
            raise ValidationError(_("This day is still to come."))
        return day

    def decision(self) -> DecisionData:
        data = self.cleaned_data
        return DecisionData(body=data["body"], day=data["day"], paper=data["paper"], result=data["result"])


class CouncilForm(DecisionForm):
    """A decision on amendments that will enter a later edition, or never."""

    outcome = forms.ChoiceField(
        label=_("What was decided"),
        choices=[("accepted", _("accepted")), ("rejected", _("rejected"))],
        widget=forms.RadioSelect,
    )

    together = forms.TypedMultipleChoiceField(
        label=_("Decided in the same way at the same time"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ("outcome", "together", "body", "day", "paper", "result")

    def __init__(self, *args: Any, others: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            self.fields["together"].choices = others  # type: ignore[attr-defined]
        else:
            del self.fields["together"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned.setdefault("together", [])
        return cleaned


class AdoptionForm(DecisionForm):
    """The decision, and from when on the new edition holds."""

    in_force_from = _day(_("In force from"), help_text=_("Today or a day in the future."))
    summary_de = forms.CharField(
        label=_("What is new, in German"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two or three sentences for everybody."),
    )
    summary_en = forms.CharField(
        label=_("What is new, in English"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    expected = forms.IntegerField(widget=forms.HiddenInput)

    def clean_in_force_from(self) -> date:
        day: date = self.cleaned_data["in_force_from"]
        if day < clock.today():
            raise ValidationError(_("An edition cannot take effect in the past."))
        return day

    def summary(self) -> dict[str, str]:
        texts = {"de": self.cleaned_data["summary_de"].strip(), "en": self.cleaned_data["summary_en"].strip()}
        return {language: text for language, text in texts.items() if text}


class SplitForm(forms.Form):
    title = forms.CharField(label=_("Title of the new amendment"), max_length=200)
    take = forms.TypedMultipleChoiceField(
        label=_("Changes that go into the new amendment"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["take"].choices = choices  # type: ignore[attr-defined]

    def clean_take(self) -> list[int]:
        taken: list[int] = self.cleaned_data["take"]
        if len(taken) == len(self.fields["take"].choices):  # type: ignore[attr-defined]
            raise ValidationError(_("At least one change must stay in the old amendment."))
        return taken
