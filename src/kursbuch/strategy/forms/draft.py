"""Title and reasons of an amendment, and the search for the element that a further change is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DraftForm(forms.Form):
    """Both may stay empty while writing; ``demanding`` asks for them when the draft is handed in."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("What should change, in one line."), required=False
    )
    rationale = forms.CharField(
        label=_("Reasons"),
        max_length=20_000,
        help_text=_("Why should the strategy say this? Everybody can read your reasons."),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
    )

    def __init__(self, *args: Any, demanding: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = demanding
            field.widget.is_required = False  # the browser must not hold back "save the draft"

    def written(self) -> tuple[str, str]:
        """Title and reasons as they were sent, cut to what can be kept, whether or not all is well."""
        data: Any = self.data
        rationale = str(data.get("rationale", "")).replace("\r\n", "\n")
        return " ".join(str(data.get("title", "")).split())[:200], rationale.strip()[:20_000]


class ReasonForm(forms.Form):
    """A reason that others can read; ``needed`` where the step demands one."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300})
    )

    def __init__(self, *args: Any, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Your comment"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5, "maxlength": 10_000})
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
