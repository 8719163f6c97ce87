"""Problems in the reader's language: every reason a reader of files can give, as a sentence that can be translated."""

from __future__ import annotations

import re

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from kursbuch.domain.framework.schema import STANDARD_FIELDS, Reason
from kursbuch.strategy.documents.document import Problem

REASONS = {
    # the schema's reasons
    Reason.UNKNOWN_KIND.value: gettext_lazy("no such kind of element"),
    Reason.UNKNOWN_FIELD.value: gettext_lazy("this kind of element has no such field"),
    Reason.MISSING.value: gettext_lazy("is required"),
    Reason.NOT_TEXT.value: gettext_lazy("must be text"),
    Reason.NOT_NUMBER.value: gettext_lazy("must be a number"),
    Reason.NOT_YEAR.value: gettext_lazy("must be a year between 1900 and 2200"),
    Reason.NOT_DATE.value: gettext_lazy("must be a date such as 2024, 2024-05 or 2024-05-31"),
    Reason.END_BEFORE_START.value: gettext_lazy("ends before it starts"),
    Reason.NOT_RATING.value: gettext_lazy("must be a whole number from 1 to 5"),
    Reason.NOT_CURRENCY.value: gettext_lazy("must be a currency code such as EUR"),
    Reason.INCOMPLETE.value: gettext_lazy("is incomplete"),
    Reason.TWICE.value: gettext_lazy("names the same thing twice"),
    Reason.WRONG_SHAPE.value: gettext_lazy("has the wrong shape"),
    Reason.WRONG_PARENT.value: gettext_lazy("may not stand there"),
    Reason.TOO_LONG.value: gettext_lazy("is too long"),
    # the file as a whole
    "is larger than 20 MB": gettext_lazy("is larger than 20 MB"),
    "is empty": gettext_lazy("is empty"),
    "must end in .yaml, .xlsx, .csv or .docx": gettext_lazy("must end in .yaml, .xlsx, .csv or .docx"),
    "is not a text file": gettext_lazy("is not a text file"),
    "cannot be opened; is it damaged or of another format?": gettext_lazy(
        "cannot be opened; is it damaged or of another format?"
    ),
    "unpacks to more than is allowed": gettext_lazy("unpacks to more than is allowed"),
    "contains a document type, which is not allowed": gettext_lazy("contains a document type, which is not allowed"),
    "is protected by a password": gettext_lazy("is protected by a password"),
    "has no rows": gettext_lazy("has no rows"),
    "has a head but no rows": gettext_lazy("has a head but no rows"),
    "has no text": gettext_lazy("has no text"),
    "has more than 20,000 rows": gettext_lazy("has more than 20,000 rows"),
    "has more than 20,000 paragraphs": gettext_lazy("has more than 20,000 paragraphs"),
    "has more than 20,000 elements": gettext_lazy("has more than 20,000 elements"),
    "is nested too deeply": gettext_lazy("is nested too deeply"),
    "has translations, which only the strategy office takes in; left out": gettext_lazy(
        "has translations, which only the strategy office takes in; left out"
    ),
    "renders a text that is only proposed; left out": gettext_lazy("renders a text that is only proposed; left out"),
    "is a translation; bring the original back": gettext_lazy("is a translation; bring the original back"),
    "brings nothing in": gettext_lazy("brings nothing in"),
    # YAML
    "is not valid YAML": gettext_lazy("is not valid YAML"),
    "uses references (& and *), which are not allowed": gettext_lazy(
        "uses references (& and *), which are not allowed"
    ),
    "must be a mapping with strategy, kinds and elements": gettext_lazy(
        "must be a mapping with strategy, kinds and elements"
    ),
    "must be the format's version, 1": gettext_lazy("must be the format's version, 1"),
    "is not known here": gettext_lazy("is not known here"),
    "must be small letters, digits and hyphens": gettext_lazy("must be small letters, digits and hyphens"),
    "must have 1 to 200 characters": gettext_lazy("must have 1 to 200 characters"),
    "must be a language tag such as de": gettext_lazy("must be a language tag such as de"),
    "must be a number such as 1 or 2.1": gettext_lazy("must be a number such as 1 or 2.1"),
    "needs an id of small letters and a name": gettext_lazy("needs an id of small letters and a name"),
    "must be a mapping with kind and title": gettext_lazy("must be a mapping with kind and title"),
    "must name a language and its fields": gettext_lazy("must name a language and its fields"),
    "must be a list": gettext_lazy("must be a list"),
    "must be a mapping": gettext_lazy("must be a mapping"),
    "must be a day such as 2024-05-31": gettext_lazy("must be a day such as 2024-05-31"),
    "needs the body and the day": gettext_lazy("needs the body and the day"),
    "must be the kind's letters and a number": gettext_lazy("must be the kind's letters and a number"),
    # elements
    "no such office": gettext_lazy("there is no such office"),
    "no such reference": gettext_lazy("there is no such goal, guideline or recommendation"),
    "no such element": gettext_lazy("there is no such element"),
    "is the title of several elements; please give the key": gettext_lazy(
        "is the title of several elements; please give the key"
    ),
    "cannot stand below itself": gettext_lazy("cannot stand below itself"),
    "is another than that of the element with this key": gettext_lazy(
        "is another than that of the element with this key"
    ),
    # tables
    "must have 1 to 100 columns": gettext_lazy("must have 1 to 100 columns"),
    "is not valid CSV": gettext_lazy("is not valid CSV"),
    "no column holds it": gettext_lazy("no column holds it"),
    "a column is left out": gettext_lazy("a column is left out"),
    # Word documents
    "has no place under this heading": gettext_lazy("has no place under this heading"),
    "stands before the first heading": gettext_lazy("stands before the first heading"),
    "a table was read as a list": gettext_lazy("a table was read as a list"),
    "a picture was left out": gettext_lazy("a picture was left out"),
    "a footnote was left out": gettext_lazy("a footnote was left out"),
    "tracked changes were taken as accepted": gettext_lazy("tracked changes were taken as accepted"),
}

_FIELDS = {
    "key": pgettext_lazy("of an element", "Key"),
    "kind": gettext_lazy("Kind of element"),
    "parent": gettext_lazy("Place in the strategy"),
    "slug": pgettext_lazy("of a strategy", "Short name"),
    "horizon": gettext_lazy("Horizon"),
    "language": gettext_lazy("Language"),
    "day": gettext_lazy("Day"),
    "in_force_from": gettext_lazy("In force from"),
}


def reason(text: str) -> str:
    return str(REASONS.get(text, text))


def place(text: str) -> str:
    """ "row 12", "paragraph 40", "line 3, column 4" in words; a path in the file stays as it is."""
    for pattern, words in (
        (r"row (\d+)", _("row %(a)s")),
        (r"paragraph (\d+)", _("paragraph %(a)s")),
        (r"line (\d+), column (\d+)", _("line %(a)s, column %(b)s")),
        (r"file", _("The file")),
        (r"columns", _("The columns")),
    ):
        if match := re.fullmatch(pattern, text):
            return words % dict(zip("ab", match.groups(), strict=False))
    return text


def field_name(name: str) -> str:
    if name in STANDARD_FIELDS:
        return STANDARD_FIELDS[name].label(get_language() or "de")
    return str(_FIELDS.get(name, name))


def sentence(problem: Problem) -> str:
    """The whole problem in one line, in the active language."""
    parts = [place(problem.place)]
    if problem.field:
        parts.append(field_name(problem.field))
    detail = f" ({problem.detail})" if problem.detail else ""
    return f"{': '.join(parts)}: {reason(problem.reason)}{detail}"
