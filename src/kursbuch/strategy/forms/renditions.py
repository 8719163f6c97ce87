"""An element's text in another language or in plain language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kursbuch.domain.framework.schema import FieldError, FieldSpec, FieldType, Schema
from kursbuch.strategy.forms.reasons import in_words


class RenditionForm(forms.Form):
    """One input for each prose field that the original has, who translated it, and whether it was reviewed."""

    translator = forms.CharField(
        label=_("Translated by"),
        max_length=200,
        required=False,
        help_text=_("A person or an office. Everybody can read it."),
    )
    reviewed = forms.BooleanField(
        label=_("Reviewed: says the same as the original"),
        required=False,
    )
    of = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, schema: Schema, kind: str, specs: Sequence[FieldSpec], *, language: str, may_review: bool, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.schema, self.kind, self.specs = schema, kind, specs
        for spec in specs:
            widget: forms.Widget = forms.TextInput({"lang": language[:2]})
            if spec.type == FieldType.TEXT:
                widget = forms.Textarea({"rows": 12, "lang": language[:2]})
            self.fields[f"f-{spec.name}"] = forms.CharField(
                label=spec.label(get_language() or "de"), max_length=100_000, required=False, widget=widget
            )
        if not may_review:
            del self.fields["reviewed"]
        self.order_fields([*(f"f-{spec.name}" for spec in specs), "translator", "reviewed", "of"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for spec in self.specs:
            try:
                self.schema.value(self.kind, spec.name, self.texts().get(spec.name, ""))
            except FieldError as error:
                self.add_error(f"f-{spec.name}", in_words(error))
        if not self.errors and not any(self.texts().values()):
            self.add_error(f"f-{self.specs[0].name}", _("Please fill this in."))
        return cleaned

    def texts(self) -> dict[str, str]:
        given = {spec.name: str(self.cleaned_data.get(f"f-{spec.name}") or "") for spec in self.specs}
        return {name: text.replace("\r\n", "\n").strip() for name, text in given.items()}
