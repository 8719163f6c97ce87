"""An editorial correction: which element, its words, and what was wrong with them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.strategy.forms.place import element_choices


class ElementChoiceForm(forms.Form):
    element = forms.ChoiceField(label=_("Element"))

    def __init__(self, tree: Tree, initial: str = "") -> None:
        super().__init__(initial={"element": initial})
        field = self.fields["element"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("Please choose")), *element_choices(tree)]
        field.widget.attrs["data-filter"] = _("Search in this list")


class CorrectionForm(forms.Form):
    """What was corrected; it becomes the summary of the minor edition."""

    reason = forms.CharField(
        label=_("What is corrected"),
        max_length=300,
        help_text=_("For example: two spelling mistakes. Everybody can read it in the list of editions."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
    )
    expected = forms.IntegerField(widget=forms.HiddenInput)
