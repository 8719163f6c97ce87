"""What people fill in about themselves, and administrators about others."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as plain
from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from kursbuch.city.models import City, Office
from kursbuch.identity.models import Membership, Role, User

NAME_HELP = _("Under this name others see your contributions. It need not be your full name.")


class WithoutPlaceholders:
    """Placeholders vanish when one begins to type; the labels say the same and stay."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(WithoutPlaceholders, plain.LoginForm):  # type: ignore[misc]  # allauth carries no types
    pass


class AddEmailForm(WithoutPlaceholders, plain.AddEmailForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(WithoutPlaceholders, plain.ChangePasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(WithoutPlaceholders, plain.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(WithoutPlaceholders, plain.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(WithoutPlaceholders, plain.ReauthenticateForm):  # type: ignore[misc]
    pass


class SignupForm(WithoutPlaceholders, plain.SignupForm):  # type: ignore[misc]
    """E-mail address, name, password and consent; and a trap for bots that fill in everything."""

    field_order = ("email", "name", "password1", "consent")

    name = forms.CharField(
        label=_("Display name"),
        max_length=100,
        help_text=NAME_HELP,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    consent = forms.BooleanField(label=_("I have read the privacy notice and agree to it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].help_text = format_html(
            '<a href="{}" target="_blank">{}</a>', reverse("privacy"), _("Privacy notice (opens a new window)")
        )
        trap = self.fields[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD]
        trap.label = _("Please leave this field empty")
        # allauth hides the trap by a style attribute, which our Content-Security-Policy forbids
        trap.widget = forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
        trap.is_trap = True  # type: ignore[attr-defined]  # the template keeps it from people


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"name": _("Display name"), "language": _("Language of e-mails to you")}
        help_texts = {"name": NAME_HELP}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "nickname"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of e-mails to you"),
            choices=[(code, get_language_info(code)["name_translated"]) for code, _n in settings.LANGUAGES],
            widget=forms.RadioSelect,
        )


class DeleteAccountForm(forms.Form):
    sure = forms.BooleanField(label=_("Yes, delete my account. I know that this cannot be undone."))


class PeopleFilterForm(forms.Form):
    q = forms.CharField(label=_("E-mail address or name"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 - narrows the type of what stands above
        role.choices = [("", _("All roles")), *Role.choices]


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    class Meta:
        model = Membership
        fields = ("role", "office", "group")
        labels = {"role": _("Role"), "office": _("Office"), "group": _("Council group")}
        help_texts = {
            "office": _("Needed for the role “office”."),
            "group": _("If the person speaks for a council group: its name."),
        }
        widgets = {"role": forms.RadioSelect}

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
        office = self.fields["office"]
        assert isinstance(office, forms.ModelChoiceField)  # noqa: S101 - narrows the type of what stands above
        office.queryset = Office.objects.filter(city=city)
        office.empty_label = str(_("No office"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") == Role.OFFICE and not cleaned.get("office") and "office" not in self.errors:
            self.add_error("office", _("Please choose the office the person works for."))
        return cleaned
