"""Why a field's value cannot be taken, in words for the person who wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kursbuch.domain.framework.schema import FieldError, Reason

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_WORDS: dict[Reason, _StrOrPromise] = {
    Reason.UNKNOWN_KIND: _("There is no such kind of element."),
    Reason.UNKNOWN_FIELD: _("This kind of element has no such field."),
    Reason.MISSING: _("Please fill this in."),
    Reason.NOT_TEXT: _("This must be text."),
    Reason.NOT_NUMBER: _("This must be a number, for example 12.5."),
    Reason.NOT_YEAR: _("This must be a year between 1900 and 2200."),
    Reason.NOT_DATE: _("This must be a year, a month or a day: 2027, 5.2027 or 31.5.2027."),
    Reason.END_BEFORE_START: _("The end lies before the beginning."),
    Reason.NOT_RATING: _("This must be a whole number from 1 to 5."),
    Reason.NOT_CURRENCY: _("This must be a currency code such as EUR."),
    Reason.INCOMPLETE: _("Something is missing here. Fill in both parts, or leave both empty."),
    Reason.TWICE: _("The same thing stands here twice."),
    Reason.WRONG_SHAPE: _("This cannot be read."),
    Reason.WRONG_PARENT: _("This kind of element may not stand there."),
    Reason.TOO_LONG: _("This is too long."),
}


def in_words(error: FieldError) -> _StrOrPromise:
    return _WORDS[error.reason]
