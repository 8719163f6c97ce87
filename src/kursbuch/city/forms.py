"""What administrators fill in about their city."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files import File
from django.utils.formats import number_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from kursbuch.city import look
from kursbuch.city.colours import parse_colour
from kursbuch.city.models import City, Office
from kursbuch.city.pictures import MAX_BYTES, PictureError, redraw_logo


class ColourField(forms.CharField):
    """A colour as #rrggbb; empty means KERN's own."""

    def __init__(self, token: str, **kwargs: Any) -> None:
        self.token = token
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 7)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "spellcheck": "false", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return parse_colour(text)
        except ValueError:
            raise forms.ValidationError(_("Please write the colour as a number sign and six digits: #00529b")) from None


class LookForm(forms.Form):
    name = forms.CharField(label=_("Name of the city"), max_length=100)
    action = ColourField(
        look.ACTION, label=_("Main colour"), help_text=_("For links and buttons, for example #00529b.")
    )
    soft = ColourField(
        look.SOFT,
        label=_("Tinted areas"),
        help_text=_("A very light colour behind footer and boxes, for example #f2f6fa."),
    )
    focus = ColourField(
        look.FOCUS,
        label=_("Focus frame"),
        help_text=_("Shows where you are when you use the keyboard, for example #7a4b00."),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG, WebP or GIF, at most 5 MB. It is scaled to at most 512 × 512 pixels."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    remove_logo = forms.BooleanField(label=_("Remove the present logo"), required=False)

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": city.name}
        for name, field in self.base_fields.items():
            if isinstance(field, ColourField):
                kwargs["initial"][name] = city.look.get(field.token, "")
        super().__init__(*args, **kwargs)
        if not city.logo:
            del self.fields["remove_logo"]

    def clean_logo(self) -> File[bytes] | None:
        file: File[bytes] | None = self.cleaned_data.get("logo")
        if file is None:
            return None
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The picture is too large: at most 5 MB."))
        try:
            redraw_logo(file)
        except PictureError as error:
            if error.args[0] == "large":
                raise forms.ValidationError(_("The picture has too many pixels.")) from None
            raise forms.ValidationError(
                _("This is no picture we can read. Please choose a PNG, JPEG, WebP or GIF file.")
            ) from None
        file.seek(0)
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        faint = look.worst_contrasts(self.tokens)
        for name, field in self.fields.items():
            if isinstance(field, ColourField) and field.token in faint and name not in self.errors:
                ratio = number_format(int(faint[field.token] * 10) / 10, 1)
                self.add_error(name, self._too_faint(name, ratio))
        return cleaned

    def _too_faint(self, name: str, ratio: str) -> str:
        message = (
            _(
                "Text on this colour has a contrast of only %(ratio)s : 1, at least 4.5 : 1 is needed. "
                "Please choose a lighter colour."
            )
            if name == "soft"
            else _(
                "This colour has a contrast of only %(ratio)s : 1 to its background, at least 4.5 : 1 is "
                "needed. Please choose a darker colour."
            )
        )
        return str(message) % {"ratio": ratio}

    @property
    def tokens(self) -> dict[str, str]:
        data = self.cleaned_data
        return look.tokens_of(**{name: data.get(name) or "" for name in ("action", "soft", "focus")})


class TextsForm(forms.Form):
    """Each text in each language; who has written none in a language shows the one there is."""

    contact = forms.EmailField(label=_("E-mail address for questions"), required=False)

    TEXTS = (
        ("imprint", _("Imprint (%(language)s)")),
        ("privacy", _("Privacy notice (%(language)s)")),
        ("accessibility", _("Accessibility statement (%(language)s)")),
    )
    HOW = _(
        "Paragraphs are separated by an empty line. A line that begins with ### becomes a heading, "
        "[text](https://…) a link, lines that begin with a hyphen a list."
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"contact": city.contact}})
        for name, label in self.TEXTS:
            for code, _native in settings.LANGUAGES:
                language = get_language_info(code)["name_translated"]
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=label % {"language": language},
                    help_text="" if len(self.fields) > 1 else self.HOW,
                    initial=getattr(city, name).get(code, ""),
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 12, "lang": code}),
                )

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        return {
            name: {code: self.cleaned_data[f"{name}_{code}"] for code, _native in settings.LANGUAGES}
            for name, _label in self.TEXTS
        }


class LanguagesForm(forms.Form):
    languages = forms.MultipleChoiceField(label=_("Languages of the interface"), widget=forms.CheckboxSelectMultiple)
    first = forms.ChoiceField(
        label=_("Language the city writes in"),
        help_text=_("The chronicle and the strategy are written in this language."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        initial = {"languages": city.languages, "first": city.content_language}
        initial |= {f"notice_{code}": city.notice.get(code, "") for code, _name in settings.LANGUAGES}
        super().__init__(*args, **{**kwargs, "initial": initial})
        choices = [(code, get_language_info(code)["name_translated"]) for code, _name in settings.LANGUAGES]
        for name in ("languages", "first"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type of what stands above
            field.choices = choices
        for code, name in choices:
            self.fields[f"notice_{code}"] = forms.CharField(
                label=_("Notice on every page (%(language)s)") % {"language": name},
                max_length=300,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first = cleaned.get("first")
        if first and first not in cleaned.get("languages", [first]):
            self.add_error("first", _("This language has to be among the languages of the interface."))
        return cleaned

    @property
    def ordered_languages(self) -> list[str]:
        first = self.cleaned_data["first"]
        return [first, *(code for code in self.cleaned_data["languages"] if code != first)]

    @property
    def notice(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"notice_{code}"].strip() for code, _name in settings.LANGUAGES}


class OfficeForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    class Meta:
        model = Office
        fields = ("name", "name_en")
        labels = {"name": _("Name"), "name_en": _("Name in English")}
